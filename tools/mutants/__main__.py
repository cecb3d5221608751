"""Tries edits and prints which of them no test noticed: ``SEED=1 COUNT=200 python -m tools.mutants``."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from ._choosing import chosen
from ._copies import copied, surroundings
from ._edits import KINDS, Edit, edits
from ._knowing import Recording, Selection
from ._recorder import INTO
from ._trial import Bench, Trial

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".mutants"
"""What was recorded, kept from run to run; ``FRESH=1`` forgets it."""
NOT_ASKED = (
    "tests/house/",
    "tests/fuzz/test_targets.py",
    "tests/agents/test_growth.py",
    "tests/cli/test_hostile",
    "tests/cli/test_stopping.py",
    "tests/journal/test_kill_matrix.py",
)
"""Tests that hold text to text or take their time: without them fewer edits are killed, never more."""
ENOUGH = 0.9


def main() -> int:
    """Record what has not been recorded, try the edits of one seed, and say how many were killed."""
    seed, count = os.environ.get("SEED", "1"), int(os.environ.get("COUNT", "200"))
    only = tuple(os.environ.get("ONLY", "").split())
    kinds = tuple(kind for kind in KINDS if kind in os.environ.get("KINDS", " ".join(KINDS)).split())
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        base = copied(ROOT, Path(folder) / "base")
        record(base)
        recording = Recording.read(KEPT)
        everything = edits(base)
        candidates = {kind: [e for e in everything[kind] if not only or e.path.startswith(only)] for kind in kinds}
        told = ", ".join(f"{len(candidates[kind]):,} {kind}" for kind in kinds)
        print(f"seed {seed}: {count} of {told} edits; {len(recording.tests):,} tests know the house", flush=True)
        selection = Selection(base, recording)
        copies = [Path(shutil.copytree(base, Path(folder) / f"copy-{n}")) for n in range(int(os.environ.get("SIDE", "2")))]
        asked = ((edit, selection.of(edit)) for edit in chosen(base, candidates, seed, count))
        trials = []
        for trial in Bench(base, copies).tried(asked):
            trials.append(trial)
            if trial.ending in ("survived", "untested"):
                print(_said(trial, base), flush=True)
            elif "VERBOSE" in os.environ:
                print(f"{trial.ending}: {trial.edit.path}:{trial.edit.line} {trial.edit.what[:80]} by {trial.by}", flush=True)
    return _summed(trials, time.monotonic() - started)


def record(base: Path) -> None:
    """Run the tests that were not recorded yet, or whose file has changed, on a copy that nobody broke."""
    if "FRESH" in os.environ:
        shutil.rmtree(KEPT, ignore_errors=True)
    KEPT.mkdir(exist_ok=True)
    environment = surroundings(base) | {INTO: str(KEPT)}
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    subprocess.run([sys.executable, "-m", "compileall", "-q", "orchestrator", "agents"], cwd=base, check=True)
    listing = subprocess.run([*pytest, "--collect-only", "-qq", "-o", "addopts=", "-m", "not soak and not online and not browser"],
                             cwd=base, env=surroundings(base), capture_output=True, text=True)  # fmt: skip
    listed = [line.partition(": ")[0] for line in listing.stdout.splitlines() if line.startswith("tests/")]
    files = [f for f in listed if not f.startswith(NOT_ASKED) and f.startswith(tuple(os.environ.get("TESTS", "tests/").split()))]
    digests = {f: hashlib.sha256((base / f).read_bytes()).hexdigest() for f in files}
    before = KEPT / "files.json"
    known = json.loads(before.read_text()) if before.exists() else {}
    agents = _digest_of(base / "agents")
    stale = [f for f in files if known.get(f) != digests[f] or (f.startswith("tests/agents/") and known.get("agents") != agents)]
    if stale:
        print(f"recording {len(stale)} of {len(files)} files of tests", flush=True)
        command = [*pytest, "-n", os.environ.get("SIDE", "2"), "--dist", "worksteal", "-p", "tools.mutants._recorder"]
        subprocess.run([*command, f"--basetemp={base}.tmp", *stale], cwd=base, env=environment, stdout=subprocess.DEVNULL)
        before.write_text(json.dumps(known | digests | {"agents": agents}))


def _digest_of(folder: Path) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(folder.rglob("*.py")))).hexdigest()


def _said(trial: Trial, base: Path) -> str:
    edit = trial.edit
    asked = f"{len(trial.tests)} tests" + "".join(f", {test.id}" for test in trial.tests[:2])
    return f"\n{edit.path}:{edit.line} in {edit.scope or 'the module'} ({edit.kind}): {edit.what}\n{_diff(edit, base)}\n  asked: {asked}"


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
        print(f"{kind}s: {killed[kind]} of {total[kind]} killed")
    share = killed.total() / max(1, total.total())
    print(f"{killed.total()} of {total.total()} killed ({share:.1%}), {hung} of them hung; {untested} had no test; {seconds:.0f} s")
    return 0 if share >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main())
