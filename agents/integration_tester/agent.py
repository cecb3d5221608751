"""This is where integration-tester is put together."""

from __future__ import annotations

from orchestrator import Agent, checks_of

from . import artefacts, building


class IntegrationTester(Agent):
    """Every commit is built and tested, and nothing ships untested."""

    id = "integration-tester"
    criteria = ("DEP-5.1.1", "DEP-5.1.2", "DEP-5.1.3", "DEP-5.1.7", "DEP-5.1.9", "DEP-5.4.1")
    checks = checks_of(building, artefacts)
