"""Quotes evidence: the lines behind places, verbatim from the tree, redacted and cut to a length."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from ..contract.agent import Quotes
from ..domain.fact import Source
from ..evidence.snapshot import Snapshot
from ..evidence.tree import as_utf8
from ..redaction import redact
from .doorway import Lines, Place, StepDoor

MAX_QUOTE = 300
_MARGIN = 8_000
"""Bytes behind what is quoted that are looked at: half a token is not told by its shape."""


class Quoter:
    """Quotes places of one tree for one attempt of a node; the lines are a recorded step."""

    def __init__(self, door: StepDoor, lines: Lines | None, node: str, attempt: int) -> None:
        self._door = door
        self._lines = lines
        self._node = node
        self._attempt = attempt

    async def __call__(self, places: Sequence[Source]) -> Quotes:
        wanted = sorted({(place.path, place.line) for place in places if place.line > 0})
        if not wanted:
            return {}

        async def read() -> list[str | None]:
            if self._lines is None:
                raise AssertionError("lines were asked for without a tree to read")
            return await self._lines(wanted)

        lines = await self._door.step(self._node, self._attempt, "quote", wanted, read)
        return {place: line for place, line in zip(wanted, lines, strict=True) if line is not None}


def lines_from(snapshot: Snapshot) -> Lines:
    """Reads lines of *snapshot*, without holding up who waits for them."""

    async def lines(wanted: Sequence[Place]) -> list[str | None]:
        return await asyncio.to_thread(lines_of, snapshot, wanted)

    return lines


def lines_of(snapshot: Snapshot, wanted: Sequence[tuple[str, int]]) -> list[str | None]:
    """The lines of *snapshot* at each (path, number), as they are quoted; None for one that is not there."""
    paths = {path for path, _ in wanted}
    files = [file for file in snapshot.tree.entries if file.path in paths and file.kind == "file"]
    lines = {file.path: as_utf8(data).split(b"\n") for file, data in snapshot.tree.read(files)}
    return [_line(lines.get(path, []), number) for path, number in wanted]


def _line(lines: Sequence[bytes], number: int) -> str | None:
    if number > len(lines):
        return None
    text = redact(lines[number - 1][: MAX_QUOTE * 4 + _MARGIN].decode("utf-8", "replace").strip("\r"))
    return text if len(text) <= MAX_QUOTE else text[:MAX_QUOTE] + "…"
