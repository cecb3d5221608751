"""The pipelines of CI: their jobs, and the steps of each."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import AddedLater, Model
from ..inforce import rehearsals
from ..inforce.conditions import github
from ..inforce.shell import plain, read
from ._packages import of_action


class Fallen(Model):
    """What has to fail before a command runs: lines of one file."""

    path: str = ""
    """The script that they stand in; empty where that is the pipeline itself."""
    first: int
    last: int


class CiCommand(Model):
    """One command that a step runs, directly or in a script of the tree that it calls."""

    text: str
    """As it is written, on one line."""
    line: int = 0
    path: str = ""
    """The script that it stands in; empty where that is the pipeline itself."""
    heeded: bool = True
    """Whether its failure makes the step fail."""
    folder: str = ""
    """Where it runs; ``?`` where that cannot be told."""
    calls: str = ""
    """
    What became of the script or target of the tree that it calls: ``followed`` where its commands come next, ``unread``
    where it is there and in no language that is followed, ``absent`` where it is not there; empty for anything else.
    """
    instead: Annotated[Fallen | None, AddedLater()] = None
    """What has to fail before it runs; None where it runs without that."""
    looked_at: Annotated[bool, AddedLater()] = False
    """What it prints decides whether the step fails."""

    @property
    def plain(self) -> str:
        """The text without what is said in quotes and in more than one word, which is no command."""
        return plain(self.text)


class CiStep(Model):
    """One step: a shell command (``run``), or an action or plug-in (``uses``)."""

    name: str = ""
    uses: str = ""
    run: str = ""
    line: int = 0
    heeded: bool = True
    """Whether its failure makes the job fail."""
    after_failure: bool = False
    """It runs only where something before it has failed."""
    commands_told: tuple[CiCommand, ...] | None = None
    """Its commands that are in force; None where they were not told apart when it was recorded."""
    path: Annotated[str, AddedLater()] = ""
    """The file that it stands in, where that is not the one of its pipeline."""
    addresses: Annotated[tuple[str, ...], AddedLater()] = ()
    """The variables that tell it which address to ask, none of them that of its own machine."""

    @property
    def commands(self) -> tuple[CiCommand, ...]:
        """The commands that it runs, in order: without what never runs, does nothing or only shows what it would do."""
        return self._parsed if self.commands_told is None else self.commands_told

    @property
    def said(self) -> str:
        """What it uses and which commands it runs, a line each: what never runs is not among it."""
        return "\n".join((self.uses, *(command.text for command in self.commands)))

    @property
    def enforced(self) -> str:
        """The same of what can make the job fail: nothing where it runs only after a failure."""
        if self.after_failure:
            return ""
        told = (command.text for command in self.commands if command.heeded)
        return "\n".join((self.uses if self.heeded else "", *told))

    @cached_property
    def rehearsed(self) -> tuple[str, ...]:
        """The commands of its own that are run, and only show what they would do or what they are."""
        return tuple(
            plain(c.text)
            for c in read(self.run).commands
            if c.force and not rehearsals.of_command(plain(c.text), c.words)
        )

    @cached_property
    def _parsed(self) -> tuple[CiCommand, ...]:
        return tuple(
            CiCommand(text=c.text, line=self.line + c.line, heeded=c.heeded, folder=c.folder or "")
            for c in read(self.run).commands
            if c.force and rehearsals.of_command(plain(c.text), c.words)
        )


class CiJob(Model):
    """One job of a pipeline."""

    id: str
    line: int = 0
    needs: tuple[str, ...] = ()
    environment: str = ""
    condition: str = ""
    stage: str = ""
    manual: bool = False
    steps: tuple[CiStep, ...] = ()
    starts: tuple[str, ...] = ()
    """Those triggers that start it, in the words of :class:`Pipeline`; empty where all of its pipeline do."""
    heeded: bool = True
    """Whether its failure makes the pipeline fail."""
    after_failure: bool = False
    """It runs only where something before it has failed."""
    at_once: bool = False
    """It waits for nothing, not for earlier stages either."""
    path: Annotated[str, AddedLater()] = ""
    """The file that it stands in, where that is not the one of its pipeline."""


class Pipeline(Model):
    """One workflow file."""

    path: str
    system: str
    """github, gitlab, circleci, jenkins, azure, travis, cloudbuild, bitbucket, buildkite, drone, other."""
    title: str = ""
    triggers: tuple[str, ...] = ()
    """push, pull_request, schedule, tag, manual, release, call, closed (a proposal, whatever came of it), other."""
    jobs: tuple[CiJob, ...] = ()
    paths: tuple[str, ...] = ()
    """Where a change must lie for a push or a pull request to start it; empty where any change does."""
    follows: tuple[str, ...] = ()
    """The titles of pipelines whose end starts it."""

    def at(self, item: CiJob | CiStep | None = None) -> Source:
        return Source(path=(item.path if item else "") or self.path, line=item.line if item else 1)

    def purl(self, step: CiStep) -> str:
        """The package URL of the action that *step* uses, such as ``pkg:github/actions/checkout@v4``; else nothing."""
        return of_action(step.uses) if self.system == "github" else ""

    def triggers_of(self, job: CiJob, caller: Pipeline | None = None) -> frozenset[str]:
        """What starts *job*; where *caller* calls its workflow, those of what starts that which its condition lets."""
        if caller is None or caller is self:
            return frozenset(job.starts or self.triggers)
        on_github = self.system == "github"
        return frozenset(github.called(job.condition, caller.triggers) if on_github else caller.triggers)


KINDS_OF_WORK = ("build", "test", "deploy", "publish", "migrate", "undo")
"""What is set aside of pipelines would have done some of these, or none that anybody asks for."""


class Pipelines(Fact):
    """Every CI pipeline of the tree, as far as it is in force: what never runs is set aside."""

    name: ClassVar[str] = "pipelines"
    whole: ClassVar[bool] = False
    by_name: ClassVar[bool] = True

    files: tuple[Pipeline, ...] = ()

    def seek(self, *kinds: str, there: bool = True) -> None:
        """
        Say that only *kinds* of work are asked for; without it, whatever is set aside may matter.

        Args:
            kinds: Some of :data:`KINDS_OF_WORK`.
            there: Whether steps of these kinds are in force; without any, one that is set aside is missed.
        """
        self.sought.update(kinds)
        self.sought.update(f"{kind}, which is there" for kind in kinds if there)

    def has(self, kind: str) -> bool:
        """Whether somebody asked for *kind* and found it."""
        return kind in self.sought and f"{kind}, which is there" in self.sought

    def steps(self) -> list[tuple[Pipeline, CiJob, CiStep]]:
        """Every step with the pipeline and job it belongs to."""
        return [(p, j, s) for p in self.files for j in p.jobs for s in j.steps]
