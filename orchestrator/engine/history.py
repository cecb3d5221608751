"""This is where the events of a record are sorted by what they are about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..domain.profile import Profile
from ..errors import RecordBroken
from ..journal.event import GENESIS, Event
from ..journal.record import Record
from .task import NodeResult


@dataclass
class History:
    """A record's events, sorted by what they are about."""

    manifest: dict[str, Any]
    started: Event | None = None
    profile: Profile | None = None
    verdict: Event | None = None
    phases: dict[str, dict[str, Any]] = field(default_factory=dict)
    begun: dict[str, str] = field(default_factory=dict)
    """Node to when its first attempt began."""
    ended: dict[str, tuple[str, NodeResult]] = field(default_factory=dict)
    """Node to when it ended and how."""
    attempts: dict[str, int] = field(default_factory=dict)
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Step key to its recorded answer."""
    blobs: set[str] = field(default_factory=set)
    """Every blob that an event names."""
    resumed: int = 0
    """How often the run was taken up again."""
    head: str = GENESIS
    count: int = 0
    last_at: str = ""


def read(record: Record) -> History:
    """
    Sort the events of *record*.

    Raises:
        RecordBroken: The chain does not hold, or a blob is missing or changed.
    """
    history = History(record.manifest())
    for event in record.events():
        try:
            _take(history, record, event)
        except (KeyError, TypeError, ValueError) as error:
            raise RecordBroken(
                f"event {event.seq} ({event.kind}) says what no version of gonogo writes: {type(error).__name__}",
                where=f"journal.jsonl:{event.seq + 1}",
            ) from None
    return history


def _take(history: History, record: Record, event: Event) -> None:
    """Sort one event in."""
    history.head, history.count, history.last_at = event.digest, event.seq + 1, event.at
    history.blobs |= {d["blob"] for d in (event.data, event.data.get("said", {})) if "blob" in d}
    if event.kind == "NodeFinished":
        said = record.value(event.data["said"]) if "said" in event.data else {}
        result = NodeResult.read(event.data["outcome"], event.data["reason"], said)
        history.ended[event.node] = (event.at, result)
    elif event.kind == "StepDone":
        history.steps[event.data["key"]] = event.data
    elif event.kind == "NodeStarted":
        history.begun.setdefault(event.node, event.at)
        history.attempts[event.node] = event.data["attempt"]
    elif event.kind == "PhaseStarted":
        history.phases.setdefault(event.node, event.data)
    elif event.kind == "RunStarted":
        history.started = event
    elif event.kind == "ProfileDetermined":
        history.profile = Profile.model_validate(record.value(event.data))
    elif event.kind == "RunResumed":
        history.resumed += 1
    elif event.kind == "VerdictReached":
        history.verdict = event
