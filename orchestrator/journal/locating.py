"""Finds the first line of a journal that is not what was written, once it is known to be there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ..errors import RecordBroken
from ..host import files
from .chain import MAX_LINE, kind
from .claim import claimed
from .event import GENESIS, digest, is_canonical

_LINK = re.compile(rb',"prev":"(sha256:[0-9a-f]{64})","seq":(0|[1-9][0-9]{0,15})\}\Z')
_TAIL = 120
"""Bytes at the end of a line that hold its link."""
_WORD = re.compile(rb"[A-Za-z]{1,40}")


class _Line(NamedTuple):
    """One line, and what it says of its place."""

    number: int
    """From 1."""
    data: bytes
    digest: str
    prev: str = ""
    seq: int = -1

    @property
    def where(self) -> str:
        return f"journal.jsonl:{self.number}"

    @property
    def name(self) -> str:
        """Number and kind of the event that stands here, or should."""
        word = kind(self.data)
        said = f" ({word.decode()})" if _WORD.fullmatch(word) else ""
        return f"event {self.seq if self.seq >= 0 else self.number - 1}{said}"


def located(journal: Path) -> RecordBroken:
    """
    The mistake of a journal in which a line does not follow the one before it: which line is not what was written.

    A line that does not fit may be right, and the one before it changed. The line after it tells: it names the one that
    it was written after; of the last line the verdict beside the journal says what digest it must have.
    """
    lines = _lines(journal)
    before = _Line(0, b"", GENESIS)
    for line in lines:
        if (line.prev, line.seq) != (before.digest, line.number - 1):
            return _blamed(journal, before, line, next(lines, None))
        before = line
    return RecordBroken("the journal was changed while it was read", where=journal.name)


def ended(journal: Path, head: str, events: int = 0) -> RecordBroken:
    """
    The mistake of a journal that holds together and does not end in *head*.

    Args:
        journal: The file.
        head: The digest that its last line must have.
        events: How many events there must be; 0 where nobody says so.
    """
    last, added = _Line(0, b"", GENESIS), 0
    for line in _lines(journal):
        if line.digest == head:
            added = line.number
        last = line
    found = f"it ends in {last.digest[:23]}…, expected {head[:23]}…"
    if not last.number:
        return RecordBroken(f"the journal is empty: {found}", where="journal.jsonl:1")
    if added:
        what = f"{last.number - added:,} events were added after event {added - 1}: {found}"
        return RecordBroken(what, where=f"journal.jsonl:{added + 1}")
    if last.number < events:
        what = f"the end was cut off after {last.name}: {events:,} events were recorded, {last.number:,} are there"
        return RecordBroken(what, where=f"journal.jsonl:{last.number + 1}")
    if last.number == events:
        return RecordBroken(f"the last event, {last.name}, has been changed: {found}", where=last.where)
    what = f"the last event was changed, or events were cut off or added after {last.name}: {found}"
    return RecordBroken(what, where=last.where)


def _lines(journal: Path) -> Iterator[_Line]:
    """Every whole line."""
    with files.opened(journal, inside=journal.parent) as file:
        for number, raw in enumerate(iter(lambda: file.readline(MAX_LINE), b""), 1):
            if raw.endswith(b"\n"):
                data = raw[:-1]
                link = _LINK.search(data[-_TAIL:])
                claims = (link[1].decode(), int(link[2])) if link else ()
                yield _Line(number, data, digest(data), *claims)
            elif len(raw) == MAX_LINE:
                yield _Line(number, raw[:1000], "")
                return


def _blamed(journal: Path, before: _Line, line: _Line, after: _Line | None) -> RecordBroken:
    """Which of *before* and *line* it is; *line* does not follow *before*."""
    if before.number and line.data == before.data:
        return RecordBroken(f"{line.name} appears twice", where=line.where)
    claim = claimed(journal.parent) if after is None else None
    told = after.prev if after is not None else claim.head if claim is not None else ""
    vouched = line.digest == told
    if claim is not None and (line.prev, line.seq) == (claim.head, claim.events):  # it was written after the verdict
        vouched = True
    if after is None and claim is None:
        vouched = is_canonical(line.data) and not is_canonical(before.data)
    if before.number and vouched and line.seq == line.number - 1:
        what = f"{before.name} has been changed{_oddity(before.data)}: {line.name} was written after another one"
        return RecordBroken(what, where=before.where)
    if before.number and vouched and (line.prev, line.seq) == (before.prev, before.seq):
        what = f"a line was inserted: {line.name} was written after what stands before that line"
        return RecordBroken(what, where=before.where)
    return RecordBroken(_misplaced(journal, before, line, after is not None or claim is not None), where=line.where)


def _misplaced(journal: Path, before: _Line, line: _Line, told: bool) -> str:
    """What is wrong with *line* itself, which something after it has *told*."""
    expected = line.number - 1
    if not line.data.strip():
        return f"a blank line stands where event {expected} belongs"
    if line.seq < 0:
        return f"{line.name} is not as it was written{_oddity(line.data)}"
    if line.seq > expected:
        later = next((other.number for other in _lines(journal) if other.seq == expected), 0)
        there = f"stands in line {later}" if later else "is missing"
        return f"{line.name} stands where event {expected} belongs, which {there}"
    if line.seq < expected:
        return f"{line.name} stands where event {expected} belongs"
    if told or not before.number:
        return f"{line.name} has been changed: it does not follow the event before it"
    return f"{line.name} does not follow {before.name}: one of the two has been changed"


def _oddity(data: bytes) -> str:
    """What is plain to see in a line that gonogo did not write."""
    if data.startswith(b"\xef\xbb\xbf"):
        return ", it begins with a byte order mark"
    if data.endswith(b"\r"):
        return ", it ends in CR LF"
    if b"\0" in data:
        return ", it holds NUL bytes"
    return "" if data.isascii() else ", it is not ASCII"
