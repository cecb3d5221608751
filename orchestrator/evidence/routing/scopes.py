"""Tells which part of a file a name belongs to, where several parts declare it."""

from __future__ import annotations

from bisect import bisect_right


class Scopes:
    """The parts of a file that declare each name; parts lie in each other or apart."""

    def __init__(self) -> None:
        self._spans: dict[str, set[tuple[int, int]]] = {}
        self._settled: dict[str, tuple[list[int], list[int], list[int]]] = {}

    def add(self, name: str, start: int, end: int) -> None:
        """Take in that the part from *start* to *end* declares *name*."""
        self._spans.setdefault(name, set()).add((start, end))

    def innermost(self, name: str, place: int) -> int | None:
        """Where the innermost part around *place* begins that declares *name*; None where none does."""
        if name not in self._spans:
            return None
        if name not in self._settled:
            self._settled[name] = _settle(self._spans[name])
        starts, ends, above = self._settled[name]
        at = bisect_right(starts, place) - 1
        while at >= 0 and ends[at] <= place:
            at = above[at]
        return starts[at] if at >= 0 else None


def _settle(spans: set[tuple[int, int]]) -> tuple[list[int], list[int], list[int]]:
    """The beginnings and ends of *spans* in their order, and for each the one that it lies in, -1 where in none."""
    ordered = sorted(spans, key=lambda span: (span[0], -span[1]))
    above: list[int] = []
    open_ones: list[int] = []
    for number, (start, _) in enumerate(ordered):
        while open_ones and ordered[open_ones[-1]][1] <= start:
            open_ones.pop()
        above.append(open_ones[-1] if open_ones else -1)
        open_ones.append(number)
    return [start for start, _ in ordered], [end for _, end in ordered], above
