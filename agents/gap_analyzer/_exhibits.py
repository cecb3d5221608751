"""Makes gap-analyzer's tables: what has no evidence, and what changed since the earlier run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orchestrator import Assessment, Criterion, Exhibit, Finding, Status

_WORST = (Status.FAIL, Status.UNKNOWN, Status.PASS)


def missing_evidence(criteria: Sequence[Criterion], findings: Iterable[Finding]) -> Exhibit | None:
    """
    The criteria about which nobody has found anything, grouped by the kind of evidence that would decide them.

    Critical ones come first within a group, and groups come in the order of how many criteria they would decide.
    """
    spoken = {finding.criterion for finding in findings}
    silent = [criterion for criterion in criteria if criterion.id not in spoken]
    if not silent:
        return None
    groups: dict[str, list[Criterion]] = {}
    for criterion in silent:
        groups.setdefault(_kind(criterion), []).append(criterion)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    rows = tuple(
        (kind, criterion.id, criterion.severity.value, criterion.needs or criterion.statement)
        for kind, members in ordered
        for criterion in sorted(members, key=lambda c: (c.severity.rank, c.sort_key))
    )
    critical = sum(1 for criterion in silent if criterion.severity.value == "critical")
    return Exhibit(
        title="Where evidence is missing",
        note=f"{len(silent)} of {len(criteria)} criteria have no finding, {critical} of them critical",
        columns=("evidence", "criterion", "severity", "needs"),
        rows=rows,
    )


def progress(
    earlier: Sequence[Assessment], findings: Iterable[Finding], criteria: Sequence[Criterion]
) -> Exhibit | None:
    """
    What became of the earlier run's failures, and what fails now that did not then.

    A failure about which nothing is said any more is not called mended: it may have been taken out of sight.
    """
    if not earlier:
        return None
    before = {assessment.criterion: assessment.status for assessment in earlier}
    now: dict[str, Finding] = {}
    for finding in sorted(findings, key=lambda f: (_WORST.index(f.status), f.sort_key)):
        now.setdefault(finding.criterion, finding)
    rows: list[tuple[str, str, str]] = []
    for criterion, finding in now.items():
        was, status = before.get(criterion), finding.status
        if status is Status.FAIL and was is Status.FAIL:
            rows.append(("still open", criterion, finding.message))
        elif status is Status.FAIL:
            rows.append(("newly failing", criterion, finding.message))
        elif status is Status.PASS and was is Status.FAIL:
            rows.append(("mended", criterion, finding.message))
    rows.extend(
        ("no longer found", criterion.id, criterion.needs or criterion.statement)
        for criterion in criteria
        if criterion.id not in now and before.get(criterion.id) is Status.FAIL
    )
    rows.sort(key=lambda row: (_ORDER.index(row[0]), row[1]))
    counts = ", ".join(f"{sum(1 for row in rows if row[0] == change)} {change}" for change in _ORDER)
    return Exhibit(
        title="Progress since the earlier run",
        note=counts,
        columns=("change", "criterion", "now"),
        rows=tuple(rows),
    )


_ORDER = ("newly failing", "still open", "mended", "no longer found")


def _kind(criterion: Criterion) -> str:
    return criterion.evidence[0] if criterion.evidence else "any"
