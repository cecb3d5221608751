"""The meta-agent that runs the DAG: each node starts the moment its own needs are met."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

from ..domain.finding import Status
from ..domain.outcome import Ending
from ..errors import EvidenceUnavailable, OrchestratorError
from ..journal.writer import Journal
from ..logs import logger
from ..workflow.graph import Node, Workflow
from ..workflow.model import NodeSpec
from .executor import Executor, crashed
from .gate import OPEN, GateDecision
from .task import NodeResult, Task

_log = logger("engine")
Gatekeeper = Callable[[str, Mapping[str, NodeResult]], GateDecision]
DEFAULT_LIMITS: dict[str, int] = {"cpu": os.cpu_count() or 2, "network": 8, "model": 4, "exclusive": 1}


class Coordinator:
    """
    Dispatches the nodes of a workflow and writes down what became of them.

    It starts a node when its own needs are over, however they ended: one agent's failure takes down no other. How
    many run at once is bounded per resource. Each decision is in the journal before the executor hears of it.

    Args:
        workflow: What to run.
        run: The run's id.
        journal: Where decisions go.
        executor: Who does the work.
        gatekeeper: Says whether a phase may act, given every result so far.
        resources: Agent id to the resource that its turn takes; ``cpu`` where it is not named.
        finished: Results of nodes that an earlier life of this run has finished; they are not redone.
    """

    def __init__(
        self,
        workflow: Workflow,
        run: str,
        journal: Journal,
        executor: Executor,
        *,
        gatekeeper: Gatekeeper | None = None,
        resources: Mapping[str, str] | None = None,
        finished: Mapping[str, NodeResult] | None = None,
    ) -> None:
        self._workflow = workflow
        self._run = run
        self._journal = journal
        self._executor = executor
        self._gatekeeper = gatekeeper or _always_open
        self._resources = resources or {}
        limits: dict[str, int] = DEFAULT_LIMITS | dict(workflow.spec.concurrency)
        self._slots = {name: asyncio.Semaphore(limit) for name, limit in limits.items()}
        self.results: dict[str, NodeResult] = {}
        self._finished = dict(finished or {})
        self._gates: dict[str, GateDecision] = {}
        self._waiting = {node.id: len(node.needs) for node in workflow.nodes.values()}
        self._followers = {id_: sorted(workflow.graph.successors(id_)) for id_ in workflow.nodes}
        self._ended: deque[tuple[Node, NodeResult]] = deque()
        self._left: dict[str, int] = {}
        for node in workflow.nodes.values():
            self._left[node.phase] = self._left.get(node.phase, 0) + 1

    async def run(self) -> dict[str, NodeResult]:
        """
        Run every node to its end; returns results by node id.

        Raises:
            CancelledError: The run was stopped; what is finished is recorded.
        """
        try:
            async with asyncio.TaskGroup() as turns:
                for node in list(self._workflow.nodes.values()):
                    if not node.needs:
                        self._start(node, turns)
        except BaseExceptionGroup as group:
            raise _first(group) from group
        finally:
            await self._executor.close()
        await self._journal.durable()
        return self.results

    def _start(self, node: Node, turns: asyncio.TaskGroup) -> None:
        gate = self._gate(node.phase)
        if node.id in self._finished:
            self._over(node, self._finished[node.id], turns)
        elif gate.skip:
            result = NodeResult(Ending.SKIPPED, f"the gate before phase '{node.phase}' is closed: {gate.reason}")
            self._finish(node.id, 0, result)
            self._over(node, result, turns)
        else:
            turns.create_task(self._turn(node, gate, turns))

    def _gate(self, phase: str) -> GateDecision:
        """The decision before *phase*, taken when its first node could start."""
        if phase not in self._gates:
            gate = self._gatekeeper(phase, self.results)
            self._gates[phase] = gate
            data = {"open": gate.open, "reason": gate.reason, "skip": gate.skip}
            self._journal.append("PhaseStarted", phase, data)
        return self._gates[phase]

    async def _turn(self, node: Node, gate: GateDecision, turns: asyncio.TaskGroup) -> None:
        async with self._slots[self._resources.get(node.agent, "cpu")]:
            result = await self._attempts(node.id, node.agent, node.phase, node.spec, gate)
        self._over(node, result, turns)

    async def _attempts(self, id_: str, agent: str, phase: str, spec: NodeSpec, gate: GateDecision) -> NodeResult:
        task = Task(self._run, id_, agent, phase, 1, gate.open, gate.reason, spec.timeout)
        if spec.attempts == 1:
            return await self._attempt(task, spec)
        import tenacity

        result = NodeResult(Ending.ERRORED)
        retrying = tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(spec.attempts),
            wait=tenacity.wait_exponential(multiplier=0.1, max=10),
            retry=tenacity.retry_if_result(lambda r: r.ending in (Ending.ERRORED, Ending.TIMED_OUT)),
            retry_error_callback=lambda state: state.outcome.result() if state.outcome else result,
        )
        number = 0

        async def again() -> NodeResult:
            nonlocal number
            number += 1
            return await self._attempt(task._replace(attempt=number), spec)

        return await retrying(again)

    async def _attempt(self, task: Task, spec: NodeSpec) -> NodeResult:
        self._journal.append("NodeStarted", task.node, {"agent": task.agent, "attempt": task.attempt})
        await self._journal.durable()
        self._executor.submit(task)
        clock = asyncio.get_running_loop().time
        begun = clock()
        try:
            async with asyncio.timeout(spec.timeout) as limit:
                result = await self._executor.result(task.key)
        except EvidenceUnavailable as error:
            result = NodeResult(Ending.UNAVAILABLE, error.reason)
        except OrchestratorError:
            raise
        except Exception as error:  # noqa: BLE001  # it is the agent's, or its time is over; either stays in the record
            result = crashed(task.agent, error)
        if limit.expired() or clock() - begun > spec.timeout:  # it may come back all the same, and is not heard
            self._executor.cancel(task.key)
            result = NodeResult(Ending.TIMED_OUT, f"took longer than {spec.timeout:g} s")
        if result.ending is Ending.ERRORED:
            _log.warning("agent errored", node=task.node, attempt=task.attempt, reason=result.reason)
        self._finish(task.node, task.attempt, result)
        return result

    def _finish(self, node: str, attempt: int, result: NodeResult) -> None:
        data: dict[str, Any] = {"attempt": attempt, "outcome": result.ending, "reason": result.reason}
        said = result.said()
        if said:
            data["findings"] = len(result.findings)
            data["failed"] = sum(1 for f in result.findings if f.status is Status.FAIL)
            data["said"] = self._journal.packed(said)
        self._journal.append("NodeFinished", node, data)

    def _over(self, node: Node, result: NodeResult, turns: asyncio.TaskGroup) -> None:
        """Take in a result and start what waited for it; a queue, since finished nodes can be a long chain."""
        self._ended.append((node, result))
        if len(self._ended) > 1:
            return
        while self._ended:
            node, result = self._ended[0]
            self.results[node.id] = result
            self._left[node.phase] -= 1
            if not self._left[node.phase]:
                self._phase_over(node.phase, turns)
            for follower in self._followers[node.id]:
                self._waiting[follower] -= 1
                if not self._waiting[follower]:
                    self._start(self._workflow.nodes[follower], turns)
            self._ended.popleft()

    def _phase_over(self, phase: str, turns: asyncio.TaskGroup) -> None:
        ids = [n for n, node in self._workflow.nodes.items() if node.phase == phase]
        failed = any(f.status is Status.FAIL for n in ids for f in self.results[n].findings) or any(
            self.results[n].ending not in (Ending.COMPLETED, Ending.NOT_APPLICABLE) for n in ids
        )
        self._journal.append("PhaseFinished", phase, {"failed": failed})
        agent = self._workflow.phase(phase).on_failure
        if failed and agent:
            turns.create_task(self._look_into(phase, agent))

    async def _look_into(self, phase: str, agent: str) -> None:
        id_ = f"{phase}/{agent}"
        if id_ in self._finished:
            self.results[id_] = self._finished[id_]
            return
        spec = NodeSpec(agent=agent, required=False)
        self.results[id_] = await self._attempts(id_, agent, phase, spec, self._gates[phase])


def _always_open(_phase: str, _earlier: Mapping[str, NodeResult]) -> GateDecision:
    return OPEN


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first plain exception inside *group*."""
    inner: BaseException = group
    while isinstance(inner, BaseExceptionGroup):
        inner = inner.exceptions[0]
    return inner
