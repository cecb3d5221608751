"""This is where a record is checked, and its result derived again and compared byte by byte."""

from __future__ import annotations

import difflib

from .domain.document import VerdictDocument
from .engine import conclude as concluding
from .engine import history as reading
from .errors import RecordBroken, ReplayDivergence
from .journal.event import canonical, digest
from .journal.record import BLOBS, Record
from .result import REPORT, VERDICT, rendered


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
    history = reading.read(record)
    if record.torn:
        raise RecordBroken("the last line of the journal is torn", where=f"journal.jsonl:{history.count + 1}")
    started = history.started
    if started is None or started.data["manifest"] != digest(record.manifest_bytes()):
        raise RecordBroken("run.json is not the one that the run began with", where=str(record.folder / "run.json"))
    blobs = sorted(path.name for path in (record.folder / BLOBS).iterdir() if not path.name.startswith("."))
    for name in blobs:
        record.blob(f"sha256:{name}")
    for name in sorted({*history.blobs, *history.manifest["pinned"].values()}):
        record.blob(name)
    if head and head != history.head:
        raise RecordBroken(f"the record ends in {history.head[:23]}…, expected {head[:23]}…", where=record.name)
    checked = [
        ("chain", f"{history.count:,} events, head {history.head}"),
        ("blobs", f"{len(blobs):,} match their digests"),
    ]
    if history.verdict is not None:
        _replayed(record, RecordBroken)
        checked.append(("derived", f"{VERDICT} and {REPORT} follow from the record"))
    return checked


def replay(record: Record) -> VerdictDocument:
    """
    Derive the result of *record* again and compare it with what stands beside it.

    Raises:
        ReplayDivergence: With the first difference.
        RecordBroken: The record is damaged or unfinished.
    """
    return _replayed(record, ReplayDivergence)


def _replayed(record: Record, error: type[RecordBroken] | type[ReplayDivergence]) -> VerdictDocument:
    history = reading.read(record)
    document = concluding.conclude(record)
    if history.verdict is not None:
        found = [a.model_dump(mode="json", exclude_defaults=True) for a in document.assessments]
        recorded = history.verdict.data
        if (recorded["verdict"], recorded["assessments"]) != (document.verdict, digest(canonical(found))):
            raise error(
                f"the record reached {recorded['verdict']}, it derives to {document.verdict} or to other assessments",
                where=f"journal.jsonl:{history.verdict.seq + 1}",
            )
    for name, format_ in ((VERDICT, "json"), (REPORT, "html")):
        path = record.folder / name
        try:
            stands = path.read_bytes()
        except OSError as problem:
            raise error(f"{name} cannot be read: {problem.strerror}", where=str(path)) from None
        derived = rendered(document, format_).encode()
        if stands != derived:
            raise error(f"{name} is not what the record derives to", where=_first_difference(name, stands, derived))
    return document


def _first_difference(name: str, stands: bytes, derived: bytes) -> str:
    old, new = (data.decode("utf-8", "replace").splitlines() for data in (stands, derived))
    for number, (a, b) in enumerate(zip(old, new, strict=False), 1):
        if a != b:
            at = next(
                (m.a + m.size for m in difflib.SequenceMatcher(None, a[:2000], b[:2000]).get_matching_blocks()), 0
            )
            start = max(at - 30, 0)
            return f"{name}:{number}: recorded …{a[start : start + 80]}…, derived …{b[start : start + 80]}…"
    return f"{name}:{min(len(old), len(new)) + 1}: one goes on where the other ends"
