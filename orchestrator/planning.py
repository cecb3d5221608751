"""This is where it is settled what will be reviewed, by whom and by which rules, before anything is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from . import config as configuration
from .agent import Agent
from .catalogue.loader import catalogue, extended
from .config import ConfigFile
from .domain.criterion import Catalogue
from .domain.policy import Policy
from .domain.signal import Signal
from .engine import roster
from .errors import ConfigError, WorkflowError
from .evidence import profile as profiling
from .evidence.snapshot import Snapshot, open_snapshot
from .evidence.tree import MAX_FILE_BYTES
from .logs import logger
from .workflow import graph
from .workflow.graph import Workflow
from .workflow.model import NodeSpec

_log = logger("planning")
ONLY_CONFIG = ("/*", f"!/{configuration.FILE_NAME}")
"""What leaves nothing of a tree but its configuration, which may say that the rest is not all of the release."""


@dataclass(frozen=True)
class Request:
    """
    What the user asked for.

    Args:
        path: What to review.
        revision: Of the repository; ``HEAD`` when empty.
        worktree: The files as they are instead of a commit.
        config: A configuration outside the tree; else ``readiness.yaml`` in it.
        workflow: Name of a workflow that ships, or the path of a file.
        name: Of the release.
        version: Of the release.
        trust: Whether agents that the tree's own configuration names may be imported.
        fail_fast: Skip phases behind a closed gate instead of judging on.
        model: Name of the model that takes a second look at what passes; nobody is asked where it is empty.
    """

    path: str = "."
    revision: str = ""
    worktree: bool = False
    config: str = ""
    workflow: str = ""
    name: str = ""
    version: str = ""
    trust: bool = False
    fail_fast: bool = False
    model: str = ""


@dataclass(frozen=True)
class Plan:
    """Everything that is settled before the first agent starts."""

    snapshot: Snapshot
    config: ConfigFile
    config_data: bytes
    agents: Mapping[str, type[Agent]]
    catalogue: Catalogue
    workflow: Workflow
    workflow_data: bytes
    policy: Policy

    @property
    def signals(self) -> tuple[Signal, ...]:
        """Every signal that the agents of the workflow and the profile read."""
        return signals(self.workflow, self.agents)

    @property
    def paths(self) -> tuple[str, ...]:
        """Every single file that an agent of the workflow asks for."""
        return paths(self.workflow, self.agents)


def signals(workflow: Workflow, agents: Mapping[str, type[Agent]]) -> tuple[Signal, ...]:
    """Every signal that the *agents* of *workflow* and the profile read."""
    named = {node.agent for node in workflow.nodes.values()}
    named |= {phase.on_failure for phase in workflow.spec.phases if phase.on_failure}
    wanted = [s for name in sorted(named) for check in agents[name].checks for s in check.reads]
    wanted += [s for name in sorted(named) for s in agents[name].reads]
    return tuple({s.id: s for s in (*profiling.SIGNALS, *wanted)}.values())


def paths(workflow: Workflow, agents: Mapping[str, type[Agent]]) -> tuple[str, ...]:
    """Every single file that one of the *agents* of *workflow* asks for."""
    named = {node.agent for node in workflow.nodes.values()}
    return tuple(sorted({probe.path for name in named for probe in agents[name].probes()}))


def plan(request: Request) -> Plan:
    """
    Settle what will be reviewed, by whom and by which rules; touches nothing.

    Raises:
        OrchestratorError: Something the user can mend.
    """
    snapshot, config, data = configured(request)
    agents = roster.load(config.config.agents, _agents_folder(request, config))
    criteria = extended(catalogue(), [c for agent in agents.values() for c in agent.declares])
    config.check_criteria(criteria.criteria)
    workflow, workflow_data = _workflow(request.workflow or config.config.workflow or "release-review", agents)
    workflow = _joined(workflow, config.config.agents, agents)
    if request.fail_fast:
        workflow = _failing_fast(workflow)
    policy = configuration.policy(workflow.spec.policy, config.config)
    _log.info("planned", release=snapshot.release.name, commit=snapshot.release.commit, workflow=workflow.spec.name)
    return Plan(snapshot, config, data, agents, criteria, workflow, workflow_data, policy)


def configured(request: Request) -> tuple[Snapshot, ConfigFile, bytes]:
    """The snapshot, and the configuration that may rename it or leave paths out of it; nothing of either is run."""
    if request.config:
        try:
            data: bytes | None = Path(request.config).read_bytes()
        except OSError as error:
            raise ConfigError(f"'{request.config}' cannot be read: {error.strerror}") from None
        config = configuration.parse(data, request.config)
    else:
        data = _tree_config(_open(request, ONLY_CONFIG))
        config = configuration.parse(data, configuration.FILE_NAME)
    said = config.config
    named = Request(
        **{
            **asdict(request),
            "name": request.name or said.release.name,
            "version": request.version or said.release.version,
        }
    )
    return _open(named, said.exclude), config, data or b""


def _open(request: Request, exclude: Sequence[str]) -> Snapshot:
    return open_snapshot(
        Path(request.path),
        revision=request.revision,
        worktree=request.worktree,
        name=request.name,
        version=request.version,
        exclude=exclude,
    )


def _tree_config(snapshot: Snapshot) -> bytes | None:
    found = next((f for f in snapshot.tree.entries if f.path == configuration.FILE_NAME), None)
    if found is None:
        return None
    if found.kind == "file" and found.size <= MAX_FILE_BYTES:
        for _, data in snapshot.tree.read([found]):
            return data
    what = f"a {found.kind}" if found.kind in ("symlink", "submodule") else "too large, or cannot be read"
    raise ConfigError(
        f"{configuration.FILE_NAME} is {what}",
        where=found.path,
        remedy="commit it as a file, or name one outside the tree: --config FILE",
    )


def _agents_folder(request: Request, config: ConfigFile) -> Path | None:
    if not config.config.agents:
        return None
    if request.config:
        return Path(request.config).resolve().parent
    if not request.trust:
        raise ConfigError(
            f"readiness.yaml names agents of the reviewed tree: {', '.join(config.config.agents)}",
            where=config.path,
            remedy="nothing from a reviewed tree is run unless you say so: --trust",
        )
    return Path(request.path).resolve()


def _workflow(name: str, agents: Mapping[str, type[Agent]]) -> tuple[Workflow, bytes]:
    if name.endswith((".yaml", ".yml")):
        try:
            data = Path(name).read_bytes()
        except OSError as error:
            raise WorkflowError(f"'{name}' cannot be read: {error.strerror}") from None
        return graph.load(data, name, agents), data
    shipped = workflows()
    if name not in shipped:
        raise WorkflowError(
            f"no workflow '{name}'", remedy=f"there are {', '.join(sorted(shipped))}, or name a .yaml file"
        )
    return graph.load(shipped[name], f"workflows/{name}.yaml", agents), shipped[name]


def workflows() -> dict[str, bytes]:
    """The workflows that ship, by name."""
    return {f.name.removesuffix(".yaml"): f.read_bytes() for f in shipped("workflows") if f.name.endswith(".yaml")}


def shipped(folder: str) -> list[Any]:
    """The files of a folder that lies inside the package in a wheel and beside it in a checkout."""
    inside = resources.files(__package__) / folder
    place = inside if inside.is_dir() else Path(__file__).parent.parent / folder
    return sorted(place.iterdir(), key=lambda f: f.name)


def _joined(workflow: Workflow, local: Sequence[str], agents: Mapping[str, type[Agent]]) -> Workflow:
    """*workflow* with the configuration's own agents in its first phase, where it does not name them itself."""
    named = {node.agent for node in workflow.nodes.values()}
    own = [id_ for id_, agent in agents.items() if f"{agent.__module__}:{agent.__name__}" in local and id_ not in named]
    if not own:
        return workflow
    first = workflow.spec.phases[0]
    nodes = (*first.nodes, *(NodeSpec(agent=id_) for id_ in own))
    phases = (first.model_copy(update={"nodes": nodes}), *workflow.spec.phases[1:])
    return graph.build(workflow.spec.model_copy(update={"phases": phases}))


def _failing_fast(workflow: Workflow) -> Workflow:
    phases = tuple(
        p.model_copy(update={"gate": p.gate.model_copy(update={"when_closed": "skip"})}) if p.gate else p
        for p in workflow.spec.phases
    )
    return graph.build(workflow.spec.model_copy(update={"phases": phases}))
