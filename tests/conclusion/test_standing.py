"""An interrupted run goes on with the attempt that was begun, or with the next one, and never with a finished node."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from orchestrator.commands.resume import resume
from orchestrator.commands.review import review
from orchestrator.conclusion.standing import standing
from orchestrator.conclusion.state import RunState
from orchestrator.domain.outcome import Ending
from orchestrator.engine.task import COMPLETED, NodeResult
from orchestrator.journal.record import JOURNAL, Record
from orchestrator.planning.plan import Request
from tests.engine.test_coordinator import workflow
from tests.repositories import SHOP, repository

ERRORED, LATE = NodeResult(Ending.ERRORED, "boom"), NodeResult(Ending.TIMED_OUT, "took longer than 1 s")


def state(*, begun: int = 0, over: int = 0, result: NodeResult | None = None) -> RunState:
    """What a record says of the node ``p/a``."""
    found = RunState(manifest=None, steps=None)  # type: ignore[arg-type]  # nothing of either is asked for
    found.attempts.update({"p/a": begun} if begun else {})
    found.over.update({"p/a": over} if over else {})
    found.ended.update({"p/a": ("", result)} if result is not None else {})
    return found


class TestStanding:
    @pytest.mark.parametrize(
        ("said", "attempts", "next_"),
        [
            (state(), 3, None),
            (state(begun=1), 1, 1),
            (state(begun=1, over=1), 1, 2),
            (state(begun=2, over=1), 1, 2),
            (state(begun=1, over=1, result=ERRORED), 3, 2),
            (state(begun=1, over=1, result=LATE), 3, 2),
            (state(begun=2, over=1, result=ERRORED), 3, 2),
            (state(begun=2, over=2, result=ERRORED), 3, 3),
        ],
        ids=["not begun", "begun", "lost", "lost and begun", "failed", "too late", "failed and begun", "failed twice"],
    )
    def test_not_finished(self, said, attempts, next_):
        """
        A node that is not finished has the attempt that was begun, or the one behind what failed or was lost.
        """
        stands = standing(said, workflow({"a": ()}, attempts=attempts))

        assert ({}, {"p/a": next_} if next_ else {}) == stands

    @pytest.mark.parametrize(
        ("said", "attempts"),
        [
            (state(begun=1, over=1, result=COMPLETED), 3),
            (state(begun=1, over=1, result=ERRORED), 1),
            (state(begun=3, over=3, result=LATE), 3),
            (state(result=NodeResult(Ending.SKIPPED, "closed")), 3),
        ],
        ids=["completed", "failed for good", "too late for good", "skipped"],
    )
    def test_finished(self, said, attempts):
        """
        A node is finished that has completed, was skipped, or has had all of its attempts.
        """
        stands = standing(said, workflow({"a": ()}, attempts=attempts))

        assert ({"p/a": said.ended["p/a"][1]}, {}) == stands

    def test_a_finder_of_causes(self):
        """
        Who is called in stands in no workflow, and has one attempt.
        """
        stands = standing(state(begun=1, over=1, result=ERRORED), workflow({"b": ()}, attempts=3))

        assert {"p/a": ERRORED} == stands.finished


AGENT = """
from orchestrator import Agent


class Trier(Agent):
    id = "trier"
    criteria = ("DEP-5.2.1",)

    async def review(self, brief):
        if await brief.step("look", {}, self.looked) == 1:
            raise OSError("not yet")
        return [self.unknown("DEP-5.2.1", "not told")]

    async def looked(self):
        import pathlib
        tries = pathlib.Path("PLACE")
        (tries / str(len(list(tries.iterdir())))).touch()
        return len(list(tries.iterdir()))
"""
FLOW = """
name: tries
phases:
  - id: verification
    nodes: [{agent: trier, attempts: 2}]
"""


class TestResume:
    def test_wherever_it_is_cut_off(self, tmp_path):
        """
        An agent that fails once and may be tried twice has completed in the end, wherever its run was cut off.
        """
        tries = tmp_path / "tries"
        tries.mkdir()
        files = {"trier.py": AGENT.replace("PLACE", str(tries)), "readiness.yaml": "agents: ['trier:Trier']\n"}
        shop = repository(tmp_path / "shop", SHOP | files)
        (tmp_path / "flow.yaml").write_text(FLOW)
        request = Request(path=str(shop), trust=True, workflow=str(tmp_path / "flow.yaml"))
        run = asyncio.run(review(request, tmp_path / "runs", sync=False)).folder
        lines = (run / JOURNAL).read_bytes().splitlines(keepends=True)
        first = next(n for n, line in enumerate(lines) if b'"NodeStarted"' in line)
        last = next(n for n, line in enumerate(lines) if b'"PhaseFinished"' in line)

        assert ["errored", "completed"] == [ended["outcome"] for ended in _ended(run)]
        for cut in range(first, last + 1):
            again = shutil.copytree(run, tmp_path / str(cut) / run.name)
            (again / JOURNAL).write_bytes(b"".join(lines[:cut]))
            for name in ("verdict.json", "report.html"):
                (again / name).unlink()
            for old in sorted(tries.iterdir())[sum(b"own/look" in line for line in lines[:cut]) :]:
                old.unlink()
            asyncio.run(resume(Record(again), sync=False))

            assert [(1, "errored"), (2, "completed")] == [(e["attempt"], e["outcome"]) for e in _ended(again)], cut


def _ended(run: Path) -> list[dict[str, Any]]:
    events = [json.loads(line) for line in (run / JOURNAL).read_bytes().splitlines()]
    return [event["data"] for event in events if event["kind"] == "NodeFinished"]
