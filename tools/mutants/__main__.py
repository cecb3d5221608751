"""Tries edits and prints which of them no test noticed: ``SEED=1 COUNT=200 python -m tools.mutants``."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from ._choosing import chosen
from ._copies import copied, mirrored, surroundings
from ._edits import KINDS, Edit, edits
from ._knowing import Recording, Selection
from ._recorder import INTO
from ._trial import Bench, Trial

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".mutants"
"""What was recorded, with the copies, kept from run to run; ``FRESH=1`` forgets it."""
NOT_ASKED = (
    "tests/house/",
    "tests/fuzz/test_targets.py",
    "tests/agents/test_growth.py",
    "tests/evidence/test_borders.py",
    "tests/cli/test_hostile",
    "tests/cli/test_stopping.py",
    "tests/journal/test_kill_matrix.py",
)
"""Tests that hold text to text or take their time: without them fewer edits are killed, never more."""
ENOUGH = 0.9
SIDE = int(os.environ.get("SIDE", "2"))
"""So many edits are tried side by side."""


def main() -> int:
    """Record what has not been recorded, try the edits of one seed, and say how many were killed."""
    seed, count = os.environ.get("SEED", "1"), int(os.environ.get("COUNT", "200"))
    only = tuple(os.environ.get("ONLY", "").split())
    kinds = tuple(kind for kind in KINDS if kind in os.environ.get("KINDS", " ".join(KINDS)).split())
    started = time.monotonic()
    if "FRESH" in os.environ:
        shutil.rmtree(KEPT, ignore_errors=True)
    base = copied(ROOT, KEPT / "base")
    record(base)
    recording = Recording.read(KEPT / "recorded", tuple(os.environ.get("WITHOUT", "").split()))
    everything = edits(base)
    candidates = {kind: [e for e in everything[kind] if not only or e.path.startswith(only)] for kind in kinds}
    told = ", ".join(f"{len(candidates[kind]):,} {kind}" for kind in kinds)
    print(f"seed {seed}: {count} of {told} edits; {len(recording.tests):,} tests know the house", flush=True)
    selection = Selection(base, recording)
    copies = [mirrored(base, KEPT / f"copy-{number}") for number in range(SIDE)]
    asked = ((edit, selection.of(edit)) for edit in chosen(base, candidates, seed, count))
    trials = []
    for trial in Bench(base, copies).tried(asked):
        trials.append(trial)
        if trial.ending in ("survived", "untested"):
            print(_said(trial, base), flush=True)
        elif "VERBOSE" in os.environ:
            print(
                f"{trial.ending}: {trial.edit.path}:{trial.edit.line} {trial.edit.what[:80]} by {trial.by}", flush=True
            )
    return _summed(trials, time.monotonic() - started)


def record(base: Path) -> None:
    """Run the tests whose file was not recorded yet, or has changed, on a copy that nobody broke."""
    into = KEPT / "recorded"
    into.mkdir(exist_ok=True)
    files = [file.relative_to(base).as_posix() for file in sorted((base / "tests").rglob("test_*.py"))]
    files = [
        f
        for f in files
        if not f.startswith(NOT_ASKED) and f.startswith(tuple(os.environ.get("TESTS", "tests/").split()))
    ]
    digests = {f: hashlib.sha256((base / f).read_bytes()).hexdigest() for f in files}
    digests |= {
        f: digest + _digest_of(base / "agents") for f, digest in digests.items() if f.startswith("tests/agents/")
    }
    before = KEPT / "files.json"
    known = json.loads(before.read_text()) if before.exists() else {}
    stale = [f for f in files if known.get(f) != digests[f]]
    if not stale:
        return
    print(f"recording {len(stale)} of {len(files)} files of tests", flush=True)
    subprocess.run([sys.executable, "-m", "compileall", "-q", "orchestrator", "agents"], cwd=base, check=True)
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "tools.mutants._recorder"]
    places = [f"--basetemp={KEPT / 'tmp'}", "-n", str(SIDE), "--dist", "worksteal", *stale]
    environment = surroundings(base) | {INTO: str(into)}
    subprocess.run([*pytest, *places], cwd=base, env=environment, stdout=subprocess.DEVNULL)
    before.write_text(json.dumps(known | digests))


def _digest_of(folder: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(folder.rglob("*.py")))).hexdigest()


def _said(trial: Trial, base: Path) -> str:
    edit = trial.edit
    asked = f"{len(trial.tests)} tests" + "".join(f", {test.id}" for test in trial.tests[:2])
    where = f"{edit.path}:{edit.line} in {edit.scope or 'the module'}"
    return f"\n{where} ({edit.kind}): {edit.what}\n{_diff(edit, base)}\n  asked: {asked}"


def _diff(edit: Edit, base: Path) -> str:
    """The line that changes, before and after, around the change."""
    text = (base / edit.path).read_text()
    made = edit.made_in(text)
    old, new = text.split("\n"), made.split("\n")
    number = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), 0)
    return f"  - {old[number].strip()[:160]}\n  + {new[number].strip()[:160] if number < len(new) else ''}"


def _summed(trials: list[Trial], seconds: float) -> int:
    killed = Counter(trial.edit.kind for trial in trials if trial.ending in ("killed", "hung"))
    total = Counter(trial.edit.kind for trial in trials)
    hung = sum(trial.ending == "hung" for trial in trials)
    untested = sum(trial.ending == "untested" for trial in trials)
    print()
    for kind in total:
        print(f"{kind}: {killed[kind]} of {total[kind]} killed")
    share = killed.total() / max(1, total.total())
    print(f"{killed.total()} of {total.total()} killed ({share:.1%}), {hung} of them hung, in {seconds:.0f} s")
    print(f"{untested} had no test at all") if untested else None
    return 0 if share >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main())
