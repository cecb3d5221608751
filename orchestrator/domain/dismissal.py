"""A finding that people who looked at it say is none, and the place that it was made at."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple, Self

from .finding import Finding
from .model import Model
from .person import Witness

_SPOT = re.compile(r"(?:([0-9a-f]{40}|[0-9a-f]{64}):)?(.+):(\d+)", re.DOTALL)


class Spot(NamedTuple):
    """A line of a file: of the reviewed tree, or of what a commit of its history holds."""

    path: str
    line: int
    commit: str = ""

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The place that ``path:line`` or ``commit:path:line`` names; None where it names none."""
        found = _SPOT.fullmatch(text)
        return cls(found[2], int(found[3]), found[1] or "") if found else None

    def __str__(self) -> str:
        return f"{self.commit}:{self.path}:{self.line}" if self.commit else f"{self.path}:{self.line}"


class Dismissal(Model):
    """A finding that counts for nothing any more, and who says so: it passes nothing either."""

    finding: Finding
    witnesses: tuple[Witness, ...]
    until: date
    """The last day that it holds, if no byte of what it was found in changes before."""
