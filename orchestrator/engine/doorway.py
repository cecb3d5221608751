"""The doorway between a job and its run: all that whoever does the job may ask for, wherever it is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Protocol

from ..domain.effect import Do, Reconcile

Place = tuple[str, int]
Lines = Callable[[Sequence[Place]], Awaitable[list[str | None]]]
"""Reads the lines at (path, number) as they are quoted; None for one that is not there."""


class StepDoor(Protocol):
    """Has effects recorded, and answers from the record what stands in it; see :class:`~..journal.step.Door`."""

    async def step(self, node: str, attempt: int, purpose: str, input_: object, do: Do) -> Any:
        """The answer to an effect that is safe to repeat."""
        ...

    async def act(self, node: str, purpose: str, input_: object, do: Do, reconcile: Reconcile | None = None) -> Any:
        """The answer to an effect that acts on the world: it happens once in a run."""
        ...


class Doorway(StepDoor, Protocol):
    """
    The run, as a job sees it.

    Steps and acts are done where the job is done, and stand in the record that the run alone writes. They are of the
    job's own node and attempt, whatever node it names. Once the attempt is over, nothing is answered any more.
    """

    async def read(self, digest: str) -> bytes:
        """What the job names by *digest*, and nothing else."""
        ...

    async def ask(self, system: str, question: str, shape: str) -> Any:
        """What came of asking the run's model, see :func:`.asking.put`; *shape* names the shape of the answer."""
        ...

    async def lines(self, places: Sequence[Place]) -> list[str | None]:
        """Lines of the reviewed tree, which only the run needs to have."""
        ...
