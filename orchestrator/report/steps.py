"""Chooses what to do next: what brings most points for an hour of work in the repository."""

from __future__ import annotations

from dataclasses import dataclass

from ..domain.assessment import Assessment
from ..domain.criterion import criterion_order
from ..domain.result import Result
from . import ages
from ._blocks import remedy
from .select import blocking, of_state

QUICKEST = 0.25
"""Hours that nothing is done in less than, whatever the catalogue says."""


@dataclass(frozen=True)
class Step:
    """One thing to do: mend what fails, or show what nobody has shown yet."""

    assessment: Assessment
    hours: float
    what: str

    @property
    def points(self) -> int:
        return self.assessment.severity.points

    @property
    def yields(self) -> float:
        """Points for an hour."""
        return self.points / max(self.hours, QUICKEST)


def cheapest(document: Result, most: int) -> list[Step]:
    """
    The *most* steps that yield most, what is known to be wrong and grave before what has only not been shown.

    Of those that yield the same, what fails and what is graver comes first.
    """
    rows = ages.told(document, blocking(document)) + of_state(document, "unknown")
    steps = [step for row in rows if (step := _step(document, row)) is not None]
    return sorted(steps, key=_order)[:most]


def _step(document: Result, row: Assessment) -> Step | None:
    """What to do about *row*; None where nothing in the repository would decide it."""
    known = document.criteria.get(row.criterion)
    finding = next((f for f in row.findings if f.status == row.status), None)
    located = row.blocks and finding is not None and finding.location is not None
    if known is None or not (located or _kept(known.evidence, row.blocks)):
        return None
    what = remedy(document, row, finding)
    return Step(row, known.effort, what) if what else None


def _kept(evidence: tuple[str, ...], fails: bool) -> bool:
    """Whether the repository decides: at all where it fails, before all else where it is open."""
    return "repository" in (evidence if fails else evidence[:1])


def _order(step: Step) -> tuple[bool, float, bool, int, tuple[object, ...]]:
    row = step.assessment
    grave = row.blocks and row.severity.rank < 2
    return (not grave, -step.yields, not row.blocks, row.severity.rank, (criterion_order(row.criterion),))
