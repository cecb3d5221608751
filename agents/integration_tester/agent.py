"""The integration-tester agent, put together from its checks."""

from __future__ import annotations

from orchestrator import Agent, Brief, Finding, Pipelines, TestSuites, checks_of

from . import artefacts, building, gates
from ._checklist import checklist


class IntegrationTester(Agent):
    """Every commit is built and tested, and nothing ships untested."""

    id = "integration-tester"
    criteria = ("DEP-5.1.1", "DEP-5.1.2", "DEP-5.1.3", "DEP-5.1.7", "DEP-5.1.9", "DEP-5.4.1")
    checks = checks_of(building, artefacts, gates)

    async def review(self, brief: Brief) -> list[Finding]:
        """Judge its criteria, and show the deployment checklist."""
        findings = await brief.judge(self.checks)
        if all(kind in brief.facts for kind in (Pipelines, TestSuites)):
            brief.show(checklist(brief[Pipelines], brief[TestSuites], findings))
        return findings
