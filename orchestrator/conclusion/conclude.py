"""Turns a record into its result: the same document from the same events, live or a year later."""

from __future__ import annotations

from datetime import datetime

from ..domain.basis import Basis
from ..domain.criterion import Catalogue, criterion_order
from ..domain.fact import Problem
from ..domain.finding import Status
from ..domain.model import Model
from ..domain.outcome import Ending
from ..domain.produced import Produced
from ..domain.result import (
    AgentSummary,
    AreaSummary,
    Coverage,
    CriterionText,
    JournalHead,
    PhaseSummary,
    RemediationItem,
    Result,
    RunHead,
    SourceSummary,
)
from ..engine.task import NodeResult
from ..journal.event import Event
from ..journal.known import known
from ..journal.record import Record
from .basis import basis
from .judgement import Judgement, judge
from .state import RunState, read, unfinished
from .terms import Terms, terms


def conclude(record: Record, state: RunState | None = None) -> Result:
    """
    The whole result of *record*, from its folder alone.

    Args:
        record: The run.
        state: Its events, where they have been read already.

    Raises:
        RecordBroken: The record is damaged, or the run did not come to a verdict.
    """
    state = read(record) if state is None else state
    if state.verdict is None:
        raise unfinished(record, state)
    agreed = terms(record, state)
    judgement = judge(state, agreed)
    started, profile = state.started, state.profile
    assert started is not None  # judge() has refused otherwise
    assert profile is not None  # likewise
    manifest = state.manifest
    applicable = [a for a in judgement.assessments if a.applicable]
    decided = [a for a in applicable if a.status in (Status.PASS, Status.FAIL)]
    return Result(
        run=RunHead(
            id=manifest.run,
            started=_second(started.at),
            finished=_second(state.verdict.at),
            seconds=_between(started.at, state.verdict.at),
            tool=manifest.tool,
            workflow=manifest.workflow,
            mode=manifest.mode,
            config=manifest.config,
            digests=manifest.pinned.named() | manifest.digests,
            derivation=manifest.derivation,
            new_only=manifest.request.new_only,
        ),
        release=manifest.release,
        verdict=judgement.verdict.decision,  # type: ignore[arg-type]  # one of the two words
        deployed=judgement.verdict.deployed,
        exit_code=judgement.verdict.exit_code,
        basis=_basis(judgement, agreed, state) if agreed.rules.says_basis else None,
        score=judgement.verdict.score,
        gate=judgement.verdict.gate,
        coverage=Coverage(
            applicable=len(applicable),
            decided=len(decided),
            percent=len(decided) * 1000 // len(applicable) / 10 if applicable else 0.0,
        ),
        policy=agreed.policy,
        profile=profile,
        areas=_areas(judgement, agreed),
        assessments=judgement.assessments,
        criteria=_texts(agreed.catalogue),
        agents=_agents(state, agreed),
        phases=_phases(state, agreed),
        remediation=_remediation(judgement, agreed),
        notes=manifest.notes,
        sources=_sources(record, state),
        journal=_head(state, state.verdict),
    )


def _sources(record: Record, state: RunState) -> tuple[SourceSummary, ...]:
    """What was asked outside the reviewed tree, as the steps have it."""
    start = "run#1:source:"
    rows = []
    for key in sorted(key for key in state.steps if key.startswith(start)):
        name = key.removeprefix(start).partition(":")[0]
        said = known(_Sourced, record.value(state.steps[key])).value
        rows.append(
            SourceSummary(
                fact=name, produced=said.produced, problems=tuple(str(problem) for problem in said.problems[:_PROBLEMS])
            )
        )
    return tuple(rows)


class _Sourced(Model):
    """What every fact says of where it comes from."""

    produced: Produced | None = None
    problems: tuple[Problem, ...] = ()


_PROBLEMS = 5


def _basis(judgement: Judgement, agreed: Terms, state: RunState) -> Basis:
    assert state.started is not None  # judge() has refused otherwise
    assert state.profile is not None  # likewise
    return basis(judgement, agreed, state.profile, state.manifest.config, _time(state.started.at).date())


def _head(state: RunState, verdict: Event) -> JournalHead:
    """The record's head when it was judged; from derivation 3 on its last event, which names this, comes later."""
    if state.manifest.ends_rendered:
        return JournalHead(head=verdict.digest, events=verdict.seq + 1)
    return JournalHead(head=state.head, events=state.count)


def _areas(judgement: Judgement, agreed: Terms) -> tuple[AreaSummary, ...]:
    rows = []
    for area in agreed.catalogue.areas:
        ours = [a for a in judgement.assessments if a.area == area.id]
        total = agreed.rules.score(ours)
        counted = [a for a in ours if not (agreed.rules.counts_once and (a.waiver or a.attestation))]
        count = {status: sum(1 for a in counted if a.status is status) for status in Status}
        rows.append(
            AreaSummary.model_validate(
                {
                    "id": area.id,
                    "title": area.title,
                    "earned": total.earned,
                    "possible": total.possible,
                    "pass": count[Status.PASS],
                    "fail": count[Status.FAIL],
                    "unknown": count[Status.UNKNOWN],
                    "not_applicable": count[Status.NOT_APPLICABLE],
                    "waived": sum(1 for a in ours if a.waiver),
                    "attested": sum(1 for a in ours if a.attestation),
                }
            )
        )
    return tuple(rows)


def _agents(state: RunState, agreed: Terms) -> tuple[AgentSummary, ...]:
    assert state.started is not None  # judge() has refused otherwise
    zero = state.started.at
    planned = {node.node: node for node in agreed.nodes}
    extra = [node for node in sorted(state.ended) if node not in planned]
    rows = []
    for id_ in [*planned, *extra]:
        phase, _, agent = id_.partition("/")
        ended, result = state.ended.get(id_, ("", NodeResult(Ending.CANCELLED, "the run ended before its turn")))
        begun = state.begun.get(id_, ended or zero)
        rows.append(
            AgentSummary(
                node=id_,
                agent=agent,
                phase=phase,
                outcome=result.ending,
                reason=result.reason,
                findings=len(result.findings),
                started=_between(zero, begun),
                seconds=_between(begun, ended) if ended else 0.0,
                needs=planned[id_].needs if id_ in planned else (),
                exhibits=result.exhibits,
            )
        )
    return tuple(rows)


def _phases(state: RunState, agreed: Terms) -> tuple[PhaseSummary, ...]:
    rows = []
    for phase in agreed.phases:
        begun = state.phases.get(phase.id)
        word = "" if not phase.gate or begun is None else "open" if begun.open else "closed"
        reason = ""
        if begun is not None and word == "closed":
            reason = f"{begun.reason}; {'the phase was skipped' if begun.skip else 'judged, nothing rehearsed'}"
        rows.append(PhaseSummary(id=phase.id, title=phase.title, gate=word, reason=reason))
    return tuple(rows)


def _remediation(judgement: Judgement, agreed: Terms) -> tuple[RemediationItem, ...]:
    items = []
    for assessment in judgement.assessments:
        if not assessment.blocks:
            continue
        criterion = agreed.catalogue[assessment.criterion]
        worst = assessment.findings[0] if assessment.findings else None
        items.append(
            RemediationItem(
                criterion=assessment.criterion,
                severity=assessment.severity,
                statement=criterion.statement,
                status=assessment.status,
                what=(worst.remedy if worst else "") or criterion.remedy,
                where=worst.where if worst else "",
                effort=criterion.effort,
            )
        )
    rank = {a.criterion: a.severity.rank for a in judgement.assessments}
    return tuple(sorted(items, key=lambda i: (rank[i.criterion], i.effort, criterion_order(i.criterion))))


def _texts(catalogue: Catalogue) -> dict[str, CriterionText]:
    return {
        criterion.id: CriterionText(
            statement=criterion.statement,
            why=criterion.why,
            needs=criterion.needs,
            remedy=criterion.remedy,
            effort=criterion.effort,
            section_title=section.title,
            evidence=criterion.evidence,
            person=criterion.person,
            valid=criterion.valid,
            neighbours=criterion.neighbours,
        )
        for area in catalogue.areas
        for section in area.sections
        for criterion in section.criteria
    }


def _second(at: str) -> str:
    return at[:19] + "Z"


def _between(start: str, end: str) -> float:
    delta = _time(end) - _time(start)
    return round(max(delta.total_seconds(), 0.0), 3)


def _time(at: str) -> datetime:
    return datetime.fromisoformat(at)
