"""This is where the blobs of a record are held to the digests that they are named by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from ..errors import RecordBroken
from .event import Event
from .record import BLOBS, Record


class Blobs(NamedTuple):
    """The blobs of a record, every one of which has the digest that it is named by."""

    checked: int
    unnamed: int
    """How many of them nothing names: a process that dies has written a blob before the line that names it."""


def check(record: Record, named: Collection[bytes], pinned: Mapping[str, str]) -> Blobs:
    """
    Hold every blob of *record* to its digest.

    Args:
        record: The run.
        named: Digests, in hexadecimal, of all that its events name; there can be others among them.
        pinned: Name to digest of those that its manifest names.

    Raises:
        RecordBroken: One is missing or changed; it is named, and so is what rests on it.
    """
    there = record.blobs()
    for name in there:
        if not record.holds(name):
            raise _spoiled(record, name, "has been changed", _pinned(name, pinned) or _resting(record, {name}))
    files = set(there)
    for name in pinned.values():
        if name not in files:
            raise _spoiled(record, name, "is missing", _pinned(name, pinned))
    missing = {f"sha256:{name.decode('ascii', 'replace')}" for name in named} - files
    if missing and (by := _resting(record, missing)):
        raise _spoiled(record, by.name, "is missing", by)
    rest = files.difference(pinned.values())
    return Blobs(len(there), sum(1 for name in rest if name[7:].encode() not in named))


class _By(NamedTuple):
    """Who names a blob."""

    name: str
    who: str


def _names(event: Event) -> list[str]:
    """The blobs that *event* names: for its own value, or for one of the values in it."""
    inner = [value for key, value in event.data.items() if key != "value" and isinstance(value, dict)]
    return [said["blob"] for said in (event.data, *inner) if isinstance(said.get("blob"), str)]


def _pinned(name: str, pinned: Mapping[str, str]) -> _By | None:
    """What ``run.json`` pins by the digest *name*."""
    return next((_By(name, f"run.json pins it as its {key}") for key, said in pinned.items() if said == name), None)


def _resting(record: Record, wanted: Collection[str]) -> _By | None:
    """The first event that names one of *wanted*."""
    for event in record.events():
        for name in _names(event):
            if name in wanted:
                return _By(name, f"event {event.seq} ({event.kind}) rests on it")
    return None


def _spoiled(record: Record, name: str, what: str, by: _By | None) -> RecordBroken:
    where = str(record.folder / BLOBS / name.removeprefix("sha256:"))
    return RecordBroken(f"blob {name[:23]}… {what}: {by.who if by else 'nothing rests on it'}", where=where)
