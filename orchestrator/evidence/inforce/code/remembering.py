"""A judge that several ask about the same line of a file, and the same place in it."""

from __future__ import annotations

from ..force import Force
from .judge import Judge


class Remembering:
    """
    What a judge says, found out once for each stretch that it is asked about.

    Args:
        judge: Who is asked the first time.
    """

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._running: dict[tuple[int, int], bytes] = {}
        self._told: dict[tuple[int, int], Force] = {}

    def running(self, start: int, end: int) -> bytes:
        """See :meth:`Judge.running`."""
        if (start, end) not in self._running:
            self._running[start, end] = self._judge.running(start, end)
        return self._running[start, end]

    def judge(self, start: int, end: int) -> Force:
        """See :meth:`Judge.judge`."""
        if (start, end) not in self._told:
            self._told[start, end] = self._judge.judge(start, end)
        return self._told[start, end]
