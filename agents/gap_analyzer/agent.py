"""The gap-analyzer agent, put together from its checks."""

from __future__ import annotations

from orchestrator import Agent, Brief, Finding, checks_of

from . import (
    disaster_recovery,
    held_data,
    privacy,
    recovery_drills,
    reporting,
    rightsizing,
    scaling_in,
    spending,
    waste,
)
from ._exhibits import missing_evidence, progress


class GapAnalyzer(Agent):
    """Nothing that production needs has been forgotten."""

    id = "gap-analyzer"
    criteria = ("INF-1.3.*", "CST-7.1.*", "CST-7.3.*", "CMP-8.1.*", "CMP-8.4.*")
    checks = checks_of(
        disaster_recovery,
        recovery_drills,
        rightsizing,
        scaling_in,
        spending,
        waste,
        privacy,
        held_data,
        reporting,
    )

    async def review(self, brief: Brief) -> list[Finding]:
        """Judge its criteria, and show what is still without evidence and what changed since the earlier run."""
        findings = await brief.judge(self.checks)
        known = (*brief.findings, *findings)
        for exhibit in (missing_evidence(brief.criteria, known), progress(brief.earlier, known, brief.criteria)):
            if exhibit is not None:
                brief.show(exhibit)
        return findings
