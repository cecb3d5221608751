"""Work for jobs that try an executor, in whatever process it is done; what it does it leaves marks of in a folder."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

from orchestrator.domain.finding import Finding, Status
from orchestrator.domain.outcome import Ending
from orchestrator.engine.doorway import Doorway
from orchestrator.engine.job import Job
from orchestrator.engine.task import COMPLETED, NodeResult
from orchestrator.errors import EvidenceUnavailable, UsageError

LATE = 0.4
"""Seconds after which a job that was not stopped has left another mark."""


async def work(job: Job, door: Doorway) -> NodeResult:
    """Do the deed that the job's agent is named after."""
    mark(job, "started")
    return await DEEDS[job.agent](job, door)


def mark(job: Job, what: str) -> None:
    """Leave a mark; the reason of these jobs is the folder for them."""
    count = len(list(Path(job.reason).iterdir()))
    (Path(job.reason) / f"{job.node.replace('/', '-')}-{job.attempt} {what} {count} {os.getpid()}").touch()


def marks(folder: Path, what: str) -> int:
    """How often *what* was marked in *folder*."""
    return sum(1 for path in folder.iterdir() if path.name.split()[1] == what)


async def quick(job: Job, _door: Doorway) -> NodeResult:
    said = Finding(criterion="X-1", status=Status.FAIL, message=f"attempt {job.attempt}", agent="quick", check="c")
    return NodeResult(Ending.COMPLETED, "", (said,))


async def slow(job: Job, _door: Doorway) -> NodeResult:
    await asyncio.sleep(LATE)
    mark(job, "late")
    await asyncio.sleep(60)
    return COMPLETED


async def stubborn(job: Job, _door: Doorway) -> NodeResult:
    """Does not heed that it is called off."""
    try:
        await asyncio.sleep(60)
    except asyncio.CancelledError:
        mark(job, "ignored")
    return COMPLETED


async def zombie(job: Job, door: Doorway) -> NodeResult:
    """Asks for more when it is called off."""

    async def look() -> str:
        return "looked"

    try:
        await asyncio.sleep(60)
    finally:
        await door.step(job.node, job.attempt, "own/late", {}, look)
    return COMPLETED


async def raises(_job: Job, _door: Doorway) -> NodeResult:
    raise ZeroDivisionError("boom")


async def cancels_itself(_job: Job, _door: Doorway) -> NodeResult:
    raise asyncio.CancelledError("by itself")


async def blind(_job: Job, _door: Doorway) -> NodeResult:
    raise EvidenceUnavailable("it is dark")


async def mistaken(_job: Job, _door: Doorway) -> NodeResult:
    raise UsageError("wrong", where="here", remedy="so")


async def dies(_job: Job, _door: Doorway) -> NodeResult:
    os.kill(os.getpid(), signal.SIGKILL)
    return COMPLETED


async def dies_once(job: Job, door: Doorway) -> NodeResult:
    return await (dies if job.attempt == 1 else quick)(job, door)


async def dies_acting(job: Job, door: Doorway) -> NodeResult:
    """Is gone in the middle of an act, of which the world cannot tell."""

    async def act() -> str:
        mark(job, "acted")
        os.kill(os.getpid(), signal.SIGKILL)
        return "never"

    return NodeResult(Ending.COMPLETED, str(await door.act(job.node, "own/act", {}, act)))


async def steps(job: Job, door: Doorway) -> NodeResult:
    """Looks and acts once each, and says what it was told; it names a node that is not its own."""

    async def look() -> dict[str, str]:
        mark(job, "looked")
        return {"seen": "it"}

    async def act() -> str:
        mark(job, "acted")
        return "done"

    seen = await door.step("p/somebody-else", 99, "own/look", {"at": "it"}, look)
    done = await door.act("p/somebody-else", "own/act", {"to": "it"}, act)
    return NodeResult(Ending.COMPLETED, f"{seen} {done}")


async def reads(job: Job, door: Doorway) -> NodeResult:
    """Says what lies behind the first digest that its job names."""
    (name,) = job.named()
    data = await door.read(name)
    return NodeResult(Ending.COMPLETED, f"{len(data)} {data[:20].decode()}")


async def pries(_job: Job, door: Doorway) -> NodeResult:
    """Reads what its job does not name."""
    return NodeResult(Ending.COMPLETED, (await door.read("sha256:" + "0" * 64)).decode())


DEEDS: dict[str, Callable[[Job, Doorway], Awaitable[NodeResult]]] = {
    deed.__name__: deed
    for deed in (
        quick,
        slow,
        stubborn,
        zombie,
        raises,
        cancels_itself,
        blind,
        mistaken,
        dies,
        dies_once,
        dies_acting,
        steps,
        reads,
        pries,
    )
}
