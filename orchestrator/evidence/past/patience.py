"""Measures how long the search of a history may still take."""

from __future__ import annotations

import time

MAX_SECONDS = 1_800.0


class Patience:
    """Seconds, counted from now on."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def left(self) -> float:
        """Seconds that are left, at least a moment."""
        return max(0.01, self._end - time.monotonic())

    @property
    def over(self) -> bool:
        return time.monotonic() >= self._end
