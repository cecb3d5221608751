"""An observation, and what it rests on."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

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


class Location(Model):
    """A place to look: a path inside the reviewed tree, ``line`` and ``column`` from 1, 0 for the whole file."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return self.path + (f":{self.line}" if self.line else "") + (f":{self.column}" if self.column else "")


class Evidence(Model):
    """
    What a finding rests on, addressed by the sha256 of its canonical content.

    ``file``: an excerpt verbatim from the tree. ``count``: what was examined, in numbers. ``withheld``: it was
    there and is not shown. Others (``command``, ``http``, ``sql``, ``metric``, ``report``, ``attestation``) carry
    their own excerpt.
    """

    kind: Literal["file", "count", "withheld", "command", "http", "sql", "metric", "report", "attestation", "model"]
    digest: str
    statement: str = ""
    location: Location | None = None
    excerpt: str = ""


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
    evidence: tuple[Evidence, ...] = ()
    remedy: str = ""
    confidence: Confidence = "high"
    measure: Annotated[Measure | None, AddedLater()] = None
    """The number behind it, where there is one; of many places the one that decides."""
    extent: Annotated[Extent | None, AddedLater()] = None
    """How many places there are, where there are more than the evidence shows."""

    @property
    def sort_key(self) -> tuple[int, str, str, str, int, int, str]:
        """Failures first, then by who said it and where; independent of the order of completion."""
        at = self.location or Location(path="")
        return (_ORDER[self.status], self.agent, self.check, at.path, at.line, at.column, self.message)


_ORDER = {Status.FAIL: 0, Status.UNKNOWN: 1, Status.PASS: 2}
