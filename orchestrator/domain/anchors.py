"""The words that a line must contain for a pattern to match it, derived from the pattern."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from re import _parser as parser  # type: ignore[attr-defined]  # the only parser that reads what `re` does; tests hold us to it
from typing import Any

SHORTEST = 3
"""Characters of an anchor: shorter ones stand in every other line."""
_REPEATS = (parser.MAX_REPEAT, parser.MIN_REPEAT, parser.POSSESSIVE_REPEAT)
_MOST = 24
"""Strings that one place may be spelled in; beyond that it is left out of the anchors."""


def anchors(pattern: str) -> tuple[str, ...]:
    """
    Words of which every line that *pattern* matches (in any case) contains one, in lower case; none if there are none.

    Of several places in the pattern that would do, the one whose words are rarest is taken.
    """
    found = _sequence(parser.parse(pattern, re.IGNORECASE))
    best = _better(found.needs, found.exact)
    return tuple(sorted(_shortest(best))) if best else ()


def alternatives(pattern: str) -> list[str]:
    """The alternatives that *pattern* has at its top, each a pattern of its own."""
    found, start, depth, at = [], 0, 0, 0
    while at < len(pattern):
        letter = pattern[at]
        if letter == "[":
            at = _SET.match(pattern, at).end() - 1  # type: ignore[union-attr]  # a set that is not closed does not compile
        elif letter == "|" and not depth:
            found.append(pattern[start:at])
            start = at + 1
        depth += (letter == "(") - (letter == ")")
        at += 2 if letter == "\\" else 1
    return [*found, pattern[start:]]


_SET = re.compile(r"\[\^?\]?(?:[^\]\\]|\\.)*\]", re.DOTALL)


def ways(pattern: str) -> tuple[tuple[frozenset[str], ...], ...]:
    """
    What a line has to say for *pattern* to match it, in lower case: for one of its alternatives, one word of each set.

    Of letters beyond ASCII nothing is known: lower case joins some of them with others.
    """
    items = list(parser.parse(pattern, re.IGNORECASE))
    branches = items.pop()[1][1] if items and items[-1][0] is parser.BRANCH else [[]]
    found = []
    for branch in branches:
        every: list[frozenset[str]] = []
        said = _sequence([*items, *branch], every)
        every += [one for one in (said.needs, said.exact) if one]
        useful = {_shortest(one) for one in every if one and min(map(len, one)) > 1}
        found.append(tuple(sorted(useful, key=lambda one: (_cost(one), sorted(one)))[:_SETS]))
    return tuple(found)


_SETS = 3
"""Sets that are asked for of one alternative: what has a word of the rarest three has most likely all."""


def spelled_out(pattern: str) -> tuple[str, ...]:
    """Every word of three characters or more that *pattern* spells out anywhere, in lower case."""
    found: dict[str, None] = {}
    waiting = [list(parser.parse(pattern, re.IGNORECASE))]
    while waiting:
        run = ""
        for operator, argument in [*waiting.pop(), (parser.ANY, None)]:
            if operator is parser.LITERAL and argument <= _LAST:
                run += chr(argument).lower()
                continue
            if len(run) >= SHORTEST:
                found[run] = None
            run = ""
            waiting += _inner(operator, argument)
    return tuple(found)


def _inner(operator: Any, argument: Any) -> list[list[tuple[Any, Any]]]:
    """The sequences that a part holds."""
    if operator is parser.BRANCH:
        return [list(branch) for branch in argument[1]]
    if operator is parser.SUBPATTERN or operator in _REPEATS or operator is parser.ASSERT:
        return [list(argument[-1])]
    return [list(argument)] if operator is parser.ATOMIC_GROUP else []


@dataclass(frozen=True)
class _Said:
    """
    What a part of a pattern says of the text that it matches.

    Args:
        exact: All that it can match, where that is little.
        needs: Strings of which any text around it contains one.
    """

    exact: frozenset[str] | None
    needs: frozenset[str] | None = None


_NOTHING = _Said(None)
_EMPTY = frozenset({""})


def _sequence(items: Iterable[tuple[Any, Any]], every: list[frozenset[str]] | None = None) -> _Said:
    """What parts say one after the other: what can be spelled out is joined, the rest parts it; notes *every* need."""
    every = [] if every is None else every
    run: frozenset[str] = _EMPTY
    needs: frozenset[str] | None = None
    whole, plain = True, ""
    for operator, argument in items:
        if operator is parser.LITERAL and argument <= _LAST:  # most of most patterns: joined at once
            plain += chr(argument)
            continue
        if plain:
            run, plain = frozenset(text + plain.lower() for text in run), ""
        said = _part(operator, argument)
        if said.needs is not None:
            needs = _better(needs, said.needs)
            every.append(said.needs)
        if said.exact is None:
            every.append(run)
            needs, run, whole = _better(needs, run), _EMPTY, False
        elif said.exact is not _EMPTY:
            joined = frozenset(a + b for a in run for b in said.exact)
            if len(joined) > _MOST:
                every.append(run)
                needs, joined, whole = _better(needs, run), said.exact, False
            run = joined
    if plain:
        run = frozenset(text + plain.lower() for text in run)
    every.append(run)
    return _Said(run, needs) if whole else _Said(None, _better(needs, run))


def _part(operator: Any, argument: Any) -> _Said:
    """What one part says."""
    if operator is parser.IN:
        return _Said(_spelled(_codes(argument)))
    if operator is parser.AT or operator is parser.ASSERT_NOT:
        return _Said(_EMPTY)
    if operator is parser.ASSERT:
        inner = _sequence(argument[1])
        return _Said(_EMPTY, _better(inner.needs, inner.exact))
    if operator is parser.SUBPATTERN:
        return _sequence(argument[3])
    if operator is parser.ATOMIC_GROUP:
        return _sequence(argument)
    if operator is parser.BRANCH:
        return _branch([_sequence(branch) for branch in argument[1]])
    if operator in _REPEATS:
        return _repeated(*argument)
    return _NOTHING


def _branch(branches: Sequence[_Said]) -> _Said:
    """What holds whichever of *branches* is taken."""
    exact = None
    if all(branch.exact is not None for branch in branches):
        exact = frozenset(text for branch in branches for text in branch.exact or ())
    each = [_better(branch.needs, branch.exact) for branch in branches]
    needs = None if any(need is None for need in each) else frozenset(text for need in each for text in need or ())
    return _Said(exact if exact is not None and len(exact) <= _MOST else None, needs)


def _repeated(least: int, most: int, items: Any) -> _Said:
    """What a part says that may stand there several times, or not at all."""
    inner = _sequence(items)
    if (least, most) == (0, 1) and inner.exact is not None:
        return _Said(inner.exact | _EMPTY)
    return _Said(None, _better(inner.needs, inner.exact) if least else None)


def _codes(choices: Any) -> list[int]:
    """The characters of a set such as ``[a-c_]``; ``_NO_CHARACTER`` alone if the set is described otherwise."""
    codes: list[int] = []
    for kind, value in choices:
        if kind is parser.LITERAL:
            codes.append(value)
        elif kind is parser.RANGE and value[1] - value[0] < _MOST:
            codes.extend(range(value[0], value[1] + 1))
        else:
            return [_NO_CHARACTER]
    return codes


_NO_CHARACTER = -1
_LAST = 126
"""The last character that lower case does not join with others, and that is one byte of a file."""


def _spelled(codes: Sequence[int]) -> frozenset[str] | None:
    """Characters in lower case; None for those that lower case does not tell apart from others."""
    if not all(0 <= code <= _LAST for code in codes) or len(codes) > _MOST:
        return None
    return frozenset(chr(code).lower() for code in codes)


def _better(one: frozenset[str] | None, other: frozenset[str] | None) -> frozenset[str] | None:
    """Which of two sets of strings is the better one to look for; a string that is too short spoils its set."""
    if not other or min(map(len, other)) < SHORTEST:
        return one if one and min(map(len, one)) >= SHORTEST else None
    if not one or min(map(len, one)) < SHORTEST:
        return other
    return min(one, other, key=lambda found: (_cost(found), sorted(found)))


def _cost(found: frozenset[str]) -> float:
    """How often one of the strings is met, by a guess that needs no text: each further character makes it rarer."""
    return sum(_RARER[min(len(text), 12)] for text in found)


_RARER = tuple(0.25**length for length in range(13))


def _shortest(found: frozenset[str]) -> frozenset[str]:
    """*found* without strings that contain another of them."""
    return frozenset(text for text in found if not any(other != text and other in text for other in found))
