"""Reads what is set aside as a tree of its own, so that somebody can say what would be wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from ...domain.fact import Fact
from .. import classify
from ..facts.files import Files
from ..facts.setaside import SetAside
from ..reader import Reader, read_tree
from ..tree import FileEntry, MemoryTree, SourceFile

MAX_FILES = 200
MAX_BYTES = 1_000_000
"""Of all of them together; this is for a look, and no judgement rests on it."""
_EXAMPLES = re.compile(r"(?:^|/)(?:examples?|samples?|demos?|tutorials?|playground|testdata)/", re.IGNORECASE)


class SetAsideReader(Reader):
    """
    Takes in the files of folders that are set aside, and has them read at its end.

    Args:
        readers: Makes the readers that read them.
    """

    fact = SetAside

    def __init__(self, readers: Callable[[], Sequence[Reader]]) -> None:
        self._readers = readers
        self._data: dict[str, bytes] = {}
        self._paths: dict[str, str] = {}
        self._room = MAX_BYTES
        self._left_out = 0

    def wants(self, file: FileEntry) -> bool:
        return file.suffix not in classify.DOCS and bool(_elsewhere(file))

    def read(self, source: SourceFile) -> None:
        path = _elsewhere(source.file)
        if path in self._paths or len(self._paths) >= MAX_FILES or len(source.data) > self._room:
            self._left_out += 1
            return
        self._room -= len(source.data)
        self._paths[path] = source.path
        self._data[path] = source.data

    def finish(self, files: Files) -> Fact:
        if not self._data:
            return SetAside(left_out=self._left_out)
        facts = read_tree(MemoryTree(self._data), self._readers())
        read = {kind.name: fact.model_dump(mode="json", exclude_defaults=True) for kind, fact in facts.items()}
        return SetAside(paths=self._paths, left_out=self._left_out, read=dict(sorted(read.items())))


def _elsewhere(file: FileEntry) -> str:
    """The path of *file* without the folder that sets it aside; empty where none does, or its name does."""
    if file.is_set_aside:
        folder = classify.aside_by(file.path)
    elif file.role == "example":
        folder = file.path[: found.end()] if (found := _EXAMPLES.search(file.path)) else ""
    else:
        return ""
    rest = file.path[len(folder) :] if folder.endswith("/") else ""
    return "" if _EXAMPLES.match(rest) else rest
