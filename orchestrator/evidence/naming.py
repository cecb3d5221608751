"""
Finds out what in force takes files from folders that are set aside by their names.

A Dockerfile copies from ``legacy/``, a pipeline works in it, a chart depends on it: then its name says nothing. What
takes must not be set aside itself. It is looked for in few kinds of files, and not at all where nothing is set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from posixpath import normpath

from ..host.late import late
from . import classify
from .ci_systems import OF_CI
from .tree import FileEntry, Tree

_TAKES = late(
    r"(^|/)([^/]*(docker|container)file[^/]*|(docker-)?compose[^/]*\.ya?ml|makefile|gnumakefile|justfile|taskfile\.ya?ml|"
    r"procfile|kustomization\.ya?ml|chart\.ya?ml|helmfile[^/]*\.ya?ml|skaffold[^/]*\.ya?ml|package\.json|"
    r"go\.work|cargo\.toml|pom\.xml|settings\.gradle(\.kts)?|[^/]+\.sln|terragrunt\.hcl|serverless\.ya?ml|fly\.toml|"
    r"netlify\.toml|vercel\.json|alembic\.ini|nginx[^/]*\.conf|application[^/]*\.ya?ml|prometheus[^/]*\.ya?ml)$|\.tf$|"
    r"(^|/)argo(cd)?/[^/]+\.ya?ml$",
    re.IGNORECASE,
)
_PATH = late(r"(?<![\w@.~+/-])[\w@.~+-]*(?:/[\w@.~+-]+)+/?(?!/?\*\*)|(?<![\w@.~+/-])[\w@.~+-]+/(?![\w*])")
"""A path of several parts, or a folder with its slash; what ends in ``**`` is what a pipeline waits for."""
_BARE = late(
    r"(?:^\s*(?:COPY|ADD)\s+(?:--\S+\s+)*|\b(?:context|build|path|working-directory|directory|dir|base|publish|module|"
    r"project_id|source|script_location)\s*[:=]\s*[\"']?|\b(?:cd|make -C|-chdir=|kubectl \w+ (?:-R )?-[fk]|"
    r"helm \w+ [\w-]+)\s*|^\s*-\s+[\"']?|<module>|\buse\s+|[\[,]\s*\")([\w@.~+-]+)(?=[\s\"'<,\]]|$)",
)
"""A folder's name alone, where only a path can stand."""
_NOT_TAKEN = late(r"^\s*(#|//|--|<!--)|ignore|exclude|omit|!", re.IGNORECASE)
_IMPORT = (
    r"^[^\n#]{0,200}?\b(?:from|import|require|require_relative|use|include|load)\b[^\n]{0,200}?(?<![\w-])"
    r"(FOLDERS)(?=[./\\:\"'\s;]|$)"
)
MAX_BYTES = 300_000
MAX_LINE = 2_000


def settled(tree: Tree) -> Sequence[FileEntry]:
    """The files of *tree*, those that are taken from folders that are set aside with the role that they would have."""
    aside = [file for file in tree.entries if file.role == "aside"]
    if not aside:
        return tree.entries
    taken = _taken(tree, _places(aside)) | _imported(tree, aside)
    alone = _alone(tree.entries)
    return tuple(
        file.model_copy(update={"role": classify.role(file.path, named=True)})
        if file.role == "aside" and (alone or _within(file.path, taken))
        else file
        for file in tree.entries
    )


def _alone(entries: Sequence[FileEntry]) -> bool:
    """Whether all program code is set aside: then it is what there is."""
    programs = [file.role for file in entries if file.language and file.language not in _NO_PROGRAMS]
    return "aside" in programs and "source" not in programs


_NO_PROGRAMS = frozenset({"html", "css", "sql", "shell", "powershell", "graphql", "protobuf"})


def _places(aside: Iterable[FileEntry]) -> frozenset[str]:
    """Every folder that is set aside or lies in one that is, and every file."""
    places = set()
    for file in aside:
        least = classify.aside_by(file.path).rstrip("/")
        path = file.path
        while len(path) >= len(least):
            places.add(path)
            path = path.rpartition("/")[0]
    return frozenset(places)


def _within(path: str, taken: frozenset[str]) -> bool:
    while path:
        if path in taken:
            return True
        path = path.rpartition("/")[0]
    return False


def _taken(tree: Tree, places: frozenset[str]) -> frozenset[str]:
    """Those of *places* that something in force names."""
    takes = [
        file
        for file in tree.entries
        if file.kind == "file"
        and 0 < file.size <= MAX_BYTES
        and file.role not in classify.QUIET
        and (OF_CI.search(file.path) or _TAKES.search(file.path))
    ]
    found = set()
    for file, data in tree.read(takes):
        folder = file.path.rpartition("/")[0]
        for said in _said(data.decode("utf-8", "replace")):
            for start in ("", folder):
                place = normpath(f"{start}/{said}" if start else said).strip("/")
                if place in places:
                    found.add(place)
    return frozenset(found)


def _imported(tree: Tree, aside: Sequence[FileEntry]) -> frozenset[str]:
    """The folders at the top of the tree, of those with programs that are set aside, that a program imports."""
    folders = {file.path.partition("/")[0] for file in aside if file.language and "/" in file.path}
    if not folders:
        return frozenset()
    names = "|".join(re.escape(folder) for folder in sorted(folders))
    pattern = re.compile(_IMPORT.replace("FOLDERS", names).encode(), re.MULTILINE)
    programs = [f for f in tree.entries if f.role == "source" and f.language and 0 < f.size <= MAX_BYTES]
    found = {match[1].decode() for _, data in tree.read(programs) for match in pattern.finditer(data)}
    return frozenset(found)


def _said(text: str) -> Iterator[str]:
    """What in a text can only be a path."""
    for line in text.split("\n"):
        if len(line) <= MAX_LINE and not _NOT_TAKEN.search(line):
            yield from _PATH.findall(line.replace("file://", ""))
            yield from _BARE.findall(line)
