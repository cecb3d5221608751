"""Tells how much work a pattern can be at one place, whatever stands there."""

from __future__ import annotations

import re
from typing import Any

_parse = re._parser.parse  # type: ignore[attr-defined]  # the one parser that knows all of what re does
_ANY = frozenset(range(256))
_KINDS = {
    "CATEGORY_DIGIT": re.compile(rb"\d"),
    "CATEGORY_WORD": re.compile(rb"\w"),
    "CATEGORY_SPACE": re.compile(rb"\s"),
    "CATEGORY_NOT_SPACE": re.compile(rb"\S"),
    "CATEGORY_NOT_WORD": re.compile(rb"\W"),
    "CATEGORY_NOT_DIGIT": re.compile(rb"\D"),
}
_REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def steps(pattern: bytes) -> int:
    """
    How many steps a backtracking matcher takes at most where it tries *pattern* once.

    What repeats is given back piece by piece; all that follows is tried again only where it may begin with such a
    piece, and otherwise fails at its first byte.
    """
    return _cost(list(_parse(pattern)), 1)


def _cost(items: list[Any], rest: int, begins: frozenset[int] = _ANY) -> int:
    """Steps of *items*, with what follows them: its steps, and the bytes that it may begin with."""
    for op, argument in reversed(items):
        name = str(op)
        if name in _REPEATS:
            least, most, inner = argument
            assert most < 100_000, "repeats without an end"
            once = _cost(list(inner), 1)
            inside = _first(list(inner))
            again = rest if inside & begins and name != "POSSESSIVE_REPEAT" else 1
            rest += most * once + (most - least) * again
            begins = inside | begins if least == 0 else inside
        elif name == "BRANCH":
            ways = [_cost(list(branch), rest, begins) for branch in argument[1]]
            rest = max(ways) + len(ways) if _exclude(argument[1]) else sum(ways)
            begins = _first([(op, argument)], begins)
        elif name == "SUBPATTERN":
            rest = _cost(list(argument[-1]), rest, begins)
            begins = _first(list(argument[-1]), begins)
        elif name in ("ASSERT", "ASSERT_NOT"):
            rest += _cost(list(argument[1]), 1)
        elif name != "AT":
            rest += 1
            begins = _bytes(name, argument)
    return rest


def _exclude(branches: list[Any]) -> bool:
    """Whether at most one of *branches* can go on behind its first bytes."""
    heads = [_head(list(branch)) for branch in branches]
    return all(
        any(not one & other for one, other in zip(heads[i], heads[j], strict=False))
        for i in range(len(heads))
        for j in range(i)
    )


def _head(items: list[Any]) -> list[frozenset[int]]:
    """What the first places of a branch may hold, as far as each of them is one byte."""
    found: list[frozenset[int]] = []
    for op, argument in items:
        if str(op) not in ("LITERAL", "IN", "NOT_LITERAL", "ANY"):
            return [*found, _first([(op, argument)])]
        found.append(_bytes(str(op), argument))
    return found


def _first(items: list[Any], then: frozenset[int] = _ANY) -> frozenset[int]:
    """The bytes that *items* may begin with; *then* where they may be nothing."""
    for op, argument in items:
        name = str(op)
        if name in _REPEATS:
            inside = _first(list(argument[2]))
            if argument[0]:
                return inside
            return inside | _first(items[items.index((op, argument)) + 1 :], then)
        if name == "BRANCH":
            rest = _first(items[items.index((op, argument)) + 1 :], then)
            return frozenset().union(*(_first(list(branch), rest) for branch in argument[1]))
        if name == "SUBPATTERN":
            return _first([*argument[-1], *items[items.index((op, argument)) + 1 :]], then)
        if name not in ("AT", "ASSERT", "ASSERT_NOT"):
            return _bytes(name, argument)
    return then


def _bytes(name: str, argument: Any) -> frozenset[int]:
    """The bytes that one place may hold; letters in both cases, for a pattern may not care."""
    if name == "LITERAL":
        return _cases({argument})
    if name == "NOT_LITERAL":
        return _ANY - {argument}
    if name == "ANY":
        return _ANY
    found: set[int] = set()
    for op, member in argument:
        if str(op) == "LITERAL":
            found.add(member)
        elif str(op) == "RANGE":
            found.update(range(member[0], member[1] + 1))
        elif str(op) == "CATEGORY":
            found.update(b for b in _ANY if _KINDS[str(member)].match(bytes([b])))
    return _ANY - found if str(argument[0][0]) == "NEGATE" else _cases(found)


def _cases(found: set[int]) -> frozenset[int]:
    return frozenset(found | {ord(chr(b).swapcase()) for b in found if b < 128})
