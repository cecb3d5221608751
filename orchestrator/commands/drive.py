"""This is where a run is driven, from whatever is recorded of it to its verdict."""

from __future__ import annotations

import asyncio
import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import networkx

from ..conclusion import earlier as before_this
from ..conclusion import state as reading
from ..conclusion.derivations import DERIVATION, RULES
from ..conclusion.judgement import judge
from ..conclusion.terms import terms
from ..contract.agent import Agent
from ..domain.profile import Profile
from ..engine import facts as collecting
from ..engine import gate
from ..engine.children import ChildExecutor
from ..engine.coordinator import Coordinator
from ..engine.task import NodeResult
from ..engine.work import AgentWork
from ..errors import OrchestratorError, StepUndecided, UsageError
from ..evidence import profile as profiling
from ..evidence.facts.wanted import Wanted
from ..journal.record import Record
from ..journal.step import Door
from ..journal.writer import Journal
from ..llm import prompts as prompting
from ..llm.model import Model
from ..planning.plan import Plan, Request
from ..workflow.graph import Workflow

Progress = Callable[[int, int], None]


async def drive(
    settled: Plan,
    journal: Journal,
    door: Door,
    finished: Mapping[str, NodeResult],
    earlier: Path | None,
    progress: Progress | None,
    model: Model | None,
) -> None:
    """Facts, profile, every node, verdict; an interruption is written down and raised again."""
    reached = False
    try:
        tree = settled.snapshot.release.tree
        facts = await collecting.collect(door, settled.snapshot, tree, settled.signals, settled.paths, progress)
        profile = profiling.profile(facts, settled.config.config.profile, own=settled.config.own)
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
            earlier=await before_this.assessments(door, earlier),
            model=model,
            prompts=prompting.load() if model else {},
            only_absent=RULES[DERIVATION].only_absent,
        )
        coordinator = Coordinator(
            settled.workflow,
            journal.folder.name,
            journal,
            ChildExecutor(lambda door, model: replace(work, door=door, model=model), door, model),
            gatekeeper=_gatekeeper(settled, await _day(journal)),
            resources={id_: _resource(agent, model) for id_, agent in settled.agents.items()},
            finished=finished,
        )
        work.before = _before(settled.workflow, coordinator)
        await coordinator.run()
        await journal.durable()
        record = Record(journal.folder)
        state = reading.read(record)
        judgement = judge(state, terms(record, state))
        reached = True
        journal.append("VerdictReached", "", judgement.reached())
        await journal.durable()
    except (asyncio.CancelledError, KeyboardInterrupt):
        if not reached:  # else the run is over: nothing follows its verdict
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


def model_of(request: Request) -> Model | None:
    """Who takes a second look, where the request names somebody."""
    if not request.model:
        return None
    key = os.environ.get("ANTHROPIC_API_KEY", "").strip()
    if not key:
        raise UsageError(
            f"model '{request.model}' cannot be asked: ANTHROPIC_API_KEY is not set",
            remedy="export ANTHROPIC_API_KEY=…, or review without --model",
        )
    from ..llm.provider import Claude

    return Claude(request.model, key=key, base_url=os.environ.get("ANTHROPIC_BASE_URL", "").strip())


def _resource(agent: type[Agent], model: Model | None) -> str:
    """What an agent's turn takes; one that waits for a model takes no core."""
    return "model" if model is not None and agent.resource == "cpu" else agent.resource


async def _day(journal: Journal) -> date:
    """The day that the run began, as its record has it: a waiver that holds then holds to the run's end."""
    await journal.durable()
    started = next(event for event in Record(journal.folder).events() if event.kind == "RunStarted")
    return date.fromisoformat(started.at[:10])


def _gatekeeper(settled: Plan, today: date) -> Callable[[str, Mapping[str, NodeResult]], gate.GateDecision]:
    severities = {c.id: c.severity for c in settled.catalogue}
    waivers = settled.config.config.waivers if settled.policy.critical_waivers else ()
    waived = frozenset(w.criterion for w in waivers if not w.expired_on(today))
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
