"""Fuzzes the journal reader: bytes that are not a journal, and chained lines that never happened."""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

from orchestrator.audit.replay import replay, verify
from orchestrator.conclusion import state as reading
from orchestrator.journal.record import JOURNAL, Record
from tests.forging import finish

from .forged import Form, mutate, parsed, write
from .harness import Prepared, run
from .mutating import line
from .promise import held
from .seeds import forms


def prepare(sandbox: Path) -> Prepared:
    known = [_plain(form) for form in forms(sandbox / "genuine")[:3]]
    base = known[0]
    folder = sandbox / "forged" / "run"

    def one(data: bytes) -> None:
        said = parsed(data)
        write(said or base, folder)
        if said is None:
            (folder / JOURNAL).write_bytes(data)
        ask(folder)

    def another(data: bytes, random: Random) -> bytes:
        return mutate(data if parsed(data) else seeds[0], random, ("events",))

    seeds = [line(form) for form in known]
    return Prepared([*seeds, write(base, folder).joinpath(JOURNAL).read_bytes(), b"", b"\n"], one, another)


def _plain(form: Form) -> Form:
    """*form* with three facts; no more is read of them here."""
    facts = [event for event in form["events"] if event[1] == "StepDone"]
    return form | {"events": [event for event in form["events"] if event not in facts[3:]]}


def ask(folder: Path) -> None:
    """Everything that reads a journal, once."""
    record = Record(folder)
    held(lambda: sum(1 for _ in record.events()))
    held(lambda: reading.read(record))
    held(lambda: finish(folder))
    held(lambda: verify(record))
    held(lambda: replay(record))


if __name__ == "__main__":
    sys.exit(run("tests.fuzz.journal", sys.argv[1:]))
