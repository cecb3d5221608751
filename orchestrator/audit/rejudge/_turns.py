"""Gives each node of a recorded plan its turn again, one after the other in the order of the graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ...conclusion.state import RunState
from ...contract.agent import Agent
from ...domain.finding import Finding, Status
from ...domain.outcome import Ending
from ...engine.job import Job
from ...engine.task import NodeResult
from ...engine.work import AgentWork
from ...errors import EvidenceUnavailable, OrchestratorError
from ...journal.manifest import PlannedNode
from ._recorded import RecordedDoor, quotes

_BY_THE_CLOCK = (Ending.TIMED_OUT, Ending.CANCELLED)
"""How a turn ends from outside; no code would come to it again."""


@dataclass
class Turns:
    """
    Gives every node of *plan* its turn.

    Args:
        plan: The recorded nodes.
        state: How they ended then.
        agents: Today's, by id.
        work: Runs one of them.
        door: What the work asks.
    """

    plan: tuple[PlannedNode, ...]
    state: RunState
    agents: Mapping[str, type[Agent]]
    work: AgentWork
    door: RecordedDoor
    results: dict[str, NodeResult] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    async def take(self) -> dict[str, NodeResult]:
        """Every node's result, by node."""
        self.work.before = self._before
        for node, agent, phase in self._order():
            self.results[node] = await self._turn(node, agent, phase)
        return self.results

    def _order(self) -> Iterator[tuple[str, str, str]]:
        """(node, agent, phase): what was planned, each after what it needs; then those that were called in."""
        waiting = {n.node: n for n in self.plan}
        done: set[str] = set()
        while waiting:
            ready = [id_ for id_, n in waiting.items() if not set(n.needs) & waiting.keys()] or list(waiting)
            for id_ in ready:
                node = waiting.pop(id_)
                yield id_, node.agent, node.phase
            done.update(ready)
        for id_ in sorted(self.state.ended.keys() - done):
            phase, _, agent = id_.partition("/")
            yield id_, agent, phase

    async def _turn(self, node: str, agent: str, phase: str) -> NodeResult:
        then = self.state.ended.get(node)
        if then is not None and then[1].ending is Ending.SKIPPED:
            return then[1]
        if then is not None and then[1].ending in _BY_THE_CLOCK:
            self.notes.append(f"{node}: it was {then[1].ending.replace('_', ' ')} then, and that stands")
            return then[1]
        recorded = then[1].findings if then is not None else ()
        if agent not in self.agents:
            return self._could_not(node, agent, recorded, Ending.UNAVAILABLE, f"there is no agent '{agent}' today")
        begun = self.state.phases.get(phase)
        attempt = self.state.attempts.get(node, 1)
        rehearse, reason = (begun.open, begun.reason) if begun is not None else (True, "")
        job = Job(run="", node=node, agent=agent, phase=phase, attempt=attempt, rehearse=rehearse, reason=reason)
        try:
            result = await self.work(job)
        except EvidenceUnavailable as error:
            return self._could_not(node, agent, recorded, Ending.UNAVAILABLE, error.reason)
        except OrchestratorError as error:
            return self._could_not(node, agent, recorded, Ending.UNAVAILABLE, error.what)
        except Exception as error:  # noqa: BLE001  # an agent's bug is a note and unknowns, as it is in a review
            return self._could_not(node, agent, recorded, Ending.ERRORED, f"{type(error).__name__}: {error}")
        if result.ending is Ending.ERRORED:
            self.notes.append(f"{node}: {result.reason}")
        findings = tuple(self._grounded(finding) for finding in result.findings)
        if node in self.door.unasked:
            kept = tuple(f for f in recorded if f.source == "model" and f not in findings)
            if kept:
                self.notes.append(f"{node}: the model is not asked again, its {len(kept)} recorded objections stand")
            findings = (*findings, *kept)
        self.door.learn(findings)
        return result._replace(findings=tuple(sorted(findings, key=lambda f: (f.criterion, f.sort_key))))

    def _grounded(self, finding: Finding) -> Finding:
        """*finding*, or *could not tell* where it rests on a line that the record does not hold."""
        lost = [f"{p}:{n}" for (p, n), excerpt in quotes(finding) if not excerpt and (p, n) in self.door.missing]
        if not lost or finding.status is Status.UNKNOWN:
            return finding
        more = f" and {len(lost) - 1} more" if len(lost) > 1 else ""
        message = f"the line at {lost[0]}{more} is not in the record ({finding.status} today: {finding.message})"
        return finding.model_copy(update={"status": Status.UNKNOWN, "message": message, "remedy": ""})

    def _could_not(
        self, node: str, agent: str, recorded: tuple[Finding, ...], ending: Ending, reason: str
    ) -> NodeResult:
        """What it said then is unknown now."""
        self.notes.append(f"{node}: {reason}")
        doubts = {
            f.criterion: Finding(
                criterion=f.criterion,
                status=Status.UNKNOWN,
                message=f"could not be judged again: {reason}",
                agent=agent,
                check=f.check,
            )
            for f in reversed(recorded)
        }
        return NodeResult(ending, reason, tuple(doubts[c] for c in sorted(doubts)))

    def _before(self, node: str) -> Mapping[str, NodeResult]:
        """As in a review: results of those it waits for, however indirectly; one that was called in sees its phase."""
        needs = {n.node: set(n.needs) for n in self.plan}
        phase = node.partition("/")[0]
        open_ = set(needs[node]) if node in needs else {n.node for n in self.plan if n.phase == phase}
        seen: set[str] = set()
        while open_:
            one = open_.pop()
            seen.add(one)
            open_ |= needs.get(one, set()) - seen
        return {id_: self.results[id_] for id_ in sorted(seen) if id_ in self.results}
