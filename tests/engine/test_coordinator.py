"""The coordinator starts what can start, isolates what fails, and writes down what it decided."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from pathlib import Path

import networkx
import pytest

from orchestrator.domain.finding import Finding, Status
from orchestrator.domain.outcome import Ending
from orchestrator.engine.coordinator import Coordinator
from orchestrator.engine.doorkeeper import Dismissed, Doorkeeper
from orchestrator.engine.executor import How, LocalExecutor, Outcome, Progress, Worker
from orchestrator.engine.gate import OPEN, GateDecision
from orchestrator.engine.job import Job
from orchestrator.engine.task import COMPLETED, NodeResult
from orchestrator.journal.record import Record
from orchestrator.journal.step import Door
from orchestrator.journal.versions import FORMAT
from orchestrator.journal.writer import Journal, start
from orchestrator.workflow.graph import Node, Workflow
from orchestrator.workflow.model import NodeSpec, PhaseSpec, WorkflowSpec

Work = Callable[[Job], Awaitable[NodeResult]]


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
    followers = {id_: tuple(graph.successors(id_)) for id_ in graph}
    return Workflow(WorkflowSpec(name="w", phases=(phase,)), {n: nodes[n] for n in ordered}, followers)


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

        async def work(job: Job) -> NodeResult:
            if job.agent == "slow":
                await asyncio.wait_for(release.wait(), 5)
            order.append(job.agent)
            if job.agent == "after-quick":
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

        async def work(_job: Job) -> NodeResult:
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

        async def work(job: Job) -> NodeResult:
            written = [(e.kind, e.node) for e in Record(tmp_path / "run").events()]
            assert ("NodeStarted", job.node) in written
            return COMPLETED

        results = await run(journal, flow, work)

        assert {Ending.COMPLETED} == {r.ending for r in results.values()}


class TestFailure:
    async def test_one_agents_failure_takes_down_no_other(self, journal):
        """
        An exception ends its own node, stays in the record with its traceback, and the rest goes on.
        """
        flow = workflow({"bad": (), "good": (), "after-bad": ("bad",)})

        async def work(job: Job) -> NodeResult:
            if job.agent == "bad":
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

        async def work(_job: Job) -> NodeResult:
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

        async def work(_job: Job) -> NodeResult:
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

        async def work(_job: Job) -> NodeResult:
            raise TimeoutError("the other end was silent")

        results = await run(journal, workflow({"a": ()}), work)

        assert (Ending.ERRORED, "TimeoutError: the other end was silent") == results["p/a"][:2]

    async def test_attempts(self, journal, tmp_path):
        """
        A node with three attempts has three, each recorded under its own number.
        """
        attempts: list[int] = []

        async def work(job: Job) -> NodeResult:
            attempts.append(job.attempt)
            if job.attempt < 3:
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

        async def work(job: Job) -> NodeResult:
            started.set()
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                stopped.append(job.agent)
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

        async def work(job: Job) -> NodeResult:
            worked.append(job.agent)
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

        async def work(_job: Job) -> NodeResult:
            raise AssertionError("nothing may run")

        results = await run(journal, workflow({"a": (), "b": ("a",)}), work, gatekeeper=lambda _phase, _done: closed)

        assert {Ending.SKIPPED} == {r.ending for r in results.values()}
        assert "SEC-2.2.1" in results["p/b"].reason

    async def test_closed_and_judging(self, journal):
        """
        Behind a gate that only judges, agents run and are told to rehearse nothing.
        """
        told: list[tuple[bool, str]] = []

        async def work(job: Job) -> NodeResult:
            told.append((job.rehearse, job.reason))
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

        async def work(job: Job) -> NodeResult:
            await asyncio.sleep(chance.random() / 500)
            found = Finding(criterion="X-1", status=Status.FAIL, message=job.agent, agent=job.agent, check="c")
            return NodeResult(Ending.COMPLETED, "", (found,))

        results = await run(journal, flow, work, gatekeeper=lambda _phase, _done: OPEN)

        assert {"p/a": "a", "p/b": "b", "p/c": "c", "p/d": "d"} == {
            n: r.findings[0].message for n, r in results.items()
        }


class Ticking:
    """An executor of virtual time: each job takes one tick, and time goes on when somebody waits."""

    def __init__(self) -> None:
        self.now = 0
        self.begun: list[str] = []
        self._ends: dict[str, int] = {}

    async def submit(self, job: Job) -> None:
        self.begun.append(job.agent)
        self._ends[job.key] = self.now + 1

    async def outcomes(self, keys: Collection[str]) -> list[Outcome]:
        self.now = min(self._ends[key] for key in keys)
        return [Outcome(key, How.ENDED, COMPLETED) for key in keys if self._ends[key] <= self.now]

    async def cancel(self, key: str) -> None:
        raise AssertionError(f"{key} is to run to its end")

    async def progress(self, key: str, after: int = 0) -> AsyncIterator[Progress]:
        raise NotImplementedError
        yield

    async def workers(self) -> tuple[Worker, ...]:
        return ()

    async def close(self) -> None:
        return None


class TestLongestPathFirst:
    async def ticks(self, journal: Journal, needs: Mapping[str, tuple[str, ...]], resource: str) -> Ticking:
        executor = Ticking()
        flow = workflow(needs)
        await Coordinator(flow, "run", journal, executor, resources=dict.fromkeys(needs, resource)).run()
        return executor

    async def test_a_chain_among_many_short_ones(self, journal):
        """
        A chain of twelve behind two hundred short nodes costs no time beyond what the eight places take for all of it.
        """
        needs: dict[str, tuple[str, ...]] = {f"a{k:03}": () for k in range(200)}
        needs |= {f"z{k:02}": ((f"z{k - 1:02}",) if k else ()) for k in range(12)}
        executor = await self.ticks(journal, needs, "network")

        assert -(-(200 + 12) // 8) == executor.now

    async def test_order(self, journal):
        """
        Of what may start the one goes first that the longest path hangs on; of equals the one that came first.
        """
        needs = {"a": (), "b": (), "c": (), "d": ("c",), "e": ("b",), "f": ("e",), "g": ()}
        executor = await self.ticks(journal, needs, "exclusive")

        assert ["b", "c", "e", "a", "g", "d", "f"] == executor.begun

    @pytest.mark.parametrize("seed", range(30))
    async def test_never_idle(self, journal, seed):
        """
        On any DAG, time is at most what its work takes spread over all places, and its longest path.
        """
        chance = random.Random(seed)
        names = [f"n{k:03}" for k in range(chance.randint(1, 80))]
        needs = {
            name: tuple(chance.sample(names[:k], min(k, chance.choice((0, 0, 1, 2))))) for k, name in enumerate(names)
        }
        executor = await self.ticks(journal, needs, "network")
        longest = len(networkx.dag_longest_path(networkx.DiGraph(workflow(needs).followers)))

        assert len(names) == len(set(executor.begun))
        assert longest <= executor.now <= -(-len(names) // 8) + longest


class Told(Ticking):
    """An executor that is told how each attempt ends, by agent and number; the others complete."""

    def __init__(self, ends: Mapping[str, Outcome]) -> None:
        super().__init__()
        self._how = ends
        self.jobs: list[Job] = []
        self.called_off: list[str] = []

    async def submit(self, job: Job) -> None:
        await super().submit(job)
        self.jobs.append(job)

    async def outcomes(self, keys: Collection[str]) -> list[Outcome]:
        ended = await super().outcomes(keys)
        return [self._how.get(o.key.removeprefix("run:p/"), o)._replace(key=o.key) for o in ended]

    async def cancel(self, key: str) -> None:
        self.called_off.append(key.removeprefix("run:p/"))


LOST = Outcome("", How.LOST, reason="it is gone")


class TestLost:
    async def told(self, journal: Journal, ends: Mapping[str, Outcome], **spec: object) -> tuple[Told, NodeResult]:
        executor = Told(ends)
        results = await Coordinator(workflow({"a": ()}, **spec), "run", journal, executor).run()
        await journal.durable()
        return executor, results["p/a"]

    async def test_is_followed_by_the_next(self, journal):
        """
        A lost attempt is written down, called off, and followed by the next one, though the node has but one.
        """
        executor, result = await self.told(journal, {"a:1": LOST})
        events = [(e.kind, e.data.get("attempt")) for e in Record(journal.folder).events() if e.node == "p/a"]

        assert COMPLETED == result
        assert ["a:1"] == executor.called_off
        assert [("NodeStarted", 1), ("AttemptLost", 1), ("NodeStarted", 2), ("NodeFinished", 2)] == events

    async def test_not_for_ever(self, journal):
        """
        What is lost each time has errored, with how it was seen.
        """
        executor, result = await self.told(journal, {f"a:{n}": LOST for n in range(1, 9)})

        assert (Ending.ERRORED, "whoever had its turn was lost, 3 times in a row: it is gone") == result[:2]
        assert ["a:1", "a:2", "a:3"] == executor.called_off

    async def test_costs_the_agent_no_attempt_of_its_own(self, journal):
        """
        What was lost is not a failure of the agent, which has as many attempts as it ever had.
        """
        errored = Outcome("", How.ENDED, NodeResult(Ending.ERRORED, "boom"))
        executor, result = await self.told(journal, {"a:1": LOST, "a:2": errored}, attempts=2)

        assert COMPLETED == result
        assert [1, 2, 3] == [job.attempt for job in executor.jobs]

    async def test_called_off_by_somebody_else(self, journal):
        """
        What its executor has called off by itself is cancelled, and nobody waits for it.
        """
        _, result = await self.told(journal, {"a:1": Outcome("", How.CANCELLED)})

        assert (Ending.CANCELLED, "its executor called it off") == result[:2]


class TestJobs:
    def found(self, *names: str, message: str = "found") -> dict[str, Outcome]:
        return {
            f"{name}:1": Outcome(
                "",
                How.ENDED,
                NodeResult(
                    Ending.COMPLETED,
                    findings=(Finding(criterion="X-1", status=Status.FAIL, message=message, agent=name, check="c"),),
                ),
            )
            for name in names
        }

    async def test_name_what_they_may_see(self, journal):
        """
        A job names what those nodes said that it waits for, however indirectly, and no other.
        """
        needs = {"a": (), "b": (), "silent": (), "c": ("a", "silent"), "d": ("c",), "e": ("b", "d")}
        executor = Told(self.found("a", "b", "c"))
        await Coordinator(workflow(needs), "run", journal, executor).run()
        named = {job.agent: sorted(node.removeprefix("p/") for node in job.findings) for job in executor.jobs}

        assert {"a": [], "b": [], "silent": [], "c": ["a"], "d": ["a", "c"], "e": ["a", "b", "c"]} == named

    async def test_rest_on_what_was_recorded(self, journal):
        """
        What others are told of a node is what stands in the record: what is withheld there, nobody gets.
        """
        secret = "ghp_" + "0123456789abcdefghijABCDEFGHIJ456789"
        executor = Told(self.found("a", message=f"the token {secret} is committed"))
        keeper = Doorkeeper(Door(journal))
        results = await Coordinator(workflow({"a": (), "b": ("a",)}), "run", journal, executor, keeper=keeper).run()
        await journal.durable()
        (ended,) = (e for e in Record(journal.folder).events() if e.kind == "NodeFinished" and "said" in e.data)
        told = json.loads(keeper.shelf.read(executor.jobs[1].findings["p/a"]))

        assert ended.data["said"]["value"] == told
        assert "[withheld" in results["p/a"].findings[0].message
        assert secret not in str(told)

    async def test_are_answered_while_they_are_out(self, journal):
        """
        An attempt is answered from when it is given out to when it is over, also where its time is.
        """
        keeper = Doorkeeper(Door(journal))
        during: list[str] = []

        async def work(job: Job) -> NodeResult:
            during.append(keeper.out(job.key).agent)
            if job.agent == "slow":
                await asyncio.sleep(60)
            return COMPLETED

        flow = workflow({"quick": (), "slow": ()}, timeout=0.05)
        await Coordinator(flow, "run", journal, LocalExecutor(work), keeper=keeper).run()

        assert ["quick", "slow"] == during
        for name in during:
            with pytest.raises(Dismissed):
                keeper.out(f"run:p/{name}:1")
