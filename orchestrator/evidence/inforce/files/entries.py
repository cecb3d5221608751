"""Knows where in a file each entry of a document begins and ends."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

from ....domain.located import pointer
from ....formats.yaml import Parsed

_BEYOND = 1_000_000


class Entries:
    """One document of a file, and where in it each entry begins and ends."""

    def __init__(self, parsed: Parsed, path: str, starts: list[int], last: int) -> None:
        self.path = path
        self.body: dict[str, Any] = parsed.body
        self.parsed = parsed
        self._starts = starts
        self._last = last
        self._order = sorted((line, pointer) for pointer, line in parsed.lines.items())

    @property
    def span(self) -> tuple[int, int]:
        """Where the document begins and ends."""
        return self._at(self.parsed.line), self._at(self._last)

    def entry(self, keys: tuple[str | int, ...]) -> tuple[int, int]:
        """
        Where the entry under *keys* begins, and where the next one that is no part of it does.

        Of entries that share a line nothing can be told apart: then it is nowhere.
        """
        own = pointer(keys)
        line = self.parsed.lines.get(own, self.parsed.line)
        if self._shares(own, line):
            return self._at(line), self._at(line)
        after = bisect_right(self._order, (line, "\U0010ffff"))
        while after < len(self._order) and self._order[after][1].startswith(f"{own}/"):
            after += 1
        return self._at(line), self._at(self._order[after][0] if after < len(self._order) else self._last)

    def _shares(self, own: str, line: int) -> bool:
        """Whether an entry that is neither around the one called *own* nor within it begins on its *line*."""
        for number in range(bisect_left(self._order, (line, "")), len(self._order)):
            other_line, other = self._order[number]
            if other_line != line:
                return False
            if not (f"{own}/".startswith(f"{other}/") or other.startswith(f"{own}/")):
                return True
        return False

    def _at(self, line: int) -> int:
        """The offset at which *line* (from 1) begins; one beyond all, where there is none."""
        return self._starts[line - 1] if 0 < line <= len(self._starts) else self._starts[-1] + _BEYOND
