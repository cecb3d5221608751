"""Finds which manifests a pipeline, a script or a tool for deployment applies by name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from ...errors import FormatError
from ..tree import FileEntry, SourceFile

_SCRIPTS = re.compile(r"(^|/)(Makefile|Justfile|justfile|Taskfile\.ya?ml|Jenkinsfile|Tiltfile)$|\.(sh|bash|mk)$")
_SKAFFOLD = re.compile(r"(^|/)skaffold[\w.-]*\.ya?ml$")
_COMMAND = re.compile(r"\b(?:kubectl|oc|k)\b[^\n]{0,120}?\b(?:apply|create|replace)\b([^\n]{0,400})")
_FILE = re.compile(r"(?:^|\s)(?:-f|--filename)[ =]?[\"']?([\w./-]{1,200})")
_MOST = 1_000


def may_mention(file: FileEntry) -> bool:
    """Whether *file* is of a kind that applies manifests."""
    return file.role == "ci" or bool(_SCRIPTS.search(file.path) or _SKAFFOLD.search(file.path))


def mentioned(source: SourceFile) -> Iterator[str]:
    """The paths of files and folders that *source* applies, as it writes them; those of a tool from the tree's root."""
    if _SKAFFOLD.search(source.path):
        yield from _of_skaffold(source)
        return
    if b"apply" not in source.data and b"create" not in source.data and b"replace" not in source.data:
        return
    for number, command in enumerate(_COMMAND.finditer(source.text)):
        if number >= _MOST:
            return
        for file in _FILE.finditer(command[1]):
            yield posixpath.normpath(file[1])


def _of_skaffold(source: SourceFile) -> Iterator[str]:
    try:
        documents = source.yaml()
    except FormatError:
        return
    folder = source.path.rpartition("/")[0]
    for document in documents:
        waiting = [document.body]
        while waiting:
            item = waiting.pop()
            if isinstance(item, dict):
                for key in ("rawYaml", "manifests"):
                    listed = item.get(key)
                    for path in listed if isinstance(listed, list) else []:
                        if isinstance(path, str) and len(path) < 300:
                            yield posixpath.normpath(posixpath.join(folder, path))
                waiting.extend(item.values())
            elif isinstance(item, list):
                waiting.extend(item)
