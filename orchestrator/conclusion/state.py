"""Sorts the events of a record by what they are about."""

from __future__ import annotations

from dataclasses import dataclass, field

from pydantic import ValidationError

from ..domain.model import Model
from ..domain.profile import Profile
from ..engine.task import NodeResult
from ..errors import RecordBroken
from ..journal import kinds
from ..journal.event import GENESIS, Event
from ..journal.known import first, known
from ..journal.manifest import RunManifest
from ..journal.record import JOURNAL, MANIFEST, Record
from ..journal.steps import Steps


@dataclass
class RunState:
    """A record's events, sorted by what they are about."""

    manifest: RunManifest
    steps: Steps
    """Recorded answers, read when they are asked for."""
    started: Event | None = None
    profile: Profile | None = None
    verdict: Event | None = None
    rendered: kinds.ResultRendered | None = None
    """What the last event says of what was rendered, where there is one."""
    phases: dict[str, kinds.PhaseStarted] = field(default_factory=dict)
    begun: dict[str, str] = field(default_factory=dict)
    """Node to when its first attempt began."""
    ended: dict[str, tuple[str, NodeResult]] = field(default_factory=dict)
    """Node to when it ended and how."""
    attempts: dict[str, int] = field(default_factory=dict)
    """Node to the attempt that began last."""
    over: dict[str, int] = field(default_factory=dict)
    """Node to the attempt that ended last, or was lost."""
    resumed: int = 0
    """How often the run was taken up again."""
    head: str = GENESIS
    count: int = 0

    @property
    def finished(self) -> bool:
        """Whether the run has come to its end."""
        return self.verdict is not None and (self.rendered is not None or not self.manifest.ends_rendered)


def read(record: Record) -> RunState:
    """
    Sort the events of *record*; answers of steps are neither parsed nor kept.

    Raises:
        RecordBroken: The chain does not hold, or a blob is missing or changed.
    """
    record.unknown = {}
    state = RunState(record.manifest(), Steps(record))
    before: Event | None = None
    for event in record.events(but=kinds.StepDone.__name__):
        if state.verdict is not None and before is not None and state.manifest.ends_rendered:
            _hold_after(state, before, event)
        before = event
        said = kinds.told(event)
        if said is None:
            record.leave_out([f"{event.kind} events"])
            continue
        record.leave_out(f"'{key}' in {event.kind}" for key in said.left_out)
        try:
            _take(state, record, event, said.value)
        except RecordBroken as error:
            what = f"{error.what}: event {event.seq} ({event.kind}) rests on it"
            raise RecordBroken(what, where=error.where) from None
        except ValidationError as error:
            raise kinds.nonsense(event, first(error)) from None
    state.head, state.count = record.head, record.count
    if state.manifest.ends_rendered and state.verdict is not None and before is not None:
        _hold_next(before, state.count)
    return state


def advance(state: RunState, record: Record, event: Event) -> None:
    """Take in *event*, which this process has just written to *record*."""
    said = kinds.told(event)
    assert said is not None  # it was written by this version
    _take(state, record, event, said.value)
    state.head, state.count = event.digest, event.seq + 1


def finished(record: Record) -> RunState:
    """
    The events of *record*, sorted, whose run has come to its end.

    Raises:
        RecordBroken: As for :func:`read`, or it has not.
    """
    state = read(record)
    if not state.finished:
        raise unfinished(record, state)
    return state


def unfinished(record: Record, state: RunState) -> RecordBroken:
    """The mistake of asking *record* for a result that its run has not come to, or that was not laid down."""
    what = "is unfinished: its result is not rendered" if state.verdict is not None else "has not come to a verdict"
    return RecordBroken(f"run '{record.name}' {what}", remedy=f"`gonogo resume {record.folder}` continues it")


def replaced(record: Record) -> RecordBroken:
    """The mistake of a manifest that is not the one that the run of *record* began with."""
    return RecordBroken("run.json is not the one that the run began with", where=str(record.folder / MANIFEST))


_LIVES = (kinds.RunResumed, kinds.RunInterrupted, kinds.RunCrashed)
"""All that can come between a verdict and its rendering: a process that died there, and the next one."""


def _hold_after(state: RunState, before: Event, event: Event) -> None:
    """Refuse *event*, which follows *before* and a verdict, unless it is the rendering or leads to it."""
    _hold_next(before, event.seq)
    wanted = {kind.__name__ for kind in (*_LIVES, kinds.ResultRendered)}
    if state.rendered is not None or event.kind not in wanted:
        end = "the end of the record" if state.rendered is not None else "the verdict, after which nothing is done"
        raise RecordBroken(f"event {event.seq} ({event.kind}) follows {end}", where=f"{JOURNAL}:{event.seq + 1}")
    if event.kind == kinds.ResultRendered.__name__ and (event.at, event.node) != (before.at, ""):
        raise kinds.nonsense(event, "it has neither a time nor a node of its own")


def _hold_next(before: Event, seq: int) -> None:
    """Refuse what was passed over between *before*, which follows a verdict, and event *seq*."""
    if seq != before.seq + 1:
        what = f"event {before.seq + 1} ({kinds.StepDone.__name__}) follows the verdict, after which nothing is done"
        raise RecordBroken(what, where=f"{JOURNAL}:{before.seq + 2}")


def _take(state: RunState, record: Record, event: Event, said: Model) -> None:
    """Sort in what *event* has *said*."""
    match said:
        case kinds.NodeFinished():
            told = known(kinds.Said, record.value(said.said) if said.said else {})
            record.leave_out(f"'{key}' in what nodes say" for key in told.left_out)
            state.over[event.node] = said.attempt
            state.ended[event.node] = (event.at, NodeResult.read(said.outcome, said.reason, told.value))
        case kinds.NodeStarted():
            state.begun.setdefault(event.node, event.at)
            state.attempts[event.node] = said.attempt
        case kinds.AttemptLost():
            state.over[event.node] = said.attempt
        case kinds.PhaseStarted():
            state.phases.setdefault(event.node, said)
        case kinds.RunStarted():
            state.started = event
        case kinds.ProfileDetermined():
            profile = known(Profile, record.value(said))
            record.leave_out(f"'{key}' in the profile" for key in profile.left_out)
            state.profile = profile.value
        case kinds.RunResumed():
            state.resumed += 1
        case kinds.VerdictReached():
            state.verdict = event
        case kinds.ResultRendered():
            state.rendered = said
