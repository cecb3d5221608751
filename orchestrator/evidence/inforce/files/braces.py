"""Reads configuration in words, blocks of braces and comments, as nginx and Caddy write it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MAX_WORDS = 300_000
_MAX_DEPTH = 60


@dataclass
class Directive:
    """One directive: its words, where it begins and ends (its block included), and what its block holds."""

    words: list[str]
    start: int
    end: int = 0
    inner: list[Directive] | None = None


@dataclass
class Configuration:
    """What a file holds, as far as it could be read."""

    directives: list[Directive] = field(default_factory=list)
    comments: list[tuple[int, int]] = field(default_factory=list)


def parse(data: bytes, *, lines: bool) -> Configuration:
    """
    The directives of *data*, in linear time.

    Args:
        data: The file.
        lines: A directive ends with its line, as in Caddy; otherwise with a semicolon, as in nginx.
    """
    token = _LINES if lines else _SEMICOLONS
    found = Configuration()
    stack: list[list[Directive]] = [found.directives]
    words: list[str] = []
    start = 0
    for number, match in enumerate(token.finditer(data)):
        if number > _MAX_WORDS:
            break
        kind, text = match.lastgroup, match.group()
        if kind == "comment":
            found.comments.append(match.span())
        elif kind == "word":
            if not words:
                start = match.start()
            words.append(text.decode("utf-8", "replace").strip("\"'`"))
        elif kind == "open":
            directive = Directive(words, start if words else match.start(), len(data), [])
            stack[-1].append(directive)
            if len(stack) < _MAX_DEPTH:
                stack.append(directive.inner or [])
                directive.inner = stack[-1]
            words = []
        else:
            if words:
                stack[-1].append(Directive(words, start, match.end()))
                words = []
            if kind == "close" and len(stack) > 1:
                stack.pop()
                if stack[-1]:
                    stack[-1][-1].end = match.end()
    return found


_WORD = rb"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|`[^`]*`"
_MARKS = rb"(?P<comment>#[^\n]*)|"
_SEMICOLONS = re.compile(
    _MARKS
    + rb"(?P<open>\{)|(?P<close>\})|(?P<end>;)|(?P<word>"
    + _WORD
    + rb"|(?:\$\{[^}\s]{0,100}\}|[^\s;{}\\]|\\.)+)",
    re.DOTALL,
)
_LINES = re.compile(
    _MARKS + rb"(?P<open>\{(?=\s))|(?P<close>\}(?=\s|$))|(?P<end>\n)|(?P<word>" + _WORD + rb"|[^\s\"'`]\S*)",
    re.DOTALL,
)
