"""The seam between deciding and doing: six calls, keyed by run, node and attempt, and what does jobs right here."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from enum import StrEnum
from typing import NamedTuple, Protocol

from ..domain.outcome import Ending
from ..errors import EvidenceUnavailable, OrchestratorError
from . import installed
from .job import Job
from .task import NodeResult

Work = Callable[[Job], Awaitable[NodeResult]]
PATIENCE = 3.0
"""Seconds that are waited for the end of work that was called off."""


class How(StrEnum):
    """How a job ended, as far as its executor can tell."""

    ENDED = "ended"
    """It has a result."""
    FAILED = "failed"
    """Something stood in its way that the user can fix, so that the run cannot go on."""
    LOST = "lost"
    """Whoever did it is gone, and nobody knows how far it came."""
    CANCELLED = "cancelled"
    """It was called off."""


class Outcome(NamedTuple):
    """How the job *key* ended; it never changes."""

    key: str
    how: How
    result: NodeResult = NodeResult(Ending.CANCELLED)
    """Of a job that has ended."""
    reason: str = ""
    """Why it was lost."""
    error: OrchestratorError | None = None
    """Of a job that has failed."""


class Progress(NamedTuple):
    """One thing that became of a job; numbered from 1."""

    number: int
    state: str
    """``submitted``, ``started``, and at last how it ended."""


class Worker(NamedTuple):
    """Somebody who does jobs."""

    name: str
    code: str
    """Digest of the gonogo that it is made of."""
    running: int


class Executor(Protocol):
    """
    Does what the coordinator decided; the journal alone says what happened.

    It never retries by itself: the coordinator calls a lost attempt off and dispatches the next one, so that every
    execution has a key of its own. `tests/engine/test_executor_contract.py` holds every executor to what is said here.
    """

    async def submit(self, job: Job) -> None:
        """
        Take *job*; on return it is kept as safely as this executor keeps anything, and needs nobody to wait for it.

        The same job again is the same job: nothing is started a second time. A job that was called off before it came
        is not started at all.

        Raises:
            KeyTaken: Another job has its key.
            Closed: Nothing is taken any more.
        """
        ...

    async def outcomes(self, keys: Collection[str]) -> list[Outcome]:
        """
        Wait until one of the jobs *keys* has ended; returns the outcomes of all of them that have, in their order.

        Who asks again is told again; who is called off while waiting loses nothing.

        Raises:
            UnknownKey: One of them was never submitted, so that it would be waited for in vain.
        """
        ...

    async def cancel(self, key: str) -> None:
        """
        Call a job off, wherever it is; on return nothing of it runs any more that this executor can end.

        Before it started it never starts, also where it is submitted only later; while it runs its outcome is
        *cancelled* from here on, whatever it comes to; after it ended its outcome stays what it was.
        """
        ...

    def progress(self, key: str, after: int = 0) -> AsyncIterator[Progress]:
        """What became of the job *key* since the entry *after*, as it comes, until it has ended."""
        ...

    async def workers(self) -> tuple[Worker, ...]:
        """Who does jobs, sorted by name; nobody once it is closed."""
        ...

    async def close(self) -> None:
        """Call off whatever has not ended and take no more; on return nothing runs, and whoever waited is told."""
        ...


class KeyTaken(ValueError):
    """A job has the key of another one."""


class UnknownKey(ValueError):
    """No job of this key was submitted."""


class Closed(ValueError):
    """The executor takes nothing any more."""


class Lost(Exception):
    """Whoever did a job is gone; says how that was seen."""


def crashed(agent: str, error: BaseException) -> NodeResult:
    """The result of a turn that *error* ended: an agent's bug stops that agent alone, and stays in the record."""
    trace = "".join(traceback.format_exception(error)[-8:])
    crash = {"check": agent, "error": f"{type(error).__name__}: {error}", "trace": trace}
    return NodeResult(Ending.ERRORED, crash["error"], crashes=(crash,))


class _Held:
    """What is kept of one key; without a job it was only called off."""

    __slots__ = ("going", "job", "outcome", "told")

    def __init__(self) -> None:
        self.job: Job | None = None
        self.outcome: Outcome | None = None
        self.going: asyncio.Task[None] | None = None
        self.told: list[Progress] = []

    def tell(self, state: str) -> None:
        self.told.append(Progress(len(self.told) + 1, state))


class LocalExecutor:
    """
    Has each job done by a coroutine of this event loop; for work that is trusted to give way.

    What is submitted is kept as long as this process lives: the next life of the run submits it again. Work that does
    not give way holds everything up: see :class:`~.children.ChildExecutor`.

    Args:
        work: Does a job. Raising :class:`Lost` says that whoever did it is gone.
    """

    name = "in this process"

    def __init__(self, work: Work) -> None:
        self._work = work
        self._held: dict[str, _Held] = {}
        self._running = 0
        self._bell = asyncio.Event()
        self._open = True

    async def submit(self, job: Job) -> None:
        if not self._open:
            raise Closed("the executor is closed")
        held = self._held.setdefault(job.key, _Held())
        if held.job is not None:
            if held.job != job:
                raise KeyTaken(f"another job was submitted as '{job.key}'")
            return
        held.job = job
        held.tell("submitted")
        if held.outcome is not None:
            held.tell(held.outcome.how)
            self._ring()
        else:
            held.going = asyncio.create_task(self._go(held, job))

    async def outcomes(self, keys: Collection[str]) -> list[Outcome]:
        held = [self._known(key) for key in keys]
        while True:
            bell = self._bell
            found = [one.outcome for one in held if one.outcome is not None]
            if found or not held:
                return found
            await bell.wait()

    async def cancel(self, key: str) -> None:
        held = self._held.setdefault(key, _Held())
        self._settle(held, Outcome(key, How.CANCELLED))
        await self._called_off([held])

    async def progress(self, key: str, after: int = 0) -> AsyncIterator[Progress]:
        held = self._known(key)
        while True:
            bell = self._bell
            for told in held.told[after:]:
                yield told
                after = told.number
            if held.outcome is not None and after >= len(held.told):
                return
            await bell.wait()

    async def workers(self) -> tuple[Worker, ...]:
        return (Worker(self.name, installed.house(), self._running),) if self._open else ()

    async def close(self) -> None:
        self._open = False
        for key, held in self._held.items():
            self._settle(held, Outcome(key, How.CANCELLED))
        await self._called_off(list(self._held.values()))

    def _known(self, key: str) -> _Held:
        held = self._held.get(key)
        if held is None or held.job is None:
            raise UnknownKey(f"no job was submitted as '{key}'")
        return held

    async def _go(self, held: _Held, job: Job) -> None:
        self._running += 1
        held.tell("started")
        self._ring()
        try:
            self._settle(held, await self._done(job))
        finally:
            self._running -= 1
            held.going = None

    async def _done(self, job: Job) -> Outcome:
        try:
            return Outcome(job.key, How.ENDED, await self._work(job))
        except EvidenceUnavailable as error:
            return Outcome(job.key, How.ENDED, NodeResult(Ending.UNAVAILABLE, error.reason))
        except OrchestratorError as error:
            return Outcome(job.key, How.FAILED, error=error)
        except Lost as error:
            return Outcome(job.key, How.LOST, reason=str(error))
        except asyncio.CancelledError as error:
            going = asyncio.current_task()
            if going is not None and going.cancelling():
                raise
            return Outcome(job.key, How.ENDED, crashed(job.agent, error))
        except Exception as error:  # noqa: BLE001  # it is the agent's, and stays in the record
            return Outcome(job.key, How.ENDED, crashed(job.agent, error))

    def _settle(self, held: _Held, outcome: Outcome) -> None:
        """Say how a job ended, unless that is known: the first word holds, and what comes late is not heard."""
        if held.outcome is None:
            held.outcome = outcome
            if held.job is not None:
                held.tell(outcome.how)
                self._ring()

    async def _called_off(self, several: list[_Held]) -> None:
        """Have work stop whose outcome is settled, and wait for that as long as it can be expected to give way."""
        here = asyncio.current_task()
        going = [one.going for one in several if one.going is not None and not one.going.done()]
        for task in going:
            if not task.cancelling():
                task.cancel()
        if others := [task for task in going if task is not here]:
            await asyncio.wait(others, timeout=PATIENCE)

    def _ring(self) -> None:
        """Wake whoever waits for news."""
        bell, self._bell = self._bell, asyncio.Event()
        bell.set()
