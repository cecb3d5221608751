"""A model is asked through the door: paid once, recorded however it ended, and never at the expense of findings."""

from __future__ import annotations

import asyncio
import itertools
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from orchestrator.contract.agent import Agent, Brief
from orchestrator.domain.criterion import Area, Catalogue, Section
from orchestrator.domain.finding import Finding, Status
from orchestrator.domain.outcome import Ending
from orchestrator.domain.profile import Profile
from orchestrator.domain.release import Release
from orchestrator.engine.asking import AskedThroughDoor
from orchestrator.engine.coordinator import Coordinator
from orchestrator.engine.executor import LocalExecutor
from orchestrator.engine.task import NodeResult
from orchestrator.engine.work import AgentWork
from orchestrator.journal.record import Record
from orchestrator.journal.step import Door
from orchestrator.journal.steps import Steps
from orchestrator.journal.versions import FORMAT
from orchestrator.journal.writer import Journal, start
from orchestrator.llm.grounding import Objections
from orchestrator.llm.model import Answer, Model, ModelUnavailable, ScriptedModel, Usage
from tests.engine.test_coordinator import workflow
from tests.llm.looks import PROMPT, criterion, excerpt, found, objection

NOTHING: dict[str, list[object]] = {"objections": []}


@pytest.fixture
def journal(tmp_path: Path):
    ticks = itertools.count()
    journal = start(tmp_path / "run", {"format": FORMAT}, lambda: f"2026-01-02T03:04:05.{next(ticks):06d}Z", sync=False)
    yield journal
    journal.close()


class Silent:
    """A model that never answers."""

    name = "silent"

    async def ask(self, system: str, question: str, schema: type[BaseModel]) -> Answer:
        await asyncio.Event().wait()
        raise AssertionError("nobody sets it")

    async def close(self) -> None:
        return None


def recorded(journal: Journal) -> dict[str, Any]:
    """Answers by key, as a resumed run has them."""
    return Steps(Record(journal.folder)).answers()


class TestDoor:
    async def test_is_asked_once(self, journal):
        """
        A second life takes the answer from the record, with what it cost; another question is asked.
        """
        model = ScriptedModel({"objections": [objection()]})
        first = await AskedThroughDoor(model, Door(journal), "p/a", 1, 5).ask("s", "q", Objections)
        again = AskedThroughDoor(model, Door(journal, recorded(journal)), "p/a", 1, 5)

        assert first == await again.ask("s", "q", Objections)
        assert 1 == len(model.asked)
        await again.ask("s", "another", Objections)
        assert 2 == len(model.asked)

    @pytest.mark.parametrize(
        ("model", "said"),
        [
            (ScriptedModel(ModelUnavailable("it refused", Usage(5, 1, 1))), "it refused"),
            (ScriptedModel(RuntimeError("boom")), "the model failed: RuntimeError: boom"),
            (ScriptedModel("no JSON"), "its answer is not JSON"),
            (Silent(), "no answer within the 0 s that were left"),
        ],
    )
    async def test_no_answer_is_recorded_too(self, journal, model, said):
        """
        However asking failed, that is the answer ever after; a resumed run does not ask again.
        """
        with pytest.raises(ModelUnavailable, match=said):
            await AskedThroughDoor(model, Door(journal), "p/a", 1, 0.05).ask("s", "q", Objections)
        other = ScriptedModel(NOTHING)
        other.name = model.name
        with pytest.raises(ModelUnavailable, match=said):
            await AskedThroughDoor(other, Door(journal, recorded(journal)), "p/a", 1, 5).ask("s", "q", Objections)

        assert [] == other.asked


class Tester(Agent):
    """Finds one failure and one pass."""

    id = "tester"
    criteria = ("X-*",)

    async def review(self, brief: Brief) -> list[Finding]:
        return [found("X-1", Status.PASS, excerpt("ci.yaml", 8, "run: pytest || true")), self.fail("X-2", "Missing.")]


async def turn(journal: Journal, model: Model | None, **spec: object) -> NodeResult:
    """What comes of the tester's turn."""
    section = Section(id="x", title="x", criteria=(criterion("X-1"), criterion("X-2")))
    work = AgentWork(
        agents={"tester": Tester},
        catalogue=Catalogue(areas=(Area(id="X", title="X", goal="", sections=(section,)),)),
        release=Release(name="r", version="1", tree="sha256:0"),
        profile=Profile(),
        facts={},
        texts={},
        door=Door(journal),
        model=model,
        prompts={"tester": PROMPT},
    )
    results = await Coordinator(workflow({"tester": ()}, **spec), "run", journal, LocalExecutor(work)).run()
    return results["p/tester"]


class TestTurn:
    async def test_objections_are_the_agents_own(self, journal):
        """
        What a model objects stands among the agent's findings, and in a table of its own.
        """
        result = await turn(journal, ScriptedModel({"objections": [objection(claim="unknown")]}))

        assert Ending.COMPLETED == result.ending
        assert [("X-1", "unknown", "model"), ("X-1", "pass", "rule"), ("X-2", "fail", "rule")] == [
            (f.criterion, f.status, f.source) for f in result.findings
        ]
        assert ["Second look"] == [e.title for e in result.exhibits]

    async def test_a_silent_model_costs_no_finding(self, journal):
        """
        The model gets what is left of the turn's time: a failure that a check has found is never lost to it.
        """
        without = await turn(journal, None)
        result = await turn(journal, Silent(), timeout=0.6)

        assert Ending.COMPLETED == result.ending
        assert without.findings == result.findings
        assert "the mechanical verdict stands" in result.exhibits[0].note

    async def test_a_broken_model_costs_no_finding(self, journal):
        """
        A bug in a model stops nothing either.
        """
        result = await turn(journal, ScriptedModel(RuntimeError("boom")))

        assert Ending.COMPLETED == result.ending
        assert ["pass", "fail"] == [f.status for f in result.findings]
        assert "RuntimeError" in result.exhibits[0].note
