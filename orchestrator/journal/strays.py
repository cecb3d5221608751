"""Tells what lies in a run's folder that is not part of the record; links are refused."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ..errors import RecordBroken
from .beside import ANCHORS, STATEMENT, TIMESTAMP
from .claim import JOURNAL, VERDICT
from .lock import LOCK
from .record import BLOBS, MANIFEST

_FILES = frozenset({JOURNAL, MANIFEST, VERDICT, LOCK, "report.html", STATEMENT, ANCHORS})
"""All that gonogo lays into a run's folder, beside the folder of blobs."""


def strays(folder: Path) -> tuple[str, ...]:
    """
    What lies in *folder*, or among its blobs, that no record has: other files, hidden ones, folders.

    Raises:
        RecordBroken: Something is a link, or where a file of the record belongs stands what is none; a record is what
            lies in its folder, and cannot be made of what lies elsewhere.
    """
    found = [*_unlisted(folder), *_hidden(folder / BLOBS)]
    return tuple(sorted(found))


def _unlisted(folder: Path) -> list[str]:
    found = []
    for entry in _entries(folder):
        if entry.name in _FILES or TIMESTAMP.fullmatch(entry.name):
            if not stat.S_ISREG(_mode(entry)):
                raise RecordBroken(f"{entry.name} is not a regular file", where=entry.path)
        elif entry.name != BLOBS:
            found.append(_shown(entry))
    return found


def _hidden(blobs: Path) -> list[str]:
    """What a dead process left of a blob, or somebody else hid there; every other name is held to be a digest."""
    if not blobs.is_dir():
        return []
    return [f"{BLOBS}/{_shown(entry)}" for entry in _entries(blobs) if entry.name.startswith(".")]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """All that stands in *folder*, by name; the first link in it is refused."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise RecordBroken(f"the run's folder cannot be read: {error.strerror}", where=str(folder)) from None
    for entry in found:
        if entry.is_symlink():
            raise RecordBroken(
                "the run's folder contains a link", where=entry.path, remedy="a record is what lies in its own folder"
            )
    return found


def _mode(entry: os.DirEntry[str]) -> int:
    try:
        return entry.stat(follow_symlinks=False).st_mode
    except OSError:
        return 0


def _shown(entry: os.DirEntry[str]) -> str:
    return f"{entry.name}/" if entry.is_dir(follow_symlinks=False) else entry.name
