"""This is where requirements-analyzer is put together."""

from __future__ import annotations

from orchestrator import Agent


class RequirementsAnalyzer(Agent):
    """Each requirement leads to criteria and to tests."""

    id = "requirements-analyzer"
    criteria = ()
