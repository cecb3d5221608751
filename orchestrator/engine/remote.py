"""Gives an agent its turn in a process of its own: what it wants of the world, it asks its run for."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import Callable
from typing import Any

from pydantic import BaseModel

from ..domain.effect import Do, Reconcile
from ..errors import EvidenceUnavailable, OrchestratorError
from ..journal.step import Door
from ..llm.model import Answer, Model
from . import wire
from .asking import heard
from .executor import Work, crashed
from .task import NodeResult, Task
from .wire import FROM_RUN, Wire

Doing = Callable[[Door, Model | None], Work]
"""What an executor does, given the door and the model that it has where it is done."""


def take_turn(line: socket.socket, doing: Doing, model: str, task: Task) -> None:
    """Have the turn *task* and say over *line* how it ended."""
    asyncio.run(_turn(line, doing, model, task))


async def _turn(line: socket.socket, doing: Doing, model: str, task: Task) -> None:
    run = await Wire.over(line)
    calls = Calls(run)
    hearing = asyncio.ensure_future(calls.hear())
    last = await _last(doing(RemoteDoor(calls), RemoteModel(model, calls) if model else None), task)
    try:
        await run.say(last)
    except (TypeError, ValueError) as error:
        await run.say(_ended(crashed(task.agent, error)))
    await run.finish()
    hearing.cancel()


async def _last(work: Work, task: Task) -> wire.Last:
    """How the turn ended, in the words of the wire."""
    try:
        return _ended(await work(task))
    except EvidenceUnavailable as error:
        return wire.Unavailable(reason=error.reason)
    except OrchestratorError as error:
        return wire.Mistake(name=type(error).__name__, what=error.what, where=error.where, remedy=error.remedy)
    except BaseException as error:  # noqa: BLE001  # also one that would end a process: it is this agent's, and is recorded
        return _ended(crashed(task.agent, error))


def _ended(result: NodeResult) -> wire.Ended:
    return wire.Ended(ending=result.ending, reason=result.reason, said=result.said())


class Calls:
    """
    What the process has asked its run for, and what it is told about each.

    Args:
        run: The line to the run.
    """

    def __init__(self, run: Wire) -> None:
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


class RemoteDoor(Door):
    """The door of the run, at the other end of a line: the effect is done here, and stands in the record there."""

    def __init__(self, calls: Calls) -> None:
        super().__init__(None)
        self._calls = calls

    async def step(self, node: str, attempt: int, purpose: str, input_: object, do: Do) -> Any:
        return await self._calls.ask(lambda call: wire.Step(call=call, purpose=purpose, input=input_), do)

    async def act(self, node: str, purpose: str, input_: object, do: Do, reconcile: Reconcile | None = None) -> Any:
        looks = reconcile is not None
        return await self._calls.ask(
            lambda call: wire.Act(call=call, purpose=purpose, input=input_, looks=looks), do, reconcile
        )


class RemoteModel:
    """
    The model that the run has a line to: a process of its own would have to connect anew for each turn.

    Args:
        name: Of the model.
        calls: What the run is asked through.
    """

    def __init__(self, name: str, calls: Calls) -> None:
        self.name = name
        self._calls = calls

    async def ask(self, system: str, question: str, schema: type[BaseModel]) -> Answer:
        shape = schema.__name__
        return heard(
            await self._calls.ask(lambda call: wire.Question(call=call, system=system, question=question, shape=shape))
        )

    async def close(self) -> None:
        return None
