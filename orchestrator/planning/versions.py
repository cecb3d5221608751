"""Tells the versions of checks, which take long to follow, once for each state of the sources that they follow from."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from ..contract.agent import Agent
from ..engine import installed
from ..host.kept import keep, kept
from ..journal.event import canonical, digest
from . import roster

_SHIPPED = "orchestrator.agents."


def versions(agents: Iterable[type[Agent]]) -> dict[str, str]:
    """
    The version of every check of *agents*, by its id.

    A version follows from sources alone (:attr:`orchestrator.Check.version`). Those of the agents that ship with gonogo
    are kept until the house, one of them, or what they are read with is another one.
    """
    listed = list(agents)
    shipped = [agent for agent in listed if agent.__module__.startswith(_SHIPPED)]
    of = digest(canonical([installed.house(), sys.version, metadata.version("pydantic"), _sources(shipped)]))
    own: dict[str, str] | None = kept(Path(__file__), of)
    if own is None:
        own = _told(shipped)
        keep(Path(__file__), of, own)
    return _told(agent for agent in listed if agent not in shipped) | own


def _told(agents: Iterable[type[Agent]]) -> dict[str, str]:
    return {check.id: check.version for agent in agents for check in agent.checks}


def _sources(agents: Iterable[type[Agent]]) -> list[tuple[str, str]]:
    return [(name, digest(data)) for name, data in roster.sources(agents)]
