"""The deployment-orchestrator agent, put together from its checks."""

from __future__ import annotations

from orchestrator import Agent, Brief, Finding, Infrastructure, Kubernetes, Migrations, Workloads, checks_of

from . import (
    autoscaling,
    availability,
    dead_letters,
    delivery,
    flags,
    health,
    resilience,
    rollback,
    trials,
    undo,
    validation,
)
from ._plan import plan


class DeploymentOrchestrator(Agent):
    """The release goes out in small steps, and comes back as quickly."""

    id = "deployment-orchestrator"
    criteria = (
        "INF-1.1.*",
        "INF-1.2.*",
        "DEP-5.1.4",
        "DEP-5.1.5",
        "DEP-5.1.6",
        "DEP-5.1.8",
        "DEP-5.2.*",
        "DEP-5.3.*",
        "DEP-5.4.4",
        "DEP-5.4.5",
        "DEP-5.4.6",
        "DEP-5.4.7",
    )
    checks = checks_of(
        autoscaling, health, availability, resilience, dead_letters, delivery, rollback, undo, flags, validation, trials
    )

    async def review(self, brief: Brief) -> list[Finding]:
        """Run the checks; where plans are wanted, show the rollout as it would go."""
        findings = await brief.judge(self.checks)
        if brief.rehearse and all(fact in brief.facts for fact in (Kubernetes, Infrastructure, Migrations)):
            exhibit = plan(brief[Kubernetes], brief[Workloads], brief[Migrations])
            if exhibit is not None:
                brief.show(exhibit)
        return findings
