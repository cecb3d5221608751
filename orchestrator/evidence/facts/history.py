"""The commits behind the reviewed one."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from ...domain.fact import Fact
from ..inforce.dates import latest


class History(Fact):
    """What git's log says; empty with a reason where there is no history."""

    name: ClassVar[str] = "history"

    available: bool = False
    complete: bool = False
    reason: str = ""
    commits: int = 0
    authors: int = 0
    first_at: str = ""
    last_at: str = ""
    tags: tuple[str, ...] = ()
    """Newest first, at most 50."""

    @property
    def latest(self) -> date:
        """The last day that may have come when the reviewed commit was made; what is dated later has not happened."""
        return latest(self.last_at)
