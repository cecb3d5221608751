"""Marks by which tools tell in one SQL file what brings a migration about from what takes it back."""

from __future__ import annotations

import re
from typing import NamedTuple

_MARK = re.compile(r"^--\s*(\+goose|\+migrate|\+micrate|migrate:)\s*(up|down)\b", re.IGNORECASE)
_LONGEST = 100
"""Characters of a line that are looked at: a mark stands alone in its own."""


class Mark(NamedTuple):
    """What begins a section."""

    tool: str
    """Its word for itself, such as ``+goose``."""
    direction: str
    """``up`` or ``down``."""


def mark(line: str) -> Mark | None:
    """The mark that *line* is, if it is one."""
    found = _MARK.match(line[:_LONGEST]) if line.startswith("--") else None
    return Mark(found[1].lower(), found[2].lower()) if found else None
