"""Parses the expressions of CI systems: comparisons, logic, calls, and names that a context has a value for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MAX_LENGTH = 2_000
MAX_DEPTH = 40
MAX_TOKENS = 300

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\")|(?P<number>-?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?))|"
    r"(?P<name>\$\{\w+\}|\$?[A-Za-z_][\w-]*|\*)|(?P<sign>&&|\|\||==|!=|=~|!~|<=|>=|[<>!()\[\],.]))"
)
_REGEX = re.compile(r"\s*/((?:[^/\\\n]|\\.){0,500})/([a-z]*)")
_COMPARES = ("==", "!=", "<", "<=", ">", ">=", "=~", "!~")


class NoExpression(ValueError):
    """The text is none that is understood."""


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, a number, true, false or null."""

    value: str | float | bool | None


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, on the right of ``=~``."""

    text: str


@dataclass(frozen=True, slots=True)
class Name:
    """What a context has a value for: ``github.event.action`` as its parts."""

    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function, or an operator as one."""

    name: str
    arguments: tuple[Node, ...] = field(default=())


Node = Literal | Pattern | Name | Call


def parse(text: str) -> Node:
    """
    The expression in *text*.

    Raises:
        NoExpression: It is too long, too deep, or of no known form.
    """
    if len(text) > MAX_LENGTH:
        raise NoExpression("too long")
    parser = _Parser(text)
    found = parser.either(0)
    if parser.token:
        raise NoExpression(f"unexpected {parser.token}")
    return found


class _Parser:
    """One pass over the text, one token ahead."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._tokens = 0
        self.kind = ""
        self.token = ""
        self._next()

    def _next(self) -> str:
        token = self.token
        if not self._text[self._at :].strip():
            self.kind, self.token = "", ""
            return token
        found = _TOKEN.match(self._text, self._at)
        if found is None:
            raise NoExpression(f"no token at {self._at}")
        self._tokens += 1
        if self._tokens > MAX_TOKENS:
            raise NoExpression("too many words")
        self._at = found.end()
        self.kind = found.lastgroup or ""
        self.token = found[self.kind]
        return token

    def _is(self, *signs: str) -> bool:
        return self.kind == "sign" and self.token in signs

    def either(self, depth: int) -> Node:
        """Alternatives, the loosest of all."""
        if depth > MAX_DEPTH:
            raise NoExpression("too deep")
        found = self._both(depth)
        while self._is("||"):
            self._next()
            found = Call("||", (found, self._both(depth)))
        return found

    def _both(self, depth: int) -> Node:
        found = self._compared(depth)
        while self._is("&&"):
            self._next()
            found = Call("&&", (found, self._compared(depth)))
        return found

    def _compared(self, depth: int) -> Node:
        found = self._unary(depth)
        while self._is(*_COMPARES):
            sign = self.token
            if sign in ("=~", "!~") and (regex := _REGEX.match(self._text, self._at)):
                self._at = regex.end()
                self._next()
                found = Call(sign, (found, Pattern(("(?i)" if "i" in regex[2] else "") + regex[1])))
                continue
            self._next()
            found = Call(sign, (found, self._unary(depth)))
        return found

    def _unary(self, depth: int) -> Node:
        if self._is("!"):
            if depth > MAX_DEPTH:
                raise NoExpression("too deep")
            self._next()
            return Call("!", (self._unary(depth + 1),))
        return self._primary(depth)

    def _primary(self, depth: int) -> Node:
        kind = self.kind
        if self._is("("):
            self._next()
            found = self.either(depth + 1)
            self._want(")")
            return found
        token = self._next()
        if kind == "text":
            inner = token[1:-1]
            return Literal(inner.replace("''", "'") if token[0] == "'" else re.sub(r"\\(.)", r"\1", inner))
        if kind == "number":
            return Literal(float(int(token, 16)) if "x" in token else float(token))
        if kind != "name":
            raise NoExpression(f"unexpected {token or 'end'}")
        if token.lower() in ("true", "false", "null"):
            return Literal({"true": True, "false": False}.get(token.lower()))
        return self._named(token.lstrip("$").strip("{}"), depth)

    def _named(self, name: str, depth: int) -> Node:
        if self._is("("):
            self._next()
            arguments: list[Node] = []
            while not self._is(")"):
                arguments.append(self.either(depth + 1))
                if not self._is(","):
                    break
                self._next()
            self._want(")")
            found: Node = Call(name, tuple(arguments))
            parts: list[str] = [name + "()"]
        else:
            parts = [name]
            found = Name((name,))
        while self._is(".", "["):
            if self._next() == ".":
                parts.append(self._next())
            else:
                index = self.either(depth + 1)
                parts.append(str(index.value) if isinstance(index, Literal) else "*")
                self._want("]")
            found = Name(tuple(parts))
        return found

    def _want(self, sign: str) -> None:
        if not self._is(sign):
            raise NoExpression(f"missing {sign}")
        self._next()
