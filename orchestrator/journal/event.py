"""One line of the journal, and how lines are chained."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

from ..errors import RecordBroken
from . import foreign

GENESIS = "sha256:" + "0" * 64
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode
_KEYS = {"at", "data", "kind", "node", "prev", "seq"}
_AT = "2026-01-02T03:04:05.000006Z"
_TYPES = (int, str, str, str, dict, str)
"""Of seq, at, kind, node, data and prev."""


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


def read(line: bytes, seq: int, prev: str, said: str) -> Event:
    """
    Parse the line of event *seq*, which the chain holds already.

    Args:
        line: Without its newline.
        seq: Its number.
        prev: The digest of the line before.
        said: The digest of *line*.

    Raises:
        RecordBroken: It is not what this project writes.
    """
    where = f"journal.jsonl:{seq + 1}"
    try:
        raw = foreign.parsed(line)
        event = Event(raw["seq"], raw["at"], raw["kind"], raw["node"], raw["data"], raw["prev"], said, len(line))
        timed = datetime.fromisoformat(event.at).tzinfo is UTC and len(event.at) == len(_AT)
        whole = timed and raw.keys() == _KEYS and canonical(raw) == line
    except (ValueError, KeyError, TypeError, RecursionError):
        raise RecordBroken(f"event {seq} cannot be read", where=where) from None
    if tuple(map(type, event[:6])) != _TYPES or (event.seq, event.prev) != (seq, prev) or not whole:
        raise RecordBroken(f"event {seq} is not as it was written", where=where)
    return event


def is_canonical(line: bytes) -> bool:
    """Whether *line* is an event as this project writes them, wherever it stands."""
    try:
        raw = foreign.parsed(line)
        return isinstance(raw, dict) and raw.keys() == _KEYS and canonical(raw) == line
    except (ValueError, RecursionError):
        return False
