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
from orchestrator.engine.task import COMPLETED, NodeResult, Task
from orchestrator.journal.step import Door
from orchestrator.llm.model import Model

PLACE = "TEST_CHILDREN"
"""Names the folder in which they leave the numbers of what they begin."""
Deed = Callable[[Door, Task], Awaitable[NodeResult | None]]


def doing(deeds: dict[str, Deed]) -> Callable[[Door, Model | None], Callable[[Task], Awaitable[NodeResult]]]:
    """Work that does the deed of an agent's name; what it gives back is its result."""

    def work(door: Door, _model: Model | None) -> Callable[[Task], Awaitable[NodeResult]]:
        async def turn(task: Task) -> NodeResult:
            return await deeds[task.agent](door, task) or COMPLETED

        return turn

    return work


def left(pid: int) -> None:
    """Have *pid* known to the test."""
    with open(os.path.join(os.environ[PLACE], str(pid)), "x"):
        pass


async def well(_door: Door, task: Task) -> NodeResult:
    said = Finding(criterion="X-1", status=Status.FAIL, message="found", agent=task.agent, check="c")
    return NodeResult(Ending.COMPLETED, "", (said,))


async def ignores(_door: Door, _task: Task) -> None:
    left(os.getpid())
    while True:
        try:
            await asyncio.sleep(1e6)
        except asyncio.CancelledError:
            continue


async def loops(_door: Door, _task: Task) -> None:
    left(os.getpid())
    while True:
        pass


async def sleeps(_door: Door, _task: Task) -> None:
    left(os.getpid())
    time.sleep(1e6)


async def in_c(_door: Door, _task: Task) -> None:
    left(os.getpid())
    ctypes.PyDLL(None).sleep(1_000_000)  # it keeps the interpreter's lock


async def explodes(_door: Door, _task: Task) -> None:
    left(os.getpid())
    re.match(r"(a+)+$", "a" * 64 + "b")


async def shrugs_signals_off(_door: Door, _task: Task) -> None:
    left(os.getpid())
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
        signal.signal(number, signal.SIG_IGN)
    time.sleep(1e6)


async def begets(_door: Door, _task: Task) -> None:
    """Leaves a grandchild that holds every descriptor open, and waits for it."""
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1e6)"], close_fds=False)
    left(process.pid)
    process.wait()


async def leaves_a_holder(_door: Door, _task: Task) -> None:
    """Ends by itself, and leaves a fork that holds the line to the run."""
    pid = os.fork()
    if pid == 0:
        time.sleep(1e6)
    left(pid)


async def daemonises(_door: Door, _task: Task) -> None:
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


async def daemonises_and_hangs(door: Door, task: Task) -> None:
    await daemonises(door, task)
    time.sleep(1e6)


async def daemonises_and_dies(door: Door, task: Task) -> None:
    await daemonises(door, task)
    os.kill(os.getpid(), signal.SIGKILL)


async def kills_itself(_door: Door, _task: Task) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def kills_its_watch(_door: Door, _task: Task) -> None:
    left(os.getpid())
    os.kill(os.getppid(), signal.SIGKILL)
    time.sleep(1e6)


async def kills_its_group(_door: Door, _task: Task) -> None:
    os.killpg(0, signal.SIGKILL)


async def leaves(_door: Door, _task: Task) -> None:
    os._exit(0)


async def leaves_with_a_code(_door: Door, _task: Task) -> None:
    os._exit(7)


async def exits(_door: Door, _task: Task) -> None:
    sys.exit(3)


async def faults(_door: Door, _task: Task) -> None:
    ctypes.string_at(0)


async def raises_when_dropped(_door: Door, _task: Task) -> None:
    class Dropped:
        def __del__(self) -> None:
            raise ZeroDivisionError("dropped")

    Dropped()


async def prints(_door: Door, _task: Task) -> None:
    for number in (1, 2):
        os.write(number, b"\x1b[2J" + b"garbage" * 100_000)
    print("more of it")
    print("and here", file=sys.stderr, flush=True)


async def speaks_at_length(_door: Door, _task: Task) -> NodeResult:
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

    async def deed(_door: Door, _task: Task) -> None:
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


async def floods(door: Door, _task: Task) -> None:
    async def never() -> Any:
        await asyncio.sleep(1e6)

    await asyncio.gather(*(door.step("n", 1, "own/x", number, never) for number in range(20_000)))
