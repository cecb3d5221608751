"""This is where a record is gone over once, as bytes: its chain, how it begins and ends, and the blobs it names."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from .chain import KIND, Block
from .event import GENESIS, Event, read
from .record import Record

_BEGAN, _REACHED = (b'%b%b"' % (KIND, kind) for kind in (b"RunStarted", b"VerdictReached"))
_NAMED = b'"blob":"sha256:'


class Survey(NamedTuple):
    """A record whose chain holds."""

    head: str
    events: int
    began: Event | None
    """What says what the run began with."""
    finished: bool
    """Whether it has come to a verdict."""
    named: Collection[bytes]
    """Digests, in hexadecimal, of every blob that an event names; there can be others among them."""


def survey(record: Record) -> Survey:
    """
    Go over the journal of *record*; nothing of it is parsed but how it begins, and nothing kept but names of blobs.

    Raises:
        RecordBroken: A line is not what was written; the first such line is named.
    """
    head, began, finished = GENESIS, None, False
    named: set[bytes] = set()
    for block in record.blocks():
        named.update(piece[:64] for piece in block.data.split(_NAMED)[1:])
        if began is None and _BEGAN in block.data:
            began = _first(block, head)
        if not finished and _REACHED in block.data:
            finished = any(line.startswith(_REACHED, line.rfind(KIND)) for line in block.lines)
        head = block.head
    return Survey(head, record.count, began, finished, named)


def _first(block: Block, prev: str) -> Event | None:
    """The event in *block* that says what the run began with."""
    for seq, line, digest in block.numbered():
        if line.startswith(_BEGAN, line.rfind(KIND)):
            return read(line, seq, prev, digest)
        prev = digest
    return None
