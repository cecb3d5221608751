"""What is said between a run and whoever does one of its jobs, from the run's end."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import Any, NamedTuple, TypeVar

from pydantic import ValidationError

from .. import errors
from ..domain.effect import Reconciled
from ..domain.outcome import Ending
from ..errors import EvidenceUnavailable, OrchestratorError
from ..journal.kinds import Said
from ..journal.known import first
from . import wire
from .doorway import Doorway
from .task import NodeResult
from .wire import FROM_PROCESS, PIECE, Line, Nonsense

MOST_AT_ONCE = 10_000
"""What a process may have asked for and not been answered."""
_GRACE = 1.0
"""Seconds in which the last words of a process arrive that is no more, where somebody else holds its line open."""

M = TypeVar("M", wire.Did, wire.Looked)


class _Asked(NamedTuple):
    """A call that is not answered yet."""

    answering: asyncio.Task[None]
    told: asyncio.Queue[wire.Did | wire.Looked]


class Conversation:
    """
    Answers whoever does a job until it has said its last.

    Args:
        line: To whoever does it.
        door: The run, as the job sees it.
    """

    def __init__(self, line: Line, door: Doorway) -> None:
        self._line = line
        self._door = door
        self._asked: dict[int, _Asked] = {}
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def result(self, gone: Awaitable[NodeResult]) -> NodeResult:
        """
        How the job ended; raises what its work raised, and what stood in the way of writing it down.

        Args:
            gone: Comes when whoever does it is no more: what that means where it has not said its last.
        """
        hearing, over = asyncio.ensure_future(self._hear()), asyncio.ensure_future(gone)
        try:
            told: set[asyncio.Future[Any]] = {hearing, self._failed}
            await asyncio.wait({*told, over}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait(told, timeout=_GRACE, return_when=asyncio.FIRST_COMPLETED)
            if self._failed.done():
                self._failed.result()
            last = hearing.result() if hearing.done() else None
            return _result(last) if last is not None else await over
        except Nonsense as error:
            return NodeResult(Ending.ERRORED, f"its process sent nonsense: {error}")
        finally:
            await _ended(hearing, over, self._failed, *(asked.answering for asked in self._asked.values()))

    async def _hear(self) -> wire.Last | None:
        """Answer what is asked until it has said its last; None where it falls silent before."""
        while (said := await self._line.hear(FROM_PROCESS)) is not None:
            match said:
                case wire.Step() | wire.Act() | wire.Question() | wire.Read() | wire.Lines():
                    self._begin(said)
                case wire.Did() | wire.Looked():
                    if said.call not in self._asked:
                        raise Nonsense(f"an answer to {said.call}, which nobody waits for")
                    self._asked[said.call].told.put_nowait(said)
                case wire.Dropped():
                    if said.call in self._asked:
                        self._asked[said.call].answering.cancel()
                case _:
                    return said
        return None

    def _begin(self, call: wire.Call) -> None:
        if call.call in self._asked or len(self._asked) >= MOST_AT_ONCE:
            raise Nonsense(f"call {call.call}, which is being answered or one too many")
        told: asyncio.Queue[wire.Did | wire.Looked] = asyncio.Queue()
        answering = asyncio.ensure_future(self._answered(call, told))
        self._asked[call.call] = _Asked(answering, told)
        answering.add_done_callback(lambda _: self._asked.pop(call.call))

    async def _answered(self, call: wire.Call, told: asyncio.Queue[wire.Did | wire.Looked]) -> None:
        try:
            await self._line.say(wire.Answer(call=call.call, value=await self._answer(call, told)))
        except Exception as error:  # noqa: BLE001  # whatever it is, it is raised where the result is waited for
            if not self._failed.done():
                self._failed.set_exception(error)

    async def _answer(self, call: wire.Call, told: asyncio.Queue[wire.Did | wire.Looked]) -> Any:
        async def do() -> Any:
            await self._line.say(wire.Do(call=call.call))
            return _of(wire.Did, await told.get()).value

        async def look() -> Reconciled:
            await self._line.say(wire.Look(call=call.call))
            found = _of(wire.Looked, await told.get())
            return Reconciled(found.state, found.value, found.reason)

        match call:
            case wire.Step(purpose=purpose, input=input_):
                return await self._door.step("", 0, purpose, input_, do)
            case wire.Act(purpose=purpose, input=input_, looks=looks):
                return await self._door.act("", purpose, input_, do, look if looks else None)
            case wire.Question(system=system, question=question, shape=shape):
                return await self._door.ask(system, question, shape)
            case wire.Lines(places=places):
                return await self._door.lines(places)
            case wire.Read(digest=digest, start=start):
                data = await self._door.read(digest)
                return {"piece": data[start : start + PIECE].decode("ascii"), "bytes": len(data)}


def _of(kind: type[M], said: wire.Did | wire.Looked) -> M:
    if not isinstance(said, kind):
        raise Nonsense(f"'{said.kind}' where another answer was waited for")
    return said


def _result(last: wire.Last) -> NodeResult:
    match last:
        case wire.Unavailable(reason=reason):
            raise EvidenceUnavailable(reason)
        case wire.Mistake(name=name, what=what, where=where, remedy=remedy):
            kind = getattr(errors, name, OrchestratorError)
            known = isinstance(kind, type) and issubclass(kind, OrchestratorError)
            raise (kind if known else OrchestratorError)(what, where=where, remedy=remedy)
        case wire.Ended(ending=ending, reason=reason, said=said):
            try:
                return NodeResult.read(ending, reason, Said.model_validate(said))
            except ValidationError as error:
                raise Nonsense(first(error)) from None


async def _ended(*tasks: asyncio.Future[Any]) -> None:
    """Call *tasks* off and wait until they are over."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
