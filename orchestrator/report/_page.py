"""Gathers the parts of the HTML page, each bounded so that the page stays small."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..domain.assessment import Assessment
from ..domain.finding import Finding, Status
from ..domain.result import AreaSummary, CriterionText, RemediationItem, Result
from . import select

MAX_FINDINGS = 20
PAGE_FINDINGS = 1500
MAX_EVIDENCE = 3
MAX_PLAN = 300
GATE_IDS = 12
UNFOLDED = 4
_MORE = re.compile(r" \(and \d+ more\)$")
_NONE = CriterionText(statement="", why="", needs="", remedy="", effort=0.0, section_title="")


@dataclass(frozen=True)
class Limits:
    """How much of each thing the page holds; the rest is in verdict.json."""

    findings: int
    evidence: int = MAX_EVIDENCE
    excerpt: int = 300
    message: int = 600
    path: int = 240
    cell: int = 300
    rows: int = 200

    @classmethod
    def of(cls, document: Result) -> Limits:
        """Twenty findings per criterion, fewer where that would make the page too large."""
        sizes = [len(a.findings) for a in document.assessments]
        fits = (n for n in (MAX_FINDINGS, 10, 5, 3, 2) if sum(min(size, n) for size in sizes) <= PAGE_FINDINGS)
        return cls(findings=next(fits, 1))


@dataclass(frozen=True)
class GateLine:
    """One rule that does not hold."""

    rule: str
    found: str
    allowed: str
    criteria: tuple[str, ...]
    hidden: int
    evidence_only: bool


@dataclass(frozen=True)
class Banner:
    """What stands above the fold."""

    tone: str
    clause: str
    deployment: str
    gate: tuple[GateLine, ...]
    blocking: tuple[Assessment, ...]
    hidden: int
    """Failures that are not in *blocking*."""
    few: bool
    """Whether the critical failures are so few that they are shown unfolded."""


@dataclass(frozen=True)
class Row:
    """One criterion with everything that is shown of it."""

    assessment: Assessment
    state: str
    text: CriterionText
    message: str
    reason: str
    findings: tuple[Finding, ...]
    hidden: int


@dataclass(frozen=True)
class SectionView:
    """The criteria of one section."""

    id: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class AreaView:
    """One area: its numbers, its bar and its sections."""

    id: str
    title: str
    percent: str
    counts: Mapping[str, int]
    segments: tuple[tuple[str, float, float], ...]
    """State, start and width of each part of the bar, of 100."""
    label: str
    sections: tuple[SectionView, ...]


_RESERVES = {"words": "attested", "rules": "unknown"}
"""The tone of a ready release that does not rest on evidence alone."""


def banner(document: Result) -> Banner:
    """The verdict and what stands in its way."""
    failing = select.blocking(document)
    tones = {0: "pass", 3: "unknown"}
    gate = tuple(
        GateLine(
            r.rule,
            r.found,
            select.allowed(r),
            r.criteria[:GATE_IDS],
            max(len(r.criteria) - GATE_IDS, 0),
            r.evidence_only,
        )
        for r in select.gate(document)
    )
    return Banner(
        tone=_RESERVES.get(select.reserved(document)) or tones.get(document.exit_code, "fail"),
        clause=select.meaning(document),
        deployment=select.deployment(document),
        gate=gate,
        blocking=tuple(failing[:GATE_IDS]),
        hidden=max(len(failing) - GATE_IDS, 0),
        few=sum(a.severity.rank == 0 for a in failing) <= UNFOLDED,
    )


def facts(document: Result) -> list[tuple[str, str, bool]]:
    """What ran on what: label, value, and whether it is code."""
    run, release = document.run, document.release
    rows = [
        ("release", f"{release.name} {release.version}", False),
        ("source", f"{release.source}{', ' + release.ref if release.ref else ''}, history {release.history}", False),
        ("commit", release.commit, True),
        ("tree", release.tree, True),
        ("run", run.id, True),
        ("time", f"{run.started} to {run.finished} ({select.spoken(run.seconds)})", False),
        ("workflow", f"{run.workflow}, {run.mode}", False),
        ("tool", run.tool, False),
        ("config", run.config or "none", False),
        ("policy", _policy(document), False),
        ("journal", f"{select.counted(document.journal.events, 'event')} up to the verdict", False),
        ("head at the verdict", document.journal.head, True),
    ]
    rows += [(f"digest of {name}", value, True) for name, value in sorted(run.digests.items())]
    return [row for row in rows if row[1]]


def areas(document: Result, limits: Limits) -> list[AreaView]:
    """Every area in the document's order, then any that only criteria name."""
    grouped: dict[str, list[Assessment]] = {area.id: [] for area in document.areas}
    for assessment in select.in_order(document):
        grouped.setdefault(assessment.area, []).append(assessment)
    known = {area.id: area for area in document.areas}
    return [_area(document, known.get(name), name, ours, limits) for name, ours in grouped.items()]


def plan(document: Result) -> tuple[list[RemediationItem], int, float]:
    """What to do, worst and quickest first; how many items are left out; and the hours of all."""
    ranks = {severity: rank for rank, severity in enumerate(select.SEVERITIES)}
    items = sorted(
        document.remediation, key=lambda item: (item.status != "fail", ranks.get(item.severity, 9), item.effort)
    )
    return items[:MAX_PLAN], max(len(items) - MAX_PLAN, 0), sum(item.effort for item in items)


def _area(document: Result, summary: AreaSummary | None, name: str, ours: list[Assessment], limits: Limits) -> AreaView:
    sections: dict[str, list[Row]] = {}
    for assessment in ours:
        sections.setdefault(assessment.section, []).append(_row(document, assessment, limits))
    counts = select.counts(ours)
    percent = select.percent(summary.earned, summary.possible) if summary else ""
    words = ", ".join(f"{counts[s]} {select.WORDS[s].lower()}" for s in select.STATES if counts[s])
    title = summary.title if summary else name
    return AreaView(
        id=name,
        title=title,
        percent=percent,
        counts=counts,
        segments=_segments(counts),
        label=f"{title}: {percent or 'nothing applies'}; {words or 'no criteria'}",
        sections=tuple(
            SectionView(section, rows[0].text.section_title, tuple(rows)) for section, rows in sections.items()
        ),
    )


def _segments(counts: Mapping[str, int]) -> tuple[tuple[str, float, float], ...]:
    order = ("pass", "attested", "waived", "unknown", "fail", "not_applicable")
    total = sum(counts.values()) or 1
    found, at = [], 0.0
    for state in order:
        width = counts[state] * 100 / total
        if width:
            found.append((state, round(at, 2), round(width, 2)))
        at += width
    return tuple(found)


def _row(document: Result, assessment: Assessment, limits: Limits) -> Row:
    text = document.criteria.get(assessment.criterion, _NONE)
    reason = _MORE.sub("", assessment.reason).removeprefix(f"no evidence; needs: {text.needs}").removeprefix("; ")
    first = sorted(assessment.findings, key=lambda f: f.status != assessment.status)[: limits.findings]
    return Row(
        assessment=assessment,
        state=select.state(assessment),
        text=text,
        message=_message(assessment),
        reason="" if not assessment.applicable or any(f.message == reason for f in assessment.findings) else reason,
        findings=tuple(first),
        hidden=len(assessment.findings) - len(first),
    )


def _message(assessment: Assessment) -> str:
    """What stands under the statement of a folded criterion; nothing where all is well or nothing was found."""
    if assessment.status is Status.NOT_APPLICABLE:
        return assessment.reason
    return select.headline(assessment) if assessment.findings and assessment.status is not Status.PASS else ""


def _policy(document: Result) -> str:
    policy = document.policy
    limits = {
        "critical failures": policy.max_failed_critical,
        "high failures": policy.max_failed_high,
        "medium failures": policy.max_failed_medium,
        "critical unknowns": policy.max_unknown_critical,
    }
    said = [f"at most {limit} {what}" for what, limit in limits.items() if limit >= 0]
    said += [f"score at least {policy.min_score:g} %"] if policy.min_score >= 0 else []
    said += [f"{area} at least {limit:g} %" for area, limit in sorted(policy.min_area_score.items())]
    return f"{policy.name}: {', '.join(said)}"
