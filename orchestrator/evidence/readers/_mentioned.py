"""Knows which names the files of a tree say, so that what nobody calls is told from what others call."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..tree import SourceFile

_ASKED = re.compile(rb"\._[A-Za-z]\w{1,60}")
_TAKEN = re.compile(
    rb"^[ \t]{0,80}from[ \t][\w.]{1,200}[ \t]import[ \t]{0,9}(?:\(([^)]{1,20000})\)|([^(\n]{1,2000}))", re.MULTILINE
)
_PRIVATE = re.compile(rb"\b_[A-Za-z]\w{1,60}")
_WORDS = bytes(c if c < 128 and (chr(c).isalnum() or c == 95) else 32 for c in range(256))
_ROLES = frozenset({"source", "config", "infra", "ci"})
_FUNCTIONS = tuple(
    re.compile(word + rb"[ \t]{1,9}(\w{1,60})(?=[ \t]{0,9}[(<])") for word in (rb"fun(?:ction\*?|c)?", rb"def")
)
_TEXTS = re.compile(rb"=[ \t]{0,9}(?:(?:lambda|proc|Proc\.new|->)(?!\w)|<<[~-]?[\"']?\w{1,60}[\"']?|(?=`))")
_NAMED = re.compile(rb"(?:^|\n)[ \t]{0,80}(?:const[ \t]|let[ \t]|var[ \t])?(\w{1,60})[ \t]{0,9}\Z")
_ENDS = re.compile(rb"^[ \t]{0,80}([A-Z_]{2,60})[ \t]*$", re.MULTILINE)
_LOOK_BACK = 160
_WITHIN = re.compile(rb"\w")
_SEVERAL = -1
_MOST = 2_000_000


class Mentioned:
    """
    The names that files say, and which of them stand in more than one file.

    Of Python it is those that begin with an underscore, where one file takes them from another or asks an object for
    them: all others can be called by everybody.

    Args:
        roles: Which files are asked.
    """

    def __init__(self, roles: frozenset[str] = _ROLES) -> None:
        self._roles = roles
        self._paths: list[str] = []
        self._files: dict[bytes, int] = {}
        self._declared: set[bytes] = set()

    def add(self, source: SourceFile) -> None:
        """Take in the names of *source*."""
        if source.file.role not in self._roles:
            return
        number = len(self._paths)
        self._paths.append(source.path)
        said, declared = source.once(_names)
        again = self._files.keys() & said
        new, room = said - again, _MOST - len(self._files)
        self._files.update(dict.fromkeys(new if len(new) <= room else sorted(new)[:room], number))
        self._files.update(dict.fromkeys(again, _SEVERAL))
        if len(self._declared) < _MOST:
            self._declared.update(declared)

    def says(self, name: str) -> bool:
        """Whether any file says *name*."""
        return name.encode() in self._files

    def elsewhere(self, name: str, path: str) -> bool:
        """Whether *name* stands in another file than that at *path*; to be on the safe side if that is not known."""
        number = self._files.get(name.encode())
        if number is None and name.encode() in self._declared:
            return False
        if number is None:
            return not path.endswith(".py") or len(self._files) >= _MOST
        return number == _SEVERAL or self._paths[number] != path


def _names(source: SourceFile) -> tuple[frozenset[bytes], frozenset[bytes]]:
    """The words that a file says of others, and the names that it gives to functions."""
    if source.file.language == "python":
        return frozenset(_private(source.data)), frozenset()
    declared: list[bytes] = []
    rest = bytearray(source.data)
    for first, last, name in _declarations(source.data):
        declared.append(name)
        rest[first:last] = b" " * (last - first)
    return frozenset(bytes(rest).translate(_WORDS).split()), frozenset(declared)


def _declarations(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """
    What gives a function or a text its name, and what ends a text: no word of who calls or reads it.

    Each pattern begins with letters that nothing else has, so that a text without them is passed at once.
    """
    for pattern in _FUNCTIONS:
        for found in pattern.finditer(data):
            if not _WITHIN.match(data, max(0, found.start() - 1), found.start()):
                yield *found.span(), found[1]
    for found in _TEXTS.finditer(data):
        named = _NAMED.search(data, max(0, found.start() - _LOOK_BACK), found.start())
        if named is not None:
            yield named.start(1), found.end(), named[1]
    if b"<<" in data:
        for found in _ENDS.finditer(data):
            yield *found.span(1), found[1]


def _private(data: bytes) -> list[bytes]:
    """The names with an underscore that a module of Python has from elsewhere."""
    asked = [name[1:] for name in _ASKED.findall(data)]
    return asked + [name for lines in _TAKEN.findall(data) for part in lines for name in _PRIVATE.findall(part)]
