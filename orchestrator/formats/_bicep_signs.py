"""Goes through a text of Bicep sign by sign, and knows in which line it is."""

from __future__ import annotations

import re
from typing import NoReturn

from ..errors import FormatError

_SPACE = re.compile(r"(?:[ \t\r]+|//[^\n]*|/\*(?:[^*]|\*(?!/))*\*/|#[^\n]*)*")
_WORD = re.compile(r"[A-Za-z_]\w*")


class Signs:
    """A place in *text*, and what comes next there."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line, self._counted = 1, 0

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
