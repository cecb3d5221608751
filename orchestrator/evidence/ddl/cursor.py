"""Steps through the words of one statement."""

from __future__ import annotations

from collections.abc import Sequence

from ...formats.sql import Token


class Cursor:
    """Reads on through the words of a statement."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def word(self) -> str:
        return self.tokens[self.at].word if self.at < len(self.tokens) else ""

    @property
    def text(self) -> str:
        return self.tokens[self.at].text if self.at < len(self.tokens) else ""

    @property
    def line(self) -> int:
        if not self.tokens:
            return 0
        return self.tokens[min(self.at, len(self.tokens) - 1)].line

    @property
    def done(self) -> bool:
        return self.at >= len(self.tokens)

    def accept(self, *words: str) -> bool:
        """Step over exactly *words*, if they come next."""
        ahead = self.tokens[self.at : self.at + len(words)]
        if tuple(t.word for t in ahead) != words:
            return False
        self.at += len(words)
        return True

    def skip(self, *words: str) -> None:
        """Step over any of *words*, as often as they come."""
        while self.word in words and not self.done:
            self.at += 1

    def name(self) -> str:
        """A possibly dotted name; its last part."""
        last = ""
        while not self.done:
            token = self.tokens[self.at]
            if token.literal or token.text in "(),=;":
                break
            last = token.text
            self.at += 1
            if self.text != ".":
                break
            self.at += 1
        return last

    def group(self) -> list[list[Token]]:
        """The parts of the parenthesis that comes next, split at its own commas; empty where none comes."""
        if self.text != "(":
            return []
        self.at += 1
        parts: list[list[Token]] = [[]]
        depth = 1
        while not self.done:
            token = self.tokens[self.at]
            self.at += 1
            sign = "" if token.literal else token.text
            depth += (sign == "(") - (sign == ")")
            if depth == 0:
                break
            if sign == "," and depth == 1:
                parts.append([])
            else:
                parts[-1].append(token)
        return [p for p in parts if p]

    def rest(self) -> list[Token]:
        return list(self.tokens[self.at :])
