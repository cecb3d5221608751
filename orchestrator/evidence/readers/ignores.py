"""Reads where the tree asks tools to look away, inline and in lists."""

from __future__ import annotations

from ...domain.fact import Fact
from ..facts.files import Files
from ..facts.ignores import Ignored, IgnoreList, Ignores
from ..ignoring import asked_in, is_list, lists_in, may_ask
from ..reader import Reader
from ..tree import FileEntry, SourceFile

MAX_KEPT = 20_000
"""Inline requests that are kept; of the others only how many there are."""


class IgnoresReader(Reader):
    """Looks into every text file that has one of the words, whatever its role: a test can be asked about as well."""

    fact = Ignores
    broad = True

    def __init__(self) -> None:
        self._found: list[Ignored] = []
        self._lists: list[IgnoreList] = []
        self._beyond = 0

    def wants(self, file: FileEntry) -> bool:
        return file.role not in ("asset", "vendored", "generated", "aside")

    def read(self, source: SourceFile) -> None:
        if is_list(source.path):
            self._lists.extend(lists_in(source.path, source.text))
            return
        if not may_ask(source.lower):
            return
        for one in asked_in(source.path, source.text):
            if len(self._found) < MAX_KEPT:
                self._found.append(one)
            else:
                self._beyond += 1

    def finish(self, files: Files) -> Fact:
        found = sorted(self._found, key=lambda one: (one.path, one.line, one.tool))
        return Ignores(found=tuple(found), beyond=self._beyond, lists=tuple(sorted(self._lists, key=lambda x: x.path)))
