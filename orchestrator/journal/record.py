"""This is where a run's folder is read: its manifest, its events in order, and its blobs by digest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..errors import RecordBroken, RunNotFound
from .event import GENESIS, Event, digest, read

JOURNAL, MANIFEST, BLOBS = "journal.jsonl", "run.json", "blobs"
FORMAT = "readiness/run/1"
READABLE = (FORMAT, "gonogo/run/1")
"""Formats that are read; the second is the first under the name that it had before."""


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

    @property
    def name(self) -> str:
        return self.folder.name

    def manifest(self) -> dict[str, Any]:
        """
        What ran, as ``run.json`` has it.

        Raises:
            RecordBroken: It is missing, malformed, or of a format this version does not know.
        """
        data = self.manifest_bytes()
        try:
            manifest: dict[str, Any] = json.loads(data)
        except ValueError:
            raise RecordBroken("run.json cannot be read", where=str(self.folder / MANIFEST)) from None
        if not isinstance(manifest, dict) or manifest.get("format") not in READABLE:
            found = manifest.get("format") if isinstance(manifest, dict) else None
            raise RecordBroken(f"run.json has format {found!r}, expected {FORMAT!r}", where=str(self.folder / MANIFEST))
        return manifest

    def manifest_bytes(self) -> bytes:
        try:
            return (self.folder / MANIFEST).read_bytes()
        except OSError as error:
            raise RecordBroken(f"run.json cannot be read: {error.strerror}", where=str(self.folder)) from None

    def events(self) -> Iterator[Event]:
        """
        Every event, held to the chain as it is read; a torn last line ends the iteration.

        Raises:
            RecordBroken: At the first line that is not what was written.
        """
        prev, seq, self.torn = GENESIS, 0, False
        try:
            file = (self.folder / JOURNAL).open("rb")
        except OSError as error:
            raise RecordBroken(f"the journal cannot be read: {error.strerror}", where=str(self.folder)) from None
        with file:
            for line in file:
                if not line.endswith(b"\n"):
                    self.torn = True
                    return
                event = read(line[:-1], seq, prev)
                yield event
                prev, seq = event.digest, seq + 1

    def blob(self, name: str) -> bytes:
        """
        The blob with the digest *name* (``sha256:…``).

        Raises:
            RecordBroken: It is missing or its content has another digest.
        """
        path = self.folder / BLOBS / name.removeprefix("sha256:")
        if not name.startswith("sha256:") or "/" in name or not name[7:].isalnum():
            raise RecordBroken(f"'{name}' is no digest", where=str(self.folder))
        try:
            data = path.read_bytes()
        except OSError:
            raise RecordBroken(f"blob {name[:23]}… is missing", where=str(path)) from None
        if digest(data) != name:
            raise RecordBroken(f"blob {name[:23]}… has been changed", where=str(path))
        return data

    def value(self, data: dict[str, Any]) -> Any:
        """The value that *data* holds, inline or as a blob."""
        if "blob" in data:
            return json.loads(self.blob(data["blob"]))
        return data.get("value")


def find(runs: Path, name: str = "") -> Record:
    """
    The run called *name* (a prefix or a path will do), or the latest where it is empty.

    Raises:
        RunNotFound: There is none, or the prefix fits several.
    """
    if name and (Path(name) / MANIFEST).is_file():
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
        raise RunNotFound(f"'{name}' fits {len(found)} runs", remedy=f"for example {found[-1].name}")
    raise RunNotFound(f"no run '{name}' in '{runs}'", remedy="`gonogo runs` lists them")


def all_runs(runs: Path) -> list[Path]:
    """The folders of *runs* that hold a record, oldest first."""
    try:
        return sorted(folder for folder in runs.iterdir() if (folder / MANIFEST).is_file())
    except OSError:
        return []
