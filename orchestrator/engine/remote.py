"""A job's end of the line: the agent has its turn here, and what it wants of the world it asks its run for."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from pydantic import BaseModel

from ..domain.effect import Do, Reconcile
from ..errors import EvidenceUnavailable, OrchestratorError
from ..llm.model import Answer
from . import wire
from .asking import heard
from .doorway import Doorway, Place
from .executor import crashed
from .job import Job
from .task import NodeResult
from .wire import FROM_RUN, Line, Wire

Doing = Callable[[Job, Doorway], Awaitable[NodeResult]]
"""Does a job, given the run as the job sees it."""


def take_turn(line: socket.socket, doing: Doing, job: Job) -> None:
    """Do *job* and say over *line* how it ended."""
    asyncio.run(_over(line, doing, job))


async def _over(line: socket.socket, doing: Doing, job: Job) -> None:
    run = await Wire.over(line)
    await answer(run, doing, job)
    await run.finish()


async def answer(run: Line, doing: Doing, job: Job) -> None:
    """Do *job*, and tell the *run* how it ended; what the run says of it meanwhile is heard here."""
    calls = Calls(run)
    hearing = asyncio.ensure_future(calls.hear())
    try:
        last = await _last(doing, job, RemoteDoorway(calls))
        try:
            await run.say(last)
        except (TypeError, ValueError) as error:
            await run.say(_ended(crashed(job.agent, error)))
    finally:
        hearing.cancel()


async def _last(doing: Doing, job: Job, door: Doorway) -> wire.Last:
    """How the turn ended, in the words of the wire."""
    try:
        return _ended(await doing(job, door))
    except EvidenceUnavailable as error:
        return wire.Unavailable(reason=error.reason)
    except OrchestratorError as error:
        return wire.Mistake(name=type(error).__name__, what=error.what, where=error.where, remedy=error.remedy)
    except BaseException as error:
        going = asyncio.current_task()
        if going is not None and going.cancelling():
            raise
        return _ended(crashed(job.agent, error))  # also one that would end a process: it is this agent's


def _ended(result: NodeResult) -> wire.Ended:
    return wire.Ended(ending=result.ending, reason=result.reason, said=result.said())


class Calls:
    """
    What the process has asked its run for, and what it is told about each.

    Args:
        run: The line to the run.
    """

    def __init__(self, run: Line) -> None:
        self._run = run
        self._numbers = itertools.count(1)
        self._told: dict[int, asyncio.Queue[wire.Told]] = {}

    async def hear(self) -> None:
        """Hand on what the run says, as long as it does."""
        while (told := await self._run.hear(FROM_RUN)) is not None:
            if told.call in self._told:
                self._told[told.call].put_nowait(told)

    async def ask(self, make: Callable[[int], wire.Call], do: Do | None = None, look: Reconcile | None = None) -> Any:
        """The answer to the call that *make* makes of its number; *do* and *look* when the run says so."""
        call = next(self._numbers)
        inbox = self._told[call] = asyncio.Queue()
        try:
            await self._run.say(make(call))
            while True:
                match await inbox.get():
                    case wire.Do() if do is not None:
                        await self._run.say(wire.Did(call=call, value=await do()))
                    case wire.Look() if look is not None:
                        found = await look()
                        state, value, reason = found.state, found.value, found.reason
                        await self._run.say(wire.Looked(call=call, state=state, value=value, reason=reason))
                    case wire.Answer(value=value):
                        return value
        except BaseException:
            await self._run.say(wire.Dropped(call=call))
            raise
        finally:
            del self._told[call]


class RemoteDoorway:
    """The run at the other end of a line: effects are done here, and stand in the record there."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def read(self, digest: str) -> bytes:
        data = bytearray()
        while True:
            start = len(data)
            said = await self._calls.ask(lambda call, at=start: wire.Read(call=call, digest=digest, start=at))  # type: ignore[misc]  # mypy cannot infer a lambda with a default
            data += said["piece"].encode("ascii")
            if len(data) >= said["bytes"] or len(data) == start:
                return bytes(data)

    async def step(self, _node: str, _attempt: int, purpose: str, input_: object, do: Do) -> Any:
        return await self._calls.ask(lambda call: wire.Step(call=call, purpose=purpose, input=input_), do)

    async def act(self, _node: str, purpose: str, input_: object, do: Do, reconcile: Reconcile | None = None) -> Any:
        looks = reconcile is not None
        return await self._calls.ask(
            lambda call: wire.Act(call=call, purpose=purpose, input=input_, looks=looks), do, reconcile
        )

    async def ask(self, system: str, question: str, shape: str) -> Any:
        return await self._calls.ask(
            lambda call: wire.Question(call=call, system=system, question=question, shape=shape)
        )

    async def lines(self, places: Sequence[Place]) -> list[str | None]:
        lines: list[str | None] = await self._calls.ask(lambda call: wire.Lines(call=call, places=tuple(places)))
        return lines


class AskedOfRun:
    """
    The model that the run has a line to: whoever does a job would have to connect anew for each.

    Args:
        name: Of the model.
        door: The run.
    """

    def __init__(self, name: str, door: Doorway) -> None:
        self.name = name
        self._door = door

    async def ask(self, system: str, question: str, schema: type[BaseModel]) -> Answer:
        return heard(await self._door.ask(system, question, schema.__name__))

    async def close(self) -> None:
        return None
