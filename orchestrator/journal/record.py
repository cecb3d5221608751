"""Reads a run's folder: its manifest, its events in order, and its blobs by digest."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from hashlib import file_digest
from pathlib import Path
from typing import Any

from ..errors import RecordBroken, RunNotFound
from ..host import files
from . import foreign
from .chain import KIND, Block, blocks
from .claim import JOURNAL as JOURNAL
from .event import GENESIS, Event, digest, read
from .kinds import Packed
from .locating import located
from .manifest import RunManifest
from .versions import parsed

MANIFEST, BLOBS = "run.json", "blobs"
MAX_MANIFEST = 16 << 20
MAX_BLOB = 256 << 20
"""Bytes of one blob that are read into memory; the facts of the largest trees have a fraction of that."""
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}")


class Record:
    """
    A recorded run; nothing of it is changed here.

    Args:
        folder: The run's folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.torn = False
        """Whether the last line was cut off while it was written; it is ignored."""
        self.head, self.count = GENESIS, 0
        """The digest of the last line, and how many there are, as far as the journal was read."""
        self.unknown: dict[str, int] = {}
        """What this version does not know of it and leaves out, as far as it was read, and how often that is there."""

    @property
    def name(self) -> str:
        return self.folder.name

    def manifest(self) -> RunManifest:
        """
        What ran, as ``run.json`` has it; of what is unknown to this version nothing.

        Raises:
            RecordBroken: It is missing, malformed, or of a format this version does not read.
        """
        known = parsed(self.manifest_bytes(), str(self.folder / MANIFEST))
        self.leave_out(f"'{key}' in run.json" for key in known.left_out)
        return known.value

    def manifest_bytes(self) -> bytes:
        try:
            return files.read(self.folder / MANIFEST, MAX_MANIFEST, inside=self.folder)
        except OSError as error:
            raise RecordBroken(f"run.json cannot be read: {error.strerror}", where=str(self.folder)) from None

    def leave_out(self, what: Iterable[str]) -> None:
        """Keep in mind that this version does not know *what*."""
        for name in what:
            self.unknown[name] = self.unknown.get(name, 0) + 1

    def blocks(self) -> Iterator[Block]:
        """
        The lines of the journal as bytes, held to the chain; a torn last line ends the iteration.

        Raises:
            RecordBroken: A line is not what was written; the first such line is named.
        """
        self.torn, self.head, self.count = False, GENESIS, 0
        path = self.folder / JOURNAL
        try:
            file = files.opened(path, inside=self.folder)
        except OSError as error:
            raise RecordBroken(f"the journal cannot be read: {error.strerror}", where=str(self.folder)) from None
        with file:
            for block in blocks(file):
                if block is None:
                    raise located(path)
                self.torn = block.torn
                if block.lines:
                    self.head, self.count = block.head, block.first + len(block.lines)
                    yield block

    def events(self, *, but: str = "") -> Iterator[Event]:
        """
        Every event, held to the chain as it is read; a torn last line ends the iteration.

        Args:
            but: Events of this kind are passed over; they are held to the chain and not parsed.

        Raises:
            RecordBroken: A line is not what was written; the first such line is named.
        """
        prev, passed = GENESIS, b'%b%b"' % (KIND, but.encode())
        for block in self.blocks():
            for place, line in enumerate(block.lines):
                if not but or not line.startswith(passed, line.rfind(KIND)):
                    before = f"sha256:{block.digests[place - 1]}" if place else prev
                    yield read(line, block.first + place, before, f"sha256:{block.digests[place]}")
            prev = block.head

    def blob(self, name: str) -> bytes:
        """
        The blob with the digest *name* (``sha256:…``).

        Raises:
            RecordBroken: It is missing or its content has another digest.
        """
        path = self._blob(name)
        try:
            data = files.read(path, MAX_BLOB, inside=self.folder)
        except FileNotFoundError:
            raise RecordBroken(f"blob {name[:23]}… is missing", where=str(path)) from None
        except OSError as error:
            raise RecordBroken(f"blob {name[:23]}… cannot be read: {error.strerror}", where=str(path)) from None
        if digest(data) != name:
            raise RecordBroken(f"blob {name[:23]}… has been changed", where=str(path))
        return data

    def holds(self, name: str) -> bool:
        """Whether the content of the blob *name*, which is there, has that digest; it is read piece by piece."""
        path = self._blob(name)
        try:
            with files.opened(path, MAX_BLOB, inside=self.folder) as file:
                return name == "sha256:" + file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise RecordBroken(f"blob {name[:23]}… cannot be read: {error.strerror}", where=str(path)) from None

    def blobs(self) -> list[str]:
        """
        The digests that the files in ``blobs`` are named by; what a dead process left of one is none.

        Raises:
            RecordBroken: The folder cannot be read, or holds what is not a blob.
        """
        folder = self.folder / BLOBS
        if folder.is_symlink():
            raise RecordBroken("the blobs cannot be read: it is a link, not a folder", where=str(folder))
        try:
            names = sorted(f"sha256:{path.name}" for path in folder.iterdir() if not path.name.startswith("."))
        except OSError as error:
            raise RecordBroken(f"the blobs cannot be read: {error.strerror}", where=str(folder)) from None
        strange = next((name for name in names if not _DIGEST.fullmatch(name)), "")
        if strange:
            raise RecordBroken("this is not a blob: its name is not a digest", where=str(folder / strange[7:]))
        return names

    def value(self, packed: Packed) -> Any:
        """The value that *packed* holds, inline or as a blob."""
        if not packed.blob:
            return packed.value
        try:
            return foreign.parsed(self.blob(packed.blob))
        except ValueError as error:
            said = f"blob {packed.blob[:23]}… cannot be read: {str(error)[:100]}"
            raise RecordBroken(said, where=str(self._blob(packed.blob))) from None

    def _blob(self, name: str) -> Path:
        if not _DIGEST.fullmatch(name):
            raise RecordBroken(f"'{name[:80]}' is not a digest", where=str(self.folder))
        return self.folder / BLOBS / name[7:]


def find(runs: Path, name: str = "") -> Record:
    """
    The run called *name* (a prefix or a path will do), or the latest where it is empty.

    Raises:
        RunNotFound: There is none, or the prefix fits several.
    """
    if name and os.path.lexists(Path(name) / MANIFEST):
        return Record(Path(name))
    known = all_runs(runs)
    if not known:
        raise RunNotFound(f"no runs in '{runs}'", remedy="`gonogo review` records one; --runs DIR names another folder")
    if not name or name == "latest":
        return Record(known[-1])
    exact = [folder for folder in known if folder.name == name]
    found = exact or [folder for folder in known if folder.name.startswith(name) or folder.name.endswith(name)]
    if len(found) == 1:
        return Record(found[0])
    if found:
        raise RunNotFound(f"'{name}' matches {len(found)} runs", remedy=f"for example {found[-1].name}")
    raise RunNotFound(f"no run '{name}' in '{runs}'", remedy="`gonogo runs` lists them")


def all_runs(runs: Path) -> list[Path]:
    """The folders of *runs* that hold a record, oldest first."""
    try:
        return sorted(folder for folder in runs.iterdir() if files.is_plain(folder / MANIFEST))
    except OSError:
        return []
