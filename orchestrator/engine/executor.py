"""The seam between deciding and doing: six calls, keyed by run, node and attempt."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import NamedTuple, Protocol

from ..domain.outcome import Ending
from .task import NodeResult, Task

Work = Callable[[Task], Awaitable[NodeResult]]


class Health(NamedTuple):
    """Whether an executor takes work, and how much it has."""

    ready: bool
    running: int
    detail: str = ""


class Executor(Protocol):
    """
    Does what the coordinator decided; the journal alone says what happened.

    It never retries by itself: a lost attempt is cancelled and the next one dispatched by the coordinator.
    """

    def submit(self, task: Task) -> None:
        """Take *task*; a key that was taken before is refused with ValueError."""
        ...

    async def result(self, key: str) -> NodeResult:
        """How the task ended; raises what its work raised."""
        ...

    def cancel(self, key: str) -> None:
        """Stop the task if it still runs; its result is never asked for again."""
        ...

    def events(self) -> AsyncIterator[tuple[str, str]]:
        """(key, state) of tasks as they are ``started`` and ``ended``, until the executor is closed."""
        ...

    def health(self) -> Health:
        """Whether it takes work."""
        ...

    async def close(self) -> None:
        """Cancel what runs and take no more."""
        ...


def crashed(agent: str, error: BaseException) -> NodeResult:
    """The result of a turn that *error* ended: an agent's bug stops that agent alone, and stays in the record."""
    trace = "".join(traceback.format_exception(error)[-8:])
    crash = {"check": agent, "error": f"{type(error).__name__}: {error}", "trace": trace}
    return NodeResult(Ending.ERRORED, crash["error"], crashes=(crash,))


class LocalExecutor:
    """
    Runs tasks in this process and event loop; for work that is trusted to give way.

    What does not is told of as it was, late, and holds everything up: see :class:`~.children.ChildExecutor`.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._tasks: dict[str, Task] = {}
        self._running: dict[str, asyncio.Task[object] | None] = {}
        self._listeners: list[asyncio.Queue[tuple[str, str] | None]] = []
        self._open = True

    def submit(self, task: Task) -> None:
        if not self._open:
            raise ValueError("the executor is closed")
        if task.key in self._tasks:
            raise ValueError(f"'{task.key}' was submitted before")
        self._tasks[task.key] = task

    async def result(self, key: str) -> NodeResult:
        self._running[key] = asyncio.current_task()
        self._tell(key, "started")
        try:
            return await self._work(self._tasks[key])
        finally:
            del self._running[key]
            self._tell(key, "ended")

    def cancel(self, key: str) -> None:
        running = self._running.get(key)
        if running is not None:
            running.cancel()

    async def events(self) -> AsyncIterator[tuple[str, str]]:
        queue: asyncio.Queue[tuple[str, str] | None] = asyncio.Queue()
        self._listeners.append(queue)
        while (event := await queue.get()) is not None:
            yield event

    def health(self) -> Health:
        return Health(self._open, len(self._running), "in this process")

    async def close(self) -> None:
        self._open = False
        for key in list(self._running):
            self.cancel(key)
        for queue in self._listeners:
            queue.put_nowait(None)

    def _tell(self, key: str, state: str) -> None:
        for queue in self._listeners:
            queue.put_nowait((key, state))
