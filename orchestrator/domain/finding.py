"""An observation, and what it rests on."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from .age import Age
from .ground import Absence, Count, File, Ground, ModelQuote, Other, Withheld
from .ground import Location as Location
from .measure import Measure
from .model import AddedLater, Model


class Status(StrEnum):
    """What is known of a criterion; ``NOT_APPLICABLE`` is never said by a finding."""

    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


Confidence = Literal["high", "medium", "low"]
FindingSource = Literal["rule", "tool", "model", "person"]


class Extent(Model):
    """How many places a finding was made at, where its evidence shows only the first of them."""

    places: int
    at_least: bool = False
    """There may be more: some could only be counted, or were not kept."""

    def __str__(self) -> str:
        return f"{'at least ' if self.at_least else ''}{self.places:,} places"


class Finding(Model):
    """One observation by one agent on one criterion."""

    criterion: str
    status: Literal[Status.PASS, Status.FAIL, Status.UNKNOWN]
    message: str
    agent: str
    check: str
    source: FindingSource = "rule"
    location: Location | None = None
    evidence: tuple[Ground, ...] = ()
    """Its grounds."""
    remedy: str = ""
    confidence: Confidence = "high"
    measure: Annotated[Measure | None, AddedLater()] = None
    """The number behind it, where there is one; of many places the one that decides."""
    extent: Annotated[Extent | None, AddedLater()] = None
    """How many places there are, where there are more than the evidence shows."""
    places: Annotated[tuple[str, ...], AddedLater()] = ()
    """Every place of it, where they are known and its evidence does not show all: ``path:line``, in history
    ``commit:path:line``."""
    age: Annotated[Age | None, AddedLater()] = None
    """Whether it came with this release; absent where it passes, and in results by rules before 5."""

    @property
    def of_absence(self) -> bool:
        """Whether it rests on nothing but that something is absent."""
        return self.location is None and bool(self.evidence) and all(isinstance(g, Absence) for g in self.evidence)

    @property
    def at(self) -> tuple[str, ...]:
        """
        Every place that it was made at, as ``path:line`` or ``commit:path:line``.

        Empty where it is about no place of the tree, rests on more than that, or not all of them are known.
        """
        if any(not isinstance(ground, (File, Count, Absence, Withheld)) for ground in self.evidence):
            return ()
        if self.places or self.extent is not None:
            return self.places
        shown = (self.location, *(ground.location for ground in self.evidence))
        return tuple(dict.fromkeys(f"{place.path}:{place.line}" for place in shown if place is not None))

    @property
    def where(self) -> str:
        """The place to look: its place in the tree, else the first thing outside it that was looked at."""
        if self.location is not None:
            return str(self.location)
        return next((g.statement for g in self.evidence if not isinstance(g, _NOWHERE)), "")

    @property
    def sort_key(self) -> tuple[int, str, str, str, int, int, str]:
        """Failures first, then by who said it and where; independent of the order of completion."""
        at = self.location or Location(path="")
        return (_ORDER[self.status], self.agent, self.check, at.path, at.line, at.column, self.message)


_ORDER = {Status.FAIL: 0, Status.UNKNOWN: 1, Status.PASS: 2}
_NOWHERE = (File, Count, Absence, ModelQuote, Withheld, Other)
"""Grounds that are not a thing outside the tree to look at."""
