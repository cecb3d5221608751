"""Has git compare two sets of contents outside any repository, and reads which lines are not what they were."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO

from ...errors import RepositoryUnreadable
from ..git import Git

_HUNK = re.compile(rb"@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_NAME = re.compile(rb"[ab]/(\d+)\n?")


@dataclass(frozen=True)
class Change:
    """One stretch that is not what it was."""

    after: int
    """The line of the reviewed content that it follows, 0 for the top."""
    removed: tuple[bytes, ...]
    """The lines that are no more, cut to a length."""
    added: tuple[bytes, ...]
    """The lines that stand there now, likewise."""

    @property
    def lines(self) -> tuple[int, int]:
        """The first and the last line that stand there now; the last is before the first where none do."""
        return self.after + 1, self.after + len(self.added)


@dataclass
class Compared:
    """How one content of the reviewed tree differs from the one that it came from."""

    before: int | None = None
    """Number of the content that it came from; None where it came from none."""
    changes: list[Change] = field(default_factory=list)

    @property
    def added(self) -> tuple[tuple[int, int], ...]:
        """Lines that stand there now, in stretches."""
        return stretches(change.lines for change in self.changes if change.added)


MAX_LINE = 200
"""Bytes of a line that are looked at."""


def compare(before: Mapping[int, bytes], after: Mapping[int, bytes]) -> dict[int, Compared]:
    """
    How each of *after* differs from the one of *before* that has its number, or that git takes for its former self.

    Contents travel through a folder of numbers: nothing that the reviewed repository says of its files, neither
    attributes nor filters nor drivers, has a say in it. One that is the same is left out.

    Raises:
        RepositoryUnreadable: git did not come to its end.
    """
    with tempfile.TemporaryDirectory(prefix="gonogo-") as private:
        folder = Path(private)
        for side, contents in (("a", before), ("b", after)):
            (folder / side).mkdir()
            for number, data in contents.items():
                (folder / side / str(number)).write_bytes(data if data.endswith(b"\n") or not data else data + b"\n")
        done = Git(folder).run(
            "diff", "--no-index", "--no-color", "--no-ext-diff", "--no-textconv", "--text", "--unified=0",
            "--inter-hunk-context=0", "--find-renames", "-l1000", "--no-prefix", "a", "b", check=False,
        )  # fmt: skip
    if done.returncode not in (0, 1):
        raise RepositoryUnreadable("git does not say which lines changed")
    return dict(_files(BytesIO(done.stdout)))


def _files(out: IO[bytes]) -> Iterator[tuple[int, Compared]]:
    """Number and difference of each content of the second set that git tells of."""
    here: Compared | None = None
    number: int | None = None
    for line in iter(out.readline, b""):
        if line.startswith(b"diff --git "):
            if here is not None and number is not None:
                yield number, here
            here, number = Compared(), None
        elif here is None:
            continue
        elif line.startswith((b"--- ", b"rename from ")):
            here.before = _number(line, here.before)
        elif line.startswith((b"+++ ", b"rename to ")):
            number = _number(line, number)
        elif (hunk := _HUNK.match(line)) is not None:
            _take(here, hunk, out)
    if here is not None and number is not None:
        yield number, here


def _take(here: Compared, hunk: re.Match[bytes], out: IO[bytes]) -> None:
    """Read a hunk to its end; what stands in it looks like anything."""
    lost, at, new = (int(part) if part is not None else 1 for part in hunk.groups())
    removed = tuple(out.readline()[1 : MAX_LINE + 1] for _ in range(lost))
    added = tuple(out.readline()[1 : MAX_LINE + 1] for _ in range(new))
    here.changes.append(Change(at - 1 if new else at, removed, added))


def _number(line: bytes, known: int | None) -> int | None:
    found = _NAME.fullmatch(line.split(b" ", 2)[-1] if line.startswith(b"rename") else line[4:])
    return int(found[1]) if found is not None else known


def stretches(lines: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """*lines* in order, those that touch or overlap put together."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(lines):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)
