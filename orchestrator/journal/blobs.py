"""Holds the blobs of a record to the digests that they are named by, and to canonical JSON."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

from ..errors import RecordBroken
from . import foreign
from .event import Event, canonical
from .record import BLOBS, Record


class Blobs(NamedTuple):
    """The blobs of a record, every one of which has the digest that it is named by."""

    checked: int
    unnamed: int
    """How many of them nothing names: a process that dies has written a blob before the line that names it."""


def check(record: Record, named: Collection[bytes], pinned: Mapping[str, str], values: Mapping[str, int]) -> Blobs:
    """
    Hold every blob of *record* to its digest, and what is read of them to canonical JSON.

    Args:
        record: The run.
        named: Digests, in hexadecimal, of all that its events name; there can be others among them.
        pinned: Name to digest of those that its manifest names.
        values: Digest to length of those that hold the value of an event.

    Raises:
        RecordBroken: One is missing, changed or nothing that is written; it is named, and so is what rests on it.
    """
    there = record.blobs()
    read = {*values, *pinned.values()}
    for name in there:
        wrong = _wrong(record, name, values.get(name)) if name in read else _changed(record, name)
        if wrong:
            raise _spoiled(record, name, wrong, _pinned(name, pinned) or _resting(record, {name}))
    files = set(there)
    for name in pinned.values():
        if name not in files:
            raise _spoiled(record, name, "is missing", _pinned(name, pinned))
    missing = {f"sha256:{name.decode('ascii', 'replace')}" for name in named} - files
    if missing and (by := _resting(record, missing)):
        raise _spoiled(record, by.name, "is missing", by)
    rest = files.difference(pinned.values())
    return Blobs(len(there), sum(1 for name in rest if name[7:].encode() not in named))


def _changed(record: Record, name: str) -> str:
    """What is wrong with a blob that nobody reads; it is held to its digest piece by piece."""
    return "" if record.holds(name) else "has been changed"


def _wrong(record: Record, name: str, length: int | None) -> str:
    """What is wrong with a blob that is read, and that is *length* bytes long where an event says so."""
    try:
        data = record.blob(name)
    except RecordBroken:
        return _changed(record, name) or "was changed while it was read"
    try:
        whole = canonical(foreign.parsed(data)) == data
    except (ValueError, RecursionError):
        whole = False
    if not whole:
        return "is not canonical JSON"
    return "" if length is None or length == len(data) else f"has {len(data):,} bytes, and {length:,} are told"


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
