"""Makes sure that one process drives a run: a lock that dies with its owner, who is named in it."""

from __future__ import annotations

import fcntl
import json
import os
import socket
from pathlib import Path

from ..domain.model import Model
from ..errors import RunLocked
from ..host import files
from . import foreign
from .known import known

LOCK = "lock"


class Owner(Model):
    """Who drives a run, or did."""

    pid: int
    """Number of the process."""
    host: str
    """Where it runs."""
    since: str
    """When it took the run, in UTC."""

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} since {self.since}"


class Lock:
    """
    Holds a run's lock until it is released or its process ends.

    The system lets go of it with the process, so that nobody waits for the dead. A name that is still in it then says
    that its owner did not come to an end by itself.

    Args:
        folder: The run's folder.
        since: When the owner took it, for others to read.

    Raises:
        RunLocked: Somebody else has it.
    """

    def __init__(self, folder: Path, since: str) -> None:
        path = folder / LOCK
        self._file = files.descriptor(path, os.O_RDWR | os.O_CREAT, inside=folder)
        try:
            said = os.read(self._file, 1000)
            if not taken(self._file) or not _same(self._file, path):
                raise driven(folder, _owner(said))
            self.left_by = _owner(os.pread(self._file, 1000, 0))
            """Who had it and died with it; None where it was let go of."""
            self.owner = Owner(pid=os.getpid(), host=socket.gethostname(), since=since)
            os.ftruncate(self._file, 0)
            os.pwrite(self._file, json.dumps(self.owner.model_dump(), sort_keys=True).encode() + b"\n", 0)
        except BaseException:
            os.close(self._file)
            raise

    def release(self) -> None:
        """Let go of it and take the owner's name out."""
        try:
            os.ftruncate(self._file, 0)
        finally:
            os.close(self._file)


def taken(file: int) -> bool:
    """Take the system's lock on *file*; says whether it could be had."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def driven(folder: Path, owner: Owner | None) -> RunLocked:
    """The mistake of wanting to drive a run that somebody drives."""
    return RunLocked(
        f"run '{folder.name}' is being driven by {owner or 'another process'}",
        where=str(folder),
        remedy="wait for it to end, or stop it and resume",
    )


def _same(file: int, path: Path) -> bool:
    """Whether *path* still is what was opened; a lock on a file that was deleted keeps nobody out."""
    try:
        return os.path.samestat(os.fstat(file), path.stat())
    except FileNotFoundError:
        return False


def _owner(said: bytes) -> Owner | None:
    try:
        return known(Owner, foreign.parsed(said)).value
    except ValueError:
        return None
