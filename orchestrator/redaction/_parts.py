"""Looks at a text without what its notation has put into it, and carries finds back to it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple


class Span(NamedTuple):
    """From the start of a find to its end; it is *broken* where something has been taken out of it."""

    start: int
    end: int
    broken: bool


class Parts:
    """
    *data* with each of *joints* taken out, or changed to what *put* says.

    :attr:`whole` is what is left.
    """

    def __init__(
        self, data: bytes, joints: re.Pattern[bytes], put: Callable[[re.Match[bytes]], bytes] | None = None
    ) -> None:
        self.joints = list(joints.finditer(data))
        self._starts: list[int] = []
        self._origins: list[int] = []
        pieces: list[bytes] = []
        at = size = 0
        for joint in [*self.joints, None]:
            end = joint.start() if joint else len(data)
            said = put(joint) if joint and put else b""
            self._starts.append(size)
            self._origins.append(at)
            pieces += data[at:end], said
            size += end - at + len(said)
            at = joint.end() if joint else end
        self.whole = b"".join(pieces)

    def span(self, start: int, end: int) -> Span:
        """The place of ``whole[start:end]`` in the text."""
        first, last = bisect_right(self._starts, start) - 1, bisect_right(self._starts, end - 1) - 1
        return Span(
            start - self._starts[first] + self._origins[first],
            end - self._starts[last] + self._origins[last],
            first != last,
        )
