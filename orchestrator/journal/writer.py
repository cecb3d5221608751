"""Writes a run down: events in one chain, on disk before anything acts on them."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ..errors import OrchestratorError, RunLocked, RunsFolderUnwritable
from ..host import files
from ..host.stopping import forget, registered, undivided
from ..redaction import looks_secret, redacted
from .event import GENESIS, Event, canonical, digest, write
from .lock import Lock, driven, taken
from .record import BLOBS, JOURNAL, MANIFEST, Record

INLINE = 2_000
"""Values longer than this many bytes go to a blob."""
_PATIENCE = 0.3
"""Seconds that a process which is being left waits for a write of another thread."""

Clock = Callable[[], str]
Watcher = Callable[[int, str, str, str, dict[str, Any]], None]
T = TypeVar("T")


class Kept(NamedTuple):
    """A value as it was written down."""

    value: Any
    digest: str
    """Of its canonical JSON."""
    packed: dict[str, Any]
    """The value as event data."""
    withheld: bool
    """Whether it was looked through for what is withheld, so that it may differ from what was said."""


class Journal:
    """
    Appends to a run's journal.

    Lines are buffered in order; :meth:`durable` returns once everything appended before it is on disk. While one fsync
    runs, later lines gather and go with the next: batching without a timer.

    A line that cannot be written is the last: what is on disk is cut back to whole lines, and nothing follows it.

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
        self.at = ""
        """Time of the last event."""
        self.watchers: list[Watcher] = []
        """Called with (seq, at, kind, node, data) of each event, as it is appended."""
        self._failed: OrchestratorError | None = None
        self.lock = guarded(lambda: Lock(folder, clock()), folder)
        """Who drives the run, and who died while driving it."""
        try:
            self._file = guarded(lambda: _opened(folder, sync=sync), folder)
        except BaseException:
            self.lock.release()
            raise
        self._size = os.fstat(self._file).st_size
        """Bytes that this journal knows to be in the file."""
        self._ending = registered(self._saved)

    @classmethod
    def continued(cls, record: Record, clock: Clock, *, sync: bool = True) -> Journal:
        """
        A journal that goes on where *record* ends; a torn last line is cut off first.

        Raises:
            RunLocked: Another process drives the run.
            RecordBroken: The chain does not hold.
        """
        journal = cls(record.folder, clock, sync=sync)
        try:
            size = 0
            for event in record.events():
                journal.head, journal.count, journal.at = event.digest, event.seq + 1, event.at
                size += event.size + 1
            if record.torn:
                guarded(lambda: os.ftruncate(journal._file, size), record.folder)
            journal._written, journal._size = journal.count, size
        except BaseException:
            journal.close()
            raise
        return journal

    def append(self, kind: str, node: str = "", data: dict[str, Any] | None = None, *, at: str = "") -> Event:
        """Chain an event of now, or of *at*; it is on disk after the next :meth:`durable`."""
        seq, at, content = self.count, at or self._clock(), data or {}
        packed = canonical(content)
        if looks_secret(packed):
            content = redacted(content)
            packed = canonical(content)
        line = write(seq, at, kind, node, packed, self.head)
        with undivided:
            self._buffer.append(line)
            event = Event(seq, at, kind, node, content, self.head, digest(line), len(line))
            self.head, self.count, self.at = event.digest, seq + 1, at
        for watch in self.watchers:
            watch(seq, at, kind, node, content)
        return event

    async def durable(self) -> None:
        """Return once everything appended so far is on disk."""
        if not self._sync:
            if self._buffer or self._failed:
                self._write_all()
            return
        target = self.count
        while self._written < target:
            if self._flushing is None:
                self._flushing = asyncio.ensure_future(self._flush())
            await asyncio.shield(self._flushing)

    def close(self) -> None:
        """Write what is left, unless writing has failed before, and let go of the run."""
        with undivided:
            forget(self._ending)
            try:
                if self._failed is None:
                    self._write_all()
            finally:
                os.close(self._file)
                guarded(self.lock.release, self.folder)

    def packed(self, value: Any) -> dict[str, Any]:
        """*value* as event data: inline when short, else as a blob written now."""
        return self.kept(value).packed

    def kept(self, value: Any) -> Kept:
        """*value* as :meth:`packed` writes it, with its digest."""
        data = canonical(value)
        withheld = looks_secret(data)
        if withheld:
            value = redacted(value)
            data = canonical(value)
        if len(data) <= INLINE:
            return Kept(value, digest(data), {"value": value}, withheld)
        name = self.blob(data)
        return Kept(value, name, {"blob": name, "bytes": len(data)}, withheld)

    def blob(self, data: bytes) -> str:
        """Store *data* by its digest; the same content is stored once."""
        name = digest(data)
        folder = self.folder / BLOBS
        path = folder / name.removeprefix("sha256:")
        if not path.exists():
            guarded(lambda: write_atomically(path, data, sync=self._sync), self.folder)
        return name

    async def _flush(self) -> None:
        try:
            await asyncio.to_thread(self._write_all)
        finally:
            self._flushing = None

    def _write_all(self) -> None:
        """Write what is buffered, in order; whoever comes first takes it all, so that an interruption loses nothing."""
        with undivided, self._writing:
            if self._failed is not None:
                raise self._failed
            lines = [self._buffer.popleft() for _ in range(len(self._buffer))]
            if lines:
                try:
                    guarded(lambda: self._write(lines), self.folder)
                except OrchestratorError as error:
                    self._failed = error
                    raise
                self._written += len(lines)

    def _saved(self) -> None:
        """Write what is left where the process is left without coming here, unless another thread is long at it."""
        if self._writing.acquire(timeout=_PATIENCE):
            self._writing.release()
            self._write_all()

    def _write(self, lines: list[bytes]) -> None:
        data = b"".join(line + b"\n" for line in lines)
        if os.fstat(self._file).st_size != self._size:
            raise RunLocked(
                f"somebody else has written to the journal of run '{self.folder.name}'",
                where=str(self.folder / JOURNAL),
                remedy="let one process drive a run; `gonogo verify` tells whether the record is still intact",
            )
        try:
            _write_out(self._file, data)
            if self._sync:
                os.fsync(self._file)
        except OSError:
            with contextlib.suppress(OSError):  # the line stays torn then, which the next life sees and repairs
                os.ftruncate(self._file, self._size)
            raise
        self._size += len(data)


def start(folder: Path, manifest: dict[str, Any], clock: Clock, *, sync: bool = True) -> Journal:
    """
    Make a run's folder with its manifest and open its journal.

    Raises:
        RunsFolderUnwritable: The folder cannot be made or written.
    """

    def make() -> None:
        runs = folder.parent
        prepared(runs)
        folder.mkdir(mode=0o700)
        (folder / BLOBS).mkdir(mode=0o700)
        (folder / JOURNAL).touch(mode=0o600)
        if sync:
            _sync_folder(runs)
        write_atomically(folder / MANIFEST, canonical(manifest) + b"\n", sync=sync)  # it is a run from here on

    guarded(make, folder)
    return Journal(folder, clock, sync=sync)


def prepared(runs: Path) -> None:
    """Make the folder of runs, which ignores itself in git."""
    runs.mkdir(mode=0o700, parents=True, exist_ok=True)
    with contextlib.suppress(FileExistsError):
        file = os.open(runs / ".gitignore", os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(file, "wb") as made:
            made.write(b"*\n")


def write_atomically(path: Path, data: bytes, *, sync: bool = True, mode: int = 0o600) -> None:
    """Write *data* so that *path* holds all of it or what it held before; through no link, for its owner alone."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.unlink(missing_ok=True)  # what a dead process left there, or a link that somebody laid
        file = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            _write_out(file, data)
            if sync:
                os.fsync(file)
        finally:
            os.close(file)
        os.replace(part, path)  # noqa: PTH105  # tests take the place of `os` here, all of it
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink()
        raise
    if sync:
        _sync_folder(path.parent)


def _opened(folder: Path, *, sync: bool) -> int:
    """The journal's file, locked as well: the lock file can be deleted while it is held, the journal cannot."""
    if (folder / BLOBS).is_symlink():
        raise OSError(errno.ELOOP, f"'{BLOBS}' is a link")
    file = files.descriptor(folder / JOURNAL, os.O_WRONLY | os.O_APPEND | os.O_CREAT, inside=folder)
    try:
        if not taken(file):
            raise driven(folder, None)
        if sync:
            _sync_folder(folder)
    except BaseException:
        os.close(file)
        raise
    return file


def _write_out(file: int, data: bytes) -> None:
    """All of *data*, in as many goes as the system wants."""
    view = memoryview(data)
    while view:
        view = view[os.write(file, view) :]


def _sync_folder(folder: Path) -> None:
    """Have the names in *folder* on disk."""
    file = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def guarded(act: Callable[[], T], folder: Path) -> T:
    """What *act* gives; a disk that is full, or any other reason not to write, becomes an error that names the fix."""
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
