"""Tells what a run is made with: gonogo's own sources by digest, tools and libraries by version."""

from __future__ import annotations

import platform
import pyexpat
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

from ..errors import RepositoryUnreadable
from ..evidence.git import Git
from ..evidence.sources import listed
from ..formats.tokens import AS_OF, HELD_AGAINST
from ..journal.event import canonical, digest

LIBRARIES = (
    "ahocorasick-rs",
    "anthropic",
    "httpx2",
    "jinja2",
    "kingfisher-secret-scanner",
    "networkx",
    "packageurl-python",
    "pathspec",
    "promql-parser",
    "pydantic",
    "pydantic-core",
    "pyyaml",
    "tree-sitter",
    "tree-sitter-bash",
    "tree-sitter-c-sharp",
    "tree-sitter-elixir",
    "tree-sitter-go",
    "tree-sitter-hcl",
    "tree-sitter-java",
    "tree-sitter-javascript",
    "tree-sitter-kotlin",
    "tree-sitter-php",
    "tree-sitter-ruby",
    "tree-sitter-rust",
    "tree-sitter-scala",
    "tree-sitter-typescript",
)
"""Those that take part in what is found or in what is rendered, grammars among them."""
RENDERER = (
    "domain/*.py",
    "report/_page.py",
    "report/_timeline.py",
    "report/ages.py",
    "report/html.py",
    "report/select.py",
    "report/templates/*",
    "report/visible.py",
)
"""Files that the HTML report follows from: its renderer, and all of the house that this imports; a test holds it so."""
_SOURCES = {".py", ".yaml", ".j2", ".css", ".js", ".md"}


@cache
def house() -> str:
    """Digest over every source file of the package; agents, prompts and workflows have digests of their own."""
    root = Path(__file__).parents[1]
    files = sorted(path for path in root.rglob("*") if path.suffix in _SOURCES)
    apart = {"agents", "prompts", "workflows"}
    return digest(
        canonical(
            [
                (path.relative_to(root).as_posix(), digest(path.read_bytes()))
                for path in files
                if path.relative_to(root).parts[0] not in apart
            ]
        )
    )


def sources() -> list[tuple[str, str]]:
    """Name of the fact and digest of the code of every source that another package brings along."""
    brought = {source.fact.name: source.fact.__module__ for source in listed() if source.of == "outside"}
    return [
        (name, digest(Path(str(sys.modules[module].__file__)).read_bytes()))
        for name, module in sorted(brought.items())
        if not module.startswith("orchestrator.")
    ]


@cache
def renderer() -> str:
    """Digest over all that makes an HTML report of a result: :data:`RENDERER`, and the libraries that fill it in."""
    import jinja2
    import markupsafe

    root = Path(__file__).parents[1]
    files = {path.relative_to(root).as_posix(): path for pattern in RENDERER for path in root.glob(pattern)}
    for library in (jinja2, markupsafe):
        place = Path(str(library.__file__)).parent
        files |= {f"{library.__name__}/{path.name}": path for path in place.glob("*.py")}
    return digest(canonical([(name, digest(path.read_bytes())) for name, path in sorted(files.items())]))


@cache
def tools() -> dict[str, str]:
    """
    Version by name, of Python, git, parsers, formats of tokens and :data:`LIBRARIES`; empty for one that is not there.

    Parsers of our own have no version but the digest of their sources.
    """
    known = {
        "expat": pyexpat.EXPAT_VERSION.removeprefix("expat_"),
        "git": _git(),
        "libyaml": _libyaml(),
        "own-formats": _own_formats(),
        "python": platform.python_version(),
        "token-formats": f"{AS_OF}, {HELD_AGAINST}",
    }
    return known | {name: _version(name) for name in LIBRARIES}


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _libyaml() -> str:
    """PyYAML brings its own copy along, or is built with that of the system, or with none."""
    try:
        from yaml import _yaml
    except ImportError:
        return ""
    return str(_yaml.get_version_string())


def _own_formats() -> str:
    formats = Path(__file__).parents[1] / "formats"
    read = [(file.relative_to(formats).as_posix(), digest(file.read_bytes())) for file in sorted(formats.rglob("*.py"))]
    return digest(canonical(read))[:23]


def _git() -> str:
    try:
        return Git(Path()).text("version", check=False).removeprefix("git version ")
    except RepositoryUnreadable:
        return ""
