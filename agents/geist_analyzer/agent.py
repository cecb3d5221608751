"""This is where geist-analyzer is put together."""

from __future__ import annotations

from orchestrator import Agent


class GeistAnalyzer(Agent):
    """What is unknown, what grows, and what is essential."""

    id = "geist-analyzer"
    criteria = ()
