"""Merges everything that was found, and decides on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ..catalogue import condition
from ..domain.assessment import Assessment, Verdict
from ..domain.basis import Idle
from ..domain.finding import Finding
from ..domain.outcome import Ending, Outcome
from ..errors import RecordBroken
from ..journal.event import canonical, digest
from ..journal.manifest import PlannedNode
from ..judging.dismissing import sift, told
from ..judging.hearing import Heard
from .ages import aged
from .narrowing import narrowed
from .state import RunState
from .terms import Terms


@dataclass(frozen=True)
class Judgement:
    """Every assessment, how every node ended, and the verdict over them."""

    assessments: tuple[Assessment, ...]
    outcomes: tuple[Outcome, ...]
    verdict: Verdict
    idle: tuple[Idle, ...] = ()
    """Words that count for nothing by what was found."""

    def reached(self) -> dict[str, Any]:
        """What the journal says of it."""
        verdict = self.verdict
        return reached(self.assessments, verdict.decision, verdict.exit_code, verdict.score.percent)


def judge(state: RunState, agreed: Terms) -> Judgement:
    """Merge what was found, and decide; nothing but *state* and *agreed* counts."""
    if state.started is None or state.profile is None:
        raise RecordBroken("the run ended before there was anything to judge")
    rules = agreed.rules
    today = date.fromisoformat(state.started.at[:10])
    found: dict[str, list[Finding]] = {}
    for _, result in state.ended.values():
        for finding in aged(narrowed(result.findings, agreed.excluded), agreed.changes):
            found.setdefault(finding.criterion, []).append(finding)
    sifted = {
        criterion.id: sift(criterion, found.get(criterion.id, ()), agreed.words, agreed.policy, agreed.changed, today)
        for criterion in sorted(agreed.catalogue, key=lambda c: c.id)
    }
    merged = tuple(
        rules.merge(
            criterion,
            sifted[criterion.id].findings,
            not_applicable=condition.not_applicable(criterion.applies, state.profile),
            waivers=() if rules.hear else agreed.waivers,
            attestations=() if rules.hear else agreed.attestations,
            critical_waivers=agreed.policy.critical_waivers,
            only_absent=rules.only_absent,
            today=today,
        )
        for criterion in sorted(agreed.catalogue, key=lambda c: c.id)
    )
    heard = [_heard(told(a, sifted[a.criterion].dismissed), agreed, today) for a in merged]
    assessments = tuple(one.assessment for one in heard)
    outcomes = tuple(_outcome(node, state, agreed) for node in agreed.nodes)
    verdict = rules.decide(assessments, outcomes, agreed.policy)
    idle = (*(idle for one in sifted.values() for idle in one.idle), *(idle for one in heard for idle in one.idle))
    return Judgement(assessments, outcomes, verdict, idle)


def _heard(assessment: Assessment, agreed: Terms, today: date) -> Heard:
    hear = agreed.rules.hear
    return hear(assessment, agreed.words, agreed.policy, agreed.changed, today) if hear else Heard(assessment)


def reached(assessments: Sequence[Assessment], decision: str, exit_code: int, percent: float) -> dict[str, Any]:
    """What the journal says of a result."""
    found = [a.model_dump(mode="json", exclude_defaults=True) for a in assessments]
    return {
        "verdict": decision,
        "exit_code": exit_code,
        "score": percent,
        "assessments": digest(canonical(found)),
    }


def _outcome(node: PlannedNode, state: RunState, agreed: Terms) -> Outcome:
    at = state.ended.get(node.node)
    ending, reason = (at[1].ending, at[1].reason) if at else (Ending.CANCELLED, "the run ended before its turn")
    return Outcome(
        node=node.node,
        agent=node.agent,
        phase=node.phase,
        ending=ending,
        reason=reason,
        required=node.required,
        demand=agreed.demand(node.phase),
    )
