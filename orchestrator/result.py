"""This is where a record's result is derived, rendered and laid beside it; needs nothing but the record."""

from __future__ import annotations

from pathlib import Path

from .domain.document import VerdictDocument
from .engine import conclude as concluding
from .journal.beside import STATEMENT as STATEMENT
from .journal.claim import VERDICT as VERDICT
from .journal.record import Record
from .journal.writer import guarded, write_atomically

REPORT = "report.html"


def document(record: Record) -> VerdictDocument:
    """
    The result of a finished run, re-derived from its record.

    Raises:
        RecordBroken: The record is damaged, or the run has come to no verdict.
    """
    return concluding.conclude(record)


def rendered(result: VerdictDocument, format_: str) -> str:
    """*result* as ``json``, ``markdown`` or ``html``; old records hold these to their bytes: see ``DERIVATION``."""
    if format_ == "html":
        from .report import html

        return html.render(result)
    if format_ == "markdown":
        from .report import markdown

        return markdown.render(result)
    from .report import json

    return json.render(result)


def lay_down(folder: Path, *, sync: bool = True) -> Path:
    """Write what is derived into the run's folder; safe to do again."""
    result = document(Record(folder))

    def write() -> None:
        write_atomically(folder / VERDICT, rendered(result, "json").encode(), sync=sync)
        write_atomically(folder / REPORT, rendered(result, "html").encode(), sync=sync)

    guarded(write, folder)
    return folder
