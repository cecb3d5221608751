"""Checks a record, derives its result again and compares the two byte by byte."""

from __future__ import annotations

from typing import NamedTuple

from ..conclusion import state as reading
from ..conclusion.conclude import conclude
from ..conclusion.judgement import reached
from ..conclusion.rendering import REPORT, VERDICT, rendered, renders
from ..conclusion.state import RunState
from ..domain.result import Result
from ..errors import RecordBroken, ReplayDivergence, UsageError
from ..host import files
from ..journal.blobs import check
from ..journal.claim import MAX_DERIVED, Claim, claimed
from ..journal.event import digest
from ..journal.locating import ended
from ..journal.manifest import RunManifest
from ..journal.record import JOURNAL, Record
from ..journal.strays import strays
from ..journal.survey import Survey, survey

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
    record.unknown = {}
    strays(record.folder)
    seen = survey(record)
    claim = claimed(record.folder)
    if record.torn and (claim is not None or head):
        raise RecordBroken("the last line of the journal is torn", where=f"{JOURNAL}:{seen.events + 1}")
    if seen.began is None and (seen.events or claim is not None or head):
        raise _headless(record, seen, claim, head)
    if seen.began is not None and seen.began.data["manifest"] != digest(record.manifest_bytes()):
        raise reading.replaced(record)
    manifest = record.manifest()
    _hold_end(record, seen, manifest, claim, head)
    found = check(record, seen.named, manifest.pinned.named() if seen.events else {}, seen.values)
    unnamed = f"; nothing rests on {found.unnamed:,} of them" if found.unnamed else ""
    checked = [
        ("chain", f"{seen.events:,} events, head {seen.head}"),
        ("manifest", f"{manifest.format}, recorded by {manifest.tool}"),
        ("blobs", f"{found.checked:,} match their digests{unnamed}"),
    ]
    state = reading.read(record) if seen.reached is not None else None
    if state is not None and state.finished:
        _derived(record, state, RecordBroken)
        checked.append(("derived", _follows(manifest)))
    record.unknown = {**seen.unknown, **record.unknown}
    return checked


def strange(record: Record) -> str:
    """What lies in the folder of *record* and is not part of it; empty where nothing does."""
    names = strays(record.folder)
    more = f" and {len(names) - _MOST:,} more" if len(names) > _MOST else ""
    return f"not part of the record, and not checked: {', '.join(names[:_MOST])}{more}" if names else ""


def open_end(record: Record) -> str:
    """How far the run of *record*, which is as it was written and has no result beside it, has come."""
    state = reading.read(record)
    torn = "; its last line is torn, which `gonogo resume` repairs" if record.torn else ""
    if state.started is None:
        return f"the run was killed before its first line: `gonogo resume` begins it{torn}"
    if state.verdict is not None:
        return f"the result is not rendered: `gonogo resume` completes the run{torn}"
    return f"the run has not reached a verdict; --head, --key or --anchor show whether its end was cut off{torn}"


def replay(record: Record) -> Result:
    """
    Derive the result of *record* again and compare it with what stands beside it.

    Raises:
        ReplayDivergence: With the first difference.
        RecordBroken: The record is damaged or unfinished.
    """
    return _derived(record, reading.finished(record), ReplayDivergence)


def unknown(record: Record) -> str:
    """What this version does not know of *record* and has left out, as far as it was read; empty where it knows all."""
    named = [f"{name} ({count:,})" if count > 1 else name for name, count in sorted(record.unknown.items())]
    more = f" and {len(named) - _MOST} more" if len(named) > _MOST else ""
    return f"left out, since this gonogo does not know it: {', '.join(named[:_MOST])}{more}" if named else ""


def _headless(record: Record, seen: Survey, claim: Claim | None, head: str) -> RecordBroken:
    """The mistake of a journal without the event that each begins with, where somebody says that there was one."""
    if not seen.events:
        expected = head or (claim.head if claim is not None else "")
        return ended(record.folder / JOURNAL, expected, claim.events if claim is not None else 0)
    return RecordBroken("no event says what the run began with", where=f"{JOURNAL}:{seen.events + 1}")


def _hold_end(record: Record, seen: Survey, manifest: RunManifest, claim: Claim | None, head: str) -> None:
    """
    Hold the end of the chain to *head*, and what the run came to, to what ``verdict.json`` says of it.

    Where the report says what the chain does, it is ``verdict.json`` that was changed; it is held to the record later.
    """
    reached = seen.reached if manifest.ends_rendered else None
    if head and head != seen.head:
        if reached is not None and head == reached.digest:
            raise UsageError(
                f"{head} is the head at the verdict, event {reached.seq}, and the record goes on to event "
                f"{seen.events - 1}",
                where=record.name,
                remedy="compare with the head of the whole record: from the last panel of `gonogo review`, a signature "
                "or an anchor",
            )
        raise ended(record.folder / JOURNAL, head, claim.events if claim and claim.head == head else 0)
    now = reached.digest if reached is not None else seen.head
    if claim is None or claim.head == now:
        return
    try:
        report = files.read(record.folder / REPORT, MAX_DERIVED, inside=record.folder)
    except OSError:
        report = b""
    if seen.reached is None or now.encode() not in report:
        raise ended(record.folder / JOURNAL, claim.head, claim.events)


def _follows(manifest: RunManifest) -> str:
    """What is known of the files beside a record that :func:`_derived` has found nothing wrong with."""
    if renders(manifest):
        return f"{VERDICT} and {REPORT} follow from the record"
    return f"{VERDICT} follows from the record; {REPORT}, by another renderer, has the digest that was recorded"


def _derived(record: Record, state: RunState, error: type[RecordBroken] | type[ReplayDivergence]) -> Result:
    """The result of *record*, which is what was recorded and stands beside it; the first difference is an *error*."""
    document = conclude(record, state)
    assert state.verdict is not None  # conclude() has refused otherwise
    derived = reached(document.assessments, document.verdict, document.exit_code, document.score.percent)
    for name, value in derived.items():
        recorded = state.verdict.data.get(name)
        if recorded != value:
            raise error(
                f"what follows from the record is not the result that it reached: {name}, recorded {recorded}, "
                f"derived {value}",
                where=f"{JOURNAL}:{state.verdict.seq + 1}",
                remedy=unknown(record),
            )
    said = state.rendered.model_dump() if state.rendered is not None else {}
    for name, format_, key in ((VERDICT, "json", "verdict"), (REPORT, "html", "report")):
        own = format_ == "json" or renders(state.manifest)
        _hold_file(record, name, rendered(document, format_).encode() if own else None, said.get(key, ""), error)
    return document


def _hold_file(
    record: Record, name: str, derived: bytes | None, recorded: str, error: type[RecordBroken] | type[ReplayDivergence]
) -> None:
    """Hold the file *name* to what is *derived*, where it can be, and to the digest that was *recorded*, if any."""
    path = record.folder / name
    try:
        stands = files.read(path, MAX_DERIVED, inside=record.folder)
    except OSError as problem:
        raise error(f"{name} cannot be read: {problem.strerror}", where=str(path)) from None
    difference = _first_difference(stands, derived) if derived is not None else None
    if difference is not None:
        raise error(
            f"{name} is not what follows from the record: recorded {difference.stands}, derived {difference.derived}",
            where=f"{name}:{difference.line}:{difference.column}",
            remedy=unknown(record),
        )
    if recorded and digest(stands) != recorded:
        where = f"{JOURNAL}:{record.count}" if derived is not None else str(path)
        raise error(f"{name} has another digest than the last event says, {recorded[:23]}…", where=where)


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
