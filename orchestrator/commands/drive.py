"""Drives a run from whatever is recorded of it to its verdict."""

from __future__ import annotations

import asyncio
import contextlib
import os
import traceback
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from .. import profiling
from ..conclusion import earlier as before_this
from ..conclusion import state as reading
from ..conclusion.judgement import judge
from ..conclusion.standing import Standing
from ..conclusion.state import RunState
from ..conclusion.terms import terms
from ..contract.agent import Agent
from ..domain.assessment import Assessment
from ..domain.derived import Derived, asked
from ..domain.fact import Fact
from ..domain.profile import Profile
from ..engine import facts as collecting
from ..engine import gate
from ..engine.children import ChildExecutor
from ..engine.coordinator import Coordinator
from ..engine.doorkeeper import Doorkeeper
from ..engine.executor import Executor
from ..engine.job_work import JobWork, Setting
from ..engine.quoting import lines_from
from ..engine.shelf import SETTING, shelve
from ..engine.task import NodeResult
from ..errors import OrchestratorError, StepUndecided, UsageError
from ..journal.event import canonical
from ..journal.record import Record
from ..journal.step import Door
from ..journal.writer import Journal
from ..judging.dismissing import sift
from ..llm import prompts as prompting
from ..llm.model import Model
from ..planning.plan import Plan, Request
from ..redaction import sendable

Progress = Callable[[int, int], None]
Staffing = Callable[[JobWork, Doorkeeper], Executor]
"""Gives a run its executor, for the work and the doorways that it has."""
MADE_OF = ("agents", "gonogo", "prompts")
"""Digests of the manifest that say what has to do a run's jobs."""


def _derive(settled: Plan, facts: Mapping[type[Fact], Fact]) -> None:
    """Tell what checks ask for that follows from *facts*, once here and not in the process of each agent."""
    wanted = {kind for agent in settled.agents.values() for check in agent.checks for kind in check.facts}
    for kind in sorted(filter(lambda kind: issubclass(kind, Derived), wanted), key=lambda kind: kind.name):
        with contextlib.suppress(Exception):  # a check that asks for it says what is wrong with it
            asked(kind, facts)


async def drive(
    settled: Plan,
    journal: Journal,
    door: Door,
    standing: Standing,
    began: date,
    earlier: Path | None,
    progress: Progress | None,
    model: Model | None,
    staffing: Staffing = ChildExecutor,
) -> RunState:
    """
    Facts, profile, every node, verdict; an interruption is written down and raised again.

    Args:
        settled: What is reviewed, by whom and by which rules.
        journal: Where it is written.
        door: Where each effect is a step.
        standing: Where the run stands that an earlier life has left.
        began: The day that the run began: a waiver that holds then holds to the run's end.
        earlier: The folder of the run before this one.
        progress: Called with (files read, files to read).
        model: Who takes a second look.
        staffing: Who does the work.

    Returns:
        The run, as far as its verdict.
    """
    reached = False
    try:
        facts = await collecting.collect(
            door,
            settled.snapshot,
            settled.signals,
            settled.paths,
            progress,
            folder=settled.folder,
            contacts=settled.contacts,
            environment=sendable(settled.contacts.variables, os.environ),
        )
        profile = profiling.profile(facts, settled.config.config.profile, own=settled.config.own)
        facts[Profile] = profile
        _derive(settled, facts)
        packed = journal.packed(profile.model_dump(mode="json", exclude_defaults=True))
        journal.append("ProfileDetermined", "", packed)
        keeper = Doorkeeper(door, model, lines_from(settled.snapshot))
        work, common = await _work(settled, journal, keeper, facts, await before_this.assessments(door, earlier))
        coordinator = Coordinator(
            settled.workflow,
            journal.folder.name,
            journal,
            staffing(work, keeper),
            keeper=keeper,
            common=common,
            gatekeeper=_gatekeeper(settled, began),
            resources={id_: _resource(agent, model) for id_, agent in settled.agents.items()},
            finished=standing.finished,
            attempts=standing.attempts,
        )
        await coordinator.run()
        await journal.durable()
        record = Record(journal.folder)
        state = reading.read(record)
        judgement = judge(state, terms(record, state))
        reached = True
        reading.advance(state, record, journal.append("VerdictReached", "", judgement.reached()))
        await journal.durable()
        return state
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


async def _work(
    settled: Plan,
    journal: Journal,
    keeper: Doorkeeper,
    facts: Mapping[type[Fact], Fact],
    earlier: tuple[Assessment, ...],
) -> tuple[JobWork, dict[str, Any]]:
    """What does the run's jobs, sharing all that is known here, and what is the same in each of them."""
    await journal.durable()
    record = Record(journal.folder)
    profile = facts[Profile]
    assert isinstance(profile, Profile)  # facts are kept by their own type
    extracted = {kind: fact for kind, fact in facts.items() if kind is not Profile}
    setting = Setting(release=settled.snapshot.release, profile=profile, catalogue=settled.catalogue, earlier=earlier)
    digests = record.manifest().digests
    code = {name: digests[name] for name in MADE_OF}
    said = canonical(setting.model_dump(mode="json", exclude_defaults=True))
    common: dict[str, Any] = {
        "code": code,
        "setting": keeper.shelf.put(SETTING, setting, said),
        "facts": shelve(keeper.shelf, record, extracted),
    }
    if keeper.model is not None:
        common["model"] = keeper.model.name
    prompts = prompting.load() if keeper.model is not None else {}
    return JobWork(settled.agents, code, prompts, keeper.lines, keeper.shelf.values), common


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


def _gatekeeper(settled: Plan, today: date) -> Callable[[str, Mapping[str, NodeResult]], gate.GateDecision]:
    severities = {c.id: c.severity for c in settled.catalogue}
    people: dict[str, set[str]] = {}
    for word in settled.weighed.words if settled.policy.critical_waivers else ():
        if word.kind == "waiver" and word.until >= today:
            people.setdefault(word.criterion, set()).add(word.person)
    need = settled.policy.people_for_critical
    waived = frozenset(criterion for criterion, them in people.items() if len(them) >= need)

    def decide(phase: str, earlier: Mapping[str, NodeResult]) -> gate.GateDecision:
        return gate.decide(settled.workflow.phase(phase).gate, _sifted(settled, earlier, today), severities, waived)

    return decide


def _sifted(settled: Plan, earlier: Mapping[str, NodeResult], today: date) -> Mapping[str, NodeResult]:
    """*earlier* results without the findings that people have set aside."""
    words = settled.weighed.words
    about = {word.criterion for word in words if word.kind == "disposition"}
    if not about:
        return earlier
    found = [finding for result in earlier.values() for finding in result.findings]
    gone = {
        dismissal.finding
        for criterion in settled.catalogue
        if criterion.id in about
        for dismissal in sift(
            criterion, [f for f in found if f.criterion == criterion.id], words, settled.policy, settled.changed, today
        ).dismissed
    }
    return {
        node: result._replace(findings=tuple(f for f in result.findings if f not in gone))
        for node, result in earlier.items()
    }
