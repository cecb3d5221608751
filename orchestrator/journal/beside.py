"""What those who vouch for a record lay beside it; the record does not lead to any of it."""

from __future__ import annotations

import os
import re
from pathlib import Path

STATEMENT = "statement.dsse.json"
"""What its signers say of it, and their signatures."""
ANCHORS = "anchors.jsonl"
"""Where its head was written down, as far as gonogo did that."""
MAX_TIMESTAMPS = 99
TIMESTAMP = re.compile(r"statement(?:\.([2-9]|[1-9][0-9]))?\.tsr")
"""The names of answers of timestamp authorities: ``statement.tsr``, ``statement.2.tsr`` and so on."""


def is_signed(folder: Path) -> bool:
    """Whether a statement lies in *folder*; says nothing about its worth."""
    return os.path.lexists(folder / STATEMENT)


def timestamps(folder: Path) -> list[Path]:
    """The answers of timestamp authorities in *folder*, in the order in which they were asked."""
    return [path for _, path in sorted(_numbered(folder).items())]


def next_timestamp(folder: Path) -> Path | None:
    """The place of the next answer; None when there are too many."""
    number = max(_numbered(folder), default=0) + 1
    if number > MAX_TIMESTAMPS:
        return None
    return folder / ("statement.tsr" if number == 1 else f"statement.{number}.tsr")


def vouched(folder: Path) -> str:
    """Why the run in *folder* is more than one's own: it is signed, timestamped or anchored; empty where it is not."""
    try:
        found = {
            "is signed": is_signed(folder),
            "has a timestamp": bool(timestamps(folder)),
            "is anchored": os.path.lexists(folder / ANCHORS),
        }
    except OSError:
        return "cannot be looked into"
    return next((why for why, is_so in found.items() if is_so), "")


def _numbered(folder: Path) -> dict[int, Path]:
    named = ((TIMESTAMP.fullmatch(path.name), path) for path in folder.iterdir())
    return {int(match[1] or 1): path for match, path in named if match}
