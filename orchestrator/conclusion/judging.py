"""This is where everything that was found is merged and decided on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from ..catalogue import condition
from ..domain.assessment import Assessment, Verdict
from ..domain.outcome import Ending, Outcome
from ..errors import RecordBroken
from ..journal.event import canonical, digest
from ..journal.manifest import PlannedNode
from ..judging.verdict import decide, merge
from ..sealed.verdict import decide as sealed_decide
from ..sealed.verdict import merge as sealed_merge
from .history import History
from .narrowing import narrowed
from .terms import Terms


@dataclass(frozen=True)
class Judgement:
    """Every assessment, how every node ended, and the verdict over them."""

    assessments: tuple[Assessment, ...]
    outcomes: tuple[Outcome, ...]
    verdict: Verdict

    def reached(self) -> dict[str, Any]:
        """What the journal says of it."""
        verdict = self.verdict
        return reached(self.assessments, verdict.decision, verdict.exit_code, verdict.score.percent)


def judge(history: History, agreed: Terms) -> Judgement:
    """Merge what was found, and decide; nothing but *history* and *agreed* counts."""
    if history.started is None or history.profile is None:
        raise RecordBroken("the run ended before there was anything to judge")
    sealed = not history.manifest.ends_rendered
    merging = sealed_merge if sealed else partial(merge, critical_waivers=agreed.policy.critical_waivers)
    deciding = sealed_decide if sealed else decide
    today = date.fromisoformat(history.started.at[:10])
    found: dict[str, list[Any]] = {}
    for _, result in history.ended.values():
        for finding in narrowed(result.findings, agreed.excluded):
            found.setdefault(finding.criterion, []).append(finding)
    assessments = tuple(
        merging(
            criterion,
            found.get(criterion.id, ()),
            not_applicable=condition.not_applicable(criterion.applies, history.profile),
            waivers=agreed.waivers,
            attestations=agreed.attestations,
            today=today,
        )
        for criterion in sorted(agreed.catalogue, key=lambda c: c.id)
    )
    outcomes = tuple(_outcome(node, history) for node in agreed.nodes)
    return Judgement(assessments, outcomes, deciding(assessments, outcomes, agreed.policy))


def reached(assessments: Sequence[Assessment], decision: str, exit_code: int, percent: float) -> dict[str, Any]:
    """What the journal says of a result."""
    found = [a.model_dump(mode="json", exclude_defaults=True) for a in assessments]
    return {
        "verdict": decision,
        "exit_code": exit_code,
        "score": percent,
        "assessments": digest(canonical(found)),
    }


def _outcome(node: PlannedNode, history: History) -> Outcome:
    at = history.ended.get(node.node)
    ending, reason = (at[1].ending, at[1].reason) if at else (Ending.CANCELLED, "the run ended before its turn")
    return Outcome(
        node=node.node,
        agent=node.agent,
        phase=node.phase,
        ending=ending,
        reason=reason,
        required=node.required,
    )
