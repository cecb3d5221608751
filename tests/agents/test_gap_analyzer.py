"""What gap-analyzer shows beside its findings: gaps in the evidence, and progress."""

from __future__ import annotations

from orchestrator import Assessment, Brief, Criterion, Finding, Profile, Release, Severity, Status
from orchestrator.contract.testing import facts_of
from orchestrator.planning.roster import built_in


def criterion(number: int, severity: Severity, evidence: str) -> Criterion:
    return Criterion(
        id=f"INF-1.3.{number}",
        area="INF",
        section="1.3",
        severity=severity,
        statement="It holds.",
        why="It matters.",
        evidence=(evidence,),
        needs=f"what decides {number}",
        remedy="Mend it.",
        effort=1,
    )


def assessment(number: int, status: Status) -> Assessment:
    return Assessment(
        criterion=f"INF-1.3.{number}",
        area="INF",
        section="1.3",
        severity=Severity.HIGH,
        status=status,
        reason="",
    )


OPEN_DATABASE = {"db.tf": 'resource "aws_db_instance" "main" {\n  backup_retention_period = 0\n}\n'}


async def review(earlier: tuple[Assessment, ...] = ()) -> tuple[Brief, list[Finding]]:
    async def quote(sources):
        return {}

    brief = Brief(
        release=Release(name="shop", version="1.0.0"),
        profile=Profile(),
        criteria=(
            criterion(1, Severity.CRITICAL, "live"),
            criterion(3, Severity.CRITICAL, "imported-report"),
            criterion(6, Severity.HIGH, "repository"),
            criterion(9, Severity.MEDIUM, "repository"),
            criterion(10, Severity.CRITICAL, "repository"),
        ),
        facts=facts_of(OPEN_DATABASE),
        texts={},
        quote=quote,
        earlier=earlier,
    )
    agent = next(a for a in built_in() if a.id == "gap-analyzer")
    return brief, await agent().review(brief)


async def test_criteria_without_evidence_are_shown_by_what_they_need():
    """
    The largest group comes first, and within a group what is critical.
    """
    brief, findings = await review()

    assert "INF-1.3.1" in {f.criterion for f in findings}
    assert ["Where evidence is missing"] == [e.title for e in brief.exhibits]
    assert (
        ("repository", "INF-1.3.10", "critical", "what decides 10"),
        ("repository", "INF-1.3.6", "high", "what decides 6"),
        ("repository", "INF-1.3.9", "medium", "what decides 9"),
        ("imported-report", "INF-1.3.3", "critical", "what decides 3"),
    ) == brief.exhibits[0].rows
    assert "4 of 5 criteria have no finding, 2 of them critical" == brief.exhibits[0].note


async def test_progress_since_the_earlier_run():
    """
    A failure that is still there, one that is new, and one of which nothing is heard any more are told apart.
    """
    brief, _ = await review((assessment(1, Status.FAIL), assessment(5, Status.PASS), assessment(6, Status.FAIL)))
    progress = brief.exhibits[-1]

    assert "Progress since the earlier run" == progress.title
    changes = [(change, criterion) for change, criterion, _ in progress.rows]
    assert ("newly failing", "INF-1.3.5") in changes
    assert ("still open", "INF-1.3.1") in changes
    assert ("no longer found", "INF-1.3.6") == changes[-1]
