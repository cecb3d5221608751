"""The meta-agent: runs the DAG, each node from the moment that its own needs are met."""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..domain.finding import Status
from ..domain.outcome import Ending
from ..journal.event import canonical
from ..journal.kinds import Said
from ..journal.step import Door
from ..journal.writer import Journal
from ..logs import logger
from ..workflow.graph import Node, Workflow
from ..workflow.model import NodeSpec
from .doorkeeper import Doorkeeper
from .executor import Executor, How, Outcome
from .gate import OPEN, GateDecision
from .job import Job
from .queues import Queues, Turn, ranks
from .shelf import FINDINGS
from .task import NodeResult

_log = logger("engine")
Gatekeeper = Callable[[str, Mapping[str, NodeResult]], GateDecision]
DEFAULT_LIMITS: dict[str, int] = {"cpu": os.cpu_count() or 2, "network": 8, "model": 4, "exclusive": 1}
MOST_LOST = 2
"""How often a node has another attempt because whoever had the one before is gone: it may be the agent's own doing."""
FEW = 200
"""Findings of as many nodes are never too much for a job."""
LONGEST = 10 * 365 * 86_400.0
"""Seconds of a job without a limit."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 10.0
"""Seconds before an attempt that follows a failed one; each is twice the one before."""


class Coordinator:
    """
    Dispatches the nodes of a workflow and writes down what became of them.

    A node may start when its own needs are over, however they ended: one agent's failure takes down no other. How many
    run at once is bounded per resource, and of those that may start the one goes first that the longest path still
    hangs on. Each decision is in the journal before the executor hears of it. The executor is never asked to try again:
    what failed or was lost is called off there, and the next attempt is another job.

    Args:
        workflow: What to run.
        run: The run's id.
        journal: Where decisions go.
        executor: Who does the work.
        keeper: The run's doorways, which answer a job only while it is out.
        common: What is the same in each of the run's jobs.
        gatekeeper: Says whether a phase may act, given every result so far.
        resources: Agent id to the resource that its turn takes; ``cpu`` where it is not named.
        finished: Results of nodes that an earlier life of this run has finished; they are not redone.
        attempts: The number of the attempt that a node begins with, where an earlier life had it begun.
    """

    def __init__(
        self,
        workflow: Workflow,
        run: str,
        journal: Journal,
        executor: Executor,
        *,
        keeper: Doorkeeper | None = None,
        common: Mapping[str, Any] | None = None,
        gatekeeper: Gatekeeper | None = None,
        resources: Mapping[str, str] | None = None,
        finished: Mapping[str, NodeResult] | None = None,
        attempts: Mapping[str, int] | None = None,
    ) -> None:
        self._workflow = workflow
        self._run = run
        self._journal = journal
        self._executor = executor
        self._keeper = keeper or Doorkeeper(Door(None))
        self._common = dict(common or {})
        self._gatekeeper = gatekeeper or _always_open
        self._resources = resources or {}
        self._queues = Queues(DEFAULT_LIMITS | dict(workflow.spec.concurrency))
        self._ranks = ranks(workflow)
        self.results: dict[str, NodeResult] = {}
        self._finished = dict(finished or {})
        self._attempts = dict(attempts or {})
        self._gates: dict[str, GateDecision] = {}
        self._waiting = {node.id: len(node.needs) for node in workflow.nodes.values()}
        self._followers = {id_: sorted(workflow.followers[id_]) for id_ in workflow.nodes}
        self._ended: deque[tuple[Node, NodeResult]] = deque()
        self._out: dict[str, tuple[Turn, float]] = {}
        """Key to the turn that is out, and when its time is over."""
        self._said: dict[str, str] = {}
        """Node to the digest of what it said, where it has findings."""
        self._seen: dict[str, frozenset[str]] = {}
        """Node to the nodes before it that have findings, however indirectly it waits for them."""
        self._inside: dict[str, list[str]] = {}
        for node in workflow.nodes.values():
            self._inside.setdefault(node.phase, []).append(node.id)
        self._left = {phase: len(nodes) for phase, nodes in self._inside.items()}

    async def run(self) -> dict[str, NodeResult]:
        """
        Run every node to its end; returns results by node id.

        Raises:
            CancelledError: The run was stopped; what is finished is recorded.
        """
        try:
            for node in self._workflow.nodes.values():
                if not node.needs:
                    self._may_start(node)
            while self._queues or self._out:
                await self._dispatch()
                await self._hear()
        finally:
            await self._executor.close()
        await self._journal.durable()
        return self.results

    def _may_start(self, node: Node) -> None:
        gate = self._gate(node.phase)
        self._seen[node.id] = self._told(node.needs)
        if node.id in self._finished:
            self._over(node, self._kept(node.id, self._finished[node.id]))
        elif gate.skip:
            result = NodeResult(Ending.SKIPPED, f"the gate before phase '{node.phase}' is closed: {gate.reason}")
            self._over(node, self._finish(node.id, 0, result))
        else:
            self._push(Turn(node.id, node.agent, node.phase, node.spec, self._ranks[node.id]))

    def _push(self, turn: Turn) -> None:
        turn.attempt = self._attempts.get(turn.node, turn.attempt)
        self._queues.push(self._resource(turn), turn)

    def _resource(self, turn: Turn) -> str:
        return self._resources.get(turn.agent, "cpu")

    def _gate(self, phase: str) -> GateDecision:
        """The decision before *phase*, taken when its first node could start."""
        if phase not in self._gates:
            gate = self._gatekeeper(phase, self.results)
            self._gates[phase] = gate
            data = {"open": gate.open, "reason": gate.reason, "skip": gate.skip}
            self._journal.append("PhaseStarted", phase, data)
        return self._gates[phase]

    async def _dispatch(self) -> None:
        """Have everything started that there is room for: all of it in the journal at once, then handed over."""
        starting = self._queues.pop(asyncio.get_running_loop().time())
        if not starting:
            return
        for turn in starting:
            self._journal.append("NodeStarted", turn.node, {"agent": turn.agent, "attempt": turn.attempt})
        await self._journal.durable()
        for turn in starting:
            job = self._job(turn)
            self._keeper.admit(job)
            self._out[job.key] = turn, asyncio.get_running_loop().time() + turn.spec.timeout
            await self._executor.submit(job)

    def _job(self, turn: Turn) -> Job:
        gate = self._gates[turn.phase]
        job = Job(
            run=self._run,
            node=turn.node,
            agent=turn.agent,
            phase=turn.phase,
            attempt=turn.attempt,
            rehearse=gate.open,
            reason=gate.reason,
            timeout=min(turn.spec.timeout, LONGEST),
            findings={node: self._said[node] for node in sorted(self._visible(turn))},
            **self._common,
        )
        if len(job.findings) > FEW:
            job.data()  # an executor elsewhere would refuse what is too large; so nobody takes it
        return job

    def _visible(self, turn: Turn) -> frozenset[str]:
        """Nodes with findings that *turn* may see: those it waits for; a finder of causes sees its phase too."""
        if turn.node in self._workflow.nodes:
            return self._seen[turn.node]
        return self._told(self._inside[turn.phase])

    def _told(self, nodes: Sequence[str]) -> frozenset[str]:
        """Those of *nodes*, and of all that they wait for, that have findings."""
        return frozenset(n for n in nodes if n in self._said).union(*(self._seen[n] for n in nodes))

    async def _hear(self) -> None:
        """Wait until something has ended, or its time is over, or a pause is; and take in what that means."""
        if not self._out and not self._queues:
            return
        clock = asyncio.get_running_loop().time
        ends = [end for _, end in self._out.values()]
        outcomes: list[Outcome] = []
        try:
            async with asyncio.timeout_at(min([*ends, *self._queues.next_pause()])) as limit:
                if self._out:
                    outcomes = await self._executor.outcomes(tuple(self._out))
                else:
                    await asyncio.Event().wait()
        except TimeoutError:
            if not limit.expired():
                raise
        now = clock()
        late = {key: self._out.pop(key)[0] for key in [key for key, (_, end) in self._out.items() if end <= now]}
        for key in late:
            self._keeper.dismiss(key)
        await asyncio.gather(*map(self._executor.cancel, late))
        for turn in late.values():
            self._ended_as(turn, NodeResult(Ending.TIMED_OUT, f"took longer than {turn.spec.timeout:g} s"))
        for outcome in outcomes:
            if outcome.key in self._out:  # else it came back late, and is not heard
                turn, _ = self._out.pop(outcome.key)
                self._keeper.dismiss(outcome.key)
                await self._take(turn, outcome)

    async def _take(self, turn: Turn, outcome: Outcome) -> None:
        match outcome.how:
            case How.FAILED if outcome.error is not None:
                raise outcome.error
            case How.LOST:
                await self._executor.cancel(outcome.key)
                self._lost(turn, outcome.reason)
            case How.CANCELLED:
                self._ended_as(turn, NodeResult(Ending.CANCELLED, "its executor called it off"))
            case _:
                self._ended_as(turn, outcome.result)

    def _lost(self, turn: Turn, reason: str) -> None:
        """Whoever had *turn* is gone: somebody else has the next attempt, unless that has happened too often."""
        _log.warning("attempt lost", node=turn.node, attempt=turn.attempt, reason=reason)
        if turn.lost >= MOST_LOST:
            said = f"whoever had its turn was lost, {turn.lost + 1} times in a row: {reason}"
            self._ended_as(turn, NodeResult(Ending.ERRORED, said))
            return
        self._journal.append("AttemptLost", turn.node, {"attempt": turn.attempt, "reason": reason})
        self._queues.free(self._resource(turn))
        turn.lost += 1
        self._again(turn, 0.0)

    def _ended_as(self, turn: Turn, result: NodeResult) -> None:
        """Write down how an attempt has ended, and have another one where the node may and must."""
        if result.ending is Ending.ERRORED:
            _log.warning("agent errored", node=turn.node, attempt=turn.attempt, reason=result.reason)
        result = self._finish(turn.node, turn.attempt, result)
        self._queues.free(self._resource(turn))
        if tries_again(result, turn.attempt - turn.lost, turn.spec):
            pause = min(_FIRST_PAUSE * 2 ** (turn.attempt - 1), _LONGEST_PAUSE)
            self._again(turn, asyncio.get_running_loop().time() + pause)
        elif turn.node in self._workflow.nodes:
            self._over(self._workflow.nodes[turn.node], result)
        else:
            self.results[turn.node] = result

    def _again(self, turn: Turn, after: float) -> None:
        turn.attempt += 1
        self._queues.push(self._resource(turn), turn, after)

    def _finish(self, node: str, attempt: int, result: NodeResult) -> NodeResult:
        """Write down how an attempt has ended; returns the result as it was written, which is what others see."""
        data: dict[str, Any] = {"attempt": attempt, "outcome": result.ending, "reason": result.reason}
        said = result.said()
        if said:
            kept = self._journal.kept(said)
            if kept.withheld:
                result = NodeResult.read(result.ending, result.reason, Said.model_validate(kept.value))
            data["findings"] = len(result.findings)
            data["failed"] = sum(1 for f in result.findings if f.status is Status.FAIL)
            data["said"] = kept.packed
        self._journal.append("NodeFinished", node, data)
        return self._kept(node, result)

    def _kept(self, node: str, result: NodeResult) -> NodeResult:
        """*result*, whose findings the jobs of others may rest on from now on."""
        self._said.pop(node, None)
        if result.findings:
            self._said[node] = self._keeper.shelf.put(FINDINGS, result.findings, canonical(result.said()))
        return result

    def _over(self, node: Node, result: NodeResult) -> None:
        """Take in a result and let start what waited for it; a queue, since finished nodes can be a long chain."""
        self._ended.append((node, result))
        if len(self._ended) > 1:
            return
        while self._ended:
            node, result = self._ended[0]
            self.results[node.id] = result
            self._left[node.phase] -= 1
            if not self._left[node.phase]:
                self._phase_over(node.phase)
            for follower in self._followers[node.id]:
                self._waiting[follower] -= 1
                if not self._waiting[follower]:
                    self._may_start(self._workflow.nodes[follower])
            self._ended.popleft()

    def _phase_over(self, phase: str) -> None:
        ids = self._inside[phase]
        failed = any(f.status is Status.FAIL for n in ids for f in self.results[n].findings) or any(
            self.results[n].ending not in (Ending.COMPLETED, Ending.NOT_APPLICABLE) for n in ids
        )
        self._journal.append("PhaseFinished", phase, {"failed": failed})
        agent = self._workflow.phase(phase).on_failure
        id_ = f"{phase}/{agent}"
        if failed and agent and id_ in self._finished:
            self.results[id_] = self._finished[id_]
        elif failed and agent:
            self._push(Turn(id_, agent, phase, NodeSpec(agent=agent, required=False), rank=1))


def tries_again(result: NodeResult, failures: int, spec: NodeSpec) -> bool:
    """Whether a node whose attempts failed *failures* times, the last with *result*, has another one."""
    return result.ending in (Ending.ERRORED, Ending.TIMED_OUT) and failures < spec.attempts


def _always_open(_phase: str, _earlier: Mapping[str, NodeResult]) -> GateDecision:
    return OPEN
