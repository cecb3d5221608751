"""Does a job wherever it is: fetches by digest what it names, and gives its agent a turn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
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
from ..evidence.shapes import read_back
from ..journal import foreign
from ..journal.event import digest
from ..journal.kinds import Said
from ..journal.known import first
from ..llm.prompts import Prompt
from .doorway import Doorway, Lines
from .job import Job
from .remote import AskedOfRun
from .shelf import FINDINGS, SETTING, Named
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
        known: What need not be fetched, by type and digest; what is fetched is added.
    """

    agents: Mapping[str, type[Agent]]
    code: Mapping[str, str]
    prompts: Mapping[str, Prompt] = field(default_factory=dict)
    lines: Lines | None = None
    known: dict[Named, object] = field(default_factory=dict)

    async def __call__(self, job: Job, door: Doorway) -> NodeResult:
        if self.code != job.code:
            other = sorted(n for n in self.code.keys() | job.code.keys() if self.code.get(n) != job.code.get(n))
            return NodeResult(Ending.ERRORED, f"whoever took it is not made of what the run is: {', '.join(other)}")
        setting = await self._fetched(door, SETTING, job.setting, Setting.model_validate)
        facts: dict[type[Fact], Fact] = {Profile: setting.profile}
        for name in sorted(job.facts):
            if name not in Fact.known:
                raise ValueError(f"the run has a fact '{name}', which nothing here can read")
            kind = Fact.known[name]
            facts[kind] = await self._fetched(door, name, job.facts[name], partial(read_back, kind))
        before: dict[str, NodeResult] = {}
        for node in sorted(job.findings):
            found = await self._fetched(door, FINDINGS, job.findings[node], _findings)
            before[node] = COMPLETED._replace(findings=found)
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
            before=lambda _node: before,
        )
        return await work(job)

    async def _fetched(self, door: Doorway, kind: str, name: str, read: Callable[[Any], T]) -> T:
        """What is of *kind* and has the digest *name*: known here, or fetched now and held to its digest."""
        if (kind, name) in self.known:
            return self.known[kind, name]  # type: ignore[return-value]  # what is of one kind is read in one way
        data = await door.read(name)
        if digest(data) != name:
            raise ValueError(f"what was read as {kind} {name[:23]}… has another digest")
        try:
            value = read(foreign.parsed(data))
        except ValidationError as error:
            raise ValueError(f"what was read as {kind} {name[:23]}… cannot be meant: {first(error)}") from None
        while len(self.known) >= MOST_KNOWN:
            self.known.pop(next(iter(self.known)))
        self.known[kind, name] = value
        return value


def _findings(said: Any) -> tuple[Finding, ...]:
    return Said.model_validate(said).findings
