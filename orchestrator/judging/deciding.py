"""Assessments and outcomes to a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..domain.assessment import Assessment, Gate, Reason, Score, Verdict
from ..domain.criterion import Severity, criterion_order
from ..domain.outcome import Outcome
from ..domain.policy import Policy
from .scoring import score

READY = "PRODUCTION READY"
ROLLBACK = "ROLLBACK"

EXIT_READY, EXIT_NOT_READY, EXIT_COULD_NOT_JUDGE = 0, 1, 3


def decide(assessments: Sequence[Assessment], outcomes: Sequence[Outcome], policy: Policy) -> Verdict:
    """
    Say whether the release may go out.

    The score never outvotes the gate: one failed critical criterion is enough.

    Args:
        assessments: One per criterion; findings have already been merged.
        outcomes: How each planned node ended.
        policy: The rules.

    Returns:
        A verdict whose reasons name every rule that does not hold, with the criteria and agents behind it.
    """
    total = score(assessments)
    reasons = [
        reason
        for reason in (
            *_failed(assessments, policy),
            _unknown(assessments, policy),
            _score(total, assessments, policy),
            *_area_scores(assessments, policy),
            _each_area(assessments, policy),
            _attested(assessments, policy),
            *_agents(outcomes, policy),
        )
        if reason is not None
    ]
    holds = not reasons
    if holds:
        code = EXIT_READY
    else:
        code = EXIT_COULD_NOT_JUDGE if all(reason.evidence_only for reason in reasons) else EXIT_NOT_READY
    return Verdict(
        decision=READY if holds else ROLLBACK,
        exit_code=code,
        score=total,
        gate=Gate(holds=holds, reasons=tuple(reasons)),
    )


def _failed(assessments: Sequence[Assessment], policy: Policy) -> Iterable[Reason | None]:
    limits = {
        Severity.CRITICAL: policy.max_failed_critical,
        Severity.HIGH: policy.max_failed_high,
        Severity.MEDIUM: policy.max_failed_medium,
    }
    for severity, allowed in limits.items():
        failing = _ids(a for a in assessments if a.blocks and a.severity is severity)
        if 0 <= allowed < len(failing):
            rule = f"failed {severity} criteria"
            yield Reason(rule=rule, found=str(len(failing)), allowed=str(allowed), criteria=failing)


def _unknown(assessments: Sequence[Assessment], policy: Policy) -> Reason | None:
    open_ = _ids(a for a in assessments if a.open and a.severity is Severity.CRITICAL)
    allowed = policy.max_unknown_critical
    if 0 <= allowed < len(open_):
        rule = "critical criteria without evidence"
        return Reason(rule=rule, found=str(len(open_)), allowed=str(allowed), criteria=open_, evidence_only=True)
    return None


def _score(total: Score, assessments: Sequence[Assessment], policy: Policy) -> Reason | None:
    if policy.min_score < 0 or (total.possible and total.percent >= policy.min_score):
        return None
    return Reason(
        rule="score",
        found=f"{total.percent:.1f} %",
        allowed=f"at least {policy.min_score:g} %",
        evidence_only=_reachable(assessments, policy.min_score),
    )


def _area_scores(assessments: Sequence[Assessment], policy: Policy) -> Iterable[Reason | None]:
    for area, limit in sorted(policy.min_area_score.items()):
        ours = [a for a in assessments if a.area == area]
        found = score(ours)
        if found.possible and found.percent < limit:
            rule, allowed = f"score of area {area}", f"at least {limit:g} %"
            reachable = _reachable(ours, limit)
            yield Reason(rule=rule, found=f"{found.percent:.1f} %", allowed=allowed, evidence_only=reachable)


def _each_area(assessments: Sequence[Assessment], policy: Policy) -> Reason | None:
    """The areas below the floor for every one of them."""
    limit = policy.min_each_area
    areas = {area: [a for a in assessments if a.area == area] for area in sorted({a.area for a in assessments})}
    totals = {area: score(ours) for area, ours in areas.items()}
    low = [area for area, total in totals.items() if total.possible and total.percent < limit]
    if not low:
        return None
    return Reason(
        rule="areas below the floor",
        found=", ".join(f"{area} {totals[area].percent:.1f} %" for area in sorted(low, key=criterion_order)),
        allowed=f"at least {limit:g} % each",
        evidence_only=all(_reachable(areas[area], limit) for area in low),
    )


def attested_critical(assessments: Sequence[Assessment]) -> float:
    """Percent of the points of critical criteria that rest on people's words, rounded up to one decimal."""
    critical = [a for a in assessments if a.severity is Severity.CRITICAL]
    possible = sum(a.possible for a in critical)
    said = sum(a.earned for a in critical if a.attestation is not None)
    return -(-said * 1000 // possible) / 10 if possible else 0.0


def _attested(assessments: Sequence[Assessment], policy: Policy) -> Reason | None:
    limit, found = policy.max_attested_critical, attested_critical(assessments)
    if limit < 0 or found <= limit:
        return None
    return Reason(
        rule="share of critical points that rest on people's words",
        found=f"{found:.1f} %",
        allowed=f"at most {limit:g} %",
        criteria=_ids(a for a in assessments if a.severity is Severity.CRITICAL and a.attestation and a.earned),
        evidence_only=True,
    )


def _reachable(assessments: Sequence[Assessment], limit: float) -> bool:
    """Whether the limit would hold if everything that is merely unknown passed."""
    possible = sum(a.possible for a in assessments)
    best = sum(a.possible if a.open else a.earned for a in assessments)
    return possible == 0 or best * 100 >= limit * possible


def _agents(outcomes: Sequence[Outcome], policy: Policy) -> Iterable[Reason | None]:
    undone = sorted((o for o in outcomes if o.required and not o.done), key=lambda o: o.node)
    if policy.require_agents and not outcomes:
        yield Reason(rule="agents completed", found="none ran", allowed="all", evidence_only=True)
    for outcome in undone:
        if policy.requires(outcome.demand):
            found = f"{outcome.node} {outcome.ending.replace('_', ' ')}" + (
                f": {outcome.reason}" if outcome.reason else ""
            )
            yield Reason(rule="agents completed", found=found, allowed="all", evidence_only=True)


def _ids(assessments: Iterable[Assessment]) -> tuple[str, ...]:
    return tuple(sorted((a.criterion for a in assessments), key=criterion_order))
