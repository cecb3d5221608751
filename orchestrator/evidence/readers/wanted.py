"""Keeps the text of single files that agents ask for by name."""

from __future__ import annotations

from collections.abc import Iterable

from ...domain.fact import Fact
from ...redaction import cut
from ..facts.files import Files
from ..facts.wanted import Wanted
from ..reader import Reader
from ..tree import FileEntry, SourceFile

MAX_TEXT = 100_000


class WantedReader(Reader):
    """Keeps the text of the files with exactly these paths."""

    fact = Wanted

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = frozenset(paths)
        self._texts: dict[str, str] = {}

    def wants(self, file: FileEntry) -> bool:
        return file.path in self._paths

    def read(self, source: SourceFile) -> None:
        self._texts[source.path] = cut(source.text, MAX_TEXT)

    def finish(self, files: Files) -> Fact:
        return Wanted(texts=self._texts, asked=tuple(sorted(self._paths)))
