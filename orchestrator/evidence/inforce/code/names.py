"""Follows names within one file: where they stand, and the only value that one is ever given."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING

from .syntax import Step, Syntax, Unread, part

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST = 60
"""How often a name may stand in a file to be followed."""
_GIVEN = re.compile(rb"[\"']?\s{0,4}(?::\s{0,4}[\w.<>|&' \[\]]{1,40}?)?\s{0,4}(?P<sign>:?=|,)(?![=>~])\s{0,40}")
_CHANGED = re.compile(rb"\s{0,4}(?:[-+*/|&^%?]{1,2}=|\+\+|--|<<)")
_DEFAULTS = frozenset({"object_assignment_pattern", "assignment_pattern"})
_FIXED = re.compile(rb"\b(?:const|final|readonly|val|let|define)\b|@\s*$|\b[A-Z][A-Z0-9_]*\s*$")
_DECLARES = re.compile(
    rb"\b(?:const|let|var|val|final|static|readonly|boolean|bool|Boolean|int|String|string)\b|\w\s+$"
)
_UNDECLARED = frozenset({"tree_sitter_ruby", "tree_sitter_php", "tree_sitter_bash"})
"""Languages whose variables are not declared: one that is only set in a branch has no value elsewhere."""
_FALSE = re.compile(rb"(?:false|nil|null|0|''|\"\")\b", re.IGNORECASE)
_OPEN = re.compile(rb"\b(?:export|public|internal|protected|pub|open|lateinit)\b|^var\b|^\s{0,1}var\b")


_WITHIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$")


def _words(data: bytes, name: bytes) -> Iterator[int]:
    """Where *name* stands in *data* and is no part of a longer one."""
    place = data.find(name)
    while place >= 0:
        end = place + len(name)
        if (place and data[place - 1] in _WITHIN) or (end < len(data) and data[end] in _WITHIN):
            place = data.find(name, place + 1)
            continue
        yield place
        place = data.find(name, max(end, place + 1))


class Names:
    """
    The names of one file, each looked up once.

    Args:
        syntax: Its program.
        whole: The file, of which markup around the program may say names too.
    """

    def __init__(self, syntax: Syntax, whole: bytes) -> None:
        self._syntax = syntax
        self._whole = whole
        self._places: dict[str, list[int] | None] = {}
        self._constants: dict[str, Node | None] = {}

    def places(self, name: str) -> list[int] | None:
        """Where *name* stands as a word of its own, also in comments; None where that is too often to look at."""
        if name not in self._places:
            places = list(islice(_words(self._whole, name.encode()), _MOST + 1))
            self._places[name] = places if len(places) <= _MOST else None
        return self._places[name]

    def constant(self, name: str) -> Node | None:
        """
        The only value that *name* is ever given, where nobody outside the file can give it another one.

        Only plain names are followed: what belongs to an object may be set by all who have it.
        """
        if name not in self._constants:
            self._constants[name] = None  # a name whose value leads back to it has none
            with suppress(Unread):
                self._constants[name] = self._only_value(name) if re.fullmatch(r"\w+", name) else None
        return self._constants[name]

    def _only_value(self, name: str) -> Node | None:
        data = self._syntax.data
        values = []
        for place in self.places(name) or ():
            end = place + len(name.encode())
            before = data[data.rfind(b"\n", 0, place) + 1 : place]
            if _CHANGED.match(data, end) or before.endswith((b"&", b"++", b"--")):
                return None
            given = _GIVEN.match(data, end)
            elixir = before.strip() == b"@" and data[end : end + 1] == b" "
            if given is None and not elixir:
                if _is_parameter(self._syntax.way(place)):
                    return None
                continue
            comma = given is not None and given["sign"] == b","
            if before.rstrip().endswith((b".", b"->", b"::")):
                if given is not None and not comma:
                    return None  # who has the object can set it
                continue
            if comma and b"define" not in before:
                continue
            way = self._syntax.way(place)
            if _is_written(way, self._syntax.grammar.comments | self._syntax.grammar.strings - {"string"}):
                continue
            if _is_parameter(way) or (_is_open(way, before) and not _FIXED.search(before)):
                return None
            if given is not None and not self._is_declared(before, given["sign"], data[given.end() : given.end() + 12]):
                return None
            values.append(given.end() if given else end + 1)
        if len(values) != 1:
            return None
        return self._starting_at(values[0])

    def _is_declared(self, before: bytes, sign: bytes, value: bytes) -> bool:
        """Whether what stands *before* a name and its value declares it, so that it has no other value before."""
        if self._syntax.grammar.module not in _UNDECLARED:
            return sign == b":=" or _DECLARES.search(before) is not None
        return before.strip()[-1:].isupper() or not before.strip() or _FALSE.match(value) is not None

    def _starting_at(self, place: int) -> Node | None:
        """The greatest node that begins at *place*."""
        found = next((step.node for step in self._syntax.way(place) if step.node.start_byte == place), None)
        return None if found is None or found.type == "ERROR" else found


def _is_parameter(way: list[Step]) -> bool:
    return any("parameter" in step.type or step.type in _DEFAULTS for step in way)


def _is_open(way: list[Step], before: bytes) -> bool:
    """Whether others can set what is declared behind *before*."""
    field = any("field" in step.type for step in way) and b"private" not in before
    return field or _OPEN.search(before) is not None


def _is_written(way: list[Step], types: frozenset[str]) -> bool:
    return any(step.type in types for step in way)


def name_of(node: Node) -> Node | None:
    """The node that names what *node* declares."""
    return part(node, "name")
