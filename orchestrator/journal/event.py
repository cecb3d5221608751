"""This is where one line of the journal is described, and how lines are chained."""

from __future__ import annotations

import hashlib
import json
from typing import Any, NamedTuple

from ..errors import RecordBroken

GENESIS = "sha256:" + "0" * 64
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode


class Event(NamedTuple):
    """
    Something that happened, in the past tense.

    ``seq`` counts from 0; ``at`` is UTC in ISO 8601 with microseconds; ``prev`` is the digest of the line before.
    """

    seq: int
    at: str
    kind: str
    node: str
    data: dict[str, Any]
    prev: str
    digest: str
    """Of this line; not part of it."""
    size: int
    """Bytes of this line without its newline; not part of it either."""


def canonical(value: object) -> bytes:
    """The one way to write *value* as JSON: sorted keys, no spaces, ASCII."""
    return _encode(value).encode("ascii")


def digest(data: bytes) -> str:
    """``sha256:`` and the digest of *data* in hexadecimal."""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def write(seq: int, at: str, kind: str, node: str, data: bytes, prev: str) -> bytes:
    """
    The canonical line of an event, without its newline; *data* is canonical already.

    Put together by hand, in the order that sorted keys have, because this is the hottest line of a run.
    """
    head = f'{{"at":"{at}","data":'.encode("ascii")
    tail = f',"kind":"{kind}","node":{_encode(node)},"prev":"{prev}","seq":{seq}}}'.encode("ascii")
    return b"".join((head, data, tail))


def read(line: bytes, seq: int, prev: str) -> Event:
    """
    Parse one line and hold it to the chain.

    Raises:
        RecordBroken: It is not canonical, out of sequence, or does not follow the line before.
    """
    where = f"journal.jsonl:{seq + 1}"
    try:
        raw = json.loads(line)
        fields = (raw["seq"], raw["at"], raw["kind"], raw["node"], raw["data"], raw["prev"])
        event = Event(*fields, digest=digest(line), size=len(line))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RecordBroken(f"event {seq} cannot be read", where=where) from None
    if len(raw) != 6 or canonical(raw) != line:
        raise RecordBroken(f"event {seq} is not as it was written", where=where)
    if event.seq != seq:
        raise RecordBroken(f"event {event.seq} stands where event {seq} belongs", where=where)
    if event.prev != prev:
        raise RecordBroken(
            f"event {seq} ({event.kind}) does not follow the line before it",
            where=f"{where}: expected {prev[:23]}…, found {str(event.prev)[:23]}…",
        )
    return event
