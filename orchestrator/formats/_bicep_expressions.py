"""Reads expressions of Bicep: what operators, choices and members make of values."""

from __future__ import annotations

import re
from typing import Any

from ._bicep_values import Values
from .azure import Call, Expression, Name

_BINARY: tuple[dict[str, str], ...] = (
    {"??": "coalesce"},
    {"||": "or"},
    {"&&": "and"},
    {"==": "equals", "!=": "differs", "=~": "alike", "!~": "unlike"},
    {"<=": "lessOrEquals", ">=": "greaterOrEquals", "<": "less", ">": "greater"},
    {"+": "add", "-": "sub"},
    {"*": "mul", "/": "div", "%": "mod"},
)
_OPERATOR = tuple(re.compile("|".join(map(re.escape, row)) + r"(?!>)") for row in _BINARY)


class Expressions(Values):
    """What reads one expression after the other; a literal becomes a plain value, every other one a tree."""

    def _expression(self) -> Any:
        """One expression; what is behind a line's end goes on with it where it begins with an operator."""
        self._enter()
        start = self._at
        found = self._binary(0)
        if self._on("?") and not self._on("??"):
            self._over("?")
            self._blanks()
            good = self._expression()
            self._blanks()
            self._must(":")
            self._blanks()
            found = self._made(start, Call("if", (found, good, self._expression())))
        self._depth -= 1
        return found

    def _binary(self, level: int) -> Any:
        if level == len(_BINARY):
            return self._unary()
        self._blank()
        start = self._at
        found = self._binary(level + 1)
        while (operator := self._operator(level)) is not None:
            self._blanks()
            found = self._made(start, Call(_BINARY[level][operator], (found, self._binary(level + 1))))
        return found

    def _operator(self, level: int) -> str | None:
        self._blank()
        found = _OPERATOR[level].match(self._text, self._at)
        if found is None and level in (1, 2):
            self._on("&&" if level == 2 else "||", goes=True)
            found = _OPERATOR[level].match(self._text, self._at)
        if found is None:
            return None
        self._at = found.end()
        return found[0]

    def _unary(self) -> Any:
        self._blank()
        start = self._at
        if self._peek() in ("!", "-"):
            sign = self._text[self._at]
            self._at += 1
            self._enter()
            inner = self._unary()
            self._depth -= 1
            if sign == "-" and isinstance(inner, int) and not isinstance(inner, bool):
                return -inner
            return self._made(start, Call("not" if sign == "!" else "minus", (inner,)))
        return self._reached(start, self._primary())

    def _reached(self, start: int, found: Any) -> Any:
        """*found* with what is asked of it: its members, its elements."""
        while True:
            if self._peek() == "!" and self._text[self._at + 1 : self._at + 2] in (".", "["):
                self._at += 1
            following = self._peek(2)
            if following in (".?", "::"):
                self._at += 2
                found = self._made(start, Call("member", (found, self._word())))
            elif following.startswith(".") and following != "..":
                self._at += 1
                self._taken("?")
                found = self._called(start, found, self._word())
            elif following.startswith("["):
                self._at += 1
                self._taken("?")
                self._blanks()
                key = self._expression()
                self._blanks()
                self._must("]")
                found = self._made(start, Call("member", (found, key)))
            else:
                return found

    def _called(self, start: int, found: Any, name: str) -> Any:
        """A member of *found*, or the function of that name where *found* is the room it stands in."""
        if self._peek() != "(":
            return self._made(start, Call("member", (found, name)))
        whole = isinstance(found, Expression) and found.tree in (Name("sys"), Name("az"))
        return self._made(start, Call(name if whole else f".{name}", self._arguments()))
