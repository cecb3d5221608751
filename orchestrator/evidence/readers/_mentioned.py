"""Knows which names the files of a tree say, so that what nobody calls is told from what others call."""

from __future__ import annotations

import re

from ..tree import FileEntry

_NAME = re.compile(rb"\b_?[A-Za-z]\w{2,60}")
_PRIVATE = re.compile(rb"\b_[A-Za-z]\w{1,60}")
_ROLES = frozenset({"source", "config", "infra", "ci"})
_SEVERAL = -1
_MOST = 2_000_000


class Mentioned:
    """The names that begin with an underscore, and which of them stand in more than one file."""

    def __init__(self) -> None:
        self._paths: list[str] = []
        self._files: dict[bytes, int] = {}

    def add(self, file: FileEntry, data: bytes) -> None:
        """Take in the names of *file*."""
        if file.role not in _ROLES or file.language not in ("python", ""):
            return
        number = len(self._paths)
        self._paths.append(file.path)
        for name in set(_PRIVATE.findall(data)):
            known = self._files.setdefault(name, number) if len(self._files) < _MOST else self._files.get(name, number)
            if known != number:
                self._files[name] = _SEVERAL

    def elsewhere(self, name: str, path: str) -> bool:
        """Whether *name* stands in another file than that at *path*; to be on the safe side if that is not known."""
        number = self._files.get(name.encode())
        return number is None or number == _SEVERAL or self._paths[number] != path
