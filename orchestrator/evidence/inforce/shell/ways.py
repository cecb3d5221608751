"""What is known of a place in a script: how it is reached, whose failure is heeded there, and what was found."""

from __future__ import annotations

from dataclasses import dataclass

from ..chance import Chance
from ..force import IN_FORCE, Force, unknown, void


@dataclass(frozen=True, slots=True)
class Found:
    """One simple command as the walk came by it."""

    text: str
    line: int
    force: Force
    heeded: bool
    words: tuple[str | None, ...]
    folder: str | None
    instead: tuple[int, int] | None = None
    """The first and the last line of what has to fail before it runs."""
    looked_at: bool = False
    """What it prints decides whether the script fails."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a place is reached: the chance of it, and why it is not more."""

    chance: Chance = Chance.ALWAYS
    reason: str = ""

    def through(self, chance: Chance, reason: str) -> Way:
        return Way(chance, reason) if chance < self.chance else self

    @property
    def force(self) -> Force:
        if self.chance is Chance.NEVER:
            return void(self.reason)
        return unknown(self.reason) if self.chance <= Chance.SETTING else IN_FORCE


@dataclass(slots=True)
class Place:
    """Whose failure is heeded where the walk stands, and whether ``-e`` counts there."""

    heeded: bool
    live: bool = True
