"""Judges and derives a recorded run again in a process that is watched for effects meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import json
import os
import random
import secrets
import sys
import sysconfig
import threading
import time
import types
import uuid
from collections.abc import Awaitable, Callable, Generator, Iterator, Mapping
from pathlib import Path
from typing import Any

from orchestrator.audit.rejudge import rejudge
from orchestrator.audit.replay import replay, verify
from orchestrator.conclusion.rendering import rendered
from orchestrator.contract.agent import Agent, Brief
from orchestrator.journal.record import Record
from orchestrator.planning import roster
from tests.house.effects import words

ROOT = Path(__file__).parents[2]
PROGRAM = tuple(
    f"{path}/"
    for path in {
        *(str(ROOT / name) for name in ("orchestrator", "agents", "prompts", "workflows")),
        *(sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")),
        f"{sys.base_prefix}/lib",
    }
)
"""Where the program's own files lie."""

NEVER = tuple(
    words(
        """
        _thread.start_new_thread ctypes. ftplib. http. os.chflags os.chmod os.chown os.exec os.fork os.kill os.link
        os.mkdir os.posix_spawn os.putenv os.remove os.rename os.rmdir os.setxattr os.spawn os.startfile os.symlink
        os.system os.truncate os.unsetenv os.utime pty. shutil. smtplib. socket. sqlite3. subprocess. syslog. tempfile.
        time.sleep urllib. webbrowser.
        """
    )
)
"""Beginnings of audit events that nobody has a reason for."""
LOOPS = ("socket.__new__",)
"""What an event loop does for itself, before and after agents have their turn."""
PLACES = ("open", "os.listdir", "os.scandir", "os.chdir", "glob.glob", "os.walk", "os.fwalk")

ASKING: dict[Any, tuple[str, ...]] = {
    time: (
        *("ctime", "gmtime", "localtime", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"),
        *("process_time", "process_time_ns", "sleep", "thread_time", "thread_time_ns", "time", "time_ns"),
    ),
    random: tuple(name for name in random.__all__ if name[0].islower()),
    secrets: ("choice", "randbelow", "randbits", "token_bytes", "token_hex", "token_urlsafe"),
    uuid: ("uuid1", "uuid4", "getnode"),
    os: ("urandom", "getenv", "getcwd", "getpid", "getuid", "getlogin", "uname", "cpu_count", "stat", "times"),
    threading.Thread: ("start",),
    type(os.environ): ("__getitem__", "__iter__", "__len__", "__setitem__", "__delitem__"),
}
"""What tells no audit event: clocks, chance, the process, its environment, and whether a file is there."""


class Touched(BaseException):
    """Something reached out of the record; no ``except Exception`` swallows it."""


class Watch:
    """
    Refuses and notes whatever touches the world.

    Args:
        folder: The run's; its files may be read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = f"{folder}/"
        self._on = self._turn = False
        self.turns = 0
        self.found: list[str] = []
        sys.addaudithook(self._hook)

    @contextlib.contextmanager
    def deriving(self) -> Iterator[None]:
        """While it holds, only the run and the program's own files are read, and only an event loop is made."""
        self._on = True
        try:
            yield
        finally:
            self._on = False

    @contextlib.contextmanager
    def judging(self) -> Iterator[None]:
        """While it holds, there is no clock, no chance and no environment either."""
        before, self._turn = self._turn, True
        try:
            with self.timeless():
                yield
        finally:
            self._turn = before

    @contextlib.contextmanager
    def timeless(self) -> Iterator[None]:
        """Stand-ins for what tells no audit event, also where the house has it under a name of its own."""
        put_back: list[tuple[Any, str, Any]] = []
        fakes: dict[int, Any] = {id(datetime.datetime): self._frozen(datetime.datetime)}
        fakes[id(datetime.date)] = self._frozen(datetime.date)
        for owner, names in ASKING.items():
            for name in names:
                if hasattr(owner, name):
                    real = getattr(owner, name)
                    fakes[id(real)] = self._refusing(f"{getattr(owner, '__name__', owner)}.{name}", real)
                    put_back.append((owner, name, real))
        put_back += [(datetime, "datetime", datetime.datetime), (datetime, "date", datetime.date)]
        for module in [m for name, m in sys.modules.items() if name.startswith("orchestrator.")]:
            put_back += [(module, name, value) for name, value in vars(module).items() if id(value) in fakes]
        for owner, name, real in put_back:
            setattr(owner, name, fakes[id(real)])
        try:
            yield
        finally:
            for owner, name, real in put_back:
                setattr(owner, name, real)

    def _refusing(self, what: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def refuse(*words: Any, **named: Any) -> Any:
            if what.endswith(".stat") and words and self._ours(words[0]):
                return real(*words, **named)
            raise self._touched(what)

        return refuse

    def _frozen(self, real: type) -> type:
        """*real* without its clock; what is one of *real* is one of it."""

        def asked(name: str) -> Any:
            return classmethod(lambda _cls, *_words: (_ for _ in ()).throw(self._touched(f"{real.__name__}.{name}")))

        meta = type("Same", (type,), {"__instancecheck__": lambda _cls, value: isinstance(value, real)})
        made: type = meta(
            real.__name__, (real,), {name: asked(name) for name in ("now", "today", "utcnow") if hasattr(real, name)}
        )
        return made

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self._on:
            return
        if event in PLACES:
            writes = event == "open" and (
                set(arguments[1] or "r") & set("wax+") or (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            )
            if writes or not self._ours(arguments[0]):
                raise self._touched(f"{event} {arguments[0]!r}")
        elif event.startswith(NEVER) and (self._turn or event not in LOOPS):
            raise self._touched(event)

    def _ours(self, path: Any) -> bool:
        place = os.path.normpath(os.fsdecode(path)) if isinstance(path, str | bytes | os.PathLike) else ""
        return f"{place}/".startswith((self._folder, *PROGRAM))

    def _touched(self, what: str) -> Touched:
        self.found.append(what)
        return Touched(what)


class Turn:
    """
    Has a coroutine's every step judged, and none of those of the loop between them.

    Args:
        watch: Who looks.
        work: The coroutine.
    """

    def __init__(self, watch: Watch, work: Awaitable[Any]) -> None:
        self._watch = watch
        watch.turns += 1
        self._steps = work.__await__()

    def __await__(self) -> Generator[Any, Any, Any]:
        answer: Any = None
        while True:
            with self._watch.judging():
                try:
                    asked = self._steps.send(answer)
                except StopIteration as over:
                    return over.value
            answer = yield asked


def watched(agent: type[Agent], watch: Watch) -> type[Agent]:
    """*agent*, whose turns are judged."""

    async def review(self: Agent, brief: Brief) -> Any:
        return await Turn(watch, agent.review(self, brief))

    return types.new_class(agent.__name__, (agent,), {}, lambda body: body.update(review=review))


async def planted(snippets: Mapping[str, str], watch: Watch) -> dict[str, list[str]]:
    """What is noted of each of *snippets* when an agent does it in its turn."""
    answers = {}
    for name, snippet in snippets.items():
        scope: dict[str, Any] = {}
        exec("async def review(self, brief):\n    " + snippet.replace("\n", "\n    "), scope)
        agent = watched(type("Planted", (Agent,), {"review": scope["review"]}), watch)
        watch.found.clear()
        with watch.deriving(), contextlib.suppress(Touched, Exception):
            await agent().review(None)  # type: ignore[arg-type]  # it does not look at its brief
        answers[name] = list(watch.found)
    return answers


def main(folder: Path, snippets: Mapping[str, str]) -> dict[str, Any]:
    """Judge and derive the run in *folder*; what was noted, and what of each of *snippets*."""
    record, watch = Record(folder), Watch(folder)
    agents = {id_: watched(agent, watch) for id_, agent in roster.load().items()}
    said: dict[str, Any] = {"nodes": 0, "same": False, "texts": 0}
    with contextlib.suppress(Touched), watch.deriving():
        answer = rejudge(record, agents)
        said["same"] = not answer.changes and not answer.notes
    said["judging"] = list(watch.found)
    watch.found.clear()
    with contextlib.suppress(Touched), watch.deriving(), watch.timeless():
        verify(record)
        document = replay(record)
        said["nodes"] = len(document.agents)
        said["texts"] = len({rendered(document, format_) for format_ in ("json", "markdown", "html")})
    said["deriving"] = list(watch.found)
    said["turns"] = watch.turns
    return said | {"planted": asyncio.run(planted(snippets, watch))}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), json.loads(sys.argv[2]))))
