"""Answers the jobs of a run that are out, and no other: what comes from an attempt that is over is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel

from ..domain.effect import Do, Reconcile
from ..journal.step import Door
from ..llm.grounding import Objections
from ..llm.model import Model
from .asking import put
from .doorway import Doorway, Lines, Place
from .job import Job
from .shelf import Shelf
from .wire import Nonsense

SHAPES: dict[str, type[BaseModel]] = {Objections.__name__: Objections}
"""What a model can be asked for from within a turn."""


class Dismissed(Exception):
    """The attempt that asks is over, or was never given out."""


class Doorkeeper:
    """
    The doorways of a run's jobs.

    Args:
        door: Where effects go through.
        model: Who is asked questions; None where nobody is.
        lines: Reads lines of the reviewed tree; None where there is none.
        shelf: What jobs name by digest.
    """

    def __init__(
        self, door: Door, model: Model | None = None, lines: Lines | None = None, shelf: Shelf | None = None
    ) -> None:
        self.door = door
        self.model = model
        self.lines = lines
        self.shelf = shelf or Shelf()
        self._out: dict[str, Job] = {}

    def admit(self, job: Job) -> None:
        """Answer *job* from now on; its attempt stands in the journal."""
        self._out[job.key] = job

    def dismiss(self, key: str) -> None:
        """Answer nothing any more that the attempt *key* asks."""
        self._out.pop(key, None)

    def at(self, key: str) -> Doorway:
        """The doorway of the attempt *key*, as long as it is out."""
        return _Bound(self, key)

    def out(self, key: str) -> Job:
        """
        The job *key*, which is out.

        Raises:
            Dismissed: It is not.
        """
        if key not in self._out:
            raise Dismissed(f"the attempt '{key}' is over: nothing is answered")
        return self._out[key]


class _Bound:
    """The doorway of one attempt."""

    def __init__(self, keeper: Doorkeeper, key: str) -> None:
        self._keeper = keeper
        self._key = key

    async def read(self, digest: str) -> bytes:
        job = self._keeper.out(self._key)
        if digest not in job.named():
            raise Nonsense(f"'{digest[:80]}', which its job does not name")
        return await asyncio.to_thread(self._keeper.shelf.read, digest)

    async def step(self, _node: str, _attempt: int, purpose: str, input_: object, do: Do) -> Any:
        job = self._keeper.out(self._key)
        return await self._keeper.door.step(job.node, job.attempt, purpose, input_, do)

    async def act(self, _node: str, purpose: str, input_: object, do: Do, reconcile: Reconcile | None = None) -> Any:
        job = self._keeper.out(self._key)
        return await self._keeper.door.act(job.node, purpose, input_, do, reconcile)

    async def ask(self, system: str, question: str, shape: str) -> Any:
        self._keeper.out(self._key)
        if self._keeper.model is None or shape not in SHAPES:
            raise Nonsense(f"a question to an unknown model, or for '{shape[:100]}'")
        return await put(self._keeper.model, system, question, SHAPES[shape])

    async def lines(self, places: Sequence[Place]) -> list[str | None]:
        self._keeper.out(self._key)
        if self._keeper.lines is None:
            raise Nonsense("lines of a tree that is not there")
        return await self._keeper.lines(places)
