"""Measures how late the event loop of a run is: how long whatever it is to do has to wait while it is at something."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

from orchestrator.commands.review import review
from orchestrator.planning.plan import Request

from .reviewing import estate

EVERY = 0.002
"""Seconds between two looks at the clock."""
FILES = 2_000


class Lag(NamedTuple):
    """Milliseconds that the loop was late."""

    looks: int
    half: float
    p99: float
    most: float


def measure(files: int = FILES) -> dict[str, Lag]:
    """The lag in a review of an estate of *files* files: in all of it, and while agents have their turns."""
    code = f"import json\nfrom tools.benchmarks import lagging\nprint(json.dumps(lagging.of_estate({files})))\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name: Lag(*said) for name, said in json.loads(done.stdout.splitlines()[-1]).items()}


def of_estate(files: int) -> dict[str, Lag]:
    """As :func:`measure`, in this process."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        estate(folder / "estate", files)
        return of_review(folder / "estate", folder / "runs")


def of_review(path: Path, runs: Path) -> dict[str, Lag]:
    """The lag in a review of *path*."""
    turns = [0.0, 0.0]

    def watch(_seq: int, _at: str, kind: str, _node: str, _data: dict[str, Any]) -> None:
        if kind == "NodeStarted" and not turns[0]:
            turns[0] = time.perf_counter()
        elif kind == "NodeFinished":
            turns[1] = time.perf_counter()

    async def both() -> list[tuple[float, float]]:
        found: list[tuple[float, float]] = []
        looking = asyncio.create_task(_look(found))
        await review(Request(path=str(path)), runs, watchers=[watch])
        looking.cancel()
        return found

    looks = asyncio.run(both())
    during = [late for at, late in looks if turns[0] <= at <= turns[1]]
    return {"the whole review": _lag([late for _, late in looks]), "while agents have their turns": _lag(during)}


async def _look(found: list[tuple[float, float]]) -> None:
    """Note again and again how late it is; a long wait counts as all the looks that it has cost."""
    while True:
        before = time.perf_counter()
        await asyncio.sleep(EVERY)
        now = time.perf_counter()
        late = now - before - EVERY
        found.append((now, late))
        while (late := late - EVERY) > 0:
            found.append((now, late))


def _lag(late: list[float]) -> Lag:
    ordered = sorted(1000 * seconds for seconds in late) or [0.0]
    return Lag(len(late), ordered[len(ordered) // 2], ordered[len(ordered) * 99 // 100], ordered[-1])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        print(of_review(Path(sys.argv[1]), Path(scratch)) if len(sys.argv) > 1 else measure())
