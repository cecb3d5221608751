"""Whoever does the work, a review comes to the same bytes; and where whoever does it is gone, it comes to its end."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import pytest

from orchestrator.audit.replay import verify
from orchestrator.commands.resume import resume
from orchestrator.commands.review import review
from orchestrator.contract.testing import facts_of
from orchestrator.domain.criterion import Catalogue
from orchestrator.domain.fact import Fact, Problem
from orchestrator.domain.outcome import Ending
from orchestrator.domain.profile import Profile
from orchestrator.domain.release import Release
from orchestrator.engine.children import ChildExecutor
from orchestrator.engine.coordinator import MOST_LOST, Coordinator
from orchestrator.engine.doorkeeper import Doorkeeper
from orchestrator.engine.executor import Executor, LocalExecutor
from orchestrator.engine.gate import GateDecision
from orchestrator.engine.job import Job
from orchestrator.engine.job_work import JobWork, Setting
from orchestrator.engine.shelf import SETTING, Shelf, shelve
from orchestrator.errors import StepUndecided
from orchestrator.evidence.shapes import read_back
from orchestrator.journal.event import canonical, digest
from orchestrator.journal.record import JOURNAL, Record
from orchestrator.journal.step import Door
from orchestrator.journal.steps import Steps
from orchestrator.journal.versions import FORMAT
from orchestrator.journal.writer import start
from orchestrator.planning.plan import Request
from tests.engine import deeds
from tests.engine.piped import PipedExecutor
from tests.engine.test_coordinator import clock, workflow
from tests.journal.faults import comparable
from tests.repositories import SHOP, repository

STAFFINGS: dict[str, Callable[[JobWork, Doorkeeper], Executor]] = {
    "here": lambda work, keeper: LocalExecutor(lambda job: work(job, keeper.at(job.key))),
    "forks that fetch": lambda work, keeper: ChildExecutor(replace(work, known={}, lines=None), keeper),
    "over a pipe": lambda _work, keeper: PipedExecutor(keeper),
}
Staffing = Callable[[JobWork, Doorkeeper], Executor]


class Scene:
    """A small repository, and what a review of it comes to in forks that share memory, as everybody has them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shop = repository(folder / "shop", SHOP)
        self.usual = self.reviewed("usual")

    def reviewed(self, name: str, staffing: Staffing = ChildExecutor, **more: Any) -> Path:
        """The folder of a run."""
        request = Request(path=str(self.shop))
        return asyncio.run(review(request, self.folder / name, sync=False, staffing=staffing, **more)).folder


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Scene:
    return Scene(tmp_path_factory.mktemp("scene"))


def events(run: Path, *kinds: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in (run / JOURNAL).read_bytes().splitlines()]
    return [event for event in found if event["kind"] in kinds]


def said(run: Path) -> dict[str, bytes]:
    """All that a record has of what nodes were told and said, by key or node, as bytes."""
    steps = {event["data"]["key"]: event["data"] for event in events(run, "StepDone")}
    nodes = {event["node"]: event["data"] for event in events(run, "NodeFinished")}
    return {key: canonical(data) for key, data in (steps | nodes).items()}


class TestAgree:
    @pytest.mark.parametrize("staffing", STAFFINGS.values(), ids=STAFFINGS)
    def test_byte_for_byte(self, scene, staffing, request):
        """
        Every answer, every finding and the verdict are the same bytes, wherever the agents had their turns.
        """
        run = scene.reviewed(request.node.name, staffing)

        assert said(scene.usual) == said(run)
        assert canonical(comparable(scene.usual)) == canonical(comparable(run))
        assert {"completed", "not_applicable"} >= {agent["outcome"] for agent in comparable(run)["agents"]}

    def test_made_of_something_else(self, scene):
        """
        Who is not made of what the run is made of does none of its jobs.
        """
        other = {"gonogo": "sha256:0"}
        run = scene.reviewed(
            "other", lambda work, keeper: ChildExecutor(replace(work, code={**work.code, **other}), keeper)
        )

        reasons = {agent["reason"] for agent in comparable(run)["agents"]}
        assert {"whoever took it is not made of what the run is: gonogo"} == reasons


class Killing:
    """Kills the process of a piped executor each time that an event of a review says so."""

    def __init__(self, when: Callable[[str, str], bool]) -> None:
        self._when = when
        self._executor: PipedExecutor | None = None

    def staffing(self, _work: JobWork, keeper: Doorkeeper) -> Executor:
        self._executor = PipedExecutor(keeper)
        return self._executor

    def watch(self, _seq: int, _at: str, kind: str, node: str, data: dict[str, Any]) -> None:
        if self._executor is not None and self._executor.pids and self._when(kind, data.get("key", node)):
            os.kill(self._executor.pids[-1], signal.SIGKILL)


def once(key: str) -> Callable[[str, str], bool]:
    left = [key]
    return lambda kind, about: kind == "StepDone" and about.startswith(key) and bool(left and left.pop())


@pytest.fixture(scope="module")
def lost(scene: Scene) -> Path:
    """A run whose worker was killed when an agent of its had been answered."""
    killing = Killing(once("verification/integration-tester#1:quote"))
    return scene.reviewed("lost", killing.staffing, watchers=[killing.watch])


class TestLost:
    def test_another_attempt(self, scene, lost):
        """
        Jobs whose worker is killed in the middle have another attempt each, which comes to what the first would have.
        """
        gone = events(lost, "AttemptLost")
        begun = {(e["node"], e["data"]["attempt"]) for e in events(lost, "NodeStarted")}

        assert "verification/integration-tester" in {event["node"] for event in gone}
        assert {"its process ended with signal 9"} == {event["data"]["reason"] for event in gone}
        assert {(event["node"], 2) for event in gone} <= begun
        assert canonical(comparable(scene.usual)) == canonical(comparable(lost))
        assert "derived" in dict(verify(Record(lost)))

    def test_wherever_the_run_is_killed_after_that(self, scene, lost, tmp_path):
        """
        Cut off at any line from before the loss to behind the next attempt's end, the run is gone on with.
        """
        lines = (lost / JOURNAL).read_bytes().splitlines(keepends=True)
        kinds = [json.loads(line)["kind"] for line in lines]
        first = kinds.index("AttemptLost")
        behind = next(n for n, kind in enumerate(kinds) if n > first and kind == "NodeFinished")
        for cut in range(first, min(behind, first + 6) + 2):
            run = shutil.copytree(lost, tmp_path / str(cut) / lost.name)
            (run / JOURNAL).write_bytes(b"".join(lines[:cut]))
            for name in ("verdict.json", "report.html"):
                (run / name).unlink()
            asyncio.run(resume(Record(run), sync=False))
            numbers = [(e["node"], e["data"]["attempt"]) for e in events(run, "NodeStarted")]
            gone = {(e["node"], e["data"]["attempt"]) for e in events(run, "AttemptLost")}

            assert canonical(comparable(scene.usual)) == canonical(comparable(run)), f"cut at line {cut}"
            assert not {one for one in gone if numbers.count(one) > 1}, "an attempt that was lost was begun again"
            assert "derived" in dict(verify(Record(run)))

    def test_again_and_again(self, scene):
        """
        Where each attempt of a node loses its worker, the node has errored with the reason, and the run has its end.
        """
        killing = Killing(
            lambda kind, about: kind == "StepDone" and about.startswith("verification/integration-tester#")
        )
        run = scene.reviewed("again", killing.staffing, watchers=[killing.watch])
        ends = {e["node"]: e["data"] for e in events(run, "NodeFinished")}
        (agent,) = (a for a in comparable(run)["agents"] if a["node"] == "verification/integration-tester")

        assert MOST_LOST + 1 == ends["verification/integration-tester"]["attempt"]
        assert ("errored", "whoever had its turn was lost, 3 times in a row: its process ended with signal 9") == (
            agent["outcome"],
            agent["reason"],
        )
        assert "derived" in dict(verify(Record(run)))

    async def coordinated(self, folder: Path, needs: dict[str, tuple[str, ...]]) -> dict[str, Any]:
        """How deeds end that are done over a pipe."""
        marks = folder / "marks"
        marks.mkdir()
        journal = start(folder / "run", {"format": FORMAT}, clock(), sync=False)
        keeper = Doorkeeper(Door(journal))
        executor = PipedExecutor(keeper, "tests.engine.deeds:work")
        flow = workflow(needs, timeout=30.0)
        said = GateDecision(True, str(marks))  # the folder for marks travels as what the gate says
        try:
            return await Coordinator(flow, "run", journal, executor, keeper=keeper, gatekeeper=lambda *_: said).run()
        finally:
            journal.close()

    async def test_the_node_alone(self, tmp_path):
        """
        An agent that takes its worker along once has its second attempt, and one that always does has errored.
        """
        results = await self.coordinated(tmp_path, {"dies_once": (), "dies": ("dies_once",), "quick": ("dies",)})

        assert [Ending.COMPLETED, Ending.ERRORED, Ending.COMPLETED] == [
            results[f"p/{name}"].ending for name in ("dies_once", "dies", "quick")
        ]
        assert "attempt 2" == results["p/dies_once"].findings[0].message

    async def test_in_the_middle_of_an_act(self, tmp_path):
        """
        An act in whose middle the worker was lost is not done again: the run stops and asks a person.
        """
        with pytest.raises(StepUndecided):
            await self.coordinated(tmp_path, {"dies_acting": ()})

        assert 1 == deeds.marks(tmp_path / "marks", "acted")


class Lying:
    """A run that answers with something else than what was asked for by its digest."""

    async def read(self, _digest: str) -> bytes:
        return b'{"problems":[]}'


class TestHeld:
    async def test_to_its_digest(self):
        """
        What comes as something else than its digest says is not judged by.
        """
        job = Job(run="r", node="p/a", agent="a", phase="p", setting=digest(b"{}"))
        with pytest.raises(ValueError, match="has another digest"):
            await JobWork({}, {})(job, Lying())  # type: ignore[arg-type]  # all that is asked of it

    async def test_to_what_can_be_read_here(self):
        """
        A fact that nothing here can read is not passed over.
        """
        setting = Setting(release=Release(name="r", version="1"), profile=Profile(), catalogue=Catalogue(areas=()))
        job = Job(run="r", node="p/a", agent="a", phase="p", setting="s", facts={"from-elsewhere": "f"})
        with pytest.raises(ValueError, match="a fact 'from-elsewhere', which nothing here can read"):
            await JobWork({}, {}, known={(SETTING, "s"): setting})(job, Lying())  # type: ignore[arg-type]  # likewise


class Other(Fact):
    """A fact that no record has, of a later shape."""

    name: ClassVar[str] = "other-in-shelf"
    version: ClassVar[int] = 2

    said: str = ""


class TestShelf:
    def test_reads_as_it_was_recorded(self, scene):
        """
        Every fact of a run is named by the digest that its record has, or would have, and reads back as what it is.
        """
        record, shelf = Record(scene.usual), Shelf()
        facts = facts_of({"README.md": "# Shop\n"})
        own = {kind: kind(problems=(Problem(path="a", reason=kind.name),)) for kind in facts if kind.name != "wanted"}
        names = shelve(shelf, record, {**own, Other: Other(said="x")})
        recorded = {key.split(":")[2]: step for key, step in Steps(record).items() if ":fact:" in key}

        for kind in own:
            data = shelf.read(names[kind.name])
            assert digest(data) == names[kind.name]
            assert data == canonical(record.value(recorded[kind.name]))
            read_back(kind, json.loads(data))
        assert Other(said="x") == read_back(Other, json.loads(shelf.read(names["other-in-shelf"])))
