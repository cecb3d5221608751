"""Measures dispatching against a bare asyncio and networkx dispatcher, in turns in one process."""

from __future__ import annotations

import asyncio
import gc
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import networkx

from orchestrator.domain.outcome import Ending
from orchestrator.engine.coordinator import Coordinator
from orchestrator.engine.executor import LocalExecutor
from orchestrator.engine.job import Job
from orchestrator.engine.task import COMPLETED, NodeResult
from orchestrator.journal.clock import Clock
from orchestrator.journal.writer import Journal, start
from orchestrator.workflow.graph import Node, Workflow
from orchestrator.workflow.model import NodeSpec, PhaseSpec, WorkflowSpec

ROUNDS = 5
Work = Callable[[Job], Awaitable[NodeResult]]


def layered(count: int, width: int = 10) -> Workflow:
    """*count* nodes in layers of *width*, each waiting for two of the layer before."""
    nodes: dict[str, Node] = {}
    for number in range(count):
        layer, place = divmod(number, width)
        before = [(layer - 1) * width + (place + k) % width for k in (0, 1)] if layer else []
        needs = tuple(f"p/n{b:05}" for b in before)
        nodes[f"p/n{number:05}"] = Node(f"p/n{number:05}", "noop", "p", NodeSpec(agent="noop"), needs)
    return of(nodes)


def of(nodes: dict[str, Node]) -> Workflow:
    """A workflow of one phase with exactly these nodes."""
    graph: networkx.DiGraph[str] = networkx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from((need, node.id) for node in nodes.values() for need in node.needs)
    phase = PhaseSpec(id="p", nodes=(NodeSpec(agent="noop"),))
    spec = WorkflowSpec(name="bench", phases=(phase,), concurrency={"cpu": 64, "network": 64})
    ordered = networkx.lexicographical_topological_sort(graph)
    return Workflow(spec, {n: nodes[n] for n in ordered}, {n: tuple(graph.successors(n)) for n in graph})


async def bare(workflow: Workflow) -> None:
    """The floor: start each node when its needs are over, and nothing else."""
    waiting = {n: len(node.needs) for n, node in workflow.nodes.items()}

    async with asyncio.TaskGroup() as group:

        async def turn(node: str) -> None:
            await asyncio.sleep(0)
            for follower in workflow.followers[node]:
                waiting[follower] -= 1
                if not waiting[follower]:
                    group.create_task(turn(follower))

        for node, count in list(waiting.items()):
            if not count:
                group.create_task(turn(node))


async def noop(_job: Job) -> NodeResult:
    """An agent that has nothing to say."""
    await asyncio.sleep(0)
    return COMPLETED


def coordinated(workflow: Workflow, folder: Path, work: Work, *, sync: bool, resource: str = "cpu") -> float:
    """Seconds that the coordinator takes with its journal on; opening the journal is not counted."""
    journal: Journal = start(folder, {"format": "bench"}, Clock(), sync=sync)
    results: dict[str, NodeResult] = {}

    async def run() -> None:
        coordinator = Coordinator(workflow, "bench", journal, LocalExecutor(work), resources={"noop": resource})
        results.update(await coordinator.run())

    try:
        seconds = timed(run)
    finally:
        journal.close()
    if len(results) != len(workflow.nodes) or any(r.ending is not Ending.COMPLETED for r in results.values()):
        raise AssertionError("not every node completed")
    return seconds


def measure(count: int) -> dict[str, float]:
    """Median microseconds a node: the floor, unsynced and synced, measured in turns."""
    workflow = layered(count)
    times: dict[str, list[float]] = {"floor": [], "journal": [], "fsync": []}
    for _ in range(ROUNDS if count <= 1000 else 3):
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            times["floor"].append(timed(lambda: bare(workflow)))
            times["journal"].append(coordinated(workflow, folder / "a", noop, sync=False))
            times["fsync"].append(coordinated(workflow, folder / "b", noop, sync=True))
    return {name: statistics.median(values) / count * 1e6 for name, values in times.items()}


def critical_path() -> tuple[float, float]:
    """Seconds of (the longest chain slept bare, wall of the coordinator) on an uneven DAG of 40 agents of 50 ms."""
    nodes: dict[str, Node] = {}
    for chain, length in enumerate((12, 6, 6, 4, 4, 4, 2, 2)):
        for step in range(length):
            id_ = f"p/c{chain}s{step:02}"
            needs = (f"p/c{chain}s{step - 1:02}",) if step else ()
            nodes[id_] = Node(id_, "noop", "p", NodeSpec(agent="noop"), needs)

    async def slow(_job: Job) -> NodeResult:
        await asyncio.sleep(0.05)
        return COMPLETED

    async def chain_alone() -> None:
        for _ in range(12):
            await asyncio.sleep(0.05)

    bare_times, walls = [], []
    for _ in range(3):
        bare_times.append(timed(chain_alone))
        with tempfile.TemporaryDirectory() as scratch:
            walls.append(coordinated(of(nodes), Path(scratch) / "a", slow, sync=True, resource="network"))
    return statistics.median(bare_times), statistics.median(walls)


def chain_among_many() -> tuple[float, float]:
    """Seconds of (what eight places take for all of it, wall) of 200 short nodes and a chain of 12, of 50 ms each."""
    nodes = {f"p/a{n:03}": Node(f"p/a{n:03}", "noop", "p", NodeSpec(agent="noop"), ()) for n in range(200)}
    for step in range(12):
        needs = (f"p/z{step - 1:02}",) if step else ()
        nodes[f"p/z{step:02}"] = Node(f"p/z{step:02}", "noop", "p", NodeSpec(agent="noop"), needs)

    async def slow(_job: Job) -> NodeResult:
        await asyncio.sleep(0.05)
        return COMPLETED

    flow = of(nodes)
    limits = {"cpu": 64, "network": 8}
    flow = Workflow(flow.spec.model_copy(update={"concurrency": limits}), flow.nodes, flow.followers)
    walls = []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as scratch:
            walls.append(coordinated(flow, Path(scratch) / "a", slow, sync=True, resource="network"))
    return len(nodes) / limits["network"] * 0.05, statistics.median(walls)


def apart(megabytes: int, count: int = 20) -> float:
    """CPU milliseconds that a no-op node costs in a process of its own, forked from one that holds *megabytes* more."""
    code = (
        "import asyncio, resource\n"
        "from orchestrator.engine.children import ChildExecutor\n"
        "from orchestrator.engine.doorkeeper import Doorkeeper\n"
        "from orchestrator.engine.job import Job\n"
        "from orchestrator.journal.step import Door\n"
        "from tools.benchmarks.coordination import noop\n"
        f"held = [bytes(1000) for _ in range({megabytes * 1000})]\n"
        "def spent():\n"
        "    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]\n"
        "    return sum(u.ru_utime + u.ru_stime for u in used)\n"
        "async def work():\n"
        "    executor = ChildExecutor(lambda job, _door: noop(job), Doorkeeper(Door(None)))\n"
        f"    for number in range({count + 1}):\n"
        "        before = spent() if number == 1 else before if number else 0.0\n"
        "        job = Job(run='run', node=f'p/n{number}', agent='noop', phase='p')\n"
        "        await executor.submit(job)\n"
        "        await executor.outcomes([job.key])\n"
        f"    print((spent() - before) / {count} * 1000)\n"
        "asyncio.run(work())\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    return float(done.stdout)


def memory(count: int) -> float:
    """Peak megabytes of a fresh process that coordinates *count* nodes."""
    code = (
        "import resource, tempfile, pathlib\n"
        "from tools.benchmarks import coordination as c\n"
        f"w = c.layered({count})\n"
        "with tempfile.TemporaryDirectory() as s:\n"
        "    c.coordinated(w, pathlib.Path(s) / 'a', c.noop, sync=False)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    return float(done.stdout)


def timed(work: Callable[[], Awaitable[None]]) -> float:
    """Wall seconds of *work* in an event loop of its own."""

    async def run() -> float:
        before = time.perf_counter()
        await work()
        return time.perf_counter() - before

    gc.collect()
    return asyncio.run(run())
