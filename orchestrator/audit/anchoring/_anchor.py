"""Writes a record's head down outside its folder, and compares a record with such an anchor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any, Final, Literal, NamedTuple

from pydantic import Field

from ...conclusion import state as reading
from ...conclusion.rendering import STATEMENT
from ...domain.model import Model
from ...errors import RecordBroken, UsageError
from ...host import files
from ...journal import foreign
from ...journal.event import canonical, digest
from ...journal.exclusive import alone
from ...journal.kinds import Digest
from ...journal.record import Record
from ..replay import verify
from ._file import File
from ._note import Note
from ._noted import note
from ._tag import Tag

FORMAT: Final = "gonogo/anchor/1"
STDOUT = "stdout"
_MOST = 1 << 20
"""Bytes of a statement."""
_SIGNATURES = 100
"""Signatures of a statement that are looked at."""


class Anchor(Model):
    """One line outside the folder that says where a run's record ends."""

    format: Literal["gonogo/anchor/1"] = FORMAT
    run: str
    """The run's id."""
    head: Digest
    """Of the journal's last line."""
    events: Annotated[int, Field(ge=0)]
    """How many lines it has."""
    verdict: str
    """The run's verdict."""
    statement: Digest | None = None
    """Of `statement.dsse.json`; absent where the run was not signed."""


class Anchored(NamedTuple):
    """What was written, and what is left to do."""

    line: str
    push: str = ""
    """The command that brings it to where others look; empty where it is there."""
    noted: bool = True
    """Whether it could be noted beside the record, which keeps the run from being pruned."""


def anchor(record: Record, target: str) -> Anchored:
    """
    Verify *record*, then write its line where *target* says; a line that is there already is not written again.

    Args:
        record: A run that has come to its verdict.
        target: ``file:PATH``, ``note:REPO``, ``tag:REPO`` or ``stdout`` (which is left to the caller).

    Raises:
        RecordBroken: The record is damaged or unfinished.
        UsageError: *target* is none of these, or cannot take the line.
        RunLocked: Somebody else has the run.
    """
    place = None if target == STDOUT else _place(record, target, STDOUT)
    verify(record)
    if not (now := _now(record))["verdict"]:
        raise reading.unfinished(record, reading.read(record))
    line = canonical(now).decode("ascii")
    if place is None:
        return Anchored(line)
    with alone(record.folder):
        place.add(line)
        return Anchored(line, place.push, note(record.folder, target, now))


def check(record: Record, target: str) -> tuple[str, str]:
    """
    Check that *record* ends where an anchor says that it ended.

    Args:
        record: A run whose chain holds, finished or not.
        target: ``file:PATH``, ``note:REPO`` or ``tag:REPO``.

    Returns:
        (what, what was found).

    Raises:
        RecordBroken: The target has no line of this run, or the record ends elsewhere.
        UsageError: *target* is none of these, or cannot be read.
    """
    place = _place(record, target)
    now = _now(record)
    ours = [said for said in _anchors(place.lines()) if said.get("run") == now["run"]]
    if not ours:
        raise RecordBroken(f"there is no anchor of run '{now['run']}'", where=target, remedy=place.fetch)
    for said in ours:
        _held(said, now, target)
    signed = ours[-1].get("statement")
    later = ""
    if signed and signed != now.get("statement"):
        since = next((n for n, earlier in enumerate(_earlier(record.folder), 1) if earlier == signed), 0)
        if not since:
            what = f"{STATEMENT} is not the one" if "statement" in now else f"{STATEMENT} is gone:"
            raise RecordBroken(f"{what} that was anchored, {str(signed)[:23]}…", where=target)
        later = f"; {since} {'signature was' if since == 1 else 'signatures were'} added to the statement since"
    return ("anchor", f"{target} says the same head, {now['events']:,} events{later}")


def _held(said: dict[str, Any], now: dict[str, Any], target: str) -> None:
    """Compare one anchor with the record as it is."""
    was = said.get("events")
    if isinstance(was, int) and was > now["events"]:
        raise RecordBroken(
            f"the record has lost its end: {was:,} events were anchored, {now['events']:,} are there", where=target
        )
    for name in ("events", "head", "verdict"):
        if said.get(name) != now[name]:
            raise RecordBroken(
                f"the record is not the one that was anchored: {name} was {str(said.get(name))[:80]}, is {now[name]}",
                where=target,
            )


def _now(record: Record) -> dict[str, Any]:
    """What an anchor says, of the record as it is."""
    state = reading.read(record)
    signed = _statement(record.folder)
    now = Anchor(
        run=state.manifest.run,
        head=state.head,
        events=state.count,
        verdict=state.verdict.data["verdict"] if state.verdict and state.finished else "",
        statement=None if signed is None else digest(signed),
    )
    return now.model_dump(exclude_none=True)


def _earlier(folder: Path) -> Iterator[str]:
    """The digests of the statement in *folder* as it was one signature ago, two signatures ago, and so on."""
    try:
        envelope = foreign.parsed(_statement(folder) or b"")
        signatures = envelope.get("signatures") if isinstance(envelope, dict) else None
        if isinstance(signatures, list):
            for count in range(min(len(signatures), _SIGNATURES) - 1, 0, -1):
                yield digest(canonical(envelope | {"signatures": signatures[:count]}) + b"\n")
    except (ValueError, RecursionError):  # it is none of ours
        return


def _statement(folder: Path) -> bytes | None:
    """The statement in *folder*; None where there is none."""
    path = folder / STATEMENT
    try:
        return files.read(path, _MOST, inside=path.parent)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RecordBroken(f"{STATEMENT} cannot be read: {error.strerror}", where=str(path)) from None


def _place(record: Record, target: str, *others: str) -> File | Note | Tag:
    kind, _, place = target.partition(":")
    if place and kind == "file":
        return File(Path(place))
    if place and kind == "note":
        return Note(Path(place), record)
    if place and kind == "tag":
        return Tag(Path(place), record)
    known = ", ".join(("file:PATH", "note:REPO", "tag:REPO", *others))
    raise UsageError(f"'{target}' is not a place for an anchor", remedy=f"one of {known}")


def _anchors(lines: Iterable[str]) -> list[dict[str, Any]]:
    """The anchors among *lines*; other lines are somebody else's."""
    found = []
    for line in lines:
        try:
            said = foreign.parsed(line.encode("utf-8", "replace"))
        except ValueError:
            continue
        if isinstance(said, dict) and said.get("format") == FORMAT:
            found.append(said)
    return found
