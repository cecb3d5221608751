"""Cuts SQL of any dialect into statements and words, in one linear pass that nothing can stall."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..errors import FormatError

_TOKEN = re.compile(
    r"""(?P<space>[^\S\n]+)|(?P<newline>\n)|(?P<comment>--[^\n]*)|(?P<block>/\*)|(?P<template>\{\#)|(?P<string>')
    |(?P<quoted>"[^"\\\n]{0,256}"|`[^`\n]{0,256}`|\[[A-Za-z_][^\]\[\n]{0,128}\])|(?P<long>["`])
    |(?P<dollar>\$(?:[^\W\d]\w{0,60})?\$)|(?P<word>\w+)|(?P<other>.)""",
    re.VERBOSE,
)
_STRING = re.compile(r"'[^']*+(?:''[^']*+)*+'?")
_STRING_WITH_BACKSLASHES = re.compile(r"'(?:[^'\\]|\\.|'')*+'?", re.DOTALL)
_MYSQL = re.compile(r"`|\bENGINE\s*=|\bAUTO_INCREMENT\b", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*+(?:""[^"]*+)*+"?')
_QUOTED_WITH_BACKSLASHES = re.compile(r'"(?:[^"\\]|\\.|"")*+"?', re.DOTALL)
_DELIMITER = re.compile(r"[^\S\n]*DELIMITER[^\S\n]+([^\w\s'\"(),]{1,20})[^\S\n]*(?=\n|\Z)", re.IGNORECASE)
_COMMAND = re.compile(r"\\(?:(?:q|quit)\b[^\n]*|(?P<false>if[^\S\n]+(?:false|off|no|0)\b[^\n]*))", re.IGNORECASE)
_ENDIF = re.compile(r"(?<=\n)[^\S\n]*\\(?:endif|else|elif)\b[^\n]*", re.IGNORECASE)
_GO = re.compile(r"[^\S\n]*(?:\d{1,9}[^\S\n]*)?;?[^\S\n]*(?=\n|\Z)")
_CLOSING = {"[": "]", "(": ")", "{": "}", "<": ">"}
_BULKY = frozenset({"INSERT", "COPY", "VALUES", "SELECT", "REPLACE", "MERGE", "UPDATE", "DELETE", "WITH"})
_ROUTINES = frozenset({"FUNCTION", "PROCEDURE", "TRIGGER", "EVENT", "PACKAGE"})
_KEPT_OF_BULKY = 40
_MAX_TOKENS = 20_000
_MAX_LOOSE = 200
"""So many openings without an end are looked for to the end of the text."""


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
    end: int = 0
    """The line that it ends on."""

    @property
    def head(self) -> str:
        return self.tokens[0].word if self.tokens else ""

    def starts(self, *words: str) -> bool:
        """Whether its first words are *words*."""
        return tuple(t.word for t in self.tokens[: len(words)]) == words


def statements(
    text: str, line: int = 1, *, whole: bool = False, backslashes: bool | None = None
) -> Iterator[Statement]:
    """
    Every statement of *text*; comments are left out.

    Args:
        text: SQL of any dialect. What is not SQL comes out as statements that start with no known word.
        line: The line that *text* begins on.
        whole: It is a file of its own, and no piece of a program's text that may end anywhere.
        backslashes: Whether a backslash in a string escapes what follows; None tells it from the text.

    Raises:
        FormatError: A table's definition is too long to be kept; or in a *whole* text a string, a quoted name or a
            comment has no end, so that what follows is not what it seems.
    """
    return cut(Tokens(text, line, whole, speaks_mysql(text) if backslashes is None else backslashes))


def cut(tokens: Tokens) -> Iterator[Statement]:
    """
    The statements that *tokens* make up.

    Raises:
        FormatError: As :func:`statements` does.
    """
    statement = Statement(tokens.line)
    for token in tokens:
        if token.text == ";" and not token.literal:
            if statement.tokens and (token.word or not _inside_routine(statement)):
                statement.end = token.line
                yield statement
                statement = Statement(token.line)
            continue
        if not statement.tokens:
            statement.line = token.line
        limit = _KEPT_OF_BULKY if statement.head in _BULKY else _MAX_TOKENS
        if len(statement.tokens) < limit or token.word == "END":
            statement.tokens.append(token)
        elif limit == _MAX_TOKENS and statement.head in ("CREATE", "ALTER") and not _is_routine(statement):
            raise FormatError(f"a statement of more than {_MAX_TOKENS:,} words", statement.line)
    if statement.tokens:
        statement.end = tokens.line
        yield statement


def speaks_mysql(text: str) -> bool:
    """Whether *text* is likely in MySQL's dialect, in whose strings a backslash escapes."""
    return bool(_MYSQL.search(text))


def _is_routine(statement: Statement) -> bool:
    return bool(_ROUTINES.intersection(t.word for t in statement.tokens[:8]))


def _inside_routine(statement: Statement) -> bool:
    """A body between BEGIN and END holds semicolons of its own."""
    if statement.head not in ("CREATE", "ALTER"):
        return False
    words = [t.word for t in statement.tokens]
    if not _is_routine(statement) or any(t.literal and t.text.startswith("$") for t in statement.tokens):
        return False
    return "BEGIN" in words[:_KEPT_OF_BULKY] and words[-1] != "END" and len(words) < 2_000


class Tokens:
    """
    The words of a text, one after the other; a statement's end that nothing can be part of says so as its word.

    Args:
        text: SQL of any dialect.
        line: The line that it begins on.
        whole: It is a file of its own.
        backslashes: A backslash in a string escapes what follows.
    """

    def __init__(self, text: str, line: int, whole: bool, backslashes: bool) -> None:
        self._text = text
        self.line = line
        """The line that has been come to."""
        self.comments: list[tuple[int, int]] = []
        """Where the comments are that have been stepped over."""
        self.left_out: list[tuple[int, int]] = []
        """The same of what the program that runs the file is told to leave out."""
        self.bodies: list[tuple[int, int]] = []
        """The same of what stands between dollar signs, which are no part of it."""
        self._whole = whole
        self._at = 0
        self._string = _STRING_WITH_BACKSLASHES if backslashes else _STRING
        self._quoted = _QUOTED_WITH_BACKSLASHES if backslashes else _QUOTED
        self._mysql = speaks_mysql(text)
        self._delimiter = ""
        self._loose: dict[str, int] = {}
        self._nests = True

    def __iter__(self) -> Iterator[Token]:
        text, end = self._text, len(self._text)
        before = "", ""  # the last two words: FROM STDIN
        begins = True
        while self._at < end:
            start = self._at
            if begins and self._line_of_its_own(start):
                if self._text[start : self._at].lstrip()[:1] not in ("\\", "#"):
                    yield Token(";", "DELIMITER", self.line)
                continue
            if self._delimiter and text.startswith(self._delimiter, start):
                self._at += len(self._delimiter)
                yield Token(";", "DELIMITER", self.line)
                continue
            found = _TOKEN.match(text, start)
            if found is None:  # cannot happen: the last branch takes any character
                return
            kind, piece = found.lastgroup, found.group()
            self._at = found.end()
            begins = kind == "newline" or (begins and kind == "space")
            if kind == "newline":
                self.line += 1
            elif kind == "word":
                word = piece.upper()
                if word == "GO" and (batch := self._ends_batch(start)):
                    self._at = batch
                    yield Token(";", "GO", self.line)
                    continue
                opened = self._prefixed(word)
                if opened:
                    yield self._literal(start, opened)
                    continue
                yield Token(piece, word, self.line)
                if (before[1], word) == ("FROM", "STDIN"):
                    yield from self._copied()
                before = before[1], word
            elif kind == "quoted":
                yield Token(piece[1:-1], "", self.line)
            elif kind == "other":
                if piece == "#" and self._mysql:
                    self._at = _end_of_line(text, start)
                    self.comments.append((start, self._at))
                else:
                    yield Token(piece, "", self.line)
            elif kind == "comment":
                self.comments.append((start, self._at))
            elif kind in ("block", "template"):
                self._pass_over(start, kind)
                self.comments.append((start, self._at))
            elif kind in ("string", "long", "dollar"):
                yield self._literal(start, self._end(start, kind, piece))
                if kind == "dollar" and self._at - start >= 2 * len(piece):
                    self.bodies.append((start + len(piece), self._at - len(piece)))

    def _line_of_its_own(self, start: int) -> bool:
        """Step over a command to the program that runs the file, or a comment of MySQL; whether one begins here."""
        text = self._text
        delimiter = _DELIMITER.match(text, start)
        if delimiter:
            self._delimiter = "" if delimiter[1] == ";" else delimiter[1]
            self._at = delimiter.end()
        elif command := _COMMAND.match(text, start):
            self._at = self._after(command)
        elif text.startswith("\\", start) or (text.startswith("#", start) and not text.startswith(("#>", "#-"), start)):
            self._at = _end_of_line(text, start)
        return self._at > start

    def _after(self, command: re.Match[str]) -> int:
        """Where psql goes on after a command by which it leaves something out."""
        text = self._text
        if not command["false"]:
            self.left_out.append((command.start(), len(text)))
            return len(text)
        closing = _ENDIF.search(text, command.end())
        end = closing.end() if closing else len(text)
        self.left_out.append((command.start(), end))
        self.line += text.count("\n", command.start(), end)
        return end

    def _ends_batch(self, start: int) -> int:
        """The end of the line of T-SQL's GO, which begins at *start*; 0 when GO does not stand on a line of its own."""
        near = max(start - 100, 0)
        begins = self._text.rfind("\n", near, start) + 1
        if self._text[begins or near : start].strip() or (near and not begins):
            return 0
        line = _GO.match(self._text, self._at)
        return line.end() if line else 0

    def _prefixed(self, word: str) -> int:
        """The end of the string that *word*, its prefix, stands right before; 0 when it is not a prefix."""
        text, at = self._text, self._at
        if not text.startswith("'", at):
            return 0
        if word in ("Q", "NQ") and at + 1 < len(text):
            loose = self._loose.get("string", 0) > _MAX_LOOSE
            close = -1 if loose else text.find(_CLOSING.get(text[at + 1], text[at + 1]) + "'", at + 2)
            return close + 2 if close >= 0 else self._lacks("string", at)
        if word == "E":
            return self._end(at, "string", "'", _STRING_WITH_BACKSLASHES)
        return 0

    def _end(self, start: int, kind: str, piece: str, string: re.Pattern[str] | None = None) -> int:
        """The end of the string, name or text that *piece* opens at *start*."""
        text = self._text
        if kind == "dollar":
            inside = start > 0 and (text[start - 1].isalnum() or text[start - 1] in "_$")
            close = -1 if inside or self._loose.get("dollar", 0) > _MAX_LOOSE else text.find(piece, start + len(piece))
            return close + len(piece) if close >= 0 else self._at if inside else self._lacks("dollar", start)
        if piece == "`":
            close = text.find("`", start + 1)
            return close + 1 if close >= 0 else self._lacks("name", start)
        closing = (string or (self._string if piece == "'" else self._quoted)).match(text, start)
        if closing is None or len(closing.group()) < 2 or not closing.group().endswith(piece):
            return self._lacks("string" if piece == "'" else "name", start, len(text))
        return closing.end()

    def _lacks(self, what: str, start: int, end: int = 0) -> int:
        """Something that opens at *start* has no end; where to go on all the same, in a piece of a program's text."""
        if self._whole:
            said = {"dollar": "a dollar-quoted text", "string": "a string", "name": "a quoted name"}.get(what, what)
            raise FormatError(f"{said} without an end", self.line)
        self._loose[what] = self._loose.get(what, 0) + 1
        return end or start + 1

    def _literal(self, start: int, end: int) -> Token:
        self._at = end
        token = Token(self._text[start : min(end, start + 80)], "", self.line, end - start > 1)
        self.line += self._text.count("\n", start, end)
        return token

    def _pass_over(self, start: int, kind: str) -> None:
        """Step over a comment; those of some dialects hold others."""
        text = self._text
        loose = self._loose.get(kind, 0) > _MAX_LOOSE
        close = -1 if loose else text.find("*/" if kind == "block" else "#}", start + 2)
        if kind == "template" and close < 0:
            self._loose[kind] = self._loose.get(kind, 0) + 1
            self._at = start + 2
            return
        end = close + 2 if close >= 0 else self._lacks("a comment", start, len(text))
        if kind == "block" and self._nests and text.find("/*", start + 2, end) >= 0:
            end = self._nested(start) or end
        self.line += text.count("\n", start, end)
        self._at = end

    def _nested(self, start: int) -> int:
        """The end of the comment at *start* if it holds others; 0 where those do not end, as in other dialects."""
        depth = 0
        for sign in _COMMENT_SIGNS.finditer(self._text, start):
            depth += 1 if sign.group() == "/*" else -1
            if depth == 0:
                return sign.end()
        self._nests = False
        return 0

    def _copied(self) -> Iterator[Token]:
        """Step over the rows that follow ``COPY … FROM STDIN``."""
        data = -1 if self._loose.get("rows") else self._text.find("\n\\.", self._at)
        if data < 0:
            self._loose["rows"] = 1
        else:
            self.line += self._text.count("\n", self._at, data + 3)
            self._at = data + 3
            yield Token(";", "", self.line)


_COMMENT_SIGNS = re.compile(r"/\*|\*/")


def _end_of_line(text: str, start: int) -> int:
    end = text.find("\n", start)
    return end if end >= 0 else len(text)
