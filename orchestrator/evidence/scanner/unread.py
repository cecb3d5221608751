"""Counts what of a tree no rule has read: submodules, archives, key stores, databases and other binary files."""

from __future__ import annotations

import re

from ..classify import ASSETS, QUIET
from ..facts.files import Files
from ..facts.secrets import LeftOut
from ..tree import FileEntry

_PACKED = frozenset(
    {".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".jar", ".war", ".ear", ".tar", ".whl", ".nupkg", ".zst"}
)
_COMPILED = frozenset(
    {".class", ".exe", ".dll", ".so", ".dylib", ".a", ".o", ".bin", ".dat", ".db", ".sqlite", ".pyc", ".wasm"}
)
_WRAPPER = re.compile(r"(^|/)(gradle|maven)-wrapper\.jar$")
"""Programs that fetch a build tool, which are the same bytes in every repository."""
_DOCUMENTS = frozenset({".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".odg", ".doc", ".xls", ".ppt", ".epub"})
_SHOWN = (
    *(b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"RIFF", b"BM", b"II*\0", b"MM\0*", b"\0\0\1\0", b"OggS", b"ID3", b"fLaC"),
    *(b"\x1aE\xdf\xa3", b"wOFF", b"wOF2", b"OTTO", b"\0\1\0\0", b"%PDF-"),
)
"""How images, films, sounds and fonts begin: nobody keeps a credential in one."""


class Unread:
    """Counts by reason, with the first path of each."""

    def __init__(self) -> None:
        self._counted: dict[tuple[str, bool], int] = {}
        self._first: dict[tuple[str, bool], str] = {}

    def add(self, file: FileEntry, reason: str, counts: bool = True) -> None:
        """Count *file*, which lies behind those that were counted before."""
        key = (reason, counts and file.role not in QUIET)
        self._counted[key] = self._counted.get(key, 0) + 1
        self._first.setdefault(key, file.path)

    def add_binary(self, file: FileEntry, data: bytes) -> None:
        """Count *file* if its content may hold a credential all the same."""
        if file.suffix not in ASSETS and not data.startswith(_SHOWN):
            self.add(file, "binary", file.suffix not in _DOCUMENTS)

    def told(self, files: Files) -> tuple[LeftOut, ...]:
        """All that was not read, with what *files* lists and nobody opens."""
        for file in files.entries:
            if file.kind == "submodule":
                self.add(file, "in a submodule")
            elif file.kind == "file" and file.role != "aside" and file.size and not _WRAPPER.search(file.path):
                if file.suffix in _PACKED:
                    self.add(file, "packed")
                elif file.suffix in _COMPILED:
                    self.add(file, "binary")
        return tuple(
            LeftOut(reason=reason, objects=number, counts=counts, first=self._first[reason, counts])
            for (reason, counts), number in sorted(self._counted.items())
        )
