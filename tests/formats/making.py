"""Makes texts that a pattern matches, so that no line of a test looks like a credential."""

from __future__ import annotations

import re
from random import Random
from typing import Any, NamedTuple

_parse = re._parser.parse  # type: ignore[attr-defined]  # the one parser that knows all of what re does
_TRIES = 500
"""What must stand before, behind or at a border is not made, but met by chance."""
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
_PRINTED = _LETTERS + "_-+/=.: \t\n\r\"'`~!@#$%^&*()[]{};,<>?|\\"
_KINDS = {
    "CATEGORY_DIGIT": re.compile(r"[0-9]"),
    "CATEGORY_WORD": re.compile(r"[A-Za-z0-9_]"),
    "CATEGORY_SPACE": re.compile(r"\s"),
    "CATEGORY_NOT_SPACE": re.compile(r"[^\s]"),
    "CATEGORY_NOT_WORD": re.compile(r"[^A-Za-z0-9_]"),
    "CATEGORY_NOT_DIGIT": re.compile(r"[^0-9]"),
}


class Made(NamedTuple):
    """A text, and the part of it that is the credential."""

    text: str
    secret: str


def made(pattern: str, chance: Random) -> Made:
    """Something that *pattern* matches, by chance; the credential is its first group, or all of it."""
    tree, whole = _parse(pattern), re.compile(pattern)
    for _ in range(_TRIES):
        groups: dict[int, str] = {}
        text = _walk(tree, chance, groups)
        if found := whole.match(text):
            return Made(text, groups.get(1, found.group()))
    raise AssertionError(f"nothing was made that {pattern!r} matches")


def _walk(tree: Any, chance: Random, groups: dict[int, str]) -> str:
    return "".join(_one(str(op), argument, chance, groups) for op, argument in tree)


def _one(op: str, argument: Any, chance: Random, groups: dict[int, str]) -> str:
    if op == "LITERAL":
        return chr(argument)
    if op == "IN":
        return chance.choice(_members(argument))
    if op in ("ANY", "NOT_LITERAL"):
        return chance.choice([c for c in _PRINTED if c not in "\r\n" and (op == "ANY" or c != chr(argument))])
    if op in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
        least, most, inner = argument
        times = chance.randint(least, min(most, least + 2 if op == "MIN_REPEAT" else max(least, 24)))
        return "".join(_walk(inner, chance, groups) for _ in range(times))
    if op == "SUBPATTERN":
        number, *_, inner = argument
        text = _walk(inner, chance, groups)
        if number is not None:
            groups[number] = text
        return text
    if op == "BRANCH":
        return _walk(chance.choice(argument[1]), chance, groups)
    if op == "ATOMIC_GROUP":
        return _walk(argument, chance, groups)
    if op in ("AT", "ASSERT", "ASSERT_NOT"):
        return ""
    raise AssertionError(f"{op} is not made yet")


def _members(items: list[tuple[Any, Any]]) -> list[str]:
    """What a set in brackets may be; letters and digits where it may be any of those, so that tokens look random."""
    found: set[str] = set()
    for op, argument in items:
        if str(op) == "LITERAL":
            found.add(chr(argument))
        elif str(op) == "RANGE":
            found.update(chr(code) for code in range(argument[0], min(argument[1], 126) + 1))
        elif str(op) == "CATEGORY":
            found.update(c for c in _PRINTED if _KINDS[str(argument)].match(c))
    if str(items[0][0]) == "NEGATE":
        found = {c for c in _PRINTED if c not in found}
    plain = [c for c in sorted(found) if c in _LETTERS]
    return plain if 10 <= len(plain) and len(found) < 70 else sorted(found)
