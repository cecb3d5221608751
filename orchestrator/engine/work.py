"""This is where one agent has its turn: it is given its brief, and what it says is held to what it owns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..agent import Agent, Brief
from ..catalogue import condition
from ..domain.assessment import Assessment
from ..domain.criterion import Catalogue
from ..domain.fact import Fact
from ..domain.finding import Finding
from ..domain.outcome import Ending
from ..domain.profile import Profile
from ..domain.release import Release
from ..evidence.snapshot import Snapshot
from ..journal.step import Door
from .quoting import Quoter
from .task import NodeResult, Task


@dataclass
class AgentWork:
    """
    Runs agents of this process.

    Args:
        agents: By id.
        catalogue: Every criterion.
        release: What is under review.
        profile: What kind of software it is.
        facts: Every fact, by type.
        texts: Files that probes asked for.
        door: Where effects go through.
        snapshot: Where lines are quoted from; None when they must be in the record.
        earlier: Assessments of the latest earlier run.
        before: Gives the results that a node may see: those of nodes that it waits for, however indirectly.
    """

    agents: Mapping[str, type[Agent]]
    catalogue: Catalogue
    release: Release
    profile: Profile
    facts: Mapping[type[Fact], Fact]
    texts: Mapping[str, str]
    door: Door
    snapshot: Snapshot | None
    earlier: tuple[Assessment, ...] = ()
    before: Callable[[str], Mapping[str, NodeResult]] = field(default=lambda _node: {})

    async def __call__(self, task: Task) -> NodeResult:
        agent = self.agents[task.agent]()
        owned = self.catalogue.matching(agent.criteria)
        applicable = tuple(c for c in owned if not condition.not_applicable(c.applies, self.profile))
        brief = Brief(
            release=self.release,
            profile=self.profile,
            criteria=applicable,
            facts=self.facts,
            texts=self.texts,
            quote=Quoter(self.door, self.snapshot, task.node, task.attempt),
            agent=agent.id,
            findings=self._findings_before(task.node),
            rehearse=task.rehearse,
            reason=task.reason,
            earlier=self.earlier,
        )
        findings = tuple(sorted(await agent.review(brief), key=lambda f: (f.criterion, f.sort_key)))
        self._hold(agent, findings)
        crashes = tuple({"check": c.check, "error": c.error, "trace": c.trace} for c in brief.crashes)
        exhibits = tuple(brief.exhibits)
        if crashes:
            names = ", ".join(c["check"] for c in crashes)
            return NodeResult(
                Ending.ERRORED, f"{len(crashes)} of its checks crashed: {names}", findings, exhibits, crashes
            )
        if owned and not applicable and not findings:
            reason = f"none of its {len(owned)} criteria applies"
            return NodeResult(Ending.NOT_APPLICABLE, reason, findings, exhibits)
        return NodeResult(Ending.COMPLETED, "", findings, exhibits)

    def _findings_before(self, node: str) -> tuple[Finding, ...]:
        results = self.before(node)
        return tuple(finding for other in sorted(results) for finding in results[other].findings)

    def _hold(self, agent: Agent, findings: tuple[Finding, ...]) -> None:
        """An agent may speak of any criterion that exists, and only in its own name."""
        for finding in findings:
            if finding.criterion not in self.catalogue:
                raise ValueError(f"agent '{agent.id}' speaks of '{finding.criterion}', which is no criterion")
            if finding.agent != agent.id:
                raise ValueError(f"agent '{agent.id}' speaks in the name of '{finding.agent}'")
