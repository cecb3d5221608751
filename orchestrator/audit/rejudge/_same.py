"""Tells whether the code of today is the one that made a record."""

from __future__ import annotations

from collections.abc import Mapping

from ...contract.agent import Agent
from ...engine import installed
from ...journal.event import canonical, digest
from ...journal.manifest import RunManifest
from ...planning import roster


def same_code(manifest: RunManifest, agents: Mapping[str, type[Agent]]) -> bool:
    """Whether *agents*, and gonogo itself, are what the run of *manifest* was made with."""
    sources = [(name, digest(data)) for name, data in roster.sources(agents.values())]
    today = {"agents": digest(canonical(sources)), "gonogo": installed.house()}
    return all(manifest.digests.get(name) == said for name, said in today.items())
