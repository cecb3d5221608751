"""Works at each task in a process of its own, which is killed when its time is over."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from .. import errors
from ..domain.effect import Reconciled
from ..domain.outcome import Ending
from ..errors import EvidenceUnavailable, OrchestratorError
from ..journal.kinds import Said
from ..journal.known import first
from ..journal.step import Door
from ..llm.grounding import Objections
from ..llm.model import Model
from . import wire
from .asking import put
from .executor import Health, LocalExecutor
from .remote import Doing, take_turn
from .task import NodeResult, Task
from .warden import Child
from .wire import FROM_PROCESS, Nonsense, Wire

SHAPES: dict[str, type[BaseModel]] = {Objections.__name__: Objections}
"""What a model can be asked for from within a turn."""
MOST_AT_ONCE = 10_000
"""What a process may have asked for and not been answered."""
_GRACE = 1.0
"""Seconds in which the last words of a process arrive that is no more, where somebody else holds its line open."""

M = TypeVar("M", wire.Did, wire.Looked)


class ChildExecutor(LocalExecutor):
    """
    Works at each task in a fork of this process, so that nothing an agent does can hold up or outlive the run.

    The fork shares what this process knows at that moment, and nothing that it writes to. What an agent wants of the
    world it asks for over a line: the door and the journal behind it are here alone. What comes after the task was
    cancelled is not heard, and whatever the process has begun ends with it.

    Args:
        doing: The work, given the door and the model that stand for these in the fork.
        door: Where effects go through.
        model: Who is asked questions.
    """

    def __init__(self, doing: Doing, door: Door, model: Model | None = None) -> None:
        super().__init__(self._apart)
        self._doing = doing
        self._door = door
        self._model = model

    def health(self) -> Health:
        return super().health()._replace(detail="in processes of their own")

    async def _apart(self, task: Task) -> NodeResult:
        name = self._model.name if self._model is not None else ""
        child = Child(partial(take_turn, doing=self._doing, model=name, task=task))
        try:
            process = await Wire.over(child.line)
            try:
                return await _Conversation(process, child, task, self._door, self._model).result()
            finally:
                process.close()
        finally:
            await child.end()


class _Asked(NamedTuple):
    """A call that is not answered yet."""

    answering: asyncio.Task[None]
    told: asyncio.Queue[wire.Did | wire.Looked]


class _Conversation:
    """What is said between the run and the process of one task, to its end."""

    def __init__(self, process: Wire, child: Child, task: Task, door: Door, model: Model | None) -> None:
        self._process = process
        self._child = child
        self._task = task
        self._door = door
        self._model = model
        self._asked: dict[int, _Asked] = {}
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def result(self) -> NodeResult:
        """How the task ended; raises what its work raised, and what stood in the way of writing it down."""
        hearing = asyncio.ensure_future(self._hear())
        over = asyncio.ensure_future(self._child.over())
        try:
            told: set[asyncio.Future[Any]] = {hearing, self._failed}
            await asyncio.wait({*told, over}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait(told, timeout=_GRACE, return_when=asyncio.FIRST_COMPLETED)
            if self._failed.done():
                self._failed.result()
            last = hearing.result() if hearing.done() else None
            return _result(last) if last is not None else _died(await over)
        except Nonsense as error:
            return NodeResult(Ending.ERRORED, f"its process sent nonsense: {error}")
        finally:
            await _ended(hearing, over, self._failed, *(asked.answering for asked in self._asked.values()))

    async def _hear(self) -> wire.Last | None:
        """Answer what is asked until it has said its last; None where it falls silent before."""
        while (said := await self._process.hear(FROM_PROCESS)) is not None:
            match said:
                case wire.Step() | wire.Act() | wire.Question():
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
            await self._process.say(wire.Answer(call=call.call, value=await self._answer(call, told)))
        except Exception as error:  # noqa: BLE001  # whatever it is, it is raised where the result is waited for
            if not self._failed.done():
                self._failed.set_exception(error)

    async def _answer(self, call: wire.Call, told: asyncio.Queue[wire.Did | wire.Looked]) -> Any:
        async def do() -> Any:
            await self._process.say(wire.Do(call=call.call))
            return _of(wire.Did, await told.get()).value

        async def look() -> Reconciled:
            await self._process.say(wire.Look(call=call.call))
            found = _of(wire.Looked, await told.get())
            return Reconciled(found.state, found.value, found.reason)

        match call:
            case wire.Step(purpose=purpose, input=input_):
                return await self._door.step(self._task.node, self._task.attempt, purpose, input_, do)
            case wire.Act(purpose=purpose, input=input_, looks=looks):
                return await self._door.act(self._task.node, purpose, input_, do, look if looks else None)
            case wire.Question(system=system, question=question, shape=shape):
                if self._model is None or shape not in SHAPES:
                    raise Nonsense(f"a question to an unknown model, or for '{shape[:100]}'")
                return await put(self._model, system, question, SHAPES[shape])


def _of(kind: type[M], said: wire.Did | wire.Looked) -> M:
    if not isinstance(said, kind):
        raise Nonsense(f"'{said.kind}' where another answer was expected")
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


def _died(code: int | None) -> NodeResult:
    """The result of a process that ended without one."""
    how = "" if code is None else f" with signal {-code}" if code < 0 else f" with exit code {code}"
    return NodeResult(Ending.ERRORED, f"its process ended{how} before its turn was over")


async def _ended(*tasks: asyncio.Future[Any]) -> None:
    """Call *tasks* off and wait until they are over."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
