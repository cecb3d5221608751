"""Finds agents: built in, from other packages, and named in the configuration."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

from ..contract.agent import Agent
from ..errors import AgentLoadError

GROUP = "orchestrator.agents"
"""Entry-point group of agents in other packages."""


def load(local: Sequence[str] = (), folder: Path | None = None) -> dict[str, type[Agent]]:
    """
    Every agent by id: built in, from entry points, and *local* ones.

    Args:
        local: ``module:Class`` each.
        folder: Where local modules are looked for first.

    Raises:
        AgentLoadError: One cannot be imported, is not an agent, or takes the id of another.
    """
    agents = {agent.id: agent for agent in built_in()}
    for point in sorted(metadata.entry_points(group=GROUP), key=lambda p: p.name):
        _add(agents, _imported(point.value), f"entry point '{point.name}'")
    if local and folder is not None and str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    for name in local:
        _add(agents, _imported(name), f"'{name}' in readiness.yaml")
    return dict(sorted(agents.items()))


@cache
def built_in() -> tuple[type[Agent], ...]:
    """The agents that ship with gonogo, sorted by id; each is ``agents/<name>.py`` or ``agents/<name>/agent.py``."""
    package = importlib.import_module("orchestrator.agents")
    names = [module.name for module in pkgutil.iter_modules(package.__path__) if not module.ispkg]
    names += [f"{folder}.agent" for folder in _folders(package.__path__)]
    return tuple(sorted((_agent_of(f"orchestrator.agents.{name}") for name in names), key=lambda agent: agent.id))


def sources(agents: Iterable[type[Agent]]) -> list[tuple[str, bytes]]:
    """(name, content) of every source file that makes up *agents*, with what they import of their own, sorted."""
    found: dict[str, bytes] = {}
    for agent in agents:
        file = sys.modules[agent.__module__].__file__
        if file is None:
            continue
        path = Path(file)
        if agent.__module__.startswith("orchestrator.agents."):
            files = sorted(path.parent.glob("*.py")) if path.name == "agent.py" else [path]
            found.update({f"{agent.id}/{f.name}": f.read_bytes() for f in files})
        else:
            root = path.parents[agent.__module__.count(".") + (path.name == "__init__.py")]
            files = [path, *_beside(agent.__module__.partition(".")[0], root)]
            found.update({f"{agent.id}/{f.relative_to(root).as_posix()}": f.read_bytes() for f in files})
    return sorted(found.items())


def _beside(package: str, root: Path) -> list[Path]:
    """Files of *package* that are loaded, and of everything else below *root* that is nobody's but the user's."""
    house = Path(__file__).parents[1]
    installed = "site-packages" in root.parts
    files = set()
    for name, module in list(sys.modules.items()):
        path = Path(getattr(module, "__file__", None) or "")
        if path.suffix != ".py" or root not in path.parents or house in path.parents:
            continue
        own = not installed and not name.startswith("orchestrator.") and "site-packages" not in path.parts
        if own or name.partition(".")[0] == package:
            files.add(path)
    return sorted(files)


def _folders(paths: Iterable[str]) -> list[str]:
    """Folders that hold an ``agent.py``; they have no ``__init__.py``, so pkgutil does not list them."""
    return sorted({f.parent.name for path in paths for f in Path(path).glob("*/agent.py")})


def _add(agents: dict[str, type[Agent]], agent: type[Agent], said: str) -> None:
    if not agent.id or agent.id in agents:
        what = f"takes the id of another agent: '{agent.id}'" if agent.id else "has no id"
        raise AgentLoadError(f"the agent of {said} {what}", remedy="give the class an id of its own")
    agents[agent.id] = agent


def _imported(name: str) -> type[Agent]:
    module, _, attribute = name.partition(":")
    try:
        value = getattr(importlib.import_module(module), attribute)
    except Exception as error:
        raise AgentLoadError(
            f"agent '{name}' cannot be imported: {type(error).__name__}: {error}",
            remedy="fix it or remove it; going on without it would be a false pass",
        ) from error
    if not (isinstance(value, type) and issubclass(value, Agent)):
        raise AgentLoadError(f"'{name}' is not an agent", remedy="name a class that derives from orchestrator.Agent")
    return value


def _agent_of(module: str) -> type[Agent]:
    try:
        loaded = importlib.import_module(module)
    except Exception as error:
        raise AgentLoadError(
            f"agent module '{module}' cannot be imported: {type(error).__name__}: {error}",
            remedy="fix the module; going on without it would be a false pass",
        ) from error
    own = [
        value
        for value in vars(loaded).values()
        if isinstance(value, type) and issubclass(value, Agent) and value is not Agent and value.__module__ == module
    ]
    if len(own) != 1:
        raise AgentLoadError(f"agent module '{module}' defines {len(own)} agents, expected one")
    return own[0]
