"""This is where the events of a record are sorted by what they are about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..domain.profile import Profile
from ..errors import RecordBroken
from ..journal.event import GENESIS, Event
from ..journal.kinds import Said, left_out
from ..journal.known import known
from ..journal.manifest import Manifest
from ..journal.record import Record
from ..journal.steps import STEP, Steps
from .task import NodeResult


@dataclass
class History:
    """A record's events, sorted by what they are about."""

    manifest: Manifest
    steps: Steps
    """Recorded answers, read when they are asked for."""
    started: Event | None = None
    profile: Profile | None = None
    verdict: Event | None = None
    phases: dict[str, dict[str, Any]] = field(default_factory=dict)
    begun: dict[str, str] = field(default_factory=dict)
    """Node to when its first attempt began."""
    ended: dict[str, tuple[str, NodeResult]] = field(default_factory=dict)
    """Node to when it ended and how."""
    attempts: dict[str, int] = field(default_factory=dict)
    resumed: int = 0
    """How often the run was taken up again."""
    head: str = GENESIS
    count: int = 0


def read(record: Record) -> History:
    """
    Sort the events of *record*; answers of steps are neither parsed nor kept.

    Raises:
        RecordBroken: The chain does not hold, or a blob is missing or changed.
    """
    record.unknown = {}
    history = History(record.manifest(), Steps(record))
    for event in record.events(but=STEP):
        try:
            record.leave_out(left_out(event.kind, event.data))
            _take(history, record, event)
        except RecordBroken as error:
            what = f"{error.what}: event {event.seq} ({event.kind}) rests on it"
            raise RecordBroken(what, where=error.where) from None
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise RecordBroken(
                f"event {event.seq} ({event.kind}) says what no version of gonogo writes: {type(error).__name__}",
                where=f"journal.jsonl:{event.seq + 1}",
            ) from None
    history.head, history.count = record.head, record.count
    return history


def _take(history: History, record: Record, event: Event) -> None:
    """Sort one event in."""
    if event.kind == "NodeFinished":
        said = known(Said, record.value(event.data["said"]) if "said" in event.data else {})
        record.leave_out(f"'{key}' in what nodes say" for key in said.left_out)
        result = NodeResult.read(event.data["outcome"], event.data["reason"], said.value)
        history.ended[event.node] = (event.at, result)
    elif event.kind == "NodeStarted":
        history.begun.setdefault(event.node, event.at)
        history.attempts[event.node] = event.data["attempt"]
    elif event.kind == "PhaseStarted":
        history.phases.setdefault(event.node, event.data)
    elif event.kind == "RunStarted":
        history.started = event
    elif event.kind == "ProfileDetermined":
        profile = known(Profile, record.value(event.data))
        record.leave_out(f"'{key}' in the profile" for key in profile.left_out)
        history.profile = profile.value
    elif event.kind == "RunResumed":
        history.resumed += 1
    elif event.kind == "VerdictReached":
        history.verdict = event
