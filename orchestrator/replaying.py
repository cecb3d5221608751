"""This is where a record is checked, and its result derived again and compared byte by byte."""

from __future__ import annotations

from typing import NamedTuple

from . import files
from .domain.document import VerdictDocument
from .engine import history as reading
from .engine.conclude import conclude
from .engine.judging import reached
from .errors import RecordBroken, ReplayDivergence
from .journal.blobs import check
from .journal.claim import MAX_DERIVED, claimed
from .journal.event import digest
from .journal.locating import ended
from .journal.record import JOURNAL, Record
from .journal.survey import Survey, survey
from .result import REPORT, VERDICT, rendered

_MOST = 8
"""Names of what is unknown that are told; the rest is counted."""


def verify(record: Record, head: str = "") -> list[tuple[str, str]]:
    """
    Check that *record* is what was written.

    Args:
        record: The run.
        head: What the digest of its last line must be; compared with ``verdict.json`` where empty.

    Returns:
        (what, what was found) for everything checked.

    Raises:
        RecordBroken: The first thing that is not as it was written.
    """
    seen = survey(record)
    if record.torn:
        raise RecordBroken("the last line of the journal is torn", where=f"{JOURNAL}:{seen.events + 1}")
    _hold_end(record, seen, head)
    if seen.began is None:
        raise RecordBroken("no event says what the run began with", where=f"{JOURNAL}:{seen.events + 1}")
    if seen.began.data.get("manifest") != digest(record.manifest_bytes()):
        raise reading.replaced(record)
    manifest = record.manifest()
    found = check(record, seen.named, manifest.pinned.named())
    unnamed = f"; {found.unnamed:,} of them nothing rests on" if found.unnamed else ""
    checked = [
        ("chain", f"{seen.events:,} events, head {seen.head}"),
        ("manifest", f"{manifest.format}, recorded by {manifest.tool}"),
        ("blobs", f"{found.checked:,} match their digests{unnamed}"),
    ]
    if seen.finished:
        _derived(record, RecordBroken)
        checked.append(("derived", f"{VERDICT} and {REPORT} follow from the record"))
    return checked


def replay(record: Record) -> VerdictDocument:
    """
    Derive the result of *record* again and compare it with what stands beside it.

    Raises:
        ReplayDivergence: With the first difference.
        RecordBroken: The record is damaged or unfinished.
    """
    return _derived(record, ReplayDivergence)


def unknown(record: Record) -> str:
    """What this version does not know of *record* and has left out, as far as it was read; empty where it knows all."""
    named = [f"{name} ({count:,})" if count > 1 else name for name, count in sorted(record.unknown.items())]
    more = f" and {len(named) - _MOST} more" if len(named) > _MOST else ""
    return f"left out, since this gonogo does not know it: {', '.join(named[:_MOST])}{more}" if named else ""


def _hold_end(record: Record, seen: Survey, head: str) -> None:
    """
    Hold the end of the chain to *head*, or to what ``verdict.json`` says of it.

    Where the report says what the chain does, it is ``verdict.json`` that was changed; it is held to the record later.
    """
    claim = claimed(record.folder)
    if head and head != seen.head:
        raise ended(record.folder / JOURNAL, head, claim.events if claim and claim.head == head else 0)
    if claim is None or claim.head == seen.head:
        return
    try:
        report = files.read(record.folder / REPORT, MAX_DERIVED, inside=record.folder)
    except OSError:
        report = b""
    if not seen.finished or seen.head.encode() not in report:
        raise ended(record.folder / JOURNAL, claim.head, claim.events)


def _derived(record: Record, error: type[RecordBroken] | type[ReplayDivergence]) -> VerdictDocument:
    """The result of *record*, which is what was recorded and stands beside it; the first difference is an *error*."""
    history = reading.read(record)
    document = conclude(record, history)
    assert history.verdict is not None  # conclude() has refused otherwise
    derived = reached(document.assessments, document.verdict, document.exit_code, document.score.percent)
    for name, value in derived.items():
        recorded = history.verdict.data.get(name)
        if recorded != value:
            raise error(
                f"the record derives to another result than it reached: {name}, recorded {recorded}, derived {value}",
                where=f"{JOURNAL}:{history.verdict.seq + 1}",
                remedy=unknown(record),
            )
    for name, format_ in ((VERDICT, "json"), (REPORT, "html")):
        path = record.folder / name
        try:
            stands = files.read(path, MAX_DERIVED, inside=record.folder)
        except OSError as problem:
            raise error(f"{name} cannot be read: {problem.strerror}", where=str(path)) from None
        difference = _first_difference(stands, rendered(document, format_).encode())
        if difference is not None:
            raise error(
                f"{name} is not what the record derives to: recorded {difference.stands}, derived {difference.derived}",
                where=f"{name}:{difference.line}:{difference.column}",
                remedy=unknown(record),
            )
    return document


class _Difference(NamedTuple):
    """The first place where two texts part, and what stands there in each."""

    line: int
    column: int
    stands: str
    derived: str


def _first_difference(stands: bytes, derived: bytes) -> _Difference | None:
    if stands == derived:
        return None
    low, high = 0, min(len(stands), len(derived))
    while low < high:  # how many bytes at the beginning are the same
        middle = (low + high + 1) // 2
        low, high = (middle, high) if stands[:middle] == derived[:middle] else (low, middle - 1)
    begin = stands.rfind(b"\n", 0, low) + 1
    return _Difference(stands.count(b"\n", 0, low) + 1, low - begin + 1, *(_around(t, low) for t in (stands, derived)))


def _around(text: bytes, at: int) -> str:
    """The rest of the line at *at*, with a little of what stands before it."""
    begin = max(text.rfind(b"\n", 0, at) + 1, at - 40)
    end = text.find(b"\n", at)
    said = text[begin : min(at + 40, end if end >= 0 else len(text))].decode("utf-8", "replace").strip()
    return f"'{said}'" if at < len(text) else "nothing more"
