"""This is where SQL of any dialect is cut into statements and words, in one linear pass that nothing can stall."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_TOKEN = re.compile(
    r"""(?P<space>[^\S\n]+)|(?P<newline>\n)|(?P<comment>--[^\n]*)|(?P<block>/\*)|(?P<string>')
    |(?P<quoted>"[^"\n]{0,256}"|`[^`\n]{0,256}`|\[[A-Za-z_][^\]\[\n]{0,128}\])
    |(?P<dollar>\$\w{0,60}\$)|(?P<word>\w+)|(?P<other>.)""",
    re.VERBOSE,
)
_STRING = re.compile(r"'[^']*+(?:''[^']*+)*+'?")
_STRING_WITH_BACKSLASHES = re.compile(r"'(?:[^'\\]|\\.|'')*+'?", re.DOTALL)
_MYSQL = re.compile(r"`|\bENGINE\s*=|\bAUTO_INCREMENT\b", re.IGNORECASE)
_BULKY = frozenset({"INSERT", "COPY", "VALUES", "SELECT", "REPLACE", "MERGE", "UPDATE", "DELETE", "WITH"})
_ROUTINES = frozenset({"FUNCTION", "PROCEDURE", "TRIGGER", "EVENT", "PACKAGE"})
_KEPT_OF_BULKY = 40
_MAX_TOKENS = 20_000
_MAX_DOLLARS = 200


@dataclass(frozen=True, slots=True)
class Token:
    """One word, quoted name, literal or sign; ``word`` is upper-cased and empty for anything but a bare word."""

    text: str
    word: str
    line: int
    literal: bool = False


@dataclass(slots=True)
class Statement:
    """What stands between two semicolons; statements that only move rows keep their first words."""

    line: int
    tokens: list[Token] = field(default_factory=list)

    @property
    def head(self) -> str:
        return self.tokens[0].word if self.tokens else ""

    def starts(self, *words: str) -> bool:
        """Whether its first words are *words*."""
        return tuple(t.word for t in self.tokens[: len(words)]) == words


def statements(text: str, line: int = 1) -> Iterator[Statement]:
    """
    Every statement of *text*; comments are left out.

    Args:
        text: SQL of any dialect. What is no SQL comes out as statements that start with no known word.
        line: The line that *text* begins on.
    """
    statement = Statement(line)
    for token in _tokens(text, line):
        if token.text == ";" and not token.literal:
            if statement.tokens and not _inside_routine(statement):
                yield statement
                statement = Statement(token.line)
            continue
        if not statement.tokens:
            statement.line = token.line
        limit = _KEPT_OF_BULKY if statement.head in _BULKY else _MAX_TOKENS
        if len(statement.tokens) < limit or token.word == "END":
            statement.tokens.append(token)
    if statement.tokens:
        yield statement


def _inside_routine(statement: Statement) -> bool:
    """A body between BEGIN and END holds semicolons of its own."""
    if statement.head not in ("CREATE", "ALTER"):
        return False
    words = [t.word for t in statement.tokens]
    if not _ROUTINES.intersection(words[:8]) or any(t.literal and t.text.startswith("$") for t in statement.tokens):
        return False
    return "BEGIN" in words[:_KEPT_OF_BULKY] and words[-1] != "END" and len(words) < 2_000


def _tokens(text: str, line: int) -> Iterator[Token]:
    position, end = 0, len(text)
    string = _STRING_WITH_BACKSLASHES if _MYSQL.search(text) else _STRING
    dollars = 0
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None:  # cannot happen: the last branch takes any character
            return
        kind, piece, start = found.lastgroup, found.group(), position
        position = found.end()
        if kind == "newline":
            line += 1
        elif kind == "block":
            close = text.find("*/", position)
            position = close + 2 if close >= 0 else end
            line += text.count("\n", start, position)
        elif kind == "string":
            closing = string.match(text, start)
            position = closing.end() if closing else end
            yield Token(text[start : min(position, start + 80)], "", line, True)
            line += text.count("\n", start, position)
        elif kind == "dollar" and dollars < _MAX_DOLLARS:
            dollars += 1
            close = text.find(piece, position)
            if close >= 0:
                position = close + len(piece)
                yield Token(text[start : min(position, start + 80)], "", line, True)
                line += text.count("\n", start, position)
        elif kind == "word":
            yield Token(piece, piece.upper(), line)
            if piece.upper() == "STDIN":
                data = text.find("\n\\.", position)
                if data >= 0:
                    line += text.count("\n", position, data + 3)
                    position = data + 3
                    yield Token(";", "", line)
        elif kind == "quoted":
            yield Token(piece[1:-1], "", line)
        elif kind == "other" or kind == "dollar":
            yield Token(piece, "", line)
