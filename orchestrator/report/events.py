"""What can happen in a run that somebody watching wants to know of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RunStarted:
    """The run begins; ``at`` of every event is seconds since then."""

    run: str
    release: str
    criteria: int
    started: str
    """UTC, ISO 8601; what the times of plain lines count from."""
    phases: tuple[tuple[str, str], ...] = ()
    """(id, title) of every phase, in order."""
    nodes: tuple[tuple[str, str], ...] = ()
    """(node, phase) of every node that is planned."""
    at: float = 0.0


@dataclass(frozen=True)
class EvidenceRead:
    """So many files of so many have been read."""

    at: float
    read: int
    total: int


@dataclass(frozen=True)
class PhaseStarted:
    """A phase begins."""

    at: float
    phase: str
    title: str = ""


@dataclass(frozen=True)
class PhaseGated:
    """The gate before a phase opened or stayed closed."""

    at: float
    phase: str
    open: bool
    reason: str = ""


@dataclass(frozen=True)
class NodeStarted:
    """An agent's turn begins."""

    at: float
    node: str
    phase: str


@dataclass(frozen=True)
class Found:
    """One finding."""

    at: float
    node: str
    criterion: str
    severity: str
    status: str
    message: str


@dataclass(frozen=True)
class NodeFinished:
    """An agent's turn is over, however it ended."""

    at: float
    node: str
    outcome: str
    seconds: float
    findings: int
    reason: str = ""


@dataclass(frozen=True)
class RunResumed:
    """The run was interrupted, and nobody drove it for so many seconds."""

    at: float
    idle: float


@dataclass(frozen=True)
class Beat:
    """Time has passed; nothing else."""

    at: float


@dataclass(frozen=True)
class RunFinished:
    """The verdict is in."""

    at: float
    verdict: str
    score: float


Event = (
    RunStarted
    | EvidenceRead
    | PhaseStarted
    | PhaseGated
    | NodeStarted
    | Found
    | NodeFinished
    | RunResumed
    | Beat
    | RunFinished
)
