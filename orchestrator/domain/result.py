"""The one document that a run ends in: ``verdict.json``, also ``--format json``."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .assessment import Assessment, Gate, Score
from .basis import Basis
from .finding import Finding
from .model import AddedLater, Model
from .outcome import Exhibit
from .policy import Policy
from .produced import Produced
from .profile import Profile
from .release import Release


class RunHead(Model):
    """Which run this is and what it ran with."""

    id: str
    started: str
    """UTC, ISO 8601 with seconds and ``Z``."""
    finished: str
    seconds: float
    tool: str
    """gonogo and its version."""
    workflow: str
    mode: str = "review"
    config: str = ""
    """Path of the configuration that was read, empty where there was none."""
    digests: dict[str, str] = {}
    """What ran: workflow, catalogue, agents, prompts, policy, config to sha256."""
    derivation: Annotated[int, AddedLater()] = 1
    """Number of the rules that the document and the reports are derived by."""
    new_only: Annotated[bool, AddedLater()] = False
    """Whether reports list new findings alone; the verdict counts all."""


class Coverage(Model):
    """How much of what applies was decided."""

    applicable: int
    decided: int
    percent: float


class AreaSummary(Model):
    """One area's numbers."""

    id: str
    title: str
    earned: int
    possible: int
    passed: int = Field(alias="pass")
    fail: int
    unknown: int
    not_applicable: int
    waived: int
    attested: int


class AgentSummary(Model):
    """How one node of the workflow went."""

    node: str
    agent: str
    phase: str
    outcome: str
    reason: str
    findings: int
    started: float
    """Seconds since the run began."""
    seconds: float
    needs: tuple[str, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()


class PhaseSummary(Model):
    """One phase of the workflow and the gate before it."""

    id: str
    title: str
    gate: str = ""
    """open, closed, or empty where the phase has no gate."""
    reason: str = ""


class RemediationItem(Model):
    """One thing to do, in the order to do it."""

    criterion: str
    severity: str
    statement: str
    status: str
    what: str
    """The remedy, as exact as the finding has it."""
    where: str = ""
    effort: float
    owner: str = ""
    due: str = ""


class CriterionText(Model):
    """What a reader needs of the catalogue beside an assessment."""

    statement: str
    why: str
    needs: str
    remedy: str
    effort: float
    section_title: str
    evidence: tuple[str, ...] = ()
    """Kinds of evidence that can decide it, as the catalogue has them."""
    person: Annotated[str, AddedLater()] = ""
    """Whether a person's word decides it: ``never``, ``beside`` or ``alone``; empty where the catalogue is older."""
    valid: Annotated[int | Literal["release"] | None, AddedLater()] = None
    """Days that evidence from outside the tree holds, or whether it must be of this release."""
    neighbours: Annotated[tuple[str, ...], AddedLater()] = ()
    """Criteria that one fact can fail together with it."""


class JournalHead(Model):
    """The record's position: digest of its last line and how many events it has."""

    head: str
    events: int


class SourceSummary(Model):
    """What somebody outside the reviewed tree was asked, and whether that gave evidence."""

    fact: str
    produced: Produced | None = None
    """Who looked, at what and when; absent where nobody could be asked."""
    problems: tuple[str, ...] = ()
    """What is in the way of it; nothing passes on it then."""


class Result(Model):
    """The whole result of a run."""

    schema_: Literal["gonogo/verdict/1"] = Field(default="gonogo/verdict/1", alias="schema")
    run: RunHead
    release: Release
    verdict: Literal["PRODUCTION READY", "ROLLBACK"]
    deployed: bool
    exit_code: int
    basis: Annotated[Basis | None, AddedLater()] = None
    """What the verdict rests on; runs before rules 3 do not say."""
    score: Score
    gate: Gate
    coverage: Coverage
    policy: Policy
    profile: Profile
    areas: tuple[AreaSummary, ...]
    assessments: tuple[Assessment, ...]
    criteria: dict[str, CriterionText]
    agents: tuple[AgentSummary, ...]
    phases: tuple[PhaseSummary, ...] = ()
    remediation: tuple[RemediationItem, ...] = ()
    notes: tuple[str, ...] = ()
    """What a reader must know of the run itself: a partial clone, files left out, a closed gate."""
    sources: Annotated[tuple[SourceSummary, ...], AddedLater()] = ()
    """Where evidence was looked for outside the reviewed tree."""
    journal: JournalHead

    @property
    def failing(self) -> list[tuple[Assessment, Finding]]:
        """Each failing assessment with its first finding, worst severity first."""
        rows = [(a, a.findings[0]) for a in self.assessments if a.status == "fail" and a.findings]
        return sorted(rows, key=lambda row: (row[0].waiver is not None, row[0].severity.rank, row[0].criterion))
