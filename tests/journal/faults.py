"""Processes that die at a chosen write, disks that fill up and power that is cut."""

from __future__ import annotations

import asyncio
import errno
import gc
import json
import os
import signal
import socket
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from orchestrator.audit.replay import verify
from orchestrator.commands.resume import resume
from orchestrator.commands.review import review
from orchestrator.engine import coordinator
from orchestrator.errors import RunsFolderUnwritable, StepUndecided, UsageError
from orchestrator.journal import acts, key, writer
from orchestrator.journal.event import Event
from orchestrator.journal.record import Record, all_runs
from orchestrator.planning.plan import Request

DIED, UNWRITABLE, DONE, WRONG = -signal.SIGKILL, 40, 41, 42


WORLD = "GONOGO_TEST_WORLD"
"""Names the folder that :data:`MOVER` acts on; each time that it does something leaves one folder there."""
MOVER = f"""
import os
import uuid

from orchestrator import Agent, Reconciled
from orchestrator.journal import writer


class Mover(Agent):
    id = "mover"
    criteria = ("DEP-5.2.1",)

    async def review(self, brief):
        asked = await brief.step("look", {{}}, self.looked)
        moved = await brief.act("move", {{"to": "green"}}, self.moving("moved"), self.told)
        sent = await brief.act("send", {{"to": "everybody"}}, self.moving("sent"))
        return [self.unknown("DEP-5.2.1", f"{{asked}} {{moved}} {{sent or 'sent'}}")]

    async def looked(self):
        return "looked"

    def moving(self, what):
        async def do():
            writer.os.mkdir(os.path.join(os.environ["{WORLD}"], f"{{what}}-{{uuid.uuid4()}}"))  # see System.mkdir
            return what

        return do

    async def told(self):
        moved = any(name.startswith("moved") for name in os.listdir(os.environ["{WORLD}"]))
        return Reconciled.done("moved") if moved else Reconciled.undone()
"""


class System:
    """
    Stands in for ``os`` where the record is written; counts what is asked of it.

    Args:
        root: The folder of runs.
        strike: Called with (number, stage) at each stage of each write, replacement and sync.

    :attr:`points` has what it was called with, and what for.
    """

    def __init__(self, root: Path, strike: Callable[[int, str], None]) -> None:
        self.points: list[tuple[int, str, str]] = []
        self.root = root
        self._count = 0
        self._strike = strike
        self._process = os.getpid()
        self._acts = _Acts(self)
        self._names: dict[Path, set[str]] = {}
        self._sizes: dict[int, int] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def write(self, file: int, data: memoryview | bytes) -> int:
        number = self._begin("write")
        half = len(data) // 2
        done = os.write(file, data[:half])
        self._at(number, "half", "write")
        done += os.write(file, data[half:])
        self._at(number, "after", "write")
        return done

    def mkdir(self, path: str) -> None:
        """What the agent :data:`MOVER` does to the world, in a process of its own; what strikes, strikes the run."""
        if os.getpid() == self._process:
            os.mkdir(path)
        else:
            self._acts.told("before")
            os.mkdir(path)
            self._acts.told("after")

    def act(self, stage: str) -> None:
        """An agent is about to act, or has acted."""
        if stage == "before":
            self._begin("act")
        else:
            self._at(self._count, "after", "act")

    def replace(self, old: Path, new: Path) -> None:
        number = self._begin("replace")
        os.replace(old, new)
        self._at(number, "after", "replace")

    def fsync(self, file: int) -> None:
        number = self._begin("sync")
        path = Path(os.readlink(f"/proc/self/fd/{file}"))
        if path.is_dir():
            self._names[path] = set(os.listdir(path))
        else:
            self._sizes[os.fstat(file).st_ino] = os.fstat(file).st_size
        self._at(number, "after", "sync")

    def lose(self) -> None:
        """Take back what a power cut may: names in folders that were not synced, bytes of files that were not."""
        for folder, folders, files in os.walk(self.root, topdown=False):
            here = Path(folder)
            for name in files:
                if name in self._names.get(here, ()):
                    os.truncate(here / name, self._sizes.get((here / name).stat().st_ino, 0))
                else:
                    (here / name).unlink()
            for name in folders:
                if name not in self._names.get(here, ()):
                    _empty(here / name)

    def _begin(self, what: str) -> int:
        self._count += 1
        self._at(self._count, "before", what)
        return self._count

    def _at(self, number: int, stage: str, what: str) -> None:
        self.points.append((number, stage, what))
        self._strike(number, stage)


class _Acts:
    """
    Hears of what agents do in their own processes, and lets them wait until it has been counted.

    Args:
        system: Whose process drives the run.
    """

    def __init__(self, system: System) -> None:
        self._system = system
        self._heard = socket.socket(socket.AF_UNIX)
        self._heard.bind("")  # any name that is free, in no folder
        self._name = self._heard.getsockname()
        self._heard.listen()
        threading.Thread(target=self._hear, daemon=True).start()

    def told(self, stage: str) -> None:
        """Say that an act is at *stage*; returns when the run goes on, if it does."""
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(self._name)
            line.sendall(stage.encode())
            answer = line.recv(10)
        if answer == b"full":
            full()
        if answer != b"go on":
            time.sleep(60)  # the run is no more, and this process will not be either

    def _hear(self) -> None:
        while True:
            line, _ = self._heard.accept()
            with line:
                try:
                    self._system.act(line.recv(10).decode())
                    line.sendall(b"go on")
                except OSError:
                    line.sendall(b"full")


def one_at_a_time() -> None:
    """Let agents have their turns one after the other, so that writes come in the same order every time."""
    coordinator.DEFAULT_LIMITS["cpu"] = 1


def _empty(folder: Path) -> None:
    for inner in folder.iterdir():
        if inner.is_dir():
            _empty(inner)
        else:
            inner.unlink()
    folder.rmdir()


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def full() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def line_by_line() -> None:
    """From now on every event of this process is written by itself, in a go of its own."""
    real = writer.Journal.append

    def append(
        self: writer.Journal, kind: str, node: str = "", data: dict[str, Any] | None = None, *, at: str = ""
    ) -> Event:
        event = real(self, kind, node, data, at=at)
        if self._failed is None:
            self._write_all()
        return event

    writer.Journal.append = append  # type: ignore[method-assign]  # this process is a fork and ends with its review


def in_child(act: Callable[[], int], log: Path) -> int:
    """The exit code of *act* in a fork of this process, negative where a signal ended it; its traceback in *log*."""
    sys.stdout.flush()
    sys.stderr.flush()
    pid = os.fork()
    if pid == 0:
        code = WRONG
        try:
            code = act()
        except BaseException:  # noqa: BLE001  # whatever it is, it is told, and the fork goes no further
            log.write_text(traceback.format_exc())
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def reviewing(path: Path, runs: Path, strike: Callable[[System, int, str], None], *, each: bool) -> int:
    """Review *path* with *strike* in the way of every write; how it ended, as an exit code."""
    system = System(runs, lambda number, stage: strike(system, number, stage))
    runs.mkdir(parents=True)
    os.environ[WORLD] = str(_world(runs))
    one_at_a_time()
    for module in (writer, key):
        setattr(module, "os", system)  # noqa: B010  # a module attribute that mypy holds to its type
    if each:
        line_by_line()
    try:
        asyncio.run(review(Request(path=str(path), trust=True), runs))
    except RunsFolderUnwritable:
        return UNWRITABLE
    (runs / "points").write_text(json.dumps(system.points))
    return DONE


def warm(path: Path, runs: Path) -> None:
    """Have everything imported, compiled and cached, so that forks of this process need not."""
    runs.mkdir(parents=True)
    os.environ[WORLD] = str(_world(runs))
    asyncio.run(review(Request(path=str(path), trust=True), runs, sync=False))
    verify(Record(all_runs(runs)[0]))
    gc.collect()
    gc.freeze()
    gc.disable()


def resumed(runs: Path, expected: object) -> int:
    """
    Resume what is in *runs* and hold it to what a second life owes.

    The result of an undisturbed run; no finished node, no recorded step and no act on the world done again; every
    event of the first life kept; and a genuine record.
    """
    recorded = all_runs(runs)
    if not recorded:
        return DONE
    (folder,) = recorded
    os.environ[WORLD] = str(_world(runs))
    before = b"".join(_lines(folder))
    finished = {e["node"]: 0 for e in _whole(folder) if e["kind"] == "NodeFinished"}
    finished = {node: _starts(folder, node) for node in finished}
    try:
        _asked(folder, runs)
    except UsageError as error:
        if "is over" not in error.what:
            raise
    events = _whole(folder)
    assert (folder / "journal.jsonl").read_bytes().startswith(before), "an event was lost"
    keys = [e["data"]["key"] for e in events if e["kind"] == "StepDone"]
    assert len(keys) == len(set(keys)), "a step was done twice"
    for node, starts in finished.items():
        assert _starts(folder, node) == starts, f"{node} was finished, and was begun again"
    done = sorted(path.name.partition("-")[0] for path in _world(runs).iterdir())
    assert ["moved", "sent"] == done, f"the world was acted on otherwise: {done}"
    assert "derived" in dict(verify(Record(folder))), "the run has not come to its end"
    assert comparable(folder) == expected
    return DONE


def comparable(folder: Path) -> dict[str, Any]:
    """What ``verdict.json`` says, but for the run's name, its times and its head."""
    result: dict[str, Any] = json.loads((folder / "verdict.json").read_bytes())
    for name in ("id", "started", "finished", "seconds"):
        del result["run"][name]
    for agent in result["agents"]:
        del agent["started"], agent["seconds"]
    del result["journal"]
    return result


def _asked(folder: Path, runs: Path) -> None:
    """Resume; where it asks what became of a step, look at the world as a person would, and resume again."""
    try:
        asyncio.run(resume(Record(folder), sync=False))
    except StepUndecided:
        (step,) = acts.begun(Record(folder).events())
        sent = any(path.name.startswith("sent") for path in _world(runs).iterdir())
        asyncio.run(resume(Record(folder), steps=[f"{step}={'done' if sent else 'undone'}"], sync=False))


def _world(runs: Path) -> Path:
    world = runs.with_name(f"{runs.name}.world")
    world.mkdir(exist_ok=True)
    return world


def _whole(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in _lines(folder)]


def _lines(folder: Path) -> list[bytes]:
    """The lines of the journal, but for a torn one."""
    lines = (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)
    return [line for line in lines if line.endswith(b"\n")]


def _starts(folder: Path, node: str) -> int:
    return sum(1 for e in _whole(folder) if e["kind"] == "NodeStarted" and e["node"] == node)
