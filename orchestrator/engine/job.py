"""One attempt of one node as it crosses a wire: plain JSON, with digests in the place of what it rests on."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, ValidationError

from ..domain.model import Model
from ..errors import WorkflowError
from ..journal import foreign
from ..journal.event import canonical
from ..journal.known import first

MOST = 256_000
"""Bytes of a job."""


class Job(Model):
    """
    All that an executor is told of an attempt; what is larger it asks the run's doorway for, by digest.

    The same job has the same key wherever and however often it is submitted, and another job has another key.
    """

    version: Literal[1] = 1
    """Of this shape; whoever knows another one refuses the job."""
    run: str
    node: str
    agent: str
    phase: str
    attempt: int = Field(default=1, ge=1)
    rehearse: bool = True
    reason: str = ""
    """Why nothing is rehearsed."""
    timeout: float = 300.0
    """Seconds that the attempt may take."""
    code: dict[str, str] = {}
    """Digests of what has to do it: gonogo, agents, prompts. Whoever is made of something else refuses the job."""
    setting: str = ""
    """Digest of what every job of the run has in common."""
    facts: dict[str, str] = {}
    """Name to digest of each fact, as it was recorded."""
    findings: dict[str, str] = {}
    """Node to digest of what it said, of each node with findings that this one waits for."""
    model: str = ""
    """The model that takes a second look; empty for none."""

    @property
    def key(self) -> str:
        return f"{self.run}:{self.node}:{self.attempt}"

    def named(self) -> frozenset[str]:
        """The digests of what it rests on: all that whoever does it may read."""
        return frozenset({self.setting, *self.facts.values(), *self.findings.values()} - {""})

    def data(self) -> bytes:
        """
        The job as JSON.

        Raises:
            WorkflowError: It has more than :data:`MOST` bytes.
        """
        data = canonical(self.model_dump(exclude_defaults=True))
        if len(data) > MOST:
            raise WorkflowError(
                f"'{self.node}' waits for {len(self.findings):,} nodes with findings: its job has {len(data):,} bytes "
                f"and may have {MOST:,}",
                remedy="let fewer phases come before it",
            )
        return data

    @classmethod
    def read(cls, data: bytes) -> Job:
        """
        The job that *data* says.

        Raises:
            ValueError: It says none, or one of another version.
        """
        if len(data) > MOST:
            raise ValueError(f"{len(data):,} bytes are more than the {MOST:,} of a job")
        try:
            return cls.model_validate(foreign.parsed(data))
        except ValidationError as error:
            raise ValueError(first(error)) from None
