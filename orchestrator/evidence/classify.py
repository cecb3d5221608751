"""Tells from a path alone what a file is: its language and its role in the tree."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ..domain.signal import Role
from ..host.late import late
from ..vocabulary import stage_names
from .ci_systems import OF_CI
from .putaside import set_aside

LANGUAGES: dict[str, str] = {
    ".py": "python", ".pyi": "python", ".js": "javascript", ".jsx": "javascript", ".mjs": "javascript",
    ".cjs": "javascript", ".ts": "typescript", ".tsx": "typescript", ".mts": "typescript", ".cts": "typescript",
    ".vue": "vue", ".svelte": "svelte", ".go": "go", ".java": "java", ".kt": "kotlin", ".kts": "kotlin",
    ".scala": "scala", ".groovy": "groovy", ".rb": "ruby", ".erb": "ruby", ".rake": "ruby", ".php": "php",
    ".cs": "csharp", ".fs": "fsharp", ".rs": "rust", ".c": "c", ".h": "c", ".cc": "cpp", ".cpp": "cpp",
    ".cxx": "cpp", ".hpp": "cpp", ".swift": "swift", ".m": "objective-c", ".dart": "dart", ".ex": "elixir",
    ".exs": "elixir", ".erl": "erlang", ".clj": "clojure", ".hs": "haskell", ".lua": "lua", ".pl": "perl",
    ".pm": "perl", ".r": "r", ".sh": "shell", ".bash": "shell", ".ps1": "powershell", ".sql": "sql",
    ".html": "html", ".htm": "html", ".jinja": "html", ".jinja2": "html", ".j2": "html", ".hbs": "html",
    ".ejs": "html", ".pug": "html", ".haml": "html", ".slim": "html", ".cshtml": "html", ".css": "css",
    ".scss": "css", ".sass": "css", ".less": "css", ".proto": "protobuf", ".graphql": "graphql",
}  # fmt: skip
"""File ending to language."""

DOCS = frozenset({".md", ".mdx", ".rst", ".adoc", ".txt"})
CONFIG = frozenset({".yaml", ".yml", ".json", ".toml", ".ini", ".cfg", ".conf", ".properties", ".env", ".xml", ".lock"})
ASSETS = frozenset(
    [
        ".png",
        ".jpg",
        ".jpeg",
        ".gif",
        ".webp",
        ".avif",
        ".svg",
        ".ico",
        ".bmp",
        ".tiff",
        ".woff",
        ".woff2",
        ".ttf",
        ".otf",
        ".eot",
        ".mp3",
        ".mp4",
        ".webm",
        ".ogg",
        ".wav",
        ".pdf",
        ".zip",
        ".gz",
        ".tgz",
        ".bz2",
        ".xz",
        ".7z",
        ".jar",
        ".war",
        ".class",
        ".exe",
        ".dll",
        ".so",
        ".dylib",
        ".a",
        ".o",
        ".bin",
        ".dat",
        ".db",
        ".sqlite",
        ".pyc",
        ".wasm",
    ]
)

_VENDORED = late(
    r"(^|/)(node_modules|vendor|vendored|third[_-]party|bower_components|jspm_packages|Pods|Carthage|\.yarn|Godeps|"
    r"site-packages)/"
)
_GENERATED = late(
    r"(\.min\.(js|css)|\.bundle\.js|\.pb\.go|\.pb\.gw\.go|_pb2(_grpc)?\.pyi?|_grpc_pb\.js|_pb\.(js|ts|rb)|\.g\.dart|"
    r"\.generated\.\w+|zz_generated[^/]*|\.designer\.cs|(^|/)(package-lock|npm-shrinkwrap)\.json|(^|/)composer\.lock|"
    r"(^|/)(fontello/config|icomoon/selection)\.json|"
    r"(^|/)(yarn|Cargo|poetry|uv|Pipfile|Gemfile|pnpm-lock|go)\.(lock|sum|yaml))$|(^|/)(dist|generated|__generated__|\.next)/",
    re.IGNORECASE,
)
_TEST = late(
    r"(^|/)[_.]?(tests?|__tests__|__mocks__|specs?|testing|test[_-]?data|fixtures?|e2e|cypress|playwright|testutils?|"
    r"integration[_-]?tests?|unit[_-]?tests?|androidTest|features/step_definitions|mocks?|loadtests?)/"
    r"|(^|/)(conftest|test_[^/]*|[^/]*_test|[^/]*_spec)\.\w+$|(^|/)tests\.py$|[.-](test|spec|cy|e2e|stories)\.[cm]?[jt]sx?$"
    r"|(Test|Tests|IT|Spec)\.(java|kt|scala|cs|groovy)$",
)
_EXAMPLE = late(
    r"(^|/)(examples?|samples?|demos?|tutorials?|playground|benchmarks?|\.semgrep)/|(^|/)[^/.][^/]*([._-]example|\.sample)\.\w+$",
    re.IGNORECASE,
)
_PACKAGE = late(r"(^|/)src/main/(java|kotlin|scala|groovy)/")
"""Below it folders are package names: ``org/example/samples`` is where a company keeps its production code."""
_DOCS = late(r"(^|/)(docs?|documentation|site|website|wiki|man|adr)/", re.IGNORECASE)
_DOCUMENTATION = late(r"(docs?|documentation)/", re.IGNORECASE)
"""At the top of a tree it also holds the scripts that make it."""
_INFRA = late(
    r"(^|/)([^/]*Dockerfile[^/]*|[^/]*\.Dockerfile|Containerfile|(docker-)?compose[^/]*\.ya?ml|Procfile|Caddyfile|haproxy\.cfg|"
    r"nginx[^/]*\.conf|[^/]*\.(tf|tfvars|hcl|nomad|bicep|bicepparam))$|(^|/)(k8s|kubernetes|kube|helm|charts?|manifests|kustomize|terraform|"
    r"infra|infrastructure|deploy|deployment|deployments|cloudformation|ansible|argocd|istio|prometheus|grafana|nginx|ops)/"
)


def language(path: str) -> str:
    """The programming language of a file by its ending; empty where it has none."""
    return LANGUAGES.get(_suffix(path), "")


def _suffix(path: str) -> str:
    """The ending of a file's name in lower case; empty for a name that only begins or ends with a dot."""
    name = path.rpartition("/")[2]
    dot = name.rfind(".")
    return name[dot:].lower() if 0 < dot < len(name) - 1 else ""


QUIET: frozenset[Role] = frozenset({"test", "example", "vendored", "docs", "generated", "aside"})
"""What a file is for that is no part of what runs in production."""


def role(path: str, named: bool = False) -> Role:
    """
    What a file is for: the first that fits of vendored, test, generated, aside, ci, example, infra, docs, source, …

    Args:
        path: Where it lies.
        named: Something that is in force takes it from there, so that a folder's name does not set it aside.
    """
    found = _role(_without_stages(path))
    return "aside" if not named and found in _SET_ASIDE and aside_by(path) else found


def _without_stages(path: str) -> str:
    """*path* of settings with its folders that are called after stages blotted out: ``envs/test/`` tests nothing."""
    if "/" not in path or _suffix(path) not in _SETTINGS_AND_DOCS:
        return path
    return _of_a_stage().sub(lambda match: match[1] + "_" * len(match[2]), path)


@cache
def _of_a_stage() -> re.Pattern[str]:
    names = "|".join(re.escape(row.word) for row in stage_names())
    return re.compile(rf"((?:^|/)(?:envs?|environments?|overlays|stages|clusters|live)/)({names})(?=/)", re.IGNORECASE)


_SET_ASIDE: frozenset[Role] = frozenset({"ci", "config", "docs", "infra", "other", "source"})


def aside_by(path: str) -> str:
    """The folder, or the path itself, whose name sets the file at *path* aside; empty where none does."""
    suffix, name = _suffix(path), path.rpartition("/")[2].lower()
    document = suffix in DOCS or _role(path) == "docs"
    program = suffix not in _SETTINGS_AND_DOCS or name in _OF_PROGRAMS
    return path[: len(set_aside(_without_stages(path), program=program, document=document))]


_SETTINGS_AND_DOCS = frozenset({*DOCS, *CONFIG, ".tf", ".tfvars", ".hcl", ".nomad", ".bicep", ".sql", ".tofu"}) | {
    ".bicepparam"
}
_OF_PROGRAMS = frozenset({"package.json", "composer.json", "tsconfig.json", "pyproject.toml", "cargo.toml", "pom.xml"})
"""Settings of the program beside them, and no part of what surrounds it."""


@lru_cache(maxsize=1_000)  # one path is asked about several times in a row
def _role(path: str) -> Role:
    suffix = _suffix(path)
    name = path.rpartition("/")[2]
    if _VENDORED.search(path):
        return "vendored"
    if _TEST.search(path):
        return "test"
    if suffix in ASSETS:
        return "asset"
    if _GENERATED.search(path):
        return "generated"
    if OF_CI.search(path):
        return "ci"
    if _EXAMPLE.search(_PACKAGE.split(path)[0]):
        return "example"
    if _INFRA.search(path) and (suffix not in LANGUAGES or suffix in {".sh", ".ps1"}) and suffix not in DOCS:
        return "infra"
    if suffix in DOCS or name.upper() in {"README", "LICENSE", "CHANGELOG", "CONTRIBUTING", "SECURITY", "CODEOWNERS"}:
        return "docs"
    if suffix in LANGUAGES:
        documents = _DOCUMENTATION.match(path) or (_DOCS.search(path) and suffix in {".html", ".css", ".js"})
        return "docs" if documents else "source"
    if suffix in CONFIG or name.startswith("."):
        return "config"
    return "source" if name in {"Makefile", "Rakefile", "Gemfile", "Vagrantfile"} else "other"
