"""Starts processes of gonogo's own that look at something by themselves, and end with whoever asked."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path


def command(module: str) -> list[str]:
    """What runs ``main`` of *module* of the house; folders of this place are not a source of its code."""
    start = f"import sys; sys.path[:] = sys.argv[1:]; from orchestrator.{module} import main; main()"
    here = str(Path(__file__).parents[2])
    places = [*([] if here in sys.path else [here]), *filter(None, sys.path)]
    return [sys.executable, "-c", start, *places]


def begun(module: str) -> subprocess.Popen[bytes]:
    """
    A process that does ``main`` of *module*, asked and answering through pipes.

    It is in a group of its own, so that it is ended as a whole and no signal of a terminal reaches it.

    Raises:
        OSError: The system has no room for it.
    """
    return subprocess.Popen(
        command(module),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def end(process: subprocess.Popen[bytes]) -> None:
    """Kill *process*, which :func:`begun` gave, with all of its group, and let go of its pipes; may be called again."""
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            if pipe is not None:
                pipe.close()


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
