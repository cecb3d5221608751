"""Gives a run that nobody drives to one process alone, which signs, anchors, holds or deletes it."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ..errors import RunLocked, RunNotFound
from ..host import files
from .lock import LOCK
from .record import JOURNAL

PATIENCE = 10.0
"""Seconds to wait for somebody else who has the run alone; they need a fraction of one."""
_PAUSE = 0.02


@contextmanager
def free(folder: Path) -> Iterator[bool]:
    """Whether nobody drives the run in *folder* or has it alone; while this lasts, nobody begins to."""
    with ExitStack() as held:
        yield _taken(folder, held)


@contextmanager
def alone(folder: Path, *, patience: float = PATIENCE) -> Iterator[None]:
    """
    Have the run in *folder* alone.

    Raises:
        RunLocked: Somebody else has it, and does not let go in time.
        RunNotFound: It was deleted meanwhile.
    """
    with ExitStack() as held:
        end = time.monotonic() + patience
        while not _taken(folder, held):
            held.close()
            if time.monotonic() > end:
                raise RunLocked(
                    f"run '{folder.name}' is being driven, signed, anchored or deleted by somebody else",
                    where=str(folder),
                    remedy="wait for them to end, then do this again",
                )
            time.sleep(_PAUSE)
        if not (folder / JOURNAL).is_file():
            raise RunNotFound(f"run '{folder.name}' was deleted meanwhile", remedy="`gonogo runs` lists what is there")
        yield


def _taken(folder: Path, held: ExitStack) -> bool:
    """Take the system's lock on the run's two files, for as long as *held* is open; says whether it could be had."""
    for name in (LOCK, JOURNAL):
        try:
            file = files.descriptor(folder / name, os.O_RDONLY, inside=folder)
        except FileNotFoundError:
            continue
        except OSError:
            return False
        held.callback(os.close, file)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True
