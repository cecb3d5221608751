"""The geist-analyzer agent, put together from ghost, geyser and gist."""

from __future__ import annotations

from orchestrator import Agent, Brief, DataStores, EvidenceUnavailable, Finding

from .geyser import SIGNALS, geyser
from .ghost import ghost
from .gist import gist


class GeistAnalyzer(Agent):
    """What is unknown, what grows, and what is essential."""

    id = "geist-analyzer"
    criteria = ()
    reads = SIGNALS

    async def review(self, brief: Brief) -> list[Finding]:
        """Show three tables that are read off the facts; they decide nothing."""
        brief.show(ghost(brief.facts, brief.profile))
        brief.show(geyser(brief.facts, brief.profile, _stores(brief)))
        brief.show(gist(brief.facts))
        return []


def _stores(brief: Brief) -> DataStores:
    """The data stores of the tree; none where what they are told from was not extracted."""
    try:
        return brief[DataStores]
    except EvidenceUnavailable:
        return DataStores()
