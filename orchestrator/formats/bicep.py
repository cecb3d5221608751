"""
Reads Bicep with the line of every entry, in time that grows with its size.

The grammar that a package has takes time with the square of what it is given, on any row of open brackets.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn

from ..errors import FormatError
from .azure import MAX_DEPTH, MAX_NODES, MAX_TEXT, Call, Expression, Loop, Name, Object

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
_SPACE = re.compile(r"(?:[ \t\r]+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/|#[^\n]*)*")
_WORD = re.compile(r"[A-Za-z_]\w*")
_NUMBER = re.compile(r"\d{1,15}")
_PIECE = re.compile(r"[^'\\$\n]+|\$(?!\{)")
_ESCAPE = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|(.))")
_STATEMENT = re.compile(
    r"^(?:@|(?:param|var|resource|module|output|type|func|metadata|import|using|targetScope|extension|provider|"
    r"assert)\b)",
    re.MULTILINE,
)
_OTHERS = re.compile(r"[^\s'(){}\[\]/#]+|/|#|\n(?=[ \t]*\|)")
_TYPED = re.compile(r"[^\s'(){}\[\]/#=]+|\n(?=[ \t]*\|)")
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
_LITERALS = {"true": True, "false": False, "null": None}


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


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._nodes = 0
        self._line, self._counted = 1, 0
        self._of = ""
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

    def _parenthesised(self) -> Any:
        self._must("(")
        self._blanks()
        found = self._expression()
        self._blanks()
        self._must(")")
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
            found.inner.append(self._declaration("resource"))
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

    def _made(self, start: int, tree: Name | Call | Loop, *, whole: bool = True) -> Expression:
        """The expression; one that is not understood as a whole calls a function that nobody knows."""
        text = " ".join(self._text[start : min(self._at, start + MAX_TEXT)].split())
        return Expression(tree if whole else Call("=>"), text)

    def _skip_type(self) -> None:
        """A type, up to the sign of equality or the end of the line."""
        self._skip(_TYPED)

    def _enter(self) -> None:
        self._depth += 1
        self._nodes += 1
        if self._depth > MAX_DEPTH:
            self._refuse(f"nested more than {MAX_DEPTH} levels deep")
        if self._nodes > MAX_NODES:
            self._at, self._of = len(self._text), ""
            self._refuse(f"more than {MAX_NODES:,} expressions")

    def _on(self, sign: str, *, goes: bool = True) -> bool:
        """Whether *sign* comes next, also behind the ends of lines, which are then passed."""
        before = self._at
        self._blanks()
        if self._text.startswith(sign, self._at) and goes:
            return True
        self._at = before
        return False

    def _over(self, sign: str) -> None:
        self._at += len(sign)

    def _blank(self) -> None:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found else self._at

    def _blanks(self) -> None:
        self._blank()
        while self._at < len(self._text) and self._text[self._at] == "\n":
            self._at += 1
            self._blank()

    def _peek(self, many: int = 1, *, blank: bool = True) -> str:
        if blank:
            self._blank()
        return self._text[self._at : self._at + many]

    def _taken(self, sign: str) -> bool:
        self._blank()
        if not self._text.startswith(sign, self._at):
            return False
        self._at += len(sign)
        return True

    def _must(self, sign: str) -> None:
        if not self._taken(sign):
            self._refuse(f"{sign!r} is missing")

    def _keyword(self, word: str) -> bool:
        self._blank()
        found = _WORD.match(self._text, self._at)
        if found is None or found[0] != word:
            return False
        self._at = found.end()
        return True

    def _word(self) -> str:
        self._blank()
        found = _WORD.match(self._text, self._at)
        if found is None:
            self._refuse(f"a name is missing before {self._text[self._at : self._at + 10]!r}")
        self._at = found.end()
        return found[0]

    def _here(self) -> int:
        self._blank()
        if self._at >= self._counted:
            self._line += self._text.count("\n", self._counted, self._at)
        else:
            self._line -= self._text.count("\n", self._at, self._counted)
        self._counted = self._at
        return self._line

    def _refuse(self, reason: str) -> NoReturn:
        raise FormatError(reason, self._here())


def _unescaped(escape: re.Match[str]) -> str:
    if escape[1] is not None:
        code = int(escape[1], 16)
        return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else "\ufffd"
    return {"n": "\n", "r": "\r", "t": "\t"}.get(escape[2], escape[2])


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
