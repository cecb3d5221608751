"""Reads what the verdict beside a journal says of it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from ..host import files
from .chain import kind

VERDICT = "verdict.json"
JOURNAL = "journal.jsonl"
MAX_DERIVED = 64 << 20
"""Bytes of what is derived from a record and lies beside it: the verdict, the report."""


class Claim(NamedTuple):
    """How a journal ended when its verdict was derived."""

    head: str
    events: int


def claimed(folder: Path) -> Claim | None:
    """What ``verdict.json`` in *folder* says at its end; None where it is not there, or says nothing of the kind."""
    try:
        with files.opened(folder / VERDICT, inside=folder) as file:
            file.seek(max(file.seek(0, os.SEEK_END) - _END, 0))
            said = _JOURNAL.search(file.read())
    except OSError:
        return None
    return Claim(said[1].decode("ascii", "replace"), int(said[2])) if said else None


def rendered(folder: Path) -> bool:
    """Whether the journal in *folder* ends in what was rendered; only its end is looked at."""
    try:
        with files.opened(folder / JOURNAL, inside=folder) as file:
            file.seek(max(file.seek(0, os.SEEK_END) - _END, 0))
            last = file.read().split(b"\n")[-2:]
    except OSError:
        return False
    return len(last) == 2 and last[1] == b"" and kind(last[0]) == b"ResultRendered"


_END = 1000
"""Bytes at the end of either that are looked at; the line of what was rendered has fewer."""
_JOURNAL = re.compile(rb'"journal":\s*\{\s*"head":\s*"([^"]{1,80})",\s*"events":\s*([0-9]{1,15})\s*\}\s*\}\s*\Z')
