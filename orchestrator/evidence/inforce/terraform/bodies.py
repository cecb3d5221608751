"""Fills the expressions of a block in, as far as they are known, and unrolls its dynamic blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ....formats.hcl import Dynamic
from ....formats.hcl_expressions import Expression, Template
from .numbers import elements_of
from .values import UNKNOWN, Mistaken

_MAX_TEXT = 200
_MAX_ENTRIES = 80
_MAX_DEPTH = 4
MAX_UNROLLED = 100
"""Nested blocks that the dynamic blocks of one block may come to."""
_PLACES = frozenset({"each.key", "count.index"})

Value = Callable[[Any, Mapping[str, Any]], Any]
"""What an expression comes to where some names stand for something."""


class Room:
    """How much filling in may add over a whole tree, in characters."""

    def __init__(self, left: int = 1_000_000) -> None:
        self._left = left

    def fits(self, value: Any) -> bool:
        """Whether *value* may be put in place, which is then paid for."""
        size = _size(value, 0)
        if size < 0 or size > self._left:
            return False
        self._left -= size
        return True


@dataclass
class Filled:
    """A body of plain values, the lines of its entries, and the names of nested blocks whose number nobody knows."""

    body: dict[str, Any]
    lines: dict[str, int]
    doubts: list[str]


class Filling:
    """
    Fills one block.

    Args:
        value: Works expressions out.
        room: What it may cost.
        plainly: Leave texts as they are written that only tell several of a block apart.
    """

    def __init__(self, value: Value, room: Room, names: Mapping[str, Any], *, plainly: bool = False) -> None:
        self._value = value
        self._room = room
        self._names = names
        self._plainly = plainly
        self._left = MAX_UNROLLED
        self._doubts: dict[str, None] = {}

    def fill(self, body: Mapping[str, Any], lines: Mapping[str, int]) -> Filled:
        self._old = lines
        self._new: dict[str, int] = {}
        filled = self._mapping(body, self._names, "", "")
        if "" in lines:
            self._new[""] = lines[""]
        return Filled(filled, self._new, sorted(self._doubts))

    def _entry(self, written: Any, names: Mapping[str, Any], old: str, new: str) -> Any:
        if old in self._old:
            self._new[new] = self._old[old]
        if isinstance(written, Expression):
            return self._known(written, names)
        if isinstance(written, dict):
            return self._mapping(written, names, old, new)
        return self._list(written, names, old, new) if isinstance(written, list) else written

    def _mapping(self, written: Mapping[str, Any], names: Mapping[str, Any], old: str, new: str) -> dict[str, Any]:
        found = {}
        for key, inner in written.items():
            told = self._known(key, names) if isinstance(key, Expression) else key
            told = told if isinstance(told, str) else str(key)
            found[told] = self._entry(inner, names, f"{old}/{_escape(key)}", f"{new}/{_escape(told)}")
        return found

    def _list(self, written: list[Any], names: Mapping[str, Any], old: str, new: str) -> list[Any]:
        found: list[Any] = []
        for place, inner in enumerate(written):
            for given in self._each(inner, names, new) if isinstance(inner, Dynamic) else [names]:
                found.append(None)
                found[-1] = self._entry(inner, given, f"{old}/{place}", f"{new}/{len(found) - 1}")
        return found

    def _each(self, block: Dynamic, names: Mapping[str, Any], place: str) -> list[Mapping[str, Any]]:
        """What the iterator of a dynamic block stands for in each of its copies; nothing where nobody knows."""
        name = place.rpartition("/")[2]
        try:
            elements = elements_of(self._value(block.for_each, names))
        except Mistaken:
            elements = UNKNOWN
        if elements is UNKNOWN or len(elements) > self._left:
            self._doubts.setdefault(name)
            return [names]
        self._left -= len(elements)
        iterator = block.iterator or name
        return [{**names, iterator: {"key": key, "value": value}} for key, value in elements.items()]

    def _known(self, written: Expression, names: Mapping[str, Any]) -> Any:
        """What *written* comes to; itself where that is not known, or only tells one from another."""
        if self._plainly and (isinstance(written, Template) or written in _PLACES):
            return str(written)
        try:
            value = self._value(written, names)
        except Mistaken:
            value = UNKNOWN
        if self._plainly and written == "each.value" and isinstance(value, str):
            return str(written)
        shown = _shown(value, str(written), 0)
        return shown if shown is not UNKNOWN and self._room.fits(shown) else str(written)


def _shown(value: Any, written: str, depth: int) -> Any:
    """*value*, with an expression where a part is not known."""
    if value is UNKNOWN or depth > _MAX_DEPTH:
        return UNKNOWN if not depth else f"${{{written}}}"
    if isinstance(value, dict):
        return {key: _shown(inner, f'{written}["{key}"]'[:_MAX_TEXT], depth + 1) for key, inner in value.items()}
    if isinstance(value, list):
        return [_shown(inner, f"{written}[{n}]"[:_MAX_TEXT], depth + 1) for n, inner in enumerate(value)]
    return value


def _size(value: Any, depth: int) -> int:
    """How many characters *value* adds; below zero where it is too large or too deep to be put in place."""
    if isinstance(value, dict | list):
        inner = [*value, *value.values()] if isinstance(value, dict) else value
        if len(inner) > _MAX_ENTRIES or depth > _MAX_DEPTH:
            return -1
        sizes = [_size(v, depth + 1) for v in inner]
        return -1 if min(sizes, default=0) < 0 else sum(sizes) + 2
    length = len(value) if isinstance(value, str) else 8
    return length if length <= _MAX_TEXT else -1


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
