"""The coordinator starts what can start, isolates what fails, and writes down what it decided."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import networkx
import pytest

from orchestrator.domain.finding import Finding, Status
from orchestrator.domain.outcome import Ending
from orchestrator.engine.coordinator import Coordinator
from orchestrator.engine.executor import LocalExecutor
from orchestrator.engine.gate import OPEN, GateDecision
from orchestrator.engine.task import COMPLETED, NodeResult, Task
from orchestrator.journal.record import Record
from orchestrator.journal.versions import FORMAT
from orchestrator.journal.writer import Journal, start
from orchestrator.workflow.graph import Node, Workflow
from orchestrator.workflow.model import NodeSpec, PhaseSpec, WorkflowSpec

Work = Callable[[Task], Awaitable[NodeResult]]


def clock() -> Callable[[], str]:
    ticks = itertools.count()
    return lambda: f"2026-01-02T03:04:05.{next(ticks):06d}Z"


def workflow(needs: Mapping[str, tuple[str, ...]], **spec: object) -> Workflow:
    """A workflow of one phase ``p`` whose nodes need each other like *needs*; *spec* goes into every node."""
    nodes = {
        f"p/{n}": Node(f"p/{n}", n, "p", NodeSpec.model_validate({"agent": n, **spec}), tuple(f"p/{k}" for k in before))
        for n, before in needs.items()
    }
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from((need, node.id) for node in nodes.values() for need in node.needs)
    phase = PhaseSpec(id="p", nodes=tuple(node.spec for node in nodes.values()))
    ordered = networkx.lexicographical_topological_sort(graph)
    return Workflow(WorkflowSpec(name="w", phases=(phase,)), {n: nodes[n] for n in ordered}, graph)


@pytest.fixture
def journal(tmp_path: Path):
    journal = start(tmp_path / "run", {"format": FORMAT}, clock(), sync=False)
    yield journal
    journal.close()


async def run(journal: Journal, flow: Workflow, work: Work, **more: object) -> dict[str, NodeResult]:
    return await Coordinator(flow, "run", journal, LocalExecutor(work), **more).run()  # type: ignore[arg-type]  # passed on


class TestDispatch:
    async def test_no_barrier(self, journal):
        """
        A node starts when its own needs are over, not when its neighbours' are.
        """
        flow = workflow({"slow": (), "quick": (), "after-quick": ("quick",), "end": ("slow", "after-quick")})
        order: list[str] = []
        release = asyncio.Event()

        async def work(task: Task) -> NodeResult:
            if task.agent == "slow":
                await asyncio.wait_for(release.wait(), 5)
            order.append(task.agent)
            if task.agent == "after-quick":
                release.set()
            return COMPLETED

        await run(journal, flow, work)

        assert ["quick", "after-quick", "slow", "end"] == order

    async def test_bounded_per_resource(self, journal):
        """
        No more turns run at once than the resource allows.
        """
        flow = workflow({f"n{k}": () for k in range(20)})
        running = highest = 0

        async def work(_task: Task) -> NodeResult:
            nonlocal running, highest
            running += 1
            highest = max(highest, running)
            await asyncio.sleep(0.001)
            running -= 1
            return COMPLETED

        await run(journal, flow, work, resources={f"n{k}": "model" for k in range(20)})

        assert highest == 4

    async def test_decided_before_submitted(self, journal, tmp_path):
        """
        The executor hears of a task only once the journal holds its start.
        """
        flow = workflow({"a": (), "b": ("a",)})

        async def work(task: Task) -> NodeResult:
            written = [(e.kind, e.node) for e in Record(tmp_path / "run").events()]
            assert ("NodeStarted", task.node) in written
            return COMPLETED

        results = await run(journal, flow, work)

        assert {Ending.COMPLETED} == {r.ending for r in results.values()}


class TestFailure:
    async def test_one_agents_failure_takes_down_no_other(self, journal):
        """
        An exception ends its own node, stays in the record with its traceback, and the rest goes on.
        """
        flow = workflow({"bad": (), "good": (), "after-bad": ("bad",)})

        async def work(task: Task) -> NodeResult:
            if task.agent == "bad":
                raise ZeroDivisionError("boom")
            return COMPLETED

        results = await run(journal, flow, work)

        assert Ending.ERRORED is results["p/bad"].ending
        assert results["p/bad"].reason == "ZeroDivisionError: boom"
        assert "test_coordinator.py" in results["p/bad"].crashes[0]["trace"]
        assert Ending.COMPLETED is results["p/good"].ending
        assert Ending.COMPLETED is results["p/after-bad"].ending

    async def test_timeout(self, journal):
        """
        A turn that takes too long is stopped and says so.
        """

        async def work(_task: Task) -> NodeResult:
            await asyncio.sleep(60)
            return COMPLETED

        results = await run(journal, workflow({"a": ()}, timeout=0.05), work)

        assert Ending.TIMED_OUT is results["p/a"].ending
        assert results["p/a"].reason == "took longer than 0.05 s"

    @pytest.mark.parametrize("gives_way", [True, False])
    async def test_what_comes_back_late(self, journal, gives_way):
        """
        Nothing is completed past its limit, whether work ignores that it is called off, or cannot hear of it.
        """

        async def work(_task: Task) -> NodeResult:
            if gives_way:
                with contextlib.suppress(asyncio.CancelledError):
                    await asyncio.sleep(60)
            else:
                time.sleep(0.1)  # noqa: ASYNC251  # it holds the loop up
            return COMPLETED

        results = await run(journal, workflow({"a": ()}, timeout=0.05), work)

        assert Ending.TIMED_OUT is results["p/a"].ending

    async def test_a_timeout_of_its_own(self, journal):
        """
        What times out within a turn is the agent's failure, and not the end of its time.
        """

        async def work(_task: Task) -> NodeResult:
            raise TimeoutError("the other end was silent")

        results = await run(journal, workflow({"a": ()}), work)

        assert (Ending.ERRORED, "TimeoutError: the other end was silent") == results["p/a"][:2]

    async def test_attempts(self, journal, tmp_path):
        """
        A node with three attempts has three, each recorded under its own number.
        """
        attempts: list[int] = []

        async def work(task: Task) -> NodeResult:
            attempts.append(task.attempt)
            if task.attempt < 3:
                raise OSError("not yet")
            return COMPLETED

        results = await run(journal, workflow({"a": ()}, attempts=3), work)
        await journal.durable()
        events = [(e.kind, e.data["attempt"]) for e in Record(tmp_path / "run").events() if e.node == "p/a"]

        assert [1, 2, 3] == attempts
        assert Ending.COMPLETED is results["p/a"].ending
        assert [("NodeStarted", 1), ("NodeFinished", 1), ("NodeStarted", 2)] == events[:3]

    async def test_cancelled(self, journal):
        """
        Cancelling stops every turn at once.
        """
        started = asyncio.Event()
        stopped: list[str] = []

        async def work(task: Task) -> NodeResult:
            started.set()
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                stopped.append(task.agent)
                raise
            return COMPLETED

        going = asyncio.ensure_future(run(journal, workflow({"a": (), "b": ()}), work))
        await started.wait()
        await asyncio.sleep(0)
        going.cancel()
        with pytest.raises(asyncio.CancelledError):
            await going

        assert {"a", "b"} == set(stopped)


class TestResume:
    async def test_finished_nodes_are_not_redone(self, journal):
        """
        What an earlier life finished is taken as it is; a chain of ten thousand of them is not recursion.
        """
        needs = {f"n{k:05}": ((f"n{k - 1:05}",) if k else ()) for k in range(10_000)}
        flow = workflow(needs)
        finished = dict.fromkeys(list(flow.nodes)[:-1], COMPLETED)
        worked: list[str] = []

        async def work(task: Task) -> NodeResult:
            worked.append(task.agent)
            return COMPLETED

        results = await run(journal, flow, work, finished=finished)

        assert ["n09999"] == worked
        assert 10_000 == len(results)


class TestGate:
    async def test_closed_and_skipping(self, journal, tmp_path):
        """
        Nodes behind a gate that skips are recorded as skipped, with the reason.
        """
        closed = GateDecision(False, "1 critical criterion fails: SEC-2.2.1", skip=True)

        async def work(_task: Task) -> NodeResult:
            raise AssertionError("nothing may run")

        results = await run(journal, workflow({"a": (), "b": ("a",)}), work, gatekeeper=lambda _phase, _done: closed)

        assert {Ending.SKIPPED} == {r.ending for r in results.values()}
        assert "SEC-2.2.1" in results["p/b"].reason

    async def test_closed_and_judging(self, journal):
        """
        Behind a gate that only judges, agents run and are told to rehearse nothing.
        """
        told: list[tuple[bool, str]] = []

        async def work(task: Task) -> NodeResult:
            told.append((task.rehearse, task.reason))
            return COMPLETED

        closed = GateDecision(False, "because")
        await run(journal, workflow({"a": ()}), work, gatekeeper=lambda _phase, _done: closed)

        assert [(False, "because")] == told


class TestOrder:
    @pytest.mark.parametrize("seed", range(10))
    async def test_completion_order_changes_no_result(self, journal, seed):
        """
        Results are the same whatever finishes first.
        """
        flow = workflow({"a": (), "b": (), "c": ("a",), "d": ("a", "b")})
        chance = random.Random(seed)

        async def work(task: Task) -> NodeResult:
            await asyncio.sleep(chance.random() / 500)
            found = Finding(criterion="X-1", status=Status.FAIL, message=task.agent, agent=task.agent, check="c")
            return NodeResult(Ending.COMPLETED, "", (found,))

        results = await run(journal, flow, work, gatekeeper=lambda _phase, _done: OPEN)

        assert {"p/a": "a", "p/b": "b", "p/c": "c", "p/d": "d"} == {
            n: r.findings[0].message for n, r in results.items()
        }


class TestExecutor:
    async def test_a_key_is_taken_once(self):
        """
        The same attempt of the same node cannot be submitted twice.
        """

        async def work(_task: Task) -> NodeResult:
            return COMPLETED

        executor = LocalExecutor(work)
        executor.submit(Task("r", "p/a", "a", "p"))

        with pytest.raises(ValueError, match="submitted before"):
            executor.submit(Task("r", "p/a", "a", "p"))

    async def test_tells_what_happens(self):
        """
        Who listens hears of every task, and of the end.
        """

        async def work(_task: Task) -> NodeResult:
            return COMPLETED

        executor = LocalExecutor(work)
        heard: list[tuple[str, str]] = []

        async def listen() -> None:
            async for event in executor.events():
                heard.append(event)

        listening = asyncio.ensure_future(listen())
        await asyncio.sleep(0)
        task = Task("r", "p/a", "a", "p")
        executor.submit(task)
        await executor.result(task.key)
        health = executor.health()
        await executor.close()
        await listening

        assert [("r:p/a:1", "started"), ("r:p/a:1", "ended")] == heard
        assert (True, 0) == (health.ready, health.running)
        assert not executor.health().ready
