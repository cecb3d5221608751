"""This is where old runs are chosen and deleted; a run that somebody drives, or that cannot be read, is left alone."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple

from .engine import history as reading
from .errors import RecordBroken, RunsFolderUnwritable
from .journal.record import JOURNAL, MANIFEST, Record, all_runs

_LOCK = "lock"


class Choice(NamedTuple):
    """One run, and what becomes of it."""

    folder: Path
    release: str
    delete: bool
    because: str


def choose(runs: Path, keep: int, *, unfinished: bool = False) -> list[Choice]:
    """
    Say of each run whether it stays.

    Args:
        runs: The folder of runs.
        keep: How many finished runs of each release name stay; the newest do.
        unfinished: Whether runs without a verdict go too, where a newer finished run of the same release stays.
    """
    choices = []
    finished_after: dict[str, int] = {}
    for folder in reversed(all_runs(runs)):
        record = Record(folder)
        try:
            release = record.manifest().release.name
            finished = reading.read(record).finished
        except (RecordBroken, OSError):
            choices.append(Choice(folder, "", False, "cannot be read"))
            continue
        newer = finished_after.get(release, 0)
        if folder.is_symlink():
            choice = Choice(folder, release, False, "is a link")
        elif _driven(folder):
            choice = Choice(folder, release, False, "is being driven")
        elif not finished:
            choice = Choice(folder, release, unfinished and newer > 0, "is unfinished")
        elif newer < keep:
            choice = Choice(folder, release, False, f"is one of the newest {keep}")
        else:
            choice = Choice(folder, release, True, f"{newer} newer")
        finished_after[release] = newer + finished
        choices.append(choice)
    return choices[::-1]


def delete(folder: Path) -> bool:
    """
    Delete the run in *folder*; says no where somebody began to drive it meanwhile.

    Raises:
        RunsFolderUnwritable: It cannot be deleted.
    """
    with _held(folder) as held:
        if not held:
            return False
        try:
            (folder / MANIFEST).unlink()  # from here on it is no run, however far the rest comes
            shutil.rmtree(folder)
        except OSError as error:
            raise RunsFolderUnwritable(
                f"run '{folder.name}' cannot be deleted: {error.strerror}", where=str(folder)
            ) from None
    return True


def _driven(folder: Path) -> bool:
    with _held(folder) as held:
        return not held


@contextmanager
def _held(folder: Path) -> Iterator[bool]:
    """Whether nobody drives the run; while this lasts, nobody begins to."""
    with ExitStack() as files:
        free = True
        for name in (_LOCK, JOURNAL):
            try:
                file = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
            except FileNotFoundError:
                continue
            except OSError:
                free = False
                break
            files.callback(os.close, file)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                free = False
                break
        yield free
