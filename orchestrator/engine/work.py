"""This is where one agent has its turn: it is given its brief, and what it says is held to what it owns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from ..catalogue import condition
from ..contract.agent import Agent, Brief
from ..domain.assessment import Assessment
from ..domain.criterion import Catalogue
from ..domain.fact import Fact
from ..domain.finding import Finding, Status
from ..domain.outcome import Ending
from ..domain.profile import Profile
from ..domain.release import Release
from ..evidence.snapshot import Snapshot
from ..journal.step import Door
from ..llm.model import Model
from ..llm.prompts import Prompt
from ..llm.second_look import second_look
from .asking import AskedThroughDoor, exhibit
from .effects import AgentEffects
from .quoting import Quoter
from .task import NodeResult, Task

MARGIN = 0.9
"""How much of the time that is left a model may take; the rest is for what comes after it."""


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
        model: Who takes a second look at what passes; None asks nobody.
        prompts: By agent id; an agent without one gets no second look.
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
    model: Model | None = None
    prompts: Mapping[str, Prompt] = field(default_factory=dict)
    before: Callable[[str], Mapping[str, NodeResult]] = field(default=lambda _node: {})

    async def __call__(self, task: Task) -> NodeResult:
        begun = asyncio.get_running_loop().time()
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
            effects=AgentEffects(self.door, task.node, task.attempt),
            agent=agent.id,
            findings=self._findings_before(task.node),
            rehearse=task.rehearse,
            reason=task.reason,
            earlier=self.earlier,
        )
        said = await agent.review(brief)
        self._hold(agent, said)
        findings = tuple(sorted(filter(self._stands, said), key=lambda f: (f.criterion, f.sort_key)))
        if self.model is not None and agent.id in self.prompts:
            left = (task.timeout - (asyncio.get_running_loop().time() - begun)) * MARGIN
            asked = AskedThroughDoor(self.model, self.door, task.node, task.attempt, left)
            look = await second_look(agent.id, findings, applicable, asked, self.prompts[agent.id])
            if look.note:
                brief.show(exhibit(look))
            findings = tuple(sorted((*findings, *look.findings), key=lambda f: (f.criterion, f.sort_key)))
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

    def _stands(self, finding: Finding) -> bool:
        """Absence is no failure where the criterion does not apply: it closes no gate and is not told to anybody."""
        if finding.status is not Status.FAIL or finding.location is not None:
            return True
        return not condition.not_applicable(self.catalogue[finding.criterion].applies, self.profile)

    def _hold(self, agent: Agent, findings: Sequence[Finding]) -> None:
        """An agent may speak of any criterion that exists, and only in its own name."""
        for finding in findings:
            if finding.criterion not in self.catalogue:
                raise ValueError(f"agent '{agent.id}' speaks of '{finding.criterion}', which is no criterion")
            if finding.agent != agent.id:
                raise ValueError(f"agent '{agent.id}' speaks in the name of '{finding.agent}'")
