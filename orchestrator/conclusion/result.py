"""This is where a record's result is derived, rendered and laid beside it; needs nothing but the record."""

from __future__ import annotations

from pathlib import Path

from ..domain.document import JournalHead, VerdictDocument
from ..engine import installed
from ..errors import RecordBroken, UsageError
from ..journal.beside import STATEMENT as STATEMENT
from ..journal.claim import VERDICT as VERDICT
from ..journal.event import digest
from ..journal.kinds import ResultRendered
from ..journal.manifest import RENDERED, Manifest
from ..journal.record import Record
from ..journal.writer import Journal, guarded, write_atomically
from . import history as reading
from .conclude import conclude
from .history import History

REPORT = "report.html"


def document(record: Record) -> VerdictDocument:
    """
    The result of a finished run, re-derived from its record.

    Raises:
        RecordBroken: The record is damaged, or the run has not come to its end.
    """
    return conclude(record, reading.finished(record))


def end(record: Record) -> JournalHead:
    """
    Where *record* ends: what is copied, signed and anchored.

    From derivation 3 on ``verdict.json`` cannot say it, since the last event names that file.
    """
    history = reading.read(record)
    return JournalHead(head=history.head, events=history.count)


def rendered(result: VerdictDocument, format_: str) -> str:
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


def renders(manifest: Manifest) -> bool:
    """Whether this gonogo comes to the bytes of the run's HTML: by sealed templates, or by its own renderer."""
    return not manifest.ends_rendered or manifest.digests.get("renderer") == installed.renderer()


def derived(record: Record, history: History) -> dict[str, bytes]:
    """What lies beside *record*, by name."""
    result = conclude(record, history)
    return {VERDICT: rendered(result, "json").encode(), REPORT: rendered(result, "html").encode()}


async def complete(journal: Journal, *, sync: bool = True) -> Path:
    """
    Lay down what the run has come to, and write its last event; safe to do again until that is on disk.

    Raises:
        RecordBroken: The record is damaged, or the run has come to no verdict.
    """
    record = Record(journal.folder)
    history = reading.read(record)
    files = derived(record, history)
    _write(journal.folder, files, sync=sync)
    if history.manifest.ends_rendered:
        journal.append(ResultRendered.__name__, "", closing(files), at=journal.at)
        await journal.durable()
    return journal.folder


def lay_down(folder: Path, *, sync: bool = True) -> Path:
    """
    Write what is derived into the folder of a run whose end is recorded; safe to do again.

    Raises:
        RecordBroken: The record is damaged, or it derives to another result than it recorded.
        UsageError: The report was rendered by another renderer than this gonogo has; the verdict is laid down.
    """
    record = Record(folder)
    history = reading.finished(record)
    files = derived(record, history)
    if history.rendered is not None:
        said = history.rendered.model_dump()
        own = renders(history.manifest)
        for name, value in closing(files).items():
            if value != said[name] and (own or name == "verdict"):
                raise RecordBroken("the record derives to another result than it recorded", where=str(folder))
        if not own:
            _write(folder, {VERDICT: files[VERDICT]}, sync=sync)
            raise another_renderer(history.manifest, record)
    _write(folder, files, sync=sync)
    return folder


def another_renderer(manifest: Manifest, record: Record) -> UsageError:
    """The mistake of asking for a report that this gonogo does not come to the bytes of."""
    return UsageError(
        f"the report of run '{record.name}' is rendered by another renderer than this gonogo has",
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
