"""Agents that do not give way: they hang, flood, die, and leave others behind."""

from __future__ import annotations

import asyncio
import ctypes
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

from orchestrator.domain.finding import Finding, Status
from orchestrator.domain.outcome import Ending
from orchestrator.engine.doorway import Doorway
from orchestrator.engine.job import Job
from orchestrator.engine.task import COMPLETED, NodeResult

PLACE = "TEST_CHILDREN"
"""Names the folder in which they leave the numbers of what they begin."""
Deed = Callable[[Doorway, Job], Awaitable[NodeResult | None]]


def doing(deeds: dict[str, Deed]) -> Callable[[Job, Doorway], Awaitable[NodeResult]]:
    """Work that does the deed of an agent's name; what it gives back is its result."""

    async def turn(job: Job, door: Doorway) -> NodeResult:
        return await deeds[job.agent](door, job) or COMPLETED

    return turn


def left(pid: int) -> None:
    """Have *pid* known to the test."""
    with open(os.path.join(os.environ[PLACE], str(pid)), "x"):
        pass


async def well(_door: Doorway, job: Job) -> NodeResult:
    said = Finding(criterion="X-1", status=Status.FAIL, message="found", agent=job.agent, check="c")
    return NodeResult(Ending.COMPLETED, "", (said,))


async def ignores(_door: Doorway, _job: Job) -> None:
    left(os.getpid())
    while True:
        try:
            await asyncio.sleep(1e6)
        except asyncio.CancelledError:
            continue


async def loops(_door: Doorway, _job: Job) -> None:
    left(os.getpid())
    while True:
        pass


async def sleeps(_door: Doorway, _job: Job) -> None:
    left(os.getpid())
    time.sleep(1e6)


async def in_c(_door: Doorway, _job: Job) -> None:
    left(os.getpid())
    ctypes.PyDLL(None).sleep(1_000_000)  # it keeps the interpreter's lock


async def explodes(_door: Doorway, _job: Job) -> None:
    left(os.getpid())
    re.match(r"(a+)+$", "a" * 64 + "b")


async def shrugs_signals_off(_door: Doorway, _job: Job) -> None:
    left(os.getpid())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(1e6)


async def begets(_door: Doorway, _job: Job) -> None:
    """Leaves a grandchild that holds every descriptor open, and waits for it."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1e6)"], close_fds=False)
    left(process.pid)
    process.wait()


async def leaves_a_holder(_door: Doorway, _job: Job) -> None:
    """Ends by itself, and leaves a fork that holds the line to the run."""
    pid = os.fork()
    if pid == 0:
        time.sleep(1e6)
    left(pid)


async def daemonises(_door: Doorway, _job: Job) -> None:
    """Ends by itself, and leaves one behind that has left its group and its parents."""
    read, write = os.pipe()
    if os.fork() == 0:
        os.setsid()
        pid = os.fork()
        if pid:
            os.write(write, b"%d" % pid)
            os._exit(0)
        time.sleep(1e6)
    left(int(os.read(read, 20)))


async def daemonises_and_hangs(door: Doorway, job: Job) -> None:
    await daemonises(door, job)
    time.sleep(1e6)


async def daemonises_and_dies(door: Doorway, job: Job) -> None:
    await daemonises(door, job)
    os.kill(os.getpid(), signal.SIGKILL)


async def kills_itself(_door: Doorway, _job: Job) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def kills_its_watch(_door: Doorway, _job: Job) -> None:
    left(os.getpid())
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(1e6)


async def kills_its_group(_door: Doorway, _job: Job) -> None:
    os.killpg(0, signal.SIGKILL)


async def leaves(_door: Doorway, _job: Job) -> None:
    os._exit(0)


async def leaves_with_a_code(_door: Doorway, _job: Job) -> None:
    os._exit(7)


async def exits(_door: Doorway, _job: Job) -> None:
    sys.exit(3)


async def faults(_door: Doorway, _job: Job) -> None:
    ctypes.string_at(0)


async def raises_when_dropped(_door: Doorway, _job: Job) -> None:
    class Dropped:
        def __del__(self) -> None:
            raise ZeroDivisionError("dropped")

    Dropped()


async def prints(_door: Doorway, _job: Job) -> None:
    for number in (1, 2):
        os.write(number, b"\x1b[2J" + b"garbage" * 100_000)
    print("more of it")
    print("and here", file=sys.stderr, flush=True)


async def speaks_at_length(_door: Doorway, _job: Job) -> NodeResult:
    return NodeResult(Ending.COMPLETED, "x" * 70_000_000)


def _lines() -> list[int]:
    """Every descriptor of this process that is a socket."""
    return [int(n) for n in os.listdir("/proc/self/fd") if "socket" in target(n)]


def target(number: str) -> str:
    """What descriptor *number* is of."""
    try:
        return os.readlink(f"/proc/self/fd/{number}")
    except OSError:
        return ""


def says(data: bytes) -> Deed:
    """Writes *data* on whatever line it finds."""

    async def deed(_door: Doorway, _job: Job) -> None:
        for number in _lines():
            try:
                os.set_blocking(number, True)
                os.write(number, data)
            except OSError:
                continue
        await asyncio.sleep(1e6)

    return deed


def framed(text: str) -> bytes:
    data = text.encode()
    return len(data).to_bytes(4, "big") + data


async def floods(door: Doorway, _job: Job) -> None:
    async def never() -> Any:
        await asyncio.sleep(1e6)

    await asyncio.gather(*(door.step("n", 1, "own/x", number, never) for number in range(20_000)))
