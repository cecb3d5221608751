"""Looks ahead in a text without going over any part of it twice."""

from __future__ import annotations

import re
from collections.abc import Callable

NOWHERE = 2**63
"""Where something stands that does not occur again."""


class Ahead:
    """
    The next place of something in a text, if it is asked for later and later places.

    Args:
        find: Where it stands from a place on; below 0 where it does not.
    """

    def __init__(self, find: Callable[[int], int]) -> None:
        self._find = find
        self._from, self._at = 0, -1

    def __call__(self, start: int) -> int:
        """The first place that is not before *start*."""
        if self._at < start or start < self._from:
            found = self._find(start)
            self._from, self._at = start, found if found >= 0 else NOWHERE
        return self._at


def of(data: bytes, sought: bytes | re.Pattern[bytes]) -> Ahead:
    """Looks for *sought* in *data*."""
    if isinstance(sought, bytes):
        return Ahead(lambda start: data.find(sought, start))

    def find(start: int) -> int:
        found = sought.search(data, start)
        return found.start() if found else -1

    return Ahead(find)


class Runs:
    """How far a run of signs goes on, asked for later and later places in it."""

    def __init__(self, data: bytes, run: re.Pattern[bytes]) -> None:
        self._data, self._run = data, run
        self._from, self._end = 0, 0

    def end(self, start: int) -> int:
        """The end of the run that *start* lies in; *start* itself when it lies in none."""
        if not self._from <= start < self._end:
            found = self._run.match(self._data, start)
            self._from, self._end = start, found.end() if found else start
        return self._end
