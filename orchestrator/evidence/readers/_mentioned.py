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


class Pool:
    """
    The names that files say, kept once for all who ask which of their own files say a name.

    A file stands with those who took it in, which is known once the next one comes.
    """

    def __init__(self) -> None:
        self._tables: dict[tuple[int, ...], dict[bytes, int]] = {}
        self._declared: dict[tuple[int, ...], set[bytes]] = {}
        self._paths: list[str] = []
        self._last: SourceFile | None = None
        self._takers: list[int] = []
        self._number = 0

    def number(self) -> int:
        """A number for one more who asks."""
        self._number += 1
        return self._number

    def add(self, source: SourceFile, taker: int) -> None:
        """Take in the names of *source* for *taker*."""
        if source is not self._last:
            self._settle()
            self._last = source
        if taker not in self._takers:
            self._takers.append(taker)

    def of(self, taker: int) -> list[dict[bytes, int]]:
        """By name the file that says it, :data:`_SEVERAL` where it is not one alone, in tables that share no file."""
        self._settle()
        return [table for takers, table in self._tables.items() if taker in takers]

    def declared(self, name: bytes, taker: int) -> bool:
        """Whether a file of *taker* gives a function this *name*."""
        return any(name in names for takers, names in self._declared.items() if taker in takers)

    def path(self, number: int) -> str:
        """Which file it is that has this *number*."""
        return self._paths[number]

    def _settle(self) -> None:
        """Have the names of the last file where they belong."""
        source, takers = self._last, tuple(self._takers)
        if source is None:
            return
        self._last, self._takers = None, []
        number = len(self._paths)
        self._paths.append(source.path)
        said, declared = source.once(_names)
        table, names = self._tables.setdefault(takers, {}), self._declared.setdefault(takers, set())
        again = table.keys() & said
        if len(table) + len(said) > _MOST:
            said = frozenset(sorted(said - again)[: _MOST - len(table)])
        table.update(dict.fromkeys(said, number))
        table.update(dict.fromkeys(again, _SEVERAL))
        if len(names) < _MOST:
            names.update(declared)


class Mentioned:
    """
    The names that files say, and which of them stand in more than one file.

    Of Python it is those that begin with an underscore, where one file takes them from another or asks an object for
    them: all others can be called by everybody.

    Args:
        roles: Which files are asked.
        pool: Where those keep names who take in the same files.
    """

    def __init__(self, roles: frozenset[str] = _ROLES, pool: Pool | None = None) -> None:
        self._roles = roles
        self._pool = pool or Pool()
        self._taker = self._pool.number()

    def add(self, source: SourceFile) -> None:
        """Take in the names of *source*."""
        if source.file.role in self._roles:
            self._pool.add(source, self._taker)

    def says(self, name: str) -> bool:
        """Whether any file says *name*."""
        return any(name.encode() in table for table in self._pool.of(self._taker))

    def elsewhere(self, name: str, path: str) -> bool:
        """Whether *name* stands in another file than that at *path*; to be on the safe side if that is not known."""
        tables = self._pool.of(self._taker)
        numbers = [table[key] for table in tables if (key := name.encode()) in table]
        if not numbers and self._pool.declared(name.encode(), self._taker):
            return False
        if not numbers:
            return not path.endswith(".py") or sum(map(len, tables)) >= _MOST
        return len(numbers) > 1 or numbers[0] == _SEVERAL or self._pool.path(numbers[0]) != path


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
