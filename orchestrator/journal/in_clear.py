"""Asks a record of an earlier version what it says in clear and today's rules would withhold."""

from __future__ import annotations

from contextvars import Context
from typing import Any, NamedTuple

from ..redaction import looks_secret, redacted
from . import foreign
from .event import canonical
from .record import Record

_SHOWN = 5


class InClear(NamedTuple):
    """A place where a record says what would be withheld today; it is named, and never rewritten."""

    events: tuple[int, ...]
    blobs: tuple[str, ...]

    def __str__(self) -> str:
        places = [*(f"event {seq}" for seq in self.events), *(f"blob {name[7:19]}…" for name in self.blobs)]
        more = f" and {len(places) - _SHOWN:,} more" if len(places) > _SHOWN else ""
        return ", ".join(places[:_SHOWN]) + more


def in_clear(record: Record) -> InClear:
    """Go over every event and blob of *record*, which holds together."""
    return Context().run(_searched, record)


def _searched(record: Record) -> InClear:
    events = tuple(event.seq for event in record.events() if _says(event.data))
    return InClear(events, tuple(name for name in record.blobs() if _holds(record.blob(name))))


def _holds(blob: bytes) -> bool:
    if not looks_secret(blob):
        return False
    try:
        value = foreign.parsed(blob)
    except ValueError:
        return False
    return _says(value)


def _says(value: Any) -> bool:
    data = canonical(value)
    try:
        return looks_secret(data) and canonical(redacted(value)) != data
    except RecursionError:  # a tower of brackets is not a value of ours, and what is forged is not told by its secrets
        return False
