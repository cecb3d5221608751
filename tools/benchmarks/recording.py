"""Measures checking a record against reading and hashing the same bytes, in turns in one process."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from orchestrator.audit.replay import verify
from orchestrator.commands.review import review
from orchestrator.conclusion import state as reading
from orchestrator.conclusion.rendering import complete
from orchestrator.journal.clock import Clock
from orchestrator.journal.event import Event
from orchestrator.journal.record import JOURNAL, Record
from orchestrator.journal.writer import Journal, start
from orchestrator.planning.plan import Request

from .reviewing import estate

EVENTS = 100_000
FILES = 300
"""Of the repository whose review gives the events."""
ROUNDS = 9
LARGE = 5_000_000
"""Bytes of a large blob."""


class Checked(NamedTuple):
    """CPU milliseconds for the same bytes, medians, and medians of how many times the first or second each is."""

    size: float
    """Megabytes of the journal."""
    times: dict[str, float]
    of_whole: dict[str, float]
    of_lines: dict[str, float]


class Peaks(NamedTuple):
    """Peak megabytes of a process of its own."""

    events: int
    blobs: float
    """Megabytes of them."""
    verify: float
    replay: float


def measure() -> dict[str, Checked]:
    """Check 100,000 events: as many kinds of them as a real review has, and answers of steps alone."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        real = reviewed(folder)
        return {
            "as in a review": _checked(mixed(real, folder / "mixed", EVENTS)),
            "answers of steps": _checked(stepped(real, folder / "stepped", EVENTS)),
        }


def memory() -> list[Peaks]:
    """Peak memory of `verify` and `replay` of a short and a long record, with few and with many large blobs."""
    with tempfile.TemporaryDirectory() as scratch:
        real = reviewed(Path(scratch))
        rows = []
        for count, large in ((1_000, 1), (EVENTS, 20)):
            run = stepped(real, Path(scratch) / f"{count}", count, large, finished=True).folder
            blobs = sum(path.stat().st_size for path in (run / "blobs").iterdir()) / 1e6
            rows.append(Peaks(count, blobs, *(_peak(word, run) for word in ("verify", "replay"))))
        return rows


def reviewed(folder: Path) -> Record:
    """A real review of a repository of FILES files."""
    estate(folder / "estate", FILES)
    return Record(asyncio.run(review(Request(path=str(folder / "estate")), folder / "runs", sync=False)).folder)


def mixed(real: Record, folder: Path, count: int) -> Record:
    """A record of *count* events, whose journal is that of *real* over and over, each time with nodes of its own."""
    journal, events = _begun(real, folder)
    inner = events[1:-1]
    for number in range(count - 1):
        again, place = divmod(number, len(inner))
        event = inner[place]
        _append(journal, event, f"{event.node}-{again}" if event.node not in ("", "run") else event.node)
    journal.close()
    return Record(folder)


def stepped(real: Record, folder: Path, count: int, large: int = 0, *, finished: bool = False) -> Record:
    """The record *real* with *count* more answers, as long as its own, and *large* blobs."""
    journal, events = _begun(real, folder)
    for event in events[1:-1]:
        _append(journal, event, event.node)
    answers = [event for event in events if event.kind == "StepDone" and "value" in event.data]
    for number in range(count):
        event = answers[number % len(answers)]
        _append(journal, event._replace(data=event.data | {"key": f"{event.data['key']}-{number}"}), event.node)
    for number in range(large):
        data = {"key": f"run#1:large:{number}", **journal.packed([number, "x" * LARGE])}
        journal.append("StepDone", "run", data)
    if finished:
        _append(journal, events[-1], "")
        asyncio.run(journal.durable())
        asyncio.run(complete(journal, reading.read(Record(folder)), sync=False))
    journal.close()
    return Record(folder)


def _begun(real: Record, folder: Path) -> tuple[Journal, list[Event]]:
    """A journal with the beginning and the blobs of *real*, and all events of that to its verdict."""
    events = [event for event in real.events() if event.kind != "ResultRendered"]
    journal = start(folder, {}, Clock(), sync=False)
    (folder / "run.json").write_bytes(real.manifest_bytes())
    for name in real.blobs():
        journal.blob(real.blob(name))
    _append(journal, events[0], "")
    return journal, events


def _append(journal: Journal, event: Event, node: str) -> None:
    journal.append(event.kind, node, event.data)
    if journal.count % 1000 == 0:
        asyncio.run(journal.durable())


def _checked(record: Record) -> Checked:
    journal = record.folder / JOURNAL
    works: dict[str, Callable[[], object]] = {
        "read and hashed whole": lambda: _whole(journal),
        "read and hashed line by line": lambda: _lines(journal),
        "chain": lambda: sum(1 for _ in record.blocks()),
        "verify": lambda: verify(record),
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            gc.collect()
            before = time.process_time()
            work()
            times[name].append(time.process_time() - before)
    whole, lines = times["read and hashed whole"], times["read and hashed line by line"]
    return Checked(
        journal.stat().st_size / 1e6,
        {name: 1000 * statistics.median(spent) for name, spent in times.items()},
        {name: _ratio(spent, whole) for name, spent in times.items()},
        {name: _ratio(spent, lines) for name, spent in times.items()},
    )


def _ratio(ours: list[float], theirs: list[float]) -> float:
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=True))


def _whole(journal: Path) -> str:
    with journal.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _lines(journal: Path) -> None:
    with journal.open("rb") as file:
        for line in file:
            hashlib.sha256(line[:-1]).hexdigest()


def _peak(word: str, run: Path) -> float:
    """As the kernel counts it from the process's own beginning; `getrusage` counts in what started it."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from orchestrator.journal.record import Record\n"
        f"from orchestrator.audit.replay import {word}\n"
        f"{word}(Record(Path(sys.argv[1])))\n"
        "said = Path('/proc/self/status').read_text()\n"
        "print(int(said.partition('VmHWM:')[2].split()[0]) / 1000)\n"
    )
    words = [sys.executable, "-c", code, str(run)]
    done = subprocess.run(words, capture_output=True, text=True, check=True, env=os.environ)
    return float(done.stdout)


if __name__ == "__main__":
    for name, found in measure().items():
        print(name, found)
    for peaks in memory():
        print(peaks)
