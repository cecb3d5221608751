"""Gives one agent its turn: hands it its brief, and holds what it says to what it owns."""

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
from ..judging.absence import OnlyAbsent, by_grounds
from ..llm.model import Model
from ..llm.prompts import Prompt
from ..llm.second_look import second_look
from .asking import AskedThroughDoor, exhibit
from .doorway import Lines, StepDoor
from .effects import AgentEffects
from .job import Job
from .quoting import Quoter
from .task import NodeResult

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
        lines: Reads what is quoted; None when it must be in the record.
        earlier: Assessments of the latest earlier run.
        model: Who takes a second look at what passes; None asks nobody.
        prompts: By agent id; an agent without one gets no second look.
        only_absent: Whether a failure says no more than that something is absent, by the rules of the run.
        before: Gives the results that a node may see: those of nodes that it waits for, however indirectly.
    """

    agents: Mapping[str, type[Agent]]
    catalogue: Catalogue
    release: Release
    profile: Profile
    facts: Mapping[type[Fact], Fact]
    texts: Mapping[str, str]
    door: StepDoor
    lines: Lines | None = None
    earlier: tuple[Assessment, ...] = ()
    model: Model | None = None
    prompts: Mapping[str, Prompt] = field(default_factory=dict)
    only_absent: OnlyAbsent = by_grounds
    before: Callable[[str], Mapping[str, NodeResult]] = field(default=lambda _node: {})

    async def __call__(self, job: Job) -> NodeResult:
        begun = asyncio.get_running_loop().time()
        agent = self.agents[job.agent]()
        owned = self.catalogue.matching(agent.criteria)
        applicable = tuple(c for c in owned if not condition.not_applicable(c.applies, self.profile))
        brief = Brief(
            release=self.release,
            profile=self.profile,
            criteria=applicable,
            facts=self.facts,
            texts=self.texts,
            quote=Quoter(self.door, self.lines, job.node, job.attempt),
            effects=AgentEffects(self.door, job.node, job.attempt),
            agent=agent.id,
            findings=self._findings_before(job.node),
            rehearse=job.rehearse,
            reason=job.reason,
            earlier=self.earlier,
        )
        said = await agent.review(brief)
        self._hold(agent, said)
        findings = tuple(sorted(filter(self._stands, said), key=lambda f: (f.criterion, f.sort_key)))
        if self.model is not None and agent.id in self.prompts:
            left = (job.timeout - (asyncio.get_running_loop().time() - begun)) * MARGIN
            asked = AskedThroughDoor(self.model, self.door, job.node, job.attempt, left)
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
        """Absence is not a failure where the criterion does not apply: it closes no gate and is not told to anybody."""
        if finding.status is not Status.FAIL or not self.only_absent(finding):
            return True
        return not condition.not_applicable(self.catalogue[finding.criterion].applies, self.profile)

    def _hold(self, agent: Agent, findings: Sequence[Finding]) -> None:
        """An agent may speak of any criterion that exists, and only in its own name."""
        for finding in findings:
            if finding.criterion not in self.catalogue:
                raise ValueError(f"agent '{agent.id}' speaks of '{finding.criterion}', which is not a criterion")
            if finding.agent != agent.id:
                raise ValueError(f"agent '{agent.id}' speaks in the name of '{finding.agent}'")
