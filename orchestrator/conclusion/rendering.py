"""Derives a record's result, renders it and lays it beside the record; needs nothing but the record."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from ..domain.result import JournalHead, Result
from ..engine import installed
from ..errors import RecordBroken, UsageError
from ..journal.beside import STATEMENT as STATEMENT
from ..journal.claim import VERDICT as VERDICT
from ..journal.event import digest
from ..journal.kinds import ResultRendered
from ..journal.manifest import RENDERED, RunManifest
from ..journal.record import Record
from ..journal.writer import Journal, guarded, write_atomically
from . import state as reading
from .conclude import conclude
from .state import RunState

REPORT = "report.html"


class Finished(NamedTuple):
    """A run that has come to its end."""

    folder: Path
    result: Result
    end: JournalHead
    """Where its record ends: what is copied, signed and anchored; ``verdict.json``, which it names, cannot say it."""


def finished(record: Record) -> Finished:
    """
    The finished run of *record*, re-derived.

    Raises:
        RecordBroken: The record is damaged, or the run has not come to its end.
    """
    state = reading.finished(record)
    return Finished(record.folder, conclude(record, state), JournalHead(head=state.head, events=state.count))


def rendered(result: Result, format_: str) -> str:
    """*result* as ``json``, ``markdown`` or ``html``; old records hold these to their bytes: see ``DERIVATION``."""
    if format_ == "html":
        if result.run.derivation < RENDERED:
            from ..sealed import html as sealed

            return sealed.render(result)
        from ..report import html

        return html.render(result)
    if format_ == "markdown":
        from ..report import markdown

        return markdown.render(result)
    from ..report import json

    return json.render(result)


def renders(manifest: RunManifest) -> bool:
    """Whether this gonogo comes to the bytes of the run's HTML: by sealed templates, or by its own renderer."""
    return not manifest.ends_rendered or manifest.digests.get("renderer") == installed.renderer()


def derived(result: Result) -> dict[str, bytes]:
    """What lies beside the record of *result*, by name."""
    return {VERDICT: rendered(result, "json").encode(), REPORT: rendered(result, "html").encode()}


async def complete(journal: Journal, state: RunState, *, sync: bool = True) -> Finished:
    """
    Lay down what the run has come to, and write its last event; safe to do again until that is on disk.

    Args:
        journal: The run's.
        state: The run, as far as its verdict.
        sync: Whether it is fsynced.

    Raises:
        RecordBroken: The record is damaged, or the run has come to no verdict.
    """
    result = conclude(Record(journal.folder), state)
    files = derived(result)
    _write(journal.folder, files, sync=sync)
    if state.manifest.ends_rendered:
        journal.append(ResultRendered.__name__, "", closing(files), at=journal.at)
        await journal.durable()
    return Finished(journal.folder, result, JournalHead(head=journal.head, events=journal.count))


def lay_down(folder: Path, *, sync: bool = True) -> Finished:
    """
    Write what is derived into the folder of a run whose end is recorded; safe to do again.

    Raises:
        RecordBroken: The record is damaged, or it derives to another result than it recorded.
        UsageError: The report was rendered by another renderer than this gonogo has; the verdict is laid down.
    """
    record = Record(folder)
    state = reading.finished(record)
    result = conclude(record, state)
    files = derived(result)
    if state.rendered is not None:
        said = state.rendered.model_dump()
        own = renders(state.manifest)
        for name, value in closing(files).items():
            if value != said[name] and (own or name == "verdict"):
                raise RecordBroken("what follows from the record is not the result that it recorded", where=str(folder))
        if not own:
            _write(folder, {VERDICT: files[VERDICT]}, sync=sync)
            raise another_renderer(state.manifest, record)
    _write(folder, files, sync=sync)
    return Finished(folder, result, JournalHead(head=state.head, events=state.count))


def another_renderer(manifest: RunManifest, record: Record) -> UsageError:
    """The mistake of asking for a report that this gonogo does not come to the bytes of."""
    return UsageError(
        f"the report of run '{record.name}' was rendered by a renderer that this gonogo does not have",
        where=f"recorded by {manifest.tool[:40]}",
        remedy="render it with the gonogo that recorded it; `gonogo export --format html` shows the result as of today",
    )


def closing(files: dict[str, bytes]) -> dict[str, str]:
    """What the last event says of *files*."""
    return {"verdict": digest(files[VERDICT]), "report": digest(files[REPORT])}


def _write(folder: Path, files: dict[str, bytes], *, sync: bool) -> None:
    def write() -> None:
        for name, data in files.items():
            write_atomically(folder / name, data, sync=sync)

    guarded(write, folder)
