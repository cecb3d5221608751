"""Judges a record by other rules than its own: what if, never what was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from .. import config as configuration
from ..conclusion import state as reading
from ..conclusion.judgement import Judgement, judge
from ..conclusion.terms import Terms, terms
from ..config import ReadinessConfig
from ..domain.assessment import Assessment, Gate, Score
from ..domain.finding import Status
from ..domain.model import Model
from ..domain.person import Attestation, Statement, Waiver
from ..domain.policy import Policy
from ..domain.said import SaidWord
from ..errors import ConfigError, OrchestratorError, RecordBroken
from ..host import files
from ..identities import Known, People, Speaker, Spoken
from ..journal.event import digest
from ..journal.manifest import RunManifest
from ..journal.record import Record
from ..planning import roster
from ..rules import Heap, Weighed, check_criteria, laid_over, weigh
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
    said = read.config
    heap = Heap(said, read.path, read.parsed, _handed_in)
    check_criteria([heap], agreed.catalogue)
    today = date.fromisoformat(state.started.at[:10])
    weighed = weigh([heap], _AtTheirWord(People()), agreed.catalogue, state.manifest.release, today)
    base, note = _base(agreed.policy, state.manifest)
    other = replace(agreed, policy=laid_over(base, said), refused=weighed.refused, **_spoken(weighed, agreed))
    before, after = judge(state, agreed), judge(state, other)
    return WhatIf(
        run=record.name,
        config=str(file),
        recorded=_judged(before, agreed),
        supposed=_judged(after, other),
        statements=tuple(_accepted(before.assessments, after.assessments)),
        notes=(NOT_RECORDED, note, *_taken_at_their_word(weighed), *_left_out(said)),
    )


def _handed_in(word: SaidWord) -> str:  # noqa: ARG001  # what is handed in with a word is not looked at
    return ""


class _AtTheirWord(Known):
    """Everybody is who he says that he is: of whom a policy knew, a record has the names alone."""

    def who(self, said: Spoken) -> Speaker:
        return Speaker(said.who, "key")


def _spoken(weighed: Weighed, agreed: Terms) -> dict[str, Any]:
    """The words as the rules of the record take them: one by one, or until derivation 4 as statements."""
    if agreed.rules.hear is not None:
        return {"words": weighed.words}
    made: dict[str, list[Statement]] = {"waivers": [], "attestations": []}
    for word in weighed.words:
        model, key = (Waiver, "waivers") if word.kind == "waiver" else (Attestation, "attestations")
        made[key].append(
            model(criterion=word.criterion, owner=word.person, reason=word.said, link=word.link, expires=word.until)
        )
    return {key: tuple(said) for key, said in made.items()}


def _taken_at_their_word(weighed: Weighed) -> list[str]:
    told = (
        ["who speaks is taken at his word: signatures and what is handed in are not checked"] if weighed.words else []
    )
    if weighed.refused:
        first = weighed.refused[0]
        more = f" (and {len(weighed.refused) - 1} more)" if len(weighed.refused) > 1 else ""
        told.append(f"does not count: the {first.kind} of {first.criterion} ({first.where}), since {first.why}{more}")
    return told


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
