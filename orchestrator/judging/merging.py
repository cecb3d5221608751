"""Findings on one criterion to its assessment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from ..domain.assessment import Assessment
from ..domain.criterion import Criterion, Severity
from ..domain.finding import Finding, Status
from ..domain.person import Attestation, Statement, Waiver
from .absence import OnlyAbsent, by_grounds

S = TypeVar("S", bound=Statement)


def merge(
    criterion: Criterion,
    findings: Iterable[Finding],
    *,
    not_applicable: str = "",
    waivers: Sequence[Waiver] = (),
    attestations: Sequence[Attestation] = (),
    critical_waivers: bool = True,
    only_absent: OnlyAbsent = by_grounds,
    today: date,
) -> Assessment:
    """
    Merge every finding on one criterion into its status.

    One failure decides; without one, one agent that could not tell withdraws a pass; only then does a pass count.
    A criterion that does not apply keeps a failure that rests on anything that was seen: *not applicable* never hides
    one. That something is absent is not a failure where it does not apply.
    The order of *findings* never matters.

    Args:
        criterion: The criterion in question.
        findings: What all agents said of it.
        not_applicable: The fact that makes it not applicable; empty where it applies.
        waivers: Accepted risks, on any criterion; expired ones do not count and are named in the reason.
        attestations: Facts stated by people, likewise.
        critical_waivers: Whether the risk of a critical criterion can be accepted.
        only_absent: Whether a failure says no more than that something is absent.
        today: The date that decides expiry, from the record.
    """
    ordered = tuple(sorted(set(findings), key=lambda finding: (finding.sort_key, _written(finding))))
    status, reason = _status(ordered, criterion, not_applicable, only_absent)
    waiver, expired_waiver = _valid(waivers, criterion.id, today)
    attestation, expired_attestation = _valid(attestations, criterion.id, today)
    for expired, word in ((expired_waiver, "waiver"), (expired_attestation, "attestation")):
        if expired is not None:
            reason += f"; the {word} of {expired.owner} expired on {expired.expires.isoformat()}"
    if waiver is not None and criterion.severity is Severity.CRITICAL and not critical_waivers:
        waiver = None
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


def _written(finding: Finding) -> str:
    """All of *finding*, so that no two have one place in an order; a record can hold text that no encoding has."""
    try:
        return finding.model_dump_json()
    except ValueError:
        return repr(finding)


def _status(
    findings: Sequence[Finding], criterion: Criterion, not_applicable: str, only_absent: OnlyAbsent
) -> tuple[Status, str]:
    by_status = {status: [f for f in findings if f.status is status] for status in Status}
    failures = by_status[Status.FAIL]
    if not_applicable:
        failures = [f for f in failures if not only_absent(f)]
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
