"""Findings to a verdict by derivations 1 and 2; pure from end to end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from ..domain.assessment import Assessment, Gate, Reason, Score, Verdict
from ..domain.criterion import Criterion, Severity, criterion_order
from ..domain.finding import Finding, Status
from ..domain.outcome import Outcome
from ..domain.person import Attestation, Statement, Waiver
from ..domain.policy import Policy

READY = "PRODUCTION READY"
ROLLBACK = "ROLLBACK"

S = TypeVar("S", bound=Statement)

EXIT_READY, EXIT_NOT_READY, EXIT_COULD_NOT_JUDGE = 0, 1, 3


def merge(
    criterion: Criterion,
    findings: Iterable[Finding],
    *,
    not_applicable: str = "",
    waivers: Sequence[Waiver] = (),
    attestations: Sequence[Attestation] = (),
    today: date,
) -> Assessment:
    """
    Merge every finding on one criterion into its status.

    One failure decides; without one, one agent that could not tell takes a pass back; only then does a pass count.
    A criterion that does not apply keeps a failure that somebody saw at a place: *not applicable* never hides one. That
    something is absent is no failure where it does not apply.
    The order of *findings* never matters.

    Args:
        criterion: The criterion in question.
        findings: What all agents said of it.
        not_applicable: The fact that makes it not applicable; empty where it applies.
        waivers: Accepted risks, on any criterion; expired ones do not count and are named in the reason.
        attestations: Facts stated by people, likewise.
        today: The date that decides expiry, from the record.
    """
    ordered = tuple(sorted(set(findings), key=lambda finding: (finding.sort_key, finding.model_dump_json())))
    status, reason = _status(ordered, criterion, not_applicable)
    waiver, expired_waiver = _valid(waivers, criterion.id, today)
    attestation, expired_attestation = _valid(attestations, criterion.id, today)
    for expired, word in ((expired_waiver, "waiver"), (expired_attestation, "attestation")):
        if expired is not None:
            reason += f"; the {word} of {expired.owner} expired on {expired.expires.isoformat()}"
    return Assessment(
        criterion=criterion.id,
        area=criterion.area,
        section=criterion.section,
        severity=criterion.severity,
        status=status,
        reason=reason,
        waiver=waiver if status in (Status.FAIL, Status.UNKNOWN) else None,
        attestation=attestation if status is Status.UNKNOWN else None,
        findings=ordered,
    )


def score(assessments: Iterable[Assessment]) -> Score:
    """Points earned over points possible, and their band; nothing applicable scores zero."""
    earned = possible = 0
    for assessment in assessments:
        earned += assessment.earned
        possible += assessment.possible
    percent = earned * 1000 // possible / 10 if possible else 0.0
    return Score(earned=earned, possible=possible, percent=percent, band=band(percent))


def band(percent: float) -> str:
    """The name of a score: ≥ 90 Production Ready, ≥ 75 Mostly Ready, ≥ 60 Needs Work, else Not Ready."""
    if percent >= 90:
        return "Production Ready"
    if percent >= 75:
        return "Mostly Ready"
    return "Needs Work" if percent >= 60 else "Not Ready"


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


def _status(findings: Sequence[Finding], criterion: Criterion, not_applicable: str) -> tuple[Status, str]:
    by_status = {status: [f for f in findings if f.status is status] for status in Status}
    failures = by_status[Status.FAIL]
    if not_applicable:
        failures = [f for f in failures if f.location is not None]
    if failures:
        return Status.FAIL, _said(failures)
    if not_applicable:
        return Status.NOT_APPLICABLE, not_applicable
    if doubts := by_status[Status.UNKNOWN]:
        return Status.UNKNOWN, _said(doubts)
    if passes := by_status[Status.PASS]:
        return Status.PASS, _said(passes)
    return Status.UNKNOWN, f"no evidence; needs: {criterion.needs}" if criterion.needs else "no evidence"


def _said(findings: Sequence[Finding]) -> str:
    messages = dict.fromkeys(finding.message for finding in findings)
    first = next(iter(messages))
    return first if len(messages) == 1 else f"{first} (and {len(messages) - 1} more)"


def _valid(statements: Sequence[S], criterion: str, today: date) -> tuple[S | None, S | None]:
    """The statement on *criterion* that lasts longest if it is valid, and if not, that one as the expired."""
    ours = sorted((s for s in statements if s.criterion == criterion), key=lambda s: (s.expires, s.owner, s.reason))
    if not ours:
        return None, None
    last = ours[-1]
    return (None, last) if last.expired_on(today) else (last, None)


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
        if _demanded(outcome, policy):
            found = f"{outcome.node} {outcome.ending.replace('_', ' ')}" + (
                f": {outcome.reason}" if outcome.reason else ""
            )
            yield Reason(rule="agents completed", found=found, allowed="all", evidence_only=True)


def _demanded(outcome: Outcome, policy: Policy) -> bool:
    if outcome.phase == "release":
        return policy.require_release_steps
    return policy.require_production_validation if outcome.phase == "production" else policy.require_agents


def _ids(assessments: Iterable[Assessment]) -> tuple[str, ...]:
    return tuple(sorted((a.criterion for a in assessments), key=criterion_order))
