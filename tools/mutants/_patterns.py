"""Takes regular expressions apart as text: their alternatives, their plain words and their anchors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?P<\w+>|\(\?P=\w+\)|\(\?[aiLmsux]+\)|\(\?(?:[aiLmsux-]*:|<?[=!]|>)|\{\d*,?\d*\}|.",
    re.DOTALL,
)
_WORD = re.compile(r"[A-Za-z]{3,}")


@dataclass(frozen=True)
class Alternative:
    """One branch of an alternation, from *start* to *end* of the pattern; *cut* takes a bar along."""

    start: int
    end: int
    cut: tuple[int, int]


def alternatives(pattern: str) -> Iterator[Alternative]:
    """Every branch of every alternation of *pattern*; none if its brackets do not match."""
    stack: list[list[int]] = [[0]]
    found: list[Alternative] = []
    for token in _TOKEN.finditer(pattern):
        text = token[0]
        if text[0] == "(" and not text.startswith("(?P=") and not re.fullmatch(r"\(\?[aiLmsux]+\)", text):
            stack.append([token.end()])
        elif text == "|":
            stack[-1].append(token.end())
        elif text == ")":
            if len(stack) == 1:
                return
            found += _branches(stack.pop(), token.start())
    if len(stack) == 1:
        yield from found + _branches(stack[0], len(pattern))


def _branches(starts: list[int], end: int) -> list[Alternative]:
    if len(starts) == 1:
        return []
    ends = [start - 1 for start in starts[1:]] + [end]
    cuts = [(starts[0], starts[1])] + [(start - 1, stop) for start, stop in zip(starts[1:], ends[1:], strict=True)]
    return [Alternative(s, e, cut) for s, e, cut in zip(starts, ends, cuts, strict=True) if e > s]


def words(pattern: str) -> Iterator[tuple[int, int]]:
    """The places of plain words of three letters or more in *pattern*."""
    run = None
    for token in [*_TOKEN.finditer(pattern), None]:
        if token is not None and len(token[0]) == 1 and token[0].isascii() and token[0].isalpha():
            run = token.start() if run is None else run
            continue
        end = token.start() if token is not None else len(pattern)
        if run is not None and end - run >= 3:
            yield run, end
        run = None


def anchors(pattern: str) -> Iterator[tuple[int, int]]:
    """The places of ``^``, ``$`` and ``\\b`` in *pattern*."""
    for token in _TOKEN.finditer(pattern):
        if token[0] in ("^", "$", "\\b"):
            yield token.span()


def misspelt(word: str) -> str:
    """*word* with another letter in its middle."""
    middle = len(word) // 2
    return word[:middle] + ("q" if word[middle].lower() != "q" else "z") + word[middle + 1 :]
