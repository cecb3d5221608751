"""What each kind of event holds; readers, schemas and the tables in docs/ follow it."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from ..domain.finding import Finding
from ..domain.model import Model
from ..domain.outcome import Ending, Exhibit
from ..errors import RecordBroken
from .event import Event
from .known import Known, first, known
from .lock import Owner

Digest = Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]
Count = Annotated[int, Field(ge=0)]
_HOLDS = {
    "oneOf": [
        {"required": ["value"], "properties": {"blob": False, "bytes": False}},
        {"required": ["blob", "bytes"], "properties": {"value": False}},
    ]
}


class Packed(Model, json_schema_extra=_HOLDS):
    """A value: in the line itself where it is short, else in a blob."""

    value: Any = None
    """Any JSON, up to 2,000 bytes of it."""
    blob: Digest = ""
    """Digest of the blob that holds it as canonical JSON."""
    bytes: Count = 0
    """How long the blob is."""

    @model_validator(mode="after")
    def _is_held_once(self) -> Self:
        if self.model_fields_set & {"value", "blob", "bytes"} not in ({"value"}, {"blob", "bytes"}):
            raise ValueError("a value is given inline or as a blob with its size")
        return self


class RunStarted(Model):
    """The run began; the first event of every record."""

    run: str
    """The run's id."""
    manifest: Digest
    """Of `run.json`, every byte of it."""


class StepDone(Packed, json_schema_extra=_HOLDS):
    """The answer to one effect: what a probe saw, lines quoted, what a model said, what an act on the world gave."""

    key: str
    """`node#attempt:purpose:input` for what only looks, `node!purpose:input` for what acts; `input` is the beginning of
    the digest of what the answer depends on."""


class StepStarted(Model):
    """A step that acts on the world is about to; it is on disk before anything happens."""

    key: str
    """`node!purpose:input`, as in the `StepDone` that follows."""
    input: Packed
    """What is to be done."""


class StepSettled(Model):
    """What became of a step that was begun in an earlier life of the run and had no answer."""

    key: str
    """Of the step."""
    state: Literal["done", "undone"]
    """It happened, and its answer follows; or nothing of it did, and it may begin anew."""
    by: Literal["world", "person"]
    """Who says so."""
    reason: str
    """In their words; can be empty."""


class ProfileDetermined(Packed, json_schema_extra=_HOLDS):
    """What kind of software it is: the profile, as the verdict document has it."""


class PhaseStarted(Model):
    """The first node of a phase could start, so that the gate before it was decided."""

    open: bool
    """Whether the gate is open; a phase without one always is."""
    reason: str
    """Why it is closed; empty where it is open."""
    skip: bool
    """Whether the nodes behind it are skipped rather than judged without a rehearsal."""


class PhaseFinished(Model):
    """Every node of a phase has ended."""

    failed: bool
    """Whether anything of it failed or did not come to an end."""


class NodeStarted(Model):
    """An agent's attempt is about to begin; it is on disk before the agent hears of it."""

    agent: str
    """Whose turn it is."""
    attempt: Annotated[int, Field(ge=1)]
    """Which attempt of the node, from 1."""


class AttemptLost(Model):
    """Whoever had an attempt is gone; it was called off, and the next attempt of the node follows."""

    attempt: Annotated[int, Field(ge=1)]
    """Which attempt of the node."""
    reason: str
    """How that was seen."""


class NodeFinished(Model):
    """An attempt ended."""

    attempt: Count
    """Which one; 0 for a node that was skipped."""
    outcome: Ending
    """How."""
    reason: str
    """Why it did not complete; empty where it did."""
    findings: Count = 0
    """How many findings it has; absent where it says nothing."""
    failed: Count = 0
    """How many of them are failures."""
    said: Packed | None = None
    """The findings, exhibits and crashed checks themselves."""


class Said(Model):
    """What a node has to say; packed in `NodeFinished`."""

    findings: tuple[Finding, ...] = ()
    """As the verdict document has them."""
    exhibits: tuple[Exhibit, ...] = ()
    """Tables for the report."""
    crashes: tuple[dict[str, str], ...] = ()
    """Checks that raised: `check`, `error` and `trace`."""


class RunInterrupted(Model):
    """The run stopped before its end, and can be resumed."""

    reason: str = ""
    """What it waits for; absent where it was asked to stop."""


class RunResumed(Model):
    """Another process took the run up."""

    finished: Count
    """How many nodes were finished by then."""
    torn: bool
    """Whether a torn last line was cut off."""
    driver: Annotated[int, Field(ge=2)] = 2
    """Which process drives the run, counted from 1; it is on disk before that process does anything."""
    owner: Owner | None = None
    """Who that process is."""
    took_over: Owner | None = None
    """The dead process that had the run; absent where nobody held it any more."""


class RunCrashed(Model):
    """A mistake of gonogo's own ended the process."""

    error: str
    """Its type and message."""
    trace: str
    """The end of its traceback."""


class VerdictReached(Model):
    """The run has come to its verdict; the last event of a finished record by derivations 1 and 2."""

    verdict: Literal["PRODUCTION READY", "ROLLBACK"]
    """The decision."""
    exit_code: Count
    """What the command ended with."""
    score: Annotated[float, Field(ge=0, le=100)]
    """Percent."""
    assessments: Digest
    """Over all assessments as canonical JSON."""


class ResultRendered(Model):
    """
    The result lies beside the record; from derivation 3 on the last event of a finished one.

    Nothing in its line is free: it has the time of the event before it and no node, so that it can be derived again.
    """

    verdict: Digest
    """Of `verdict.json`, every byte of it."""
    report: Digest
    """Of `report.html`, likewise, as the renderer that `run.json` names has made it."""


KINDS: dict[str, type[Model]] = {
    kind.__name__: kind
    for kind in (
        RunStarted,
        StepDone,
        StepStarted,
        StepSettled,
        ProfileDetermined,
        PhaseStarted,
        PhaseFinished,
        NodeStarted,
        AttemptLost,
        NodeFinished,
        RunInterrupted,
        RunResumed,
        RunCrashed,
        VerdictReached,
        ResultRendered,
    )
}
"""Every kind of event, in the order in which a record first has them."""


def told(event: Event) -> Known[Model] | None:
    """
    What *event* says, as far as this version knows it; None where it does not know its kind.

    Raises:
        RecordBroken: What it knows of it is missing or of another type.
    """
    model = KINDS.get(event.kind)
    if model is None:
        return None
    try:
        return known(model, event.data)
    except ValidationError as error:
        raise nonsense(event, first(error)) from None


def nonsense(event: Event, why: str) -> RecordBroken:
    """The mistake of *event*, which holds to the chain and says what cannot be meant."""
    return RecordBroken(
        f"event {event.seq} ({event.kind}) says what no version of gonogo writes: {why}",
        where=f"journal.jsonl:{event.seq + 1}",
    )
