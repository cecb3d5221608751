"""Ends the command when a signal asks it to stop: soon, in every phase, and with its record closed."""

from __future__ import annotations

import _thread
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

TYPE_CHECKING = False  # this is imported before anything else, so that there is no moment without it
if TYPE_CHECKING:
    import asyncio
    from types import FrameType
    from typing import Any, NoReturn

CODE = 130
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
NOTICE = 0.3
"""Seconds that an event loop has to take notice; it may be held up by what is not for it to break off."""
LAST = 1.5
"""Seconds after which the process is left, whatever it is at."""
ENDING = 1.0
"""Seconds that is waited for the end of what is to end with the process; something of it may hang."""
_AGAIN = 0.05


class _Stop:
    """How far a stop has come in this process."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self.asked = False
        self.noticed = False
        """Whether it has been raised, or has reached the event loop."""
        self.task: asyncio.Task[Any] | None = None
        """What it calls off; where there is none it is raised in the main thread."""
        self.saying = ""
        """What the user is told when the process is left."""


_stop = _Stop()


def at_once() -> None:
    """From now on a signal ends the process at once: nothing has been begun, or nothing is left to be done."""
    _heed(lambda *_: os._exit(CODE))


def install() -> None:
    """From now on a signal stops what is going on, and what is finished is kept."""
    _heed(_asked)
    signal.signal(signal.SIGALRM, _insist)


def asked() -> bool:
    """Whether somebody has asked the command to stop."""
    return _stop.asked


def say(text: str) -> None:
    """From now on whoever stops the command is told *text*."""
    _stop.saying = text


@contextmanager
def calling_off(task: asyncio.Task[Any]) -> Iterator[None]:
    """While it lasts, a stop calls *task* off, or is raised in it where it gives no way."""
    _stop.task = task
    try:
        yield
    finally:
        _stop.task = None


def leave() -> NoReturn:
    """
    End this process, and all that is to end with it, without waiting for anybody.

    A thread may still be reading the tree; what it reads is of no use to anybody any more.
    """
    from ..host.stopping import end_all

    _thread.start_new_thread(_cut_off, ())
    end_all()
    with suppress(OSError, ValueError):
        sys.stdout.flush()
    if _stop.saying:
        with suppress(OSError, ValueError):
            print(_stop.saying, file=sys.stderr, flush=True)  # noqa: T201  # consoles may be mid-redraw
    os._exit(CODE)


def _heed(handler: Any) -> None:
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # whoever began this process wants it left alone
            signal.signal(number, handler)


def _asked(_number: int, _frame: FrameType | None) -> None:
    if os.getpid() != _stop.process:
        os._exit(CODE)  # a fork of this process; whatever it is at is nobody's any more
    if _stop.asked:
        return  # it is being stopped, and a second Ctrl-C makes nothing faster
    _stop.asked = True
    _thread.start_new_thread(_hasten, ())  # `threading` takes locks that this very thread may have
    if _stop.task is None:
        _insist()
    else:
        _stop.task.get_loop().call_soon_threadsafe(_call_off, _stop.task)


def _call_off(task: asyncio.Task[Any]) -> None:
    _stop.noticed = True
    task.cancel()


def _insist(*_: object) -> None:
    """Raise the stop where the main thread is, unless it has been noticed, or something is to be finished first."""
    from ..host.stopping import Stopped, undivided

    if _stop.asked and not _stop.noticed and not undivided.depth:
        _stop.noticed = True
        raise Stopped


def _hasten() -> None:
    """In a thread of its own: see to it that the stop is noticed, and leave the process when its time is over."""
    from ..host.stopping import end_all

    begun = time.monotonic()
    time.sleep(NOTICE)
    while time.monotonic() - begun < LAST:
        if not _stop.noticed:
            signal.pthread_kill(_main_thread(), signal.SIGALRM)
        time.sleep(_AGAIN)
    _thread.start_new_thread(_cut_off, ())
    end_all()
    os._exit(CODE)


def _cut_off() -> None:
    """In one more thread: leave the process though something that is to end with it does not."""
    time.sleep(ENDING)
    os._exit(CODE)


def _main_thread() -> int:
    import threading

    ident = threading.main_thread().ident
    assert ident is not None  # it is running
    return ident
