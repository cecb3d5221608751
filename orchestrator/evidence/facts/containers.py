"""Dockerfiles and compose files."""

from __future__ import annotations

from typing import Annotated, ClassVar

from ...domain.fact import Fact, Source
from ...domain.located import Located
from ...domain.model import AddedLater, Model


class Instruction(Model):
    """One instruction of a Dockerfile: upper-cased keyword, the rest on one line, and the stage it belongs to."""

    keyword: str
    value: str
    line: int
    stage: int = 0


class Dockerfile(Model):
    """One Dockerfile."""

    path: str
    instructions: tuple[Instruction, ...] = ()

    def of(self, *keywords: str) -> list[Instruction]:
        return [i for i in self.instructions if i.keyword in keywords]

    @property
    def last_stage(self) -> list[Instruction]:
        """The instructions of the stage that becomes the image."""
        last = max((i.stage for i in self.instructions), default=0)
        return [i for i in self.instructions if i.stage == last]

    def at(self, instruction: Instruction) -> Source:
        return Source(path=self.path, line=instruction.line)


class Dockerfiles(Fact):
    """Every Dockerfile outside tests and examples."""

    name: ClassVar[str] = "dockerfiles"

    files: tuple[Dockerfile, ...] = ()
    idle: Annotated[tuple[Dockerfile, ...], AddedLater()] = ()
    """Those whose images are not for production."""

    @property
    def written(self) -> tuple[Dockerfile, ...]:
        """All of them, also those that are not in force."""
        return (*self.files, *self.idle)


class ComposeFile(Located):
    """A compose file; ``body`` is the whole document, services under ``services``."""


class Compose(Fact):
    """Every compose file outside tests and examples."""

    name: ClassVar[str] = "compose"

    files: tuple[ComposeFile, ...] = ()
    """Each with the services that are in force, and the health checks that are."""
    idle: Annotated[tuple[ComposeFile, ...], AddedLater()] = ()
    """Those that are not for production; and of others what is left out of them."""

    @property
    def written(self) -> tuple[ComposeFile, ...]:
        """All that is written, in force or not."""
        return (*self.files, *self.idle)
