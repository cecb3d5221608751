"""Goes over a record once: its chain, every line of it, how it begins and ends, the blobs it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import NamedTuple

from ..domain.model import Model
from ..errors import RecordBroken
from . import kinds
from .event import GENESIS, Event, read
from .record import JOURNAL, Record

_NAMED = b'"blob":"sha256:'
_ONCE = (kinds.RunStarted.__name__, kinds.VerdictReached.__name__, kinds.ResultRendered.__name__)


class Survey(NamedTuple):
    """A record whose chain holds, and every line of which says what can be said."""

    head: str
    events: int
    began: Event | None
    """What says what the run began with."""
    reached: Event | None
    """What says what the run came to."""
    rendered: Event | None
    """What says what lies beside it."""
    named: Collection[bytes]
    """Digests, in hexadecimal, of every blob that an event names; there can be others among them."""
    values: Mapping[str, int]
    """Digest to length of every blob that holds the value of an event."""
    unknown: Mapping[str, int]
    """What this version does not know of the events, and how often that is there."""


def survey(record: Record) -> Survey:
    """
    Go over the journal of *record*: every line is parsed, held to what its kind says, and let go of.

    Raises:
        RecordBroken: A line is not what was written, or says what nobody writes; the first such line is named.
    """
    only: dict[str, Event] = {}
    named: set[bytes] = set()
    values: dict[str, int] = {}
    unknown: Counter[str] = Counter()
    prev = GENESIS
    for block in record.blocks():
        named.update(piece[:64] for piece in block.data.split(_NAMED)[1:])
        for seq, line, digest in block.numbered():
            event = read(line, seq, prev, digest)
            prev = digest
            if event.kind in _ONCE:
                _hold_once(event, only)
            said = kinds.told(event)
            if said is None:
                unknown[f"{event.kind} events"] += 1
                continue
            for packed in _packed(said.value):
                if values.setdefault(packed.blob, packed.bytes) != packed.bytes:
                    raise kinds.nonsense(event, "bytes: another event says another length of the same blob")
            if said.left_out:
                unknown.update(f"'{key}' in {event.kind}" for key in said.left_out)
    began, reached, rendered = (only.get(kind) for kind in _ONCE)
    return Survey(record.head, record.count, began, reached, rendered, named, values, unknown)


def _hold_once(event: Event, only: dict[str, Event]) -> None:
    """Keep *event*, of whose kind a record has one, in *only*."""
    if event.kind in only:
        before = only[event.kind].seq
        raise RecordBroken(
            f"event {event.seq} ({event.kind}) appears in a record that has one already, event {before}",
            where=f"{JOURNAL}:{event.seq + 1}",
        )
    if event.kind == kinds.RunStarted.__name__ and event.seq:
        raise RecordBroken(f"event {event.seq} ({event.kind}) is not the first one", where=f"{JOURNAL}:{event.seq + 1}")
    only[event.kind] = event


def _packed(said: Model) -> list[kinds.Packed]:
    """The blobs that hold a value of *said*."""
    match said:
        case kinds.Packed():
            held = [said]
        case kinds.StepStarted(input=packed) | kinds.NodeFinished(said=kinds.Packed() as packed):
            held = [packed]
        case _:
            held = []
    return [packed for packed in held if packed.blob]
