"""Tries out in a process of its own whether a text can be parsed, before this one lets a parser at it."""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import select
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from . import apart
from .parsing import loaded, parsed

if TYPE_CHECKING:
    from tree_sitter import Language

HARMLESS = 7_000
"""
Bytes that a parser makes little more than a hundred megabytes of, whatever they are.

In one step at the end of a text its memory can grow with the square of what it was given.
"""
_HARMLESS = {"tree_sitter_java": 2_000, "tree_sitter_rust": 4_500}
"""Where a grammar makes more of them."""
MEMORY = 256_000_000
"""Bytes that parsing may take; a million bytes of code as dense as is read take less."""
SECONDS = 30 if sys.platform == "linux" else 2
"""Seconds of computing, the last resort; where memory has no bound that holds, they have to stand for it."""


_AGAIN = b"again\n"
"""What is answered where a text may only have had too little room beside what came before it."""


class Trial:
    """
    A process that tries out one text after the other, in a fork with bounds on what it may take.

    A fork goes on with the next text for as long as it bears them; what it does not is tried out once more in a fresh
    one, so that what is said of a text does not hang on those before it.

    The process is begun when it is first needed, and again when it is needed after its end. It ends with this process,
    whatever becomes of it, since the pipe closes that it listens to.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._of = 0

    def why_not(self, data: bytes, module: str, entry: str) -> str:
        """What *data* does that keeps it from being parsed by this grammar; empty where nothing does."""
        harmless = _HARMLESS.get(module, HARMLESS)
        if len(data) <= harmless:
            return ""
        if not hasattr(os, "fork"):
            return f"is longer than {harmless:,} bytes, which takes a process to try out that this system cannot begin"
        with self._lock:
            try:
                question = b"%s %s %d\n" % (module.encode(), entry.encode(), len(data)) + data
                said = self._asked(question)
                said = self._asked(question) if said == _AGAIN else said
            except OSError:
                said = b""
            if not said:
                self._end()
        return "" if said == b"ok\n" else said.decode().strip() or "was not tried out, since the process for it ended"

    def end(self) -> None:
        """End the process if there is one; may be called from any thread, and again."""
        with self._lock:
            self._end()

    def _asked(self, question: bytes) -> bytes:
        if self._process is None or self._of != os.getpid():  # what a fork has inherited is not its own
            self._process, self._of = apart.begun("evidence.trial"), os.getpid()
        assert self._process.stdin is not None  # PIPE was asked for
        assert self._process.stdout is not None  # likewise
        self._process.stdin.write(question)
        self._process.stdin.flush()
        return self._process.stdout.readline(100)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None and self._of == os.getpid():
            apart.end(process)


TRIAL = Trial()
"""The one of this process."""
atexit.register(TRIAL.end)


def main() -> None:
    """What the process does."""
    import resource  # here, not in each fork; it is not to be had on every system

    gc.disable()
    held = resource.RLIM_INFINITY
    while asked := _next():
        language, data = asked  # the grammar is loaded once for all that are forked from here
        if sys.platform == "linux":
            held = _taken() + MEMORY
        if said := _tried(language, data, held):
            _say(said)


def _next() -> tuple[Language, bytes] | None:
    """The next text with the grammar that it is to be tried out with; None where nobody asks any more."""
    module, entry, size = (sys.stdin.buffer.readline(1_000).decode().split() or ("", "", "0"))[:3]
    data = sys.stdin.buffer.read(int(size))
    return (loaded(module, entry), data) if module and len(data) == int(size) else None


def _say(said: bytes) -> None:
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()


def _taken() -> int:
    """Bytes of address space that this process has."""
    with Path("/proc/self/statm").open("rb") as said:
        return int(said.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


def _tried(language: Language, data: bytes, memory: int) -> bytes:
    """What is still to be said when a process ends that parses *data*, and then the texts that come after it."""
    over, held = os.pipe()
    pid = os.fork()
    if pid == 0:
        _try(language, data, memory, held)
    os.close(held)
    ending = select.poll()
    ending.register(over, select.POLLIN)
    ending.register(0, 0)  # heard of nevertheless when it is hung up
    borne = b""
    while True:
        if over not in dict(ending.poll()):
            os.killpg(0, signal.SIGKILL)  # whoever asked is no more
        if not (more := os.read(over, 1)):
            break
        borne = more
    os.close(over)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if not code:
        return b""
    if borne:
        return _AGAIN
    return b"takes too long to parse\n" if code == -signal.SIGXCPU else b"takes too much memory to parse\n"


def _try(language: Language, data: bytes, memory: int, borne: int) -> None:
    """Parse *data* and what comes after it within bounds, and end; what gives up by itself does so everywhere alike."""
    import resource

    code = 1
    try:
        _bound(resource.RLIMIT_CORE, 0)
        _bound(resource.RLIMIT_CPU, SECONDS)
        if memory != resource.RLIM_INFINITY:
            _bound(resource.RLIMIT_AS, memory)
        asked: tuple[Language, bytes] | None = (language, data)
        while asked:
            with contextlib.suppress(ValueError):
                parsed(*asked)
            if data:
                os.write(borne, b"1")  # the first is; whatever comes to grief from now on is asked again
                data = b""
            _say(b"ok\n")
            asked = _next()
        code = 0
    finally:
        os._exit(code)


def _bound(kind: int, most: int) -> None:
    """Let this process have no more than *most* of something, or than it may have anyway."""
    import resource

    held = [limit for limit in resource.getrlimit(kind) if limit != resource.RLIM_INFINITY]
    resource.setrlimit(kind, (min([most, *held]), max(held, default=resource.RLIM_INFINITY)))
