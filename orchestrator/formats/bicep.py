"""
Reads Bicep with the line of every entry, in time that grows with its size.

The grammar that a package has takes time with the square of what it is given, on any row of open brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from ..errors import FormatError
from ._bicep_expressions import Expressions
from .azure import Loop, Object

MAX_BYTES = 500_000
MAX_MISTAKES = 100
"""Statements with mistakes behind which nothing more is read."""


@dataclass
class Declaration:
    """A resource or a module: its name here, its type or source, what it is made of, and under which conditions."""

    kind: Literal["resource", "module"]
    name: str
    of: str
    line: int
    body: Object = field(default_factory=Object)
    existing: bool = False
    loop: Loop | None = None
    given: Any = True
    inline: BicepFile | None = None
    """What a module deploys that is written out within it, as a template in JSON may have it."""
    shares: bool = False
    """Whether that means by its names what those around it mean."""


@dataclass
class Mistake:
    """A statement that is not valid, and the type of resource that it may be; none where it could be anything."""

    error: FormatError
    kinds: tuple[str, ...] = ()


@dataclass
class BicepFile:
    """A file: what it declares by name, and what could not be read of it."""

    parameters: dict[str, Any] = field(default_factory=dict)
    """Their defaults; :data:`MISSING` where there is none."""
    variables: dict[str, Any] = field(default_factory=dict)
    declarations: list[Declaration] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    using: str = ""
    """The file whose parameters this one gives their values."""


MISSING = object()
"""Stands for a default that is not given."""
_STATEMENT = re.compile(
    r"^(?:@|(?:param|var|resource|module|output|type|func|metadata|import|using|targetScope|extension|provider|"
    r"assert)\b)",
    re.MULTILINE,
)
_OTHERS = re.compile(r"[^\s'(){}\[\]/#]+|/|#|\n(?=[ \t]*\|)")
_TYPED = re.compile(r"[^\s'(){}\[\]/#=]+|\n(?=[ \t]*\|)")


def load(data: bytes) -> BicepFile:
    """
    Parse *data*.

    Literals become plain values, every other expression an :class:`Expression`. A statement with a mistake is left out
    and told of; the others stay.

    Raises:
        FormatError: Too large, or not UTF-8.
    """
    if len(data) > MAX_BYTES:
        raise FormatError(f"more than the {MAX_BYTES:,} bytes that are read of Bicep")
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        raise FormatError("not UTF-8") from error
    return _Parser(text).file()


class _Parser(Expressions):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._read = BicepFile()

    def file(self) -> BicepFile:
        while True:
            self._blanks()
            if self._at >= len(self._text):
                return self._read
            start, self._depth, self._of = self._at, 0, ""
            try:
                self._statement()
                self._blank()
                if self._at < len(self._text) and self._text[self._at] != "\n":
                    self._refuse("something behind the end of a statement")
            except FormatError as error:
                if len(self._read.mistakes) == MAX_MISTAKES:
                    self._read.mistakes.append(Mistake(FormatError("is the first of too many mistakes", error.line)))
                    return self._read
                self._read.mistakes.append(Mistake(error, (self._of,) if self._of else ()))
                after = _STATEMENT.search(self._text, start + 1)
                self._at = after.start() if after else len(self._text)

    def _statement(self) -> None:
        while self._taken("@"):
            self._expression()
            self._blanks()
        word = self._word()
        told = _STATEMENTS.get(word)
        if told is None:
            self._refuse(f"{word[:40]!r} begins no statement that is known")
        told(self, word)

    def _parameter(self, _: str) -> None:
        name = self._word()
        self._skip_type()
        self._read.parameters[name] = self._expression() if self._taken("=") else MISSING

    def _variable(self, _: str) -> None:
        name = self._word()
        self._skip_type()
        self._must("=")
        self._read.variables[name] = self._expression()

    def _using(self, _: str) -> None:
        file = self._expression()
        self._read.using = file if isinstance(file, str) else ""

    def _passed(self, _: str) -> None:
        """What declares nothing, to the end of the line that ends it."""
        self._skip(_OTHERS)

    def _skip_type(self) -> None:
        """A type, up to the sign of equality or the end of the line."""
        self._skip(_TYPED)

    def _skip(self, others: re.Pattern[str]) -> None:
        """All up to the end of a line, or to what *others* stops at, outside of brackets and texts."""
        depth = 0
        while True:
            self._blanks() if depth else self._blank()
            sign = self._peek()
            if sign == "'":
                self._string(self._at)
            elif sign and sign in "([{":
                depth += 1
                self._at += 1
            elif sign and sign in ")]}" and depth:
                depth -= 1
                self._at += 1
            elif passed := (_OTHERS if depth else others).match(self._text, self._at):
                self._at = passed.end()
            else:
                return

    def _declared(self, kind: str) -> None:
        self._read.declarations.append(self._declaration(kind))

    def _declaration(self, kind: str) -> Declaration:
        line = self._here()
        name = self._word()
        self._blank()
        of = self._primary()
        if not isinstance(of, str):
            self._refuse("a type that is worked out")
        self._of = self._of or (of.partition("@")[0] if kind == "resource" else "")
        made = Declaration("resource" if kind == "resource" else "module", name, of, line)
        made.existing = bool(self._keyword("existing"))
        self._must("=")
        self._body_of(made)
        return made

    def _body_of(self, made: Declaration) -> None:
        self._blanks()
        if self._keyword("if"):
            made.given = self._parenthesised()
            self._blanks()
        if self._taken("["):
            self._blanks()
            if not self._keyword("for"):
                self._refuse("a list where a resource must stand")
            made.loop = self._head()
            self._body_of(made)
            self._blanks()
            self._must("]")
            return
        body = self._primary() if self._peek() == "{" else None
        if not isinstance(body, Object):
            self._refuse("no body")
        made.body = body

    def _within(self) -> Declaration:
        return self._declaration("resource")


_STATEMENTS: dict[str, Callable[[_Parser, str], None]] = {
    "param": _Parser._parameter,
    "var": _Parser._variable,
    "resource": _Parser._declared,
    "module": _Parser._declared,
    "using": _Parser._using,
    **dict.fromkeys(
        ("targetScope", "output", "type", "func", "metadata", "import", "extension", "provider", "assert"),
        _Parser._passed,
    ),
}
