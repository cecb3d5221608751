"""Finds recorded answers again: by their key, in the journal, when somebody asks for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from ..errors import RecordBroken
from ..host import files
from .acts import DONE
from .chain import kind
from .event import GENESIS, digest, read
from .kinds import StepDone, told
from .record import JOURNAL, Record


class _Spot(NamedTuple):
    """The place of an event in the journal."""

    seq: int
    start: int
    size: int
    prev: str
    digest: str


class Steps(Mapping[str, StepDone]):
    """
    What the events of answered steps say, by step key.

    Only where they lie is kept; what they say is read from the journal again.

    Args:
        record: The run.
    """

    def __init__(self, record: Record) -> None:
        self._record = record

    def __getitem__(self, key: str) -> StepDone:
        spot = self._spots[key]
        folder = self._record.folder
        try:
            with files.opened(folder / JOURNAL, inside=folder) as file:
                file.seek(spot.start)
                line = file.read(spot.size)
        except OSError as error:
            raise RecordBroken(f"the journal cannot be read: {error.strerror}", where=self._record.name) from None
        if digest(line) != spot.digest:
            raise RecordBroken("the journal was changed while it was read", where=f"{JOURNAL}:{spot.seq + 1}")
        said = told(read(line, spot.seq, spot.prev, spot.digest))
        assert said is not None  # only answered steps are kept
        assert isinstance(said.value, StepDone)  # likewise
        return said.value

    def __iter__(self) -> Iterator[str]:
        return iter(self._spots)

    def __len__(self) -> int:
        return len(self._spots)

    def answers(self) -> dict[str, Callable[[], Any]]:
        """What gives each answer, by step key."""
        return {key: self._answer(key) for key in self}

    def _answer(self, key: str) -> Callable[[], Any]:
        return lambda: self._record.value(self[key])

    @cached_property
    def _spots(self) -> dict[str, _Spot]:
        """The place of each; every one of them is held to be as this project writes it."""
        found: dict[str, _Spot] = {}
        prev = GENESIS
        for block in self._record.blocks():
            start = block.start
            for seq, line, said in block.numbered():
                if kind(line) == DONE.encode():
                    key = read(line, seq, prev, said).data.get("key")
                    if not isinstance(key, str):
                        raise RecordBroken(f"event {seq} ({DONE}) has no key", where=f"{JOURNAL}:{seq + 1}")
                    found[key] = _Spot(seq, start, len(line), prev, said)
                prev, start = said, start + len(line) + 1
        return found
