"""This is where deployment-orchestrator is put together."""

from __future__ import annotations

from orchestrator import Agent, checks_of

from . import autoscaling, availability, delivery, flags, health, resilience, rollback, undo


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
    checks = checks_of(autoscaling, health, availability, resilience, delivery, rollback, undo, flags)
