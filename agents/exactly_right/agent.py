"""The exactly-right agent, put together from its checks."""

from __future__ import annotations

from orchestrator import Agent, Brief, Finding, checks_of

from . import health, journeys
from .rereading import reread


class ExactlyRight(Agent):
    """Critical paths have no defect, and what others found is true."""

    id = "exactly-right"
    criteria = ("DEP-5.4.2", "DEP-5.4.3")
    checks = checks_of(health, journeys)

    async def review(self, brief: Brief) -> list[Finding]:
        """Run the checks, then read again what others rested their findings on."""
        findings = await brief.judge(self.checks)
        again = await reread(brief)
        brief.show(again.exhibit)
        return findings + await brief.cite([(f"{self.id}.rereading", draft) for draft in again.doubts])
