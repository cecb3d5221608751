"""This is where everything is put together: a path goes in, a recorded run with a verdict comes out."""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import networkx

from . import __version__
from . import config as configuration
from .agent import Agent
from .catalogue.loader import catalogue, extended
from .config import ConfigFile
from .domain.assessment import Assessment
from .domain.criterion import Catalogue
from .domain.policy import Policy
from .domain.profile import Profile
from .domain.signal import Signal
from .engine import conclude as concluding
from .engine import facts as collecting
from .engine import gate, roster
from .engine.coordinator import Coordinator
from .engine.executor import LocalExecutor
from .engine.task import NodeResult
from .engine.work import AgentWork
from .errors import ConfigError, OrchestratorError, RecordBroken, RunNotFound, UsageError, WorkflowError
from .evidence import profile as profiling
from .evidence.facts.wanted import Wanted
from .evidence.snapshot import Snapshot, open_snapshot
from .evidence.tree import MAX_FILE_BYTES
from .journal.clock import Clock
from .journal.event import canonical, digest
from .journal.record import FORMAT, Record, all_runs
from .journal.step import Door
from .journal.writer import Journal, start
from .llm import prompts as prompting
from .llm.model import Model
from .logs import logger
from .result import REPORT, VERDICT, lay_down
from .workflow import graph
from .workflow.graph import Workflow
from .workflow.model import NodeSpec

_log = logger("review")
ONLY_CONFIG = ("/*", f"!/{configuration.FILE_NAME}")
"""What leaves nothing of a tree but its configuration, which may say that the rest is not all of the release."""
Watcher = Callable[[int, str, str, str, dict[str, Any]], None]
Progress = Callable[[int, int], None]


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
        named = {node.agent for node in self.workflow.nodes.values()}
        named |= {phase.on_failure for phase in self.workflow.spec.phases if phase.on_failure}
        wanted = [s for name in sorted(named) for check in self.agents[name].checks for s in check.reads]
        wanted += [s for name in sorted(named) for s in self.agents[name].reads]
        return tuple({s.id: s for s in (*profiling.SIGNALS, *wanted)}.values())

    @property
    def paths(self) -> tuple[str, ...]:
        """Every single file that an agent of the workflow asks for."""
        named = {node.agent for node in self.workflow.nodes.values()}
        return tuple(sorted({probe.path for name in named for probe in self.agents[name].probes()}))


def plan(request: Request) -> Plan:
    """
    Settle what will be reviewed, by whom and by which rules; touches nothing.

    Raises:
        OrchestratorError: Something the user can mend.
    """
    snapshot, config, data = _configured(request)
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


async def review(
    request: Request,
    runs: Path,
    *,
    watchers: Sequence[Watcher] = (),
    progress: Progress | None = None,
    sync: bool = True,
) -> Path:
    """
    Review a release and record it.

    Args:
        request: What to review.
        runs: The folder that takes the record.
        watchers: Called with every event as it is appended.
        progress: Called with (files read, files to read).
        sync: Whether decisions are fsynced.

    Returns:
        The run's folder, with ``verdict.json`` and ``report.html`` in it.
    """
    settled = plan(request)
    model = _model(request)
    pinned = _pinned(settled)
    now = datetime.now(UTC)
    manifest = _manifest(settled, request, pinned, now)
    journal = start(runs / manifest["run"], manifest, Clock(), sync=sync)
    journal.watchers.extend(watchers)
    try:
        for data in pinned.values():
            journal.blob(data)
        manifest_digest = digest(canonical(manifest) + b"\n")
        journal.append("RunStarted", "", {"run": manifest["run"], "manifest": manifest_digest})
        await _drive(settled, journal, Door(journal), {}, _earlier_run(runs, manifest), progress, model)
    finally:
        journal.close()
    return lay_down(journal.folder, sync=sync)


async def resume(
    record: Record, *, watchers: Sequence[Watcher] = (), progress: Progress | None = None, sync: bool = True
) -> Path:
    """
    Continue an interrupted run; finished nodes and finished steps are not redone.

    Raises:
        UsageError: The run is over, or the tree or the agents are no longer what the run began with.
    """
    history = concluding.read(record)
    if history.verdict is not None:
        if not (record.folder / VERDICT).exists() or not (record.folder / REPORT).exists():
            return lay_down(record.folder, sync=sync)
        raise UsageError(f"run '{record.name}' is over", remedy=f"`gonogo show {record.name}` shows its verdict")
    manifest = history.manifest
    request = Request(**manifest["request"])
    settled = plan(request)
    pinned = {name: digest(data) for name, data in _pinned(settled).items()}
    changed = sorted(n for n in pinned if pinned[n] != manifest["pinned"].get(n))
    changed += sorted(n for n, d in _digests(settled).items() if d != manifest["digests"].get(n))
    if settled.snapshot.release.tree != manifest["release"]["tree"]:
        changed.insert(0, "reviewed tree")
    if changed:
        raise UsageError(
            f"run '{record.name}' cannot be resumed: changed since it began: {', '.join(changed)}",
            remedy="review again: `gonogo review`",
        )
    model = _model(request)
    journal = Journal.continued(record, Clock(), sync=sync)
    journal.watchers.extend(watchers)
    finished = {node: result for node, (_, result) in history.ended.items()}
    recorded = {key: _answer(record, data) for key, data in history.steps.items()}
    try:
        journal.append("RunResumed", "", {"finished": len(finished), "torn": record.torn})
        if history.started is None:
            journal.append("RunStarted", "", {"run": record.name, "manifest": digest(record.manifest_bytes())})
        earlier = _earlier_run(record.folder.parent, manifest)
        await _drive(settled, journal, Door(journal, recorded), finished, earlier, progress, model)
    finally:
        journal.close()
    return lay_down(record.folder, sync=sync)


async def _drive(
    settled: Plan,
    journal: Journal,
    door: Door,
    finished: Mapping[str, NodeResult],
    earlier: Path | None,
    progress: Progress | None,
    model: Model | None,
) -> None:
    """Facts, profile, every node, verdict; an interruption is written down and raised again."""
    try:
        tree = settled.snapshot.release.tree
        facts = await collecting.collect(door, settled.snapshot, tree, settled.signals, settled.paths, progress)
        profile = profiling.profile(facts, settled.config.config.profile)
        facts[Profile] = profile
        packed = journal.packed(profile.model_dump(mode="json", exclude_defaults=True))
        journal.append("ProfileDetermined", "", packed)
        wanted = facts[Wanted]
        assert isinstance(wanted, Wanted)  # facts are kept by their own type
        work = AgentWork(
            agents=settled.agents,
            catalogue=settled.catalogue,
            release=settled.snapshot.release,
            profile=profile,
            facts=facts,
            texts=wanted.texts,
            door=door,
            snapshot=settled.snapshot,
            earlier=await _earlier(door, earlier),
            model=model,
            prompts=prompting.load() if model else {},
        )
        coordinator = Coordinator(
            settled.workflow,
            journal.folder.name,
            journal,
            LocalExecutor(work),
            gatekeeper=_gatekeeper(settled),
            resources={id_: _resource(agent, model) for id_, agent in settled.agents.items()},
            finished=finished,
        )
        work.before = _before(settled.workflow, coordinator)
        await coordinator.run()
        await journal.durable()
        record = Record(journal.folder)
        history = concluding.read(record)
        judgement = concluding.judge(history, concluding.terms(record, history))
        journal.append("VerdictReached", "", _reached(judgement))
        await journal.durable()
    except asyncio.CancelledError:
        journal.append("RunInterrupted", "", {})
        raise
    except OrchestratorError:
        raise
    except Exception as error:
        trace = "".join(traceback.format_exception(error))
        journal.append("RunCrashed", "", {"error": f"{type(error).__name__}: {error}", "trace": trace[-8000:]})
        raise
    finally:
        if model is not None:
            await model.close()


def _model(request: Request) -> Model | None:
    """Who takes a second look, where the request names somebody."""
    if not request.model:
        return None
    key = os.environ.get("ANTHROPIC_API_KEY", "").strip()
    if not key:
        raise UsageError(
            f"model '{request.model}' cannot be asked: ANTHROPIC_API_KEY is not set",
            remedy="export ANTHROPIC_API_KEY=…, or review without --model",
        )
    from .llm.provider import Claude

    return Claude(request.model, key=key, base_url=os.environ.get("ANTHROPIC_BASE_URL", "").strip())


def _resource(agent: type[Agent], model: Model | None) -> str:
    """What an agent's turn takes; one that waits for a model takes no core."""
    return "model" if model is not None and agent.resource == "cpu" else agent.resource


def _reached(judgement: concluding.Judgement) -> dict[str, Any]:
    found = [a.model_dump(mode="json", exclude_defaults=True) for a in judgement.assessments]
    return {
        "verdict": judgement.verdict.decision,
        "exit_code": judgement.verdict.exit_code,
        "score": judgement.verdict.score.percent,
        "assessments": digest(canonical(found)),
    }


def _configured(request: Request) -> tuple[Snapshot, ConfigFile, bytes]:
    """The snapshot, and the configuration that may rename it or leave paths out of it."""
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
    return {f.name.removesuffix(".yaml"): f.read_bytes() for f in _shipped("workflows") if f.name.endswith(".yaml")}


def _shipped(folder: str) -> list[Any]:
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


def _gatekeeper(settled: Plan) -> Callable[[str, Mapping[str, NodeResult]], gate.GateDecision]:
    severities = {c.id: c.severity for c in settled.catalogue}
    today = datetime.now(UTC).date()
    waived = frozenset(w.criterion for w in settled.config.config.waivers if not w.expired_on(today))
    return lambda phase, earlier: gate.decide(settled.workflow.phase(phase).gate, earlier, severities, waived)


def _before(workflow: Workflow, coordinator: Coordinator) -> Callable[[str], Mapping[str, NodeResult]]:
    """What a node may see: results of those it waits for; a phase's root-cause finder sees the whole phase too."""

    def before(node: str) -> Mapping[str, NodeResult]:
        if node in workflow.nodes:
            visible = networkx.ancestors(workflow.graph, node)
        else:
            inside = {id_ for id_, n in workflow.nodes.items() if n.phase == node.partition("/")[0]}
            visible = inside.union(*(networkx.ancestors(workflow.graph, id_) for id_ in inside))
        return {id_: coordinator.results[id_] for id_ in sorted(visible) if id_ in coordinator.results}

    return before


def _earlier_run(runs: Path, manifest: Mapping[str, Any]) -> Path | None:
    """The latest finished run of the same release name before this one."""
    for folder in reversed(all_runs(runs)):
        if folder.name < manifest["run"] and (folder / VERDICT).is_file():
            try:
                if Record(folder).manifest()["release"]["name"] == manifest["release"]["name"]:
                    return folder
            except (RecordBroken, RunNotFound, KeyError):
                continue
    return None


async def _earlier(door: Door, folder: Path | None) -> tuple[Assessment, ...]:
    async def read() -> Any:
        if folder is None:
            return []
        history = concluding.read(Record(folder))
        if history.verdict is None:
            return []
        judged = concluding.judge(history, concluding.terms(Record(folder), history))
        return [a.model_dump(mode="json", exclude={"findings"}, exclude_defaults=True) for a in judged.assessments]

    value = await door.step("run", 1, "earlier", {"run": folder.name if folder else ""}, read)
    return tuple(Assessment.model_validate(a) for a in value)


def _answer(record: Record, data: Mapping[str, Any]) -> Callable[[], Any]:
    return lambda: record.value(dict(data))


def _pinned(settled: Plan) -> dict[str, bytes]:
    """What the run is judged by, as blobs: enough to derive its result without this version of anything."""
    said = settled.config.config
    statements = {
        "waivers": [w.model_dump(mode="json") for w in said.waivers],
        "attestations": [a.model_dump(mode="json") for a in said.attestations],
    }
    nodes = [
        {"node": n.id, "agent": n.agent, "phase": n.phase, "needs": list(n.needs), "required": n.spec.required}
        for n in settled.workflow.nodes.values()
    ]
    phases = [{"id": p.id, "title": p.title or p.id, "gate": p.gate is not None} for p in settled.workflow.spec.phases]
    return {
        "catalogue": canonical(settled.catalogue.model_dump(mode="json")),
        "policy": canonical(settled.policy.model_dump(mode="json")),
        "statements": canonical(statements),
        "plan": canonical({"nodes": nodes, "phases": phases}),
    }


def _digests(settled: Plan) -> dict[str, str]:
    """Digests of what ran and is not stored."""
    agents = [(name, digest(data)) for name, data in roster.sources(settled.agents.values())]
    prompts = [(name, digest(text.encode())) for name, text in prompting.shipped().items()]
    return {
        "agents": digest(canonical(agents)),
        "config": digest(settled.config_data),
        "prompts": digest(canonical(prompts)),
        "workflow": digest(settled.workflow_data),
    }


def _manifest(settled: Plan, request: Request, pinned: Mapping[str, bytes], now: datetime) -> dict[str, Any]:
    release = settled.snapshot.release
    asked = asdict(request) | {"path": str(Path(request.path).resolve())}
    if request.config:
        asked["config"] = str(Path(request.config).resolve())
    if release.commit and not request.worktree:
        asked["revision"] = release.commit
    return {
        "format": FORMAT,
        "run": f"{now:%Y%m%dT%H%M%SZ}-{_word(release.name)}-{_word(release.version)}-{secrets.token_hex(2)}",
        "tool": f"gonogo {__version__}",
        "mode": "review",
        "workflow": settled.workflow.spec.name,
        "config": settled.config.path,
        "request": asked,
        "release": release.model_dump(mode="json"),
        "notes": [*settled.snapshot.notes, *_asking(request)],
        "pinned": {name: digest(data) for name, data in pinned.items()},
        "digests": _digests(settled),
    }


def _asking(request: Request) -> list[str]:
    if not request.model:
        return []
    return [f"a second look by {request.model} was asked for: it can take a pass back, and it can give none"]


def _word(text: str) -> str:
    """*text* as part of a folder's name."""
    return re.sub(r"[^A-Za-z0-9._+]+", "-", text).strip("-.")[:40] or "release"
