"""This is where root-cause-finder is put together."""

from __future__ import annotations

from orchestrator import Agent


class RootCauseFinder(Agent):
    """Failures are grouped by their likely cause."""

    id = "root-cause-finder"
    criteria = ()
