"""This is where everything is put together: a path goes in, a recorded run with a verdict comes out."""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import networkx

from .agent import Agent
from .domain.assessment import Assessment
from .domain.profile import Profile
from .engine import conclude as concluding
from .engine import facts as collecting
from .engine import gate
from .engine import history as reading
from .engine.coordinator import Coordinator
from .engine.executor import LocalExecutor
from .engine.task import NodeResult
from .engine.work import AgentWork
from .errors import OrchestratorError, RecordBroken, ReplayDivergence, RunLocked, RunNotFound, StepUndecided, UsageError
from .evidence import profile as profiling
from .evidence.facts.wanted import Wanted
from .journal import acts
from .journal.clock import Clock
from .journal.event import canonical, digest
from .journal.key import redaction_key
from .journal.lock import Lock
from .journal.manifest import Manifest
from .journal.record import Record, all_runs
from .journal.step import Door
from .journal.writer import Journal, guarded, start
from .llm import prompts as prompting
from .llm.model import Model
from .logs import logger
from .manifest import digests, pinned_blobs
from .manifest import manifest as describe
from .planning import Plan, Request, plan
from .redaction import withholding
from .result import REPORT, VERDICT, lay_down
from .workflow.graph import Workflow

_log = logger("review")
Watcher = Callable[[int, str, str, str, dict[str, Any]], None]
Progress = Callable[[int, int], None]


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
    with withholding(redaction_key(runs), os.environ) as kept:
        kept.name_contacts(settled.config_data)
        pinned = pinned_blobs(settled)
        now = datetime.now(UTC)
        manifest = describe(settled, request, pinned, now)
        journal = start(runs / manifest["run"], manifest, Clock(), sync=sync)
        journal.watchers.extend(watchers)
        try:
            for data in pinned.values():
                journal.blob(data)
            manifest_digest = digest(canonical(manifest) + b"\n")
            journal.append("RunStarted", "", {"run": manifest["run"], "manifest": manifest_digest})
            earlier = _earlier_run(runs, manifest["run"], manifest["release"]["name"])
            await _drive(settled, journal, Door(journal), {}, earlier, progress, model)
            return lay_down(journal.folder, sync=sync)
        finally:
            journal.close()


async def resume(
    record: Record,
    *,
    steps: Sequence[str] = (),
    watchers: Sequence[Watcher] = (),
    progress: Progress | None = None,
    sync: bool = True,
) -> Path:
    """
    Continue an interrupted run; finished nodes and finished steps are not redone.

    Args:
        record: The run.
        steps: What became of acting steps that were begun, where only a person knows: ``KEY=done``, ``KEY=undone``.
        watchers: As for :func:`review`; the events of earlier lives come first.
        progress: As for :func:`review`.
        sync: Likewise.

    Raises:
        UsageError: The run is over, or the tree or the agents are no longer what the run began with.
        RunLocked: Another process drives the run, or has done so in the meantime.
        StepUndecided: An acting step was begun, and nobody says what became of it.
    """
    history = reading.read(record)
    if history.verdict is not None:
        if not (record.folder / VERDICT).exists() or not (record.folder / REPORT).exists():
            return _laid_down_alone(record.folder, sync=sync)
        raise UsageError(f"run '{record.name}' is over", remedy=f"`gonogo show {record.name}` shows its verdict")
    manifest, torn = history.manifest, record.torn
    request = Request(**manifest.request.model_dump())
    settled = plan(request)
    with withholding(redaction_key(record.folder.parent), os.environ) as kept:
        kept.name_contacts(settled.config_data)
        pinned = pinned_blobs(settled)
        _hold(manifest, settled, pinned)
        begun = acts.begun(record.events())
        said = acts.answers(steps, begun)
        model = _model(request)
        journal = _continued(record, history, sync=sync)
        finished = {node: result for node, (_, result) in history.ended.items()}
        recorded = history.steps.answers()
        try:
            for event in record.events() if watchers else ():
                for watch in watchers:
                    watch(event.seq, event.at, event.kind, event.node, event.data)
            journal.watchers.extend(watchers)
            for data in pinned.values():
                journal.blob(data)
            journal.append("RunResumed", "", {"finished": len(finished), "torn": torn, **_driver(journal, history)})
            await journal.durable()
            if history.started is None:
                journal.append("RunStarted", "", {"run": record.name, "manifest": digest(record.manifest_bytes())})
            door = Door(journal, recorded, begun, said)
            earlier = _earlier_run(record.folder.parent, manifest.run, manifest.release.name)
            await _drive(settled, journal, door, finished, earlier, progress, model)
            return lay_down(record.folder, sync=sync)
        finally:
            journal.close()


def _hold(manifest: Manifest, settled: Plan, pinned: Mapping[str, bytes]) -> None:
    """Refuse to go on where what is reviewed, or what it is reviewed with, is no longer what the run began with."""
    was = manifest.pinned.named() | manifest.digests
    changed = sorted(n for n in pinned if digest(pinned[n]) != was.get(n))
    changed += sorted(n for n, d in digests(settled).items() if d != was.get(n))
    if settled.snapshot.release.tree != manifest.release.tree:
        changed.insert(0, "reviewed tree")
    if changed:
        raise UsageError(
            f"run '{manifest.run}' cannot be resumed: changed since it began: {', '.join(changed)}",
            remedy="review again: `gonogo review`",
        )


def _continued(record: Record, history: reading.History, *, sync: bool) -> Journal:
    """The journal of *record*, held, if it still is where *history* was read."""
    journal = Journal.continued(record, Clock(), sync=sync)
    if journal.head != history.head:
        journal.close()
        raise RunLocked(
            f"run '{record.name}' was driven by another process in the meantime",
            where=str(record.folder),
            remedy="`gonogo runs` shows what became of it; resume again if it is not over",
        )
    return journal


def _driver(journal: Journal, history: reading.History) -> dict[str, Any]:
    """Who drives the run from here on, the how manyth that is, and from whom it was taken over."""
    said: dict[str, Any] = {"driver": history.resumed + 2, "owner": journal.lock.owner.model_dump()}
    if journal.lock.left_by is not None:
        said["took_over"] = journal.lock.left_by.model_dump()
    return said


def _laid_down_alone(folder: Path, *, sync: bool) -> Path:
    lock = guarded(lambda: Lock(folder, Clock()()), folder)
    try:
        return lay_down(folder, sync=sync)
    finally:
        lock.release()


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
            gatekeeper=_gatekeeper(settled, await _day(journal)),
            resources={id_: _resource(agent, model) for id_, agent in settled.agents.items()},
            finished=finished,
        )
        work.before = _before(settled.workflow, coordinator)
        await coordinator.run()
        await journal.durable()
        record = Record(journal.folder)
        history = reading.read(record)
        judgement = concluding.judge(history, concluding.terms(record, history))
        journal.append("VerdictReached", "", _reached(judgement))
        await journal.durable()
    except asyncio.CancelledError:
        journal.append("RunInterrupted", "", {})
        raise
    except StepUndecided as error:
        journal.append("RunInterrupted", "", {"reason": error.what})
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


async def _day(journal: Journal) -> date:
    """The day that the run began, as its record has it: a waiver that holds then holds to the run's end."""
    await journal.durable()
    started = next(event for event in Record(journal.folder).events() if event.kind == "RunStarted")
    return date.fromisoformat(started.at[:10])


def _gatekeeper(settled: Plan, today: date) -> Callable[[str, Mapping[str, NodeResult]], gate.GateDecision]:
    severities = {c.id: c.severity for c in settled.catalogue}
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


def _earlier_run(runs: Path, run: str, release: str) -> Path | None:
    """The latest finished run of the same release name before this one."""
    for folder in reversed(all_runs(runs)):
        if folder.name < run and (folder / VERDICT).is_file():
            try:
                if Record(folder).manifest().release.name == release:
                    return folder
            except (RecordBroken, RunNotFound):
                continue
    return None


async def _earlier(door: Door, folder: Path | None) -> tuple[Assessment, ...]:
    async def read() -> Any:
        if folder is None:
            return []
        try:
            history = reading.read(Record(folder))
            if history.verdict is None:
                return []
            judged = concluding.judge(history, concluding.terms(Record(folder), history))
        except (RecordBroken, ReplayDivergence) as error:
            _log.warning("an earlier run is damaged and counts for nothing", run=folder.name, error=error.what)
            return []
        return [a.model_dump(mode="json", exclude={"findings"}, exclude_defaults=True) for a in judged.assessments]

    value = await door.step("run", 1, "earlier", {}, read)
    return tuple(Assessment.model_validate(a) for a in value)
