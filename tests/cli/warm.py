"""
A process that has the command loaded and forks for each call: what is typed runs in a process of its own, and at once.

What begins with a process (what it imports first, and from where; its hash seed; the variables that Python itself
reads) is not seen here: :func:`tests.cli.command.alone` begins one. There are several of these for each process of the
tests, each with a hash seed of its own, and they take turns: what depends on the order of a set still comes to light.
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import gc
import importlib
import itertools
import json
import os
import resource
import runpy
import selectors
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import psutil

ROOT = Path(__file__).parents[2]
_MOST = 1 << 20
"""Bytes of a call: its words, its environment and its folder."""
_TOLD = struct.Struct("ii")
"""What is told of a call: its process as soon as it has one, then the same and how it ended."""
_STREAMS = (("r", "surrogateescape"), ("w", "surrogateescape"), ("w", "backslashreplace"))
"""Mode and way with what cannot be encoded of each standard stream, as Python begins with them under UTF-8."""
_STOPPABLE = frozenset({"review", "resume"})
"""Commands that load what notes at once which process it is to stop; that is for each of the forks to do."""


class Ended(NamedTuple):
    """How a call ended, and what it wrote."""

    code: int
    out: bytes
    err: bytes


class _Server(NamedTuple):
    process: subprocess.Popen[bytes]
    calls: socket.socket


class Warm:
    """The processes that fork for this one; each is begun when it is first needed, and ends with this one."""

    def __init__(self, how_many: int = 2) -> None:
        self._servers: list[_Server | None] = [None] * how_many
        self._turns = itertools.cycle(range(how_many))
        self._of = os.getpid()
        self._lock = threading.Lock()

    def call(
        self,
        folder: Path,
        words: Sequence[str],
        environment: Mapping[str, str],
        *,
        seconds: float,
        limits: Mapping[int, int] | None = None,
    ) -> Ended:
        """
        Run ``gonogo`` with *words* in a fork, and wait for its end and for all that holds its streams.

        Args:
            folder: Where it runs.
            words: What is typed behind ``gonogo``.
            environment: All of its environment.
            seconds: After which it is killed, and :class:`subprocess.TimeoutExpired` raised.
            limits: The most of each resource, by its number in :mod:`resource`.
        """
        asked = {
            "folder": str(folder.absolute()),
            "words": list(words),
            "environment": dict(environment),
            "limits": list((limits or {}).items()),
        }
        pipes = [os.pipe() for _ in range(3)]
        nothing = os.open(os.devnull, os.O_RDONLY)
        try:
            ends = [nothing, *(write for _, write in pipes)]
            with self._lock:
                socket.send_fds(self._server().calls, [json.dumps(asked).encode("utf-8", "surrogateescape")], ends)
        finally:
            for end in (nothing, *(write for _, write in pipes)):
                os.close(end)
        out, err, told = _read_all([read for read, _ in pipes], seconds, list(words))
        if len(told) != 2 * _TOLD.size:
            raise AssertionError(f"the process that forks for {words} is no more")
        return Ended(os.waitstatus_to_exitcode(_TOLD.unpack(told[_TOLD.size :])[1]), out, err)

    def end(self) -> None:
        """End the processes, and wait for that."""
        if self._of == os.getpid():
            for server in filter(None, self._servers):
                server.calls.close()
                server.process.wait()

    @property
    def pids(self) -> set[int]:
        """The processes, which are children of this one for as long as it lives."""
        return {server.process.pid for server in self._servers if server is not None}

    def _server(self) -> _Server:
        if self._of != os.getpid():  # a fork of the tests must not talk into its parent's conversation
            self._servers, self._of = [None] * len(self._servers), os.getpid()
        turn = next(self._turns)
        server = self._servers[turn]
        if server is None:
            server = self._servers[turn] = _begun()
        return server


WARM = Warm()
"""Those of this process."""
atexit.register(WARM.end)


def begun() -> list[psutil.Process]:
    """The children of this process, but for those that fork for it and the one that reads with the rules of others."""
    from orchestrator.evidence.scanner.apart import SCANNING

    return [child for child in psutil.Process().children() if child.pid not in {*WARM.pids, SCANNING.pid}]


def _begun() -> _Server:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    plain = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.warm", str(theirs.fileno())],
            cwd=ROOT,
            env=plain,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            process_group=0,  # a Ctrl-C is for the tests
        )
    return _Server(process, ours)


def _read_all(files: list[int], seconds: float, words: list[str]) -> list[bytes]:
    """All that comes from each of *files*; where it takes too long, the process that the last tells of is killed."""
    end = time.monotonic() + seconds
    read = dict.fromkeys(files, b"")
    with selectors.DefaultSelector() as open_:
        for file in files:
            open_.register(file, selectors.EVENT_READ)
        try:
            while open_.get_map():
                ready = open_.select(end - time.monotonic())
                if not ready and time.monotonic() >= end:
                    told = read[files[-1]]
                    if len(told) == _TOLD.size:
                        os.kill(_TOLD.unpack(told)[0], signal.SIGKILL)
                    raise subprocess.TimeoutExpired(["gonogo", *words], seconds)
                for key, _ in ready:
                    data = os.read(key.fd, 1 << 16)
                    read[key.fd] += data
                    if not data:
                        open_.unregister(key.fd)
        finally:
            for file in files:
                os.close(file)
    return [read[file] for file in files]


def _warm_up() -> None:
    """Load all that a review loads, and what is done with its record, by reviewing a release of one file."""
    from orchestrator.cli.app import COMMANDS
    from orchestrator.commands.review import review
    from orchestrator.evidence.scanner.apart import SCANNING
    from orchestrator.evidence.trial import TRIAL
    from orchestrator.planning.plan import Request

    for name in (name for group in COMMANDS.values() for name in group if name not in _STOPPABLE):
        importlib.import_module(f"orchestrator.cli.{name}")
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder, "tree")
        tree.mkdir()
        (tree / "README.md").write_text("# Nothing\n")
        asyncio.run(review(Request(path=str(tree)), Path(folder, "runs"), sync=False))
    TRIAL.end()
    SCANNING.end()


def serve(calls: socket.socket) -> list[str]:
    """
    Fork for each of *calls*, until there are no more.

    Returns:
        In each of the forks: the words to run; everything else is as a process finds it that was begun for them.
    """
    while True:
        data, files, _, _ = socket.recv_fds(calls, _MOST, 4)
        _reap(0 if not data else os.WNOHANG)
        if not data:
            os._exit(0)
        asked = json.loads(data)
        if os.fork() == 0:
            calls.close()
            return _kept(asked, files)
        for file in files:
            os.close(file)


def _reap(how: int) -> None:
    """Count what the forks have used to this process, as it is where a command is begun by the tests themselves."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, how)[0]:
            pass


def _kept(asked: dict[str, Any], files: list[int]) -> list[str]:
    """Fork once more, and tell how that ends; the words of *asked* in the fork."""
    *streams, told = files
    pid = os.fork()
    if pid:
        for file in streams:
            os.close(file)
        _keep(pid, told)
    os.close(told)
    for number, file in enumerate(streams):
        os.dup2(file, number)
        os.close(file)
    for number, (mode, errors) in enumerate(_STREAMS):
        stream = open(number, mode, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115  # as Python has them
        name = ("stdin", "stdout", "stderr")[number]
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    sys.stderr.reconfigure(line_buffering=True)  # type: ignore[union-attr]  # it is a file of text
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    tempfile.tempdir = None
    sys.path[0] = asked["folder"]
    for number, most in asked["limits"]:
        resource.setrlimit(number, (most, most))
    words: list[str] = asked["words"]
    return words


def _keep(pid: int, told: int) -> NoReturn:
    with contextlib.suppress(BrokenPipeError):  # nobody waits any more
        os.write(told, _TOLD.pack(pid, 0))
        os.write(told, _TOLD.pack(pid, os.waitpid(pid, 0)[1]))
    os._exit(0)


def main() -> None:
    """What the process does."""
    calls = socket.socket(fileno=int(sys.argv[1]))
    _warm_up()
    assert "orchestrator.cli._stopping" not in sys.modules
    assert 1 == threading.active_count(), threading.enumerate()
    gc.collect()
    gc.freeze()  # so that what is here is not looked at, and copied, by each of the forks
    words = serve(calls)
    sys.argv = ["gonogo", *words]
    runpy.run_module("orchestrator", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
