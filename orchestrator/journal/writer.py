"""This is where a run is written down: events in one chain, on disk before anything acts on them."""

from __future__ import annotations

import asyncio
import errno
import os
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from ..errors import RunLocked, RunsFolderUnwritable
from ..redaction import looks_secret, redact
from .event import GENESIS, canonical, digest, write
from .record import BLOBS, JOURNAL, MANIFEST, Record

INLINE = 2_000
"""Values longer than this many bytes go to a blob."""

Clock = Callable[[], str]
T = TypeVar("T")


class Journal:
    """
    Appends to a run's journal.

    Lines are buffered in order; :meth:`durable` returns once everything appended before it is on disk. While one fsync
    runs, later lines gather and go with the next: batching without a timer.

    Args:
        folder: The run's folder; it must exist.
        clock: Gives the time of each event.
        sync: Whether to fsync; without it lines are only handed to the system.
    """

    def __init__(self, folder: Path, clock: Clock, *, sync: bool = True) -> None:
        self.folder = folder
        self._clock = clock
        self._sync = sync
        self._buffer: deque[bytes] = deque()
        self._writing = threading.Lock()
        self._written = 0
        self._flushing: asyncio.Task[None] | None = None
        self.head = GENESIS
        self.count = 0
        self.watchers: list[Callable[[int, str, str, str, dict[str, Any]], None]] = []
        """Called with (seq, at, kind, node, data) of each event, as it is appended."""
        self._lock = _lock(folder)
        self._file = _guarded(lambda: os.open(folder / JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644), folder)

    @classmethod
    def continued(cls, record: Record, clock: Clock, *, sync: bool = True) -> Journal:
        """A journal that goes on where *record* ends; a torn last line is cut off first."""
        journal = cls(record.folder, clock, sync=sync)
        size = 0
        for event in record.events():
            journal.head, journal.count = event.digest, event.seq + 1
            size += event.size + 1
        if record.torn:
            os.ftruncate(journal._file, size)
        journal._written = journal.count
        return journal

    def append(self, kind: str, node: str = "", data: dict[str, Any] | None = None) -> int:
        """Chain an event; returns its number. It is on disk after the next :meth:`durable`."""
        seq, at, content = self.count, self._clock(), data or {}
        packed = canonical(content)
        if looks_secret(packed):
            content = redacted(content)
            packed = canonical(content)
        line = write(seq, at, kind, node, packed, self.head)
        self._buffer.append(line)
        self.head, self.count = digest(line), seq + 1
        for watch in self.watchers:
            watch(seq, at, kind, node, content)
        return seq

    async def durable(self) -> None:
        """Return once everything appended so far is on disk."""
        if not self._sync:
            if self._buffer:
                self._write_all()
            return
        target = self.count
        while self._written < target:
            if self._flushing is None:
                self._flushing = asyncio.ensure_future(self._flush())
            await asyncio.shield(self._flushing)

    def close(self) -> None:
        """Write what is left and let go of the run."""
        self._write_all()
        os.close(self._file)
        os.close(self._lock)

    def packed(self, value: Any) -> dict[str, Any]:
        """*value* as event data: inline when short, else as a blob written now."""
        data = canonical(value)
        if looks_secret(data):
            value = redacted(value)
            data = canonical(value)
        if len(data) <= INLINE:
            return {"value": value}
        return {"blob": self.blob(data), "bytes": len(data)}

    def blob(self, data: bytes) -> str:
        """Store *data* by its digest; the same content is stored once."""
        name = digest(data)
        folder = self.folder / BLOBS
        path = folder / name.removeprefix("sha256:")
        if not path.exists():
            _guarded(lambda: write_atomically(path, data, sync=self._sync), self.folder)
        return name

    async def _flush(self) -> None:
        try:
            await asyncio.to_thread(self._write_all)
        finally:
            self._flushing = None

    def _write_all(self) -> None:
        """Write what is buffered, in order; whoever comes first takes it all, so that an interruption loses nothing."""
        with self._writing:
            lines = [self._buffer.popleft() for _ in range(len(self._buffer))]
            if lines:
                self._write(lines)
                self._written += len(lines)

    def _write(self, lines: list[bytes]) -> None:
        data = b"".join(line + b"\n" for line in lines)

        def out() -> None:
            view = memoryview(data)
            while view:
                view = view[os.write(self._file, view) :]
            if self._sync:
                os.fsync(self._file)

        _guarded(out, self.folder)


def start(folder: Path, manifest: dict[str, Any], clock: Clock, *, sync: bool = True) -> Journal:
    """
    Make a run's folder with its manifest and open its journal.

    Raises:
        RunsFolderUnwritable: The folder cannot be made or written.
    """

    def make() -> None:
        runs = folder.parent
        runs.mkdir(parents=True, exist_ok=True)
        if not (runs / ".gitignore").exists():
            (runs / ".gitignore").write_text("*\n")
        (folder / BLOBS).mkdir(parents=True)
        write_atomically(folder / MANIFEST, canonical(manifest) + b"\n", sync=sync)

    _guarded(make, folder)
    return Journal(folder, clock, sync=sync)


def write_atomically(path: Path, data: bytes, *, sync: bool = True) -> None:
    """Write *data* so that *path* holds all of it or what it held before."""
    part = path.with_name(f".{path.name}.part")
    with part.open("wb") as file:
        file.write(data)
        if sync:
            file.flush()
            os.fsync(file.fileno())
    part.replace(path)
    if sync:
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def redacted(value: Any) -> Any:
    """*value* with every string of it redacted; keys too."""
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, dict):
        return {redact(key): redacted(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [redacted(item) for item in value]
    return value


def _lock(folder: Path) -> int:
    """One driver per run: an advisory lock that dies with its process."""
    import fcntl

    file = _guarded(lambda: os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o644), folder)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        owner = os.read(file, 100).decode("ascii", "replace").strip()
        os.close(file)
        raise RunLocked(
            f"run '{folder.name}' is being driven by process {owner or 'unknown'}",
            where=str(folder),
            remedy="wait for it to end, or stop it and resume",
        ) from None
    os.ftruncate(file, 0)
    os.write(file, f"{os.getpid()}\n".encode())
    return file


def _guarded(act: Callable[[], T], folder: Path) -> T:
    try:
        return act()
    except OSError as error:
        reason = {errno.ENOSPC: "the disk is full", errno.EROFS: "the file system is read-only"}.get(
            error.errno or 0, error.strerror or str(error)
        )
        raise RunsFolderUnwritable(
            f"the record cannot be written: {reason}",
            where=str(folder),
            remedy="make room or name another folder with --runs DIR, then `gonogo resume`",
        ) from error
