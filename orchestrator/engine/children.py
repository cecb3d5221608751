"""Has each job done in a process of its own, which is killed when its time is over."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from functools import partial

from ..domain.outcome import Ending
from .conversation import Conversation
from .doorkeeper import Doorkeeper
from .executor import LocalExecutor
from .job import Job
from .remote import Doing, take_turn
from .task import NodeResult
from .warden import Child
from .wire import Wire


class ChildExecutor(LocalExecutor):
    """
    Does each job in a fork of this process, so that nothing an agent does can hold up or outlive the run.

    The fork shares what this process knows at that moment, and nothing that it writes to: what its job names by digest
    it has in memory already, and what it has not it asks for, as anybody would. What it wants of the world it asks
    for over a line: the door and the journal behind it are here alone. What comes after the job was called off is not
    heard, and whatever the process has begun ends with it.

    Args:
        work: Does a job, given the run as the job sees it.
        keeper: The run's doorways.
    """

    name = "in processes of their own"

    def __init__(self, work: Doing, keeper: Doorkeeper) -> None:
        super().__init__(self._apart)
        self._doing = work
        self._keeper = keeper

    async def _apart(self, job: Job) -> NodeResult:
        child = Child(partial(take_turn, doing=self._doing, job=job))
        try:
            process = await Wire.over(child.line)
            try:
                return await Conversation(process, self._keeper.at(job.key)).result(_died(child))
            finally:
                process.close()
        finally:
            await _to_its_end(child.end())


async def _died(child: Child) -> NodeResult:
    """The result of a process that ended without one."""
    code = await child.over()
    how = "" if code is None else f" with signal {-code}" if code < 0 else f" with exit code {code}"
    return NodeResult(Ending.ERRORED, f"its process ended{how} before its turn was over")


async def _to_its_end(ending: Coroutine[None, None, None]) -> None:
    """Have *ending* done, also where this is called off meanwhile."""
    going = asyncio.ensure_future(ending)
    called_off: asyncio.CancelledError | None = None
    while not going.done():
        try:
            await asyncio.shield(going)
        except asyncio.CancelledError as error:
            called_off = error
    if called_off is not None:
        raise called_off
