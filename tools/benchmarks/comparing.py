"""Measures the CPU of whole reviews against that of an older commit, in turns, on the same trees."""

from __future__ import annotations

import io
import os
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import NamedTuple

from .growing import grow

ROOT = Path(__file__).parents[2]
BASE = "6a6ed08"
"""The last commit before things were told to be in force: what that may cost is counted from there."""
MOST = 2.0
"""How many times the CPU of then a review may take."""
SIZES = (300, 20_000)
ROUNDS = 3


class Compared(NamedTuple):
    """CPU seconds of a review of a tree of *files* files, the least of some rounds: of the old commit, and of today."""

    files: int
    base: float
    today: float

    @property
    def times(self) -> float:
        """How many times the CPU of then a review takes."""
        return self.today / self.base


def measure() -> list[Compared]:
    """Review a tree of each size with both, in turns, so that a busy machine is as busy for one as for the other."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        before = folder / "before"
        taken_out(BASE, before)
        found: list[Compared] = []
        for files in SIZES:
            tree = folder / f"tree{files}"
            grow(tree, files)
            if not found:  # modules are compiled once, as they are where something is installed
                for code in (before, ROOT):
                    _cpu(code, tree, folder)
            turns = [(_cpu(before, tree, folder), _cpu(ROOT, tree, folder)) for _ in range(ROUNDS)]
            base, today = (min(times) for times in zip(*turns, strict=True))
            found.append(Compared(files, base, today))
        return found


def taken_out(commit: str, folder: Path) -> None:
    """Write the files of *commit* of this repository below *folder*."""
    done = subprocess.run(["git", "-C", str(ROOT), "archive", commit], capture_output=True, check=False)
    if done.returncode:
        raise SystemExit(f"bench: commit {commit} is not here, fetch the whole history first: {done.stderr.decode()}")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")


def _cpu(code: Path, tree: Path, folder: Path) -> float:
    """Seconds of CPU that a review of *tree* by *code* takes, with all that it begins."""
    said = {"PYTHONPATH": str(code), "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "orchestrator", "review", str(tree), "--format", "json", "--runs", str(folder / "runs")],
        cwd=folder,
        env=kept | said,
        capture_output=True,
        check=False,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    shutil.rmtree(folder / "runs", ignore_errors=True)
    if done.returncode not in (0, 1, 3):
        raise SystemExit(f"bench: a review by {code} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def lines(found: list[Compared]) -> list[str]:
    """*found* as a part of the page."""
    rows = [f"| {one.files:,} | {one.base:.2f} | {one.today:.2f} | ×{one.times:.1f} |" for one in found]
    return [
        f"## Against commit {BASE}",
        "",
        f"CPU seconds of a whole review, the least of {ROUNDS} in turns with the same Python and libraries, of trees "
        "that `tools/benchmarks/growing.py` grows from a seed: files in many languages as people write them. More than "
        f"×{MOST:.1f} fails `make bench`.",
        "",
        "| files | then s | today s | |",
        "| ---: | ---: | ---: | ---: |",
        *rows,
        "",
    ]


def too_slow(found: list[Compared]) -> list[str]:
    """What takes more than it may."""
    return [
        f"a review of {one.files:,} files takes ×{one.times:.2f} the CPU of commit {BASE}, more than ×{MOST:.1f}"
        for one in found
        if one.times > MOST
    ]


def main() -> None:
    """Compare, and say so; fails where today's takes too much."""
    found = measure()
    print("\n".join(lines(found)))
    if slow := too_slow(found):
        raise SystemExit("bench: " + "; ".join(slow))


if __name__ == "__main__":
    main()
