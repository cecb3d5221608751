"""Reads what an expression of Bicep is put together from: literals, texts, names, calls, objects, lists and loops."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Any

from ._bicep_signs import Signs
from .azure import MAX_DEPTH, MAX_NODES, MAX_TEXT, Call, Expression, Loop, Name, Object

_NUMBER = re.compile(r"\d{1,15}")
_PIECE = re.compile(r"[^'\\$\n]+|\$(?!\{)")
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|(.))")
_LITERALS = {"true": True, "false": False, "null": None}


class Values(Signs, ABC):
    """What reads one value after the other; whole expressions may stand in one, and declarations in an object."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._depth = 0
        self._nodes = 0
        self._of = ""
        """The type of the resource in which this is; nothing where there is none, or too much of it."""

    @abstractmethod
    def _expression(self) -> Any:
        """One expression."""

    @abstractmethod
    def _within(self) -> Any:
        """A resource that is declared within another."""

    def _primary(self) -> Any:
        self._enter()
        start, sign = self._at, self._peek()
        found: Any
        if sign == "'":
            found = self._string(start)
        elif sign == "{":
            found = self._object()
        elif sign == "[":
            found = self._list(start)
        elif sign == "(":
            found = self._bracket(start)
        elif number := _NUMBER.match(self._text, self._at):
            self._at = number.end()
            found = int(number[0])
        else:
            found = self._named(start, self._word())
        self._depth -= 1
        return found

    def _named(self, start: int, word: str) -> Any:
        if word in _LITERALS:
            return _LITERALS[word]
        if self._peek() == "(":
            return self._made(start, Call(word, self._arguments()))
        if self._on("=>"):
            return self._lambda(start)
        return self._made(start, Name(word))

    def _parenthesised(self) -> Any:
        self._must("(")
        self._blanks()
        found = self._expression()
        self._blanks()
        self._must(")")
        return found

    def _bracket(self, start: int) -> Any:
        """What stands in brackets, or a function with several parameters."""
        if parameters := re.compile(r"\([\w\s,]*\)[ \t]*(?==>)").match(self._text, self._at):
            self._at = parameters.end()
            return self._lambda(start)
        return self._parenthesised()

    def _lambda(self, start: int) -> Any:
        self._over("=>")
        self._blanks()
        self._expression()
        return self._made(start, Call("=>"))

    def _arguments(self) -> tuple[Any, ...]:
        self._must("(")
        found = []
        self._blanks()
        while not self._taken(")"):
            found.append(self._expression())
            self._blanks()
            self._taken(",")
            self._blanks()
        return tuple(found)

    def _string(self, start: int) -> Any:
        if self._text.startswith("'''", self._at):
            end = self._text.find("'''", self._at + 3)
            if end < 0:
                self._refuse("a text without an end")
            self._at = end + 3
            return self._text[start + 3 : end].removeprefix("\n")
        self._at += 1
        pieces: list[Any] = []
        while self._peek(blank=False) != "'":
            if piece := _PIECE.match(self._text, self._at):
                pieces.append(piece[0])
                self._at = piece.end()
            elif self._text.startswith("${", self._at):
                self._at += 2
                self._blanks()
                pieces.append(self._expression())
                self._blanks()
                self._must("}")
            elif escape := _ESCAPE.match(self._text, self._at):
                pieces.append(_unescaped(escape))
                self._at = escape.end()
            else:
                self._refuse("a text without an end")
        self._at += 1
        if all(isinstance(piece, str) for piece in pieces):
            return "".join(pieces)
        return self._made(start, Call("concat", tuple(pieces)))

    def _object(self) -> Object:
        self._must("{")
        found = Object()
        self._blanks()
        while not self._taken("}"):
            self._entry(found)
            self._blanks()
            self._taken(",")
            self._blanks()
        return found

    def _entry(self, found: Object) -> None:
        line = self._here()
        if self._taken("..."):
            found[f"...{len(found)}"] = self._expression()
            return
        while self._taken("@"):
            self._expression()
            self._blanks()
        key = self._primary() if self._peek() == "'" else self._word()
        if key == "resource" and self._peek() != ":":
            found.inner.append(self._within())
            return
        self._must(":")
        self._blanks()
        found[str(key)] = self._expression()
        found.lines[str(key)] = line

    def _list(self, start: int) -> Any:
        self._must("[")
        self._blanks()
        if self._keyword("for"):
            head = self._head()
            given: Any = True
            if self._keyword("if"):
                given = self._parenthesised()
                self._blanks()
            body = self._expression()
            self._blanks()
            self._must("]")
            return self._made(start, Loop(head.over, head.item, head.place, body, head.line), whole=given is True)
        found = []
        while not self._taken("]"):
            if self._taken("..."):
                found.append(self._made(start, Call("...", (self._expression(),))))
            else:
                found.append(self._expression())
            self._blanks()
            self._taken(",")
            self._blanks()
        return found

    def _head(self) -> Loop:
        """What stands behind ``for``, with its colon."""
        line, place = self._here(), ""
        if self._taken("("):
            item = self._word()
            if self._taken(","):
                place = self._word()
            self._must(")")
        else:
            item = self._word()
        if not self._keyword("in"):
            self._refuse("a loop over nothing")
        over = self._expression()
        self._must(":")
        self._blanks()
        return Loop(over, item, place, None, line)

    def _made(self, start: int, tree: Name | Call | Loop, *, whole: bool = True) -> Expression:
        """The expression; one that is not understood as a whole calls a function that nobody knows."""
        text = " ".join(self._text[start : min(self._at, start + MAX_TEXT)].split())
        return Expression(tree if whole else Call("=>"), text)

    def _enter(self) -> None:
        self._depth += 1
        self._nodes += 1
        if self._depth > MAX_DEPTH:
            self._refuse(f"nested more than {MAX_DEPTH} levels deep")
        if self._nodes > MAX_NODES:
            self._at, self._of = len(self._text), ""
            self._refuse(f"more than {MAX_NODES:,} expressions")


def _unescaped(escape: re.Match[str]) -> str:
    if escape[1] is not None:
        code = int(escape[1], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return {"n": "\n", "r": "\r", "t": "\t"}.get(escape[2], escape[2])
