"""Tells what a JSON file keeps under keys that nobody reads, which is how comments are written in it."""

from __future__ import annotations

from ....errors import FormatError
from ....formats.json import load_json
from ..force import void
from .entries import Entries
from .spans import Found

_UNREAD = ("//", "$comment", "_comment", "__comment", "_disabled")
_MAX_BYTES = 1_000_000


def read(data: bytes) -> Found:
    """The entries at the top of *data* that are comments, whatever they hold."""
    found = Found()
    if len(data) > _MAX_BYTES or not any(f'"{key}"'.encode() in data for key in _UNREAD):
        return found
    try:
        parsed = load_json(data)
    except (FormatError, RecursionError):
        return found
    if isinstance(parsed.body, dict):
        starts = [0]
        for line in data.split(b"\n"):
            starts.append(starts[-1] + len(line) + 1)
        entries = Entries(parsed, "", starts[:-1], len(starts))
        for key in _UNREAD:
            if key in parsed.body:
                found.add(*entries.entry((key,)), void(f"stands under {key}, which nothing reads"))
    return found
