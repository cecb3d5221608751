"""Fuzzes every reader of a record, with run.json, pinned blobs, facts and findings of anybody's."""

from __future__ import annotations

import sys
import zlib
from pathlib import Path
from random import Random

from orchestrator.audit.replay import verify
from orchestrator.journal.record import Record
from tests.forging import finish

from .forged import mutate, parsed, write
from .harness import Prepared, run
from .mutating import line
from .promise import gonogo, held, nothing_else
from .seeds import forms

TURNS = 19
"""How many questions an auditor has."""
POLICY = "thresholds: {score: 95}\npolicy: {name: next quarter, max_failed: {medium: 10}}\n"


def prepare(sandbox: Path) -> Prepared:
    genuine = sandbox / "genuine"
    known = forms(genuine)
    policy = sandbox / "next.yaml"
    policy.write_text(POLICY)
    folder = sandbox / "forged" / "run"

    def one(data: bytes) -> None:
        said = parsed(data)
        if said is None:
            return
        write(said, folder)
        held(lambda: finish(folder))
        held(lambda: verify(Record(folder)))
        with nothing_else(sandbox):
            ask(folder, policy, genuine, zlib.crc32(data))

    def another(data: bytes, random: Random) -> bytes:
        return mutate(data, random, ("manifest", "pinned", "pinned", "events"))

    return Prepared([line(form) for form in known], one, another)


def ask(folder: Path, policy: Path, other: Path, turn: int) -> None:
    """Put one of the auditor's questions, by *turn*."""
    run_ = str(folder)
    questions = (
        ("show", run_),
        ("show", "--failed", "--area", "SEC", run_),
        ("show", "-v", run_),
        ("show", run_, "SEC-2.1.1"),
        ("show", "--format", "json", run_),
        ("export", "--format", "markdown", run_),
        ("export", "--format", "html", run_),
        ("export", "--format", "json", run_),
        ("replay", run_),
        ("replay", "--rejudge", run_),
        ("replay", "--rejudge", "--format", "json", run_),
        ("replay", "--policy", str(policy), run_),
        ("replay", "--policy", str(policy), "--format", "json", run_),
        ("diff", run_, str(other)),
        ("diff", str(other), run_, "--format", "json"),
        ("anchor", "--to", "stdout", run_),
        ("verify", run_),
        ("runs", "--runs", str(folder.parent)),
        ("runs", "prune", "--keep", "1", "--dry-run", "--runs", str(folder.parent)),
    )
    assert len(questions) == TURNS
    gonogo(*questions[turn % TURNS])


if __name__ == "__main__":
    sys.exit(run("tests.fuzz.pinned", sys.argv[1:]))
