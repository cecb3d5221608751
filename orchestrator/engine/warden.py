"""Begins a process that is ended together with everything that it has begun itself."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import os
import select
import signal
import socket
import struct
import sys
from collections.abc import Callable
from pathlib import Path

_PR_SET_CHILD_SUBREAPER = 36
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_CODE = struct.Struct("!i")
_PATIENCE = 2.0
"""Seconds that are waited for the end of what was killed."""


class Child:
    """
    A process that works at the other end of :attr:`line`, and a warden between it and this one.

    The warden does nothing but wait: when the process ends by itself, when it is to end, or when the process that
    began both is no more, however that came, it kills what is left below it. On Linux that is every descendant, also
    one that has left its group and its parents; elsewhere it is the group.

    Args:
        act: What the process does; it is given the other end of the line.

    Raises:
        OSError: The system has no room for another process.
    """

    def __init__(self, act: Callable[[socket.socket], None]) -> None:
        self.line, theirs = socket.socketpair()
        self._watch, held = socket.socketpair()
        blocked = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
        try:
            self._pid = os.fork()
            if self._pid == 0:
                _apart(_guarding, held, theirs, act)
        except OSError:
            self.line.close()
            self._watch.close()
            raise
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
            theirs.close()
            held.close()
        self._watch.setblocking(False)
        self._over = asyncio.ensure_future(self._reaped())

    async def over(self) -> int | None:
        """The exit code once it is no more, negative where a signal ended it; None where nobody can tell."""
        return await asyncio.shield(self._over)

    async def end(self) -> None:
        """Kill it and all that it has begun, if they still are; returns when they are no more."""
        with contextlib.suppress(OSError):
            self._watch.shutdown(socket.SHUT_WR)
        ended, _ = await asyncio.wait({self._over}, timeout=_PATIENCE)
        if not ended:
            self._kill()

    async def _reaped(self) -> int | None:
        said = b""
        with self._watch:
            with contextlib.suppress(OSError):
                while more := await asyncio.get_running_loop().sock_recv(self._watch, _CODE.size):
                    said += more
            self._kill()
            os.waitpid(self._pid, 0)  # noqa: ASYNC222  # it has been killed, and nobody else may have its number before
        return int(_CODE.unpack(said)[0]) if len(said) == _CODE.size else None

    def _kill(self) -> None:
        """Kill the whole group, the warden included: it may have been killed by what it watches over."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._pid, signal.SIGKILL)


def _apart(act: Callable[..., None], *words: object) -> None:
    """Do *act* in a process that was just forked; it never comes back to what it was forked from."""
    code = 1
    try:
        act(*words)
        code = 0
    finally:
        os._exit(code)  # nothing of what it was forked from is written, released or waited for a second time


def _guarding(held: socket.socket, theirs: socket.socket, act: Callable[[socket.socket], None]) -> None:
    """Begin the process and watch over it; *held* is the line to whoever wants it ended."""
    gc.freeze()  # what is shared stays shared: no collector writes on it
    os.setsid()
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    _let_go({held.fileno(), theirs.fileno()})
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for number in _ENDING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    pid = os.fork()
    if pid == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.close(woken)
        os.close(wake)
        held.close()
        _apart(act, theirs)
    theirs.close()
    code = _waited_for(pid, held, woken)
    if code is None:
        os.kill(pid, signal.SIGKILL)
    else:
        with contextlib.suppress(OSError):
            held.sendall(_CODE.pack(code))
    _end_all()


def _waited_for(pid: int, held: socket.socket, woken: int) -> int | None:
    """The exit code of *pid*; None where it is to end before it has ended by itself."""
    while True:
        ready, _, _ = select.select([held.fileno(), woken], [], [])
        if held.fileno() in ready:
            return None
        os.read(woken, 4096)
        while (ended := _reaped())[0]:
            if ended[0] == pid:
                return ended[1]


def _reaped(options: int = os.WNOHANG) -> tuple[int, int]:
    """Number and exit code of a process below this one that has ended, whoever began it; 0 where there is none."""
    try:
        pid, status = os.waitpid(-1, options)
    except ChildProcessError:
        return 0, 0
    return pid, os.waitstatus_to_exitcode(status)


def _end_all() -> None:
    """Kill everything below this process, and its group; whoever loses a parent meanwhile comes to lie below it."""
    while _some_are_left():
        for pid in _below():
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        _reaped(0)
    os.killpg(0, signal.SIGKILL)


def _some_are_left() -> bool:
    try:
        os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    except ChildProcessError:
        return False
    return True


def _below() -> list[int]:
    """The processes whose parent this one is."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if stat.read_bytes().rpartition(b")")[2].split()[1] == b"%d" % os.getpid():
                found.append(int(stat.parent.name))
    return found


def _let_go(kept: set[int]) -> None:
    """
    Have nothing of what was inherited but the descriptors *kept*: no journal, no lock, no line of another process.

    The null device takes their place. Were they closed, their numbers would be given out again, and whoever still
    knows them by their number would close what is not theirs.
    """
    null = os.open(os.devnull, os.O_RDWR)
    for number in _descriptors() - kept - {null}:
        os.dup2(null, number, inheritable=number < 3)
    for number, mode in enumerate(("r", "w", "w")):
        stream = open(number, mode, closefd=False, errors="backslashreplace")  # noqa: SIM115  # never closed
        setattr(sys, ("stdin", "stdout", "stderr")[number], stream)


def _descriptors() -> set[int]:
    """Those that are open; the standard ones always count."""
    try:
        listed = set(map(int, os.listdir("/dev/fd")))  # noqa: PTH208  # names, not paths
    except OSError:
        listed = set(range(4096))
    found = {0, 1, 2}
    for number in listed:
        with contextlib.suppress(OSError):
            os.fstat(number)
            found.add(number)
    return found
