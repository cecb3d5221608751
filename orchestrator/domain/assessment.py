"""A criterion's merged status, and the verdict over all of them."""

from __future__ import annotations

from typing import Annotated

from .criterion import Severity
from .dismissal import Dismissal
from .finding import Finding, Status
from .model import AddedLater, Model
from .person import Attestation, Waiver


class Assessment(Model):
    """What is known of one criterion after every agent has spoken."""

    criterion: str
    area: str
    section: str
    severity: Severity
    status: Status
    reason: str
    waiver: Waiver | None = None
    attestation: Attestation | None = None
    findings: tuple[Finding, ...] = ()
    dismissed: Annotated[tuple[Dismissal, ...], AddedLater()] = ()
    """What was found as well, and people from outside the reviewed commit have set aside."""

    @property
    def applicable(self) -> bool:
        return self.status is not Status.NOT_APPLICABLE

    @property
    def blocks(self) -> bool:
        """A failure that nobody has accepted."""
        return self.status is Status.FAIL and self.waiver is None

    @property
    def open(self) -> bool:
        """No evidence, and nobody has accepted that."""
        return self.status is Status.UNKNOWN and self.waiver is None and self.attestation is None

    @property
    def earned(self) -> int:
        """Points: for a pass or an attestation; a waiver earns nothing."""
        if self.waiver is not None:
            return 0
        good = self.status is Status.PASS or (self.status is Status.UNKNOWN and self.attestation is not None)
        return self.severity.points if good else 0

    @property
    def possible(self) -> int:
        return self.severity.points if self.applicable else 0


class Score(Model):
    """Points over applicable criteria and their band."""

    earned: int
    possible: int
    percent: float
    """Rounded down to one decimal, so that no rounding lifts a score over a threshold."""
    band: str


class Reason(Model):
    """One rule of the gate that does not hold."""

    rule: str
    found: str
    allowed: str
    criteria: tuple[str, ...] = ()
    evidence_only: bool = False
    """Only missing evidence or an unfinished agent stands behind it: not a *no*, but *could not judge*."""


class Gate(Model):
    """Whether the policy holds, and every reason why not."""

    holds: bool
    reasons: tuple[Reason, ...] = ()


class Verdict(Model):
    """PRODUCTION READY or ROLLBACK, with the reasons, the score and the exit code."""

    decision: str
    deployed: bool = False
    exit_code: int
    score: Score
    gate: Gate
