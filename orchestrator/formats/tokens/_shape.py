"""The form of a token's format: words to search for, and a pattern that is tried at each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

Confidence = Literal["high", "medium", "low"]
UUID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"

_GIVEN = r"[\"'`\]]{0,2}[ \t]{0,8}(?:=>?|:=?)[ \t]{0,8}[\"'`]?"
_NEAR = r"[^\n]{0,40}?[\"'`=:(\s]"
_SECRET = r"(?:key|token|secret|passw|auth|credential|_pat)"


@dataclass(frozen=True)
class Shape:
    """Plain words to search for, and the pattern that is tried from ``back`` bytes before each of them."""

    kind: str
    words: tuple[bytes, ...]
    text: bytes
    source: str
    """The rule of the maintained set that says so, or the page on which the issuer does."""
    back: int = 0
    confidence: Confidence = "high"
    grouped: bool = False
    """Whether the token is a part of what is matched."""

    @cached_property
    def pattern(self) -> re.Pattern[bytes]:
        """Compiled where one of the words was met, for most of them never are."""
        return re.compile(self.text)


def token(kind: str, words: str, pattern: str, source: str, *, back: int = 0, confidence: Confidence = "high") -> Shape:
    """A token that is told by its own shape, and is not part of a longer run of letters, digits, ``_`` and ``-``."""
    return loose(
        kind,
        words,
        rf"(?<![A-Za-z0-9_-]){pattern}(?![A-Za-z0-9_-])",
        source,
        back=back,
        confidence=confidence,
    )


def loose(kind: str, words: str, pattern: str, source: str, *, back: int = 0, confidence: Confidence = "high") -> Shape:
    """A shape whose pattern says by itself where it begins and ends; ``␣`` is a blank in a word."""
    found = tuple(word.lower().replace("␣", " ").encode() for word in words.split())
    return Shape(kind, found, pattern.encode(), source, back, confidence, _groups(pattern))


def near(kind: str, words: str, value: str, source: str, *, confidence: Confidence = "high") -> Shape:
    """A token that many things look like, and that stands on one line with the name of those who issue it."""
    whose = "|".join(map(re.escape, words.split()))
    return loose(kind, words, rf"(?i:{whose}){_NEAR}({value})(?![A-Za-z0-9_-])", source, confidence=confidence)


def named(kind: str, words: str, value: str, source: str, *, confidence: Confidence = "medium") -> Shape:
    """
    A token with no shape of its own, given to a name that says whose and that it is secret.

    It has a digit, and is neither called nor asked for a member, so that it is not a name of a program itself.
    """
    whose = "|".join(map(re.escape, words.split()))
    pattern = (
        rf"(?i:(?:{whose})[\w.-]{{0,24}}?{_SECRET}\w{{0,12}}+){_GIVEN}"
        rf"(?=[^\s\"'`]{{0,99}}?\d)({value})(?![A-Za-z0-9_(-]|\.\w)"
    )
    return loose(kind, words, pattern, source, confidence=confidence)


def _groups(pattern: str) -> bool:
    """Whether *pattern* has a group that keeps what it matches."""
    return re.search(r"(?<!\\)\((?!\?)", pattern) is not None
