"""Judges a record by other rules than its own: what if, never what was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Literal

from pydantic import Field

from .. import config as configuration
from ..conclusion import state as reading
from ..conclusion.judgement import Judgement, judge
from ..conclusion.terms import Terms, terms
from ..config import ReadinessConfig
from ..domain.assessment import Assessment, Gate, Score
from ..domain.finding import Status
from ..domain.model import Model
from ..domain.policy import Policy
from ..errors import ConfigError, OrchestratorError, RecordBroken
from ..host import files
from ..journal.event import digest
from ..journal.manifest import RunManifest
from ..journal.record import Record
from ..planning import roster
from ..rules import check_words, laid_over
from ..workflow import graph
from ..workflow.shipped import workflows

NOT_RECORDED = "this is not the recorded policy: nothing is written, and the run's verdict stands"


class Judged(Model):
    """What a run comes to by one set of rules."""

    verdict: str
    exit_code: int
    score: Score
    gate: Gate
    policy: Policy
    waivers: int
    attestations: int


class Accepted(Model):
    """One criterion whose waiver or attestation differs."""

    criterion: str
    severity: str
    status: Status
    before: str
    after: str


class WhatIf(Model):
    """A run by its own rules, and by others."""

    schema_: Literal["gonogo/what-if/1"] = Field(default="gonogo/what-if/1", alias="schema")
    run: str
    config: str
    recorded: Judged
    supposed: Judged
    statements: tuple[Accepted, ...] = ()
    notes: tuple[str, ...] = (NOT_RECORDED,)


def suppose(record: Record, file: Path) -> WhatIf:
    """
    Judge what *record* found by the policy, thresholds, waivers and attestations of *file*.

    Raises:
        RecordBroken: The record is damaged or unfinished.
        ConfigError: *file* cannot be read as a readiness.yaml.
    """
    state = reading.finished(record)
    if state.started is None:
        raise RecordBroken("the run ended before there was anything to judge")
    if state.started.data["manifest"] != digest(record.manifest_bytes()):
        raise reading.replaced(record)
    agreed = terms(record, state)
    try:
        data = files.read(file, configuration.MAX_BYTES)
    except OSError as error:
        raise ConfigError(f"'{file}' cannot be read: {error.strerror}") from None
    read = configuration.parse(data, str(file))
    read.check_criteria(agreed.catalogue.criteria)
    check_words(read, agreed.catalogue, date.fromisoformat(state.started.at[:10]))
    said = read.config
    base, note = _base(agreed.policy, state.manifest)
    other = replace(agreed, policy=laid_over(base, said), waivers=said.waivers, attestations=said.attestations)
    before, after = judge(state, agreed), judge(state, other)
    return WhatIf(
        run=record.name,
        config=str(file),
        recorded=_judged(before, agreed),
        supposed=_judged(after, other),
        statements=tuple(_accepted(before.assessments, after.assessments)),
        notes=(NOT_RECORDED, note, *_left_out(said)),
    )


def _base(recorded: Policy, manifest: RunManifest) -> tuple[Policy, str]:
    """What the file's rules are laid over: the workflow's own where it still ships unchanged."""
    name = manifest.workflow
    data = workflows().get(name)
    if data is not None and manifest.digests.get("workflow") == digest(data):
        try:
            own = graph.load(data, name, roster.load()).spec.rules
        except OrchestratorError:
            return recorded, "rules that the file does not name are as recorded"
        return own, f"rules that the file does not name are those of workflow {name}"
    return recorded, "rules that the file does not name are as recorded: the workflow is not one that ships today"


def _left_out(said: ReadinessConfig) -> list[str]:
    """What the file says beside rules and statements, which a record cannot be asked again."""
    named = [key for key in ("release", "workflow", "profile", "agents", "exclude") if key in said.model_fields_set]
    return [f"ignored, since it takes a review: {', '.join(named)}"] if named else []


def _judged(judgement: Judgement, agreed: Terms) -> Judged:
    verdict = judgement.verdict
    return Judged(
        verdict=verdict.decision,
        exit_code=verdict.exit_code,
        score=verdict.score,
        gate=verdict.gate,
        policy=agreed.policy,
        waivers=sum(1 for a in judgement.assessments if a.waiver),
        attestations=sum(1 for a in judgement.assessments if a.attestation),
    )


def _accepted(before: tuple[Assessment, ...], after: tuple[Assessment, ...]) -> list[Accepted]:
    rows = []
    for old, new in zip(before, after, strict=True):
        if (old.waiver, old.attestation) != (new.waiver, new.attestation):
            rows.append(
                Accepted(
                    criterion=new.criterion,
                    severity=new.severity,
                    status=new.status,
                    before=_word(old),
                    after=_word(new),
                )
            )
    return rows


def _word(assessment: Assessment) -> str:
    for word, said in (("waived", assessment.waiver), ("attested", assessment.attestation)):
        if said is not None:
            return f"{word} by {said.owner} until {said.expires.isoformat()}"
    return ""
