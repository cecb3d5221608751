"""Does a job wherever it is: fetches by digest what it names, and gives its agent a turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import ValidationError

from ..contract.agent import Agent
from ..domain.assessment import Assessment
from ..domain.criterion import Catalogue
from ..domain.fact import Fact
from ..domain.finding import Finding
from ..domain.model import Model
from ..domain.outcome import Ending
from ..domain.profile import Profile
from ..domain.release import Release
from ..evidence.facts.wanted import Wanted
from ..journal import foreign
from ..journal.event import digest
from ..journal.kinds import Said
from ..journal.known import first
from ..llm.prompts import Prompt
from .doorway import Doorway, Lines
from .job import Job
from .remote import AskedOfRun
from .task import COMPLETED, NodeResult
from .work import AgentWork

T = TypeVar("T")
MOST_KNOWN = 500
"""What is kept of what was fetched, the latest."""


class Setting(Model):
    """What every job of a run has in common."""

    release: Release
    profile: Profile
    catalogue: Catalogue
    earlier: tuple[Assessment, ...] = ()
    """Of the latest earlier run of the same release."""


@dataclass(frozen=True)
class JobWork:
    """
    Does jobs of any run with the agents that are installed here.

    Args:
        agents: By id.
        code: Digests of what this is made of, as jobs have them; a job for something else is refused.
        prompts: By agent id, for jobs that a model takes a second look at.
        lines: Reads the reviewed tree where it is at hand; None where the run is to be asked.
        known: What need not be fetched, by digest; what is fetched is added.
    """

    agents: Mapping[str, type[Agent]]
    code: Mapping[str, str]
    prompts: Mapping[str, Prompt] = field(default_factory=dict)
    lines: Lines | None = None
    known: dict[str, object] = field(default_factory=dict)

    async def __call__(self, job: Job, door: Doorway) -> NodeResult:
        if self.code != job.code:
            other = sorted(n for n in self.code.keys() | job.code.keys() if self.code.get(n) != job.code.get(n))
            return NodeResult(Ending.ERRORED, f"whoever took it is not made of what the run is: {', '.join(other)}")
        setting = await self._fetched(door, job.setting, Setting.model_validate)
        facts: dict[type[Fact], Fact] = {Profile: setting.profile}
        for name in sorted(job.facts):
            kind = Fact.known[name]
            facts[kind] = await self._fetched(door, job.facts[name], kind.model_validate)
        before = {node: await self._fetched(door, said, _findings) for node, said in sorted(job.findings.items())}
        wanted = facts.get(Wanted)
        work = AgentWork(
            agents=self.agents,
            catalogue=setting.catalogue,
            release=setting.release,
            profile=setting.profile,
            facts=facts,
            texts=wanted.texts if isinstance(wanted, Wanted) else {},
            door=door,
            lines=self.lines or door.lines,
            earlier=setting.earlier,
            model=AskedOfRun(job.model, door) if job.model else None,
            prompts=self.prompts if job.model else {},
            before=lambda _node: {node: COMPLETED._replace(findings=found) for node, found in before.items()},
        )
        return await work(job)

    async def _fetched(self, door: Doorway, name: str, read: Callable[[Any], T]) -> T:
        """What has the digest *name*: shared, fetched before, or fetched now and held to its digest."""
        if name in self.known:
            return self.known[name]  # type: ignore[return-value]  # a digest is of one thing, read in one way
        data = await door.read(name)
        if digest(data) != name:
            raise ValueError(f"what was read as {name[:23]}… has another digest")
        try:
            value = read(foreign.parsed(data))
        except ValidationError as error:
            raise ValueError(f"what was read as {name[:23]}… cannot be meant: {first(error)}") from None
        while len(self.known) >= MOST_KNOWN:
            self.known.pop(next(iter(self.known)))
        self.known[name] = value
        return value


def _findings(said: Any) -> tuple[Finding, ...]:
    return Said.model_validate(said).findings
