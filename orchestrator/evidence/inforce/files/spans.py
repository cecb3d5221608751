"""Keeps which stretches of a file are not in force, and answers for any place of it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..force import IN_FORCE, Force, void

COMMENTED_OUT = void("is commented out")
MAX_SPANS = 5_000


@dataclass
class Found:
    """What a dialect found in one file; places are offsets of bytes."""

    comments: list[tuple[int, int]] = field(default_factory=list)
    """In the order of the file."""
    forces: list[tuple[int, int, Force]] = field(default_factory=list)

    def add(self, start: int, end: int, force: Force) -> None:
        """Say *force* of the bytes from *start* to *end*."""
        if len(self.forces) < MAX_SPANS:
            self.forces.append((start, end, force))


class Spans:
    """What is in force of one file; it is read when somebody asks for the first time."""

    def __init__(self, data: bytes, read: Callable[[bytes], Found]) -> None:
        self._data = data
        self._read = read

    def running(self, start: int, end: int) -> bytes:
        """The bytes from *start* to *end* with comments blanked; the length stays."""
        part = bytearray(self._data[start:end])
        for first, last in self._overlapping(start, end):
            begin, stop = max(first, start) - start, min(last, end) - start
            part[begin:stop] = b" " * (stop - begin)
        return bytes(part)

    def judge(self, start: int, end: int) -> Force:
        """What is to be said of what was found from *start* to *end*: the least that is said around its start."""
        if any(first <= start < last for first, last in self._overlapping(start, start + 1)):
            return COMMENTED_OUT
        around = (force for first, last, force in self._found.forces if first <= start < last)
        return min(around, key=lambda force: force.state, default=IN_FORCE)

    @cached_property
    def _found(self) -> Found:
        return self._read(self._data)

    @cached_property
    def _starts(self) -> Sequence[int]:
        return [first for first, _ in self._found.comments]

    def _overlapping(self, start: int, end: int) -> Iterable[tuple[int, int]]:
        number = max(bisect_right(self._starts, start) - 1, 0)
        for first, last in self._found.comments[number:]:
            if first >= end:
                return
            if last > start:
                yield first, last
