"""Starts processes of gonogo's own that look at something by themselves, and end with whoever asked."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path


def command(module: str) -> list[str]:
    """What runs ``main`` of *module* of the house; folders of this place are not a source of its code."""
    start = f"import sys; sys.path[:] = sys.argv[1:]; from orchestrator.{module} import main; main()"
    here = str(Path(__file__).parents[2])
    places = [*([] if here in sys.path else [here]), *filter(None, sys.path)]
    return [sys.executable, "-c", start, *places]


def asked() -> bytes:
    """The one line that the process was asked; from now on it ends when the pipe closes that it came through."""
    line = sys.stdin.buffer.readline()
    threading.Thread(target=_end_with_the_other_side, daemon=True).start()
    return line


def answered(said: bytes) -> None:
    """Hand *said* to whoever asked."""
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()


def _end_with_the_other_side() -> None:
    """Wait until the pipe closes that this was asked through."""
    while os.read(0, 1):
        pass
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
