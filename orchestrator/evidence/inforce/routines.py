"""Tells what of the body of a block or a routine of SQL never runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...errors import FormatError
from ...formats.sql import Token, Tokens

_FALSE = re.compile(r"\(?(?: ?)(?:FALSE|NOT TRUE|0|(?P<left>\d+) (?P<sign>=|<|>|< >|! =) (?P<right>\d+))(?: ?)\)?")
_LONGEST_CONDITION = 8
_NEVER = "is behind a condition that is never true"
_AFTER = "comes after what leaves its block"
_OPENERS = frozenset({"BEGIN", "LOOP", "CASE", "IF"})


@dataclass(frozen=True)
class Idle:
    """Lines of a body that never run."""

    first: int
    last: int
    reason: str


def idle_lines(text: str, line: int = 1) -> Iterator[Idle]:
    """
    The stretches of lines of *text* that never run: under a false condition, or after a return.

    Args:
        text: Statements of a procedural dialect.
        line: The line that *text* begins on.
    """
    tokens = Tokens(text, line, whole=False, backslashes=False)
    try:
        words = list(tokens)
    except FormatError:
        return
    opened: list[Idle | None] = []
    left = 0  # the line after a return of the outermost block
    number = 0
    while number < len(words):
        token = words[number]
        begins = _begins_statement(words, number)
        if token.word == "END":
            yield from _closed(opened, token.line)
            if number + 1 < len(words) and words[number + 1].word in _OPENERS:
                number += 1
        elif token.word in ("ELSE", "ELSIF", "ELSEIF") and opened and opened[-1] is not None:
            yield from _closed(opened, token.line)
            opened.append(None)
        elif begins and token.word in ("IF", "WHILE"):
            number, condition = _condition(words, number)
            never = Idle(token.line, token.line, _NEVER) if _is_false(condition) else None
            if number < len(words) and words[number].word in ("THEN", "BEGIN", "LOOP"):
                opened.append(never)
        elif token.word in ("BEGIN", "CASE") or (begins and token.word in ("LOOP", "FOR")):
            if token.word == "FOR":
                number = _until(words, number, "LOOP")
            opened.append(None)
        elif begins and token.word == "RETURN" and len(opened) == 1 and not left:
            number = _until(words, number, ";")
            left = words[number].line + 1 if number < len(words) else 0
        if left and (not opened or (token.word == "EXCEPTION" and len(opened) == 1)):
            if left < token.line:
                yield Idle(left, token.line - 1, _AFTER)
            left = 0
        number += 1


def _begins_statement(words: list[Token], number: int) -> bool:
    if number == 0:
        return True
    before = words[number - 1]
    return (before.text == ";" and not before.literal) or before.word in ("BEGIN", "THEN", "ELSE", "LOOP", "DECLARE")


def _condition(words: list[Token], number: int) -> tuple[int, str]:
    """Where the condition at *number* ends, and how it reads."""
    end = number + 1
    while end < len(words) and words[end].word not in ("THEN", "BEGIN", "LOOP") and words[end].text != ";":
        end += 1
    between = words[number + 1 : end]
    return end, " ".join(t.word or t.text for t in between) if len(between) <= _LONGEST_CONDITION else ""


def _is_false(condition: str) -> bool:
    found = _FALSE.fullmatch(condition)
    if found is None or not found["sign"]:
        return found is not None
    left, right = int(found["left"][:18]), int(found["right"][:18])
    holds = {"=": left == right, "<": left < right, ">": left > right}
    return not holds.get(found["sign"], left != right)


def _until(words: list[Token], number: int, sign: str) -> int:
    while number < len(words) and sign not in (words[number].word, words[number].text):
        number += 1
    return number


def _closed(opened: list[Idle | None], line: int) -> Iterator[Idle]:
    idle = opened.pop() if opened else None
    if idle is not None:
        yield Idle(idle.first, line, idle.reason)
