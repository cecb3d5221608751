"""Reads the expressions of Azure's templates in JSON: ``[if(equals(parameters('env'), 'prod'), 2, 1)]``."""

from __future__ import annotations

import re
from typing import Any

from .azure import MAX_DEPTH, MAX_TEXT, Call, Expression, Name

_TOKEN = re.compile(
    r"\s*(?:'((?:[^']|'')*)'|(-?\d{1,15}(?:\.\d{1,15})?)|([A-Za-z_][\w.]*(?=\s*\())|\.\s*(\w+)|([(),\[\]]))"
)
_MAX_TOKENS = 2_000


def written(text: str) -> Any:
    """
    What a text of a template stands for: itself, or an :class:`Expression` where it is in brackets.

    An expression that is not valid, or longer than anybody writes, is one that nobody can work out.
    """
    if not text.startswith("[") or not text.endswith("]"):
        return text
    if text.startswith("[["):
        return text[1:]
    try:
        found = _Reader(text[1:-1]).whole()
    except (ValueError, IndexError):
        found = Name("")
    if isinstance(found, Name | Call):
        return Expression(found, " ".join(text[1:-1].split())[:MAX_TEXT])
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self._tokens: list[tuple[str, ...]] = []
        at = 0
        while at < len(text.rstrip()):
            token = _TOKEN.match(text, at)
            if token is None or len(self._tokens) == _MAX_TOKENS:
                raise ValueError(text[at : at + 20])
            text_of = token[1].replace("''", "'") if token[1] is not None else ""
            kind = "text" if token[1] is not None else "other"
            self._tokens.append((kind, text_of, token[2] or "", token[3] or "", token[4] or "", token[5] or ""))
            at = token.end()
        self._place = 0

    def whole(self) -> Any:
        found = self._term(0)
        if self._place != len(self._tokens):
            raise ValueError("something behind the end")
        return found

    def _sign(self) -> str:
        return self._tokens[self._place][5] if self._place < len(self._tokens) else ""

    def _term(self, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise ValueError("too deep")
        kind, text, number, name, _, _ = self._tokens[self._place]
        self._place += 1
        if kind == "text":
            return text
        if number:
            return float(number) if "." in number else int(number)
        if not name:
            raise ValueError("no term")
        found: Any = Call(name, self._arguments(depth + 1))
        while self._place < len(self._tokens):
            member = self._tokens[self._place][4]
            if member:
                self._place += 1
                found = Call("member", (found, member))
            elif self._sign() == "[":
                self._place += 1
                found = Call("member", (found, self._term(depth + 1)))
                self._must("]")
            else:
                break
        return found

    def _arguments(self, depth: int) -> tuple[Any, ...]:
        self._must("(")
        found: list[Any] = []
        while self._sign() != ")":
            if found:
                self._must(",")
            found.append(self._term(depth))
        self._place += 1
        return tuple(found)

    def _must(self, sign: str) -> None:
        if self._sign() != sign:
            raise ValueError(f"no {sign}")
        self._place += 1
