"""Asks an older record for what today's rules would withhold."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.audit.archive import opened
from orchestrator.journal.event import canonical, digest, write
from orchestrator.journal.in_clear import InClear, in_clear
from orchestrator.journal.record import Record
from tests.journal.matrix import P
from tests.journal.test_journal import begun

RECORDED = Path(__file__).parents[1] / "recorded"
OLD = {"name": f"DB_{P.upper()}", "value": "heron"}


def recorded(folder, *said: object, blob: object = None) -> Record:
    """A record that says *said* as it is, as a version that knew fewer rules would have."""
    journal = begun(folder)
    for value in said:
        line = write(journal.count, journal._clock(), "Said", "", canonical({"value": value}), journal.head)
        journal._buffer.append(line)
        journal.head, journal.count = digest(line), journal.count + 1
    if blob is not None:
        journal.blob(canonical(blob))
    journal.close()
    return Record(folder / "run")


class TestInClear:
    def test_is_named(self, tmp_path):
        """
        By the number of the event and the digest of the blob; the record stays as it is.
        """
        record = recorded(tmp_path, "nothing", OLD, f"mytool --{P} heron", blob={"a": OLD})
        before = {path.name: path.read_bytes() for path in record.folder.rglob("*") if path.is_file()}
        found = in_clear(record)

        assert (1, 2) == found.events
        assert (digest(canonical({"a": OLD})),) == found.blobs
        assert str(found).startswith("event 1, event 2, blob ")
        assert before == {path.name: path.read_bytes() for path in record.folder.rglob("*") if path.is_file()}

    def test_what_is_withheld_already_is_not(self, tmp_path):
        """
        A stub is not a secret, and neither is a reference.
        """
        stub = "[withheld assigned-secret, 5 characters, #01234567]"
        record = recorded(tmp_path, {"name": f"DB_{P.upper()}", "value": stub}, f"--{P} {stub}", f"{P}: ${{X}}")

        assert InClear((), ()) == in_clear(record)

    def test_a_tower_of_brackets_ends_in_no_traceback(self, tmp_path):
        """
        A forged record can nest as deep as JSON is read.
        """
        tower: object = f"--{P} heron"
        for _ in range(600):
            tower = [tower]

        assert InClear((1,), ()) == in_clear(recorded(tmp_path, tower, OLD))

    @pytest.mark.parametrize("archive", sorted(RECORDED.glob("*.run.zip")), ids=lambda path: path.name[:40])
    def test_old_runs_raise_no_false_alarm(self, archive):
        """
        Real runs of earlier versions hold nothing that only looks like a secret to the rules of today.
        """
        with opened(Path("runs"), str(archive)) as record:
            assert InClear((), ()) == in_clear(record)

    def test_many_are_not_all_named(self):
        """
        The first five stand for the others, which are counted.
        """
        assert "event 0, event 1, event 2, event 3, event 4 and 1,995 more" == str(InClear(tuple(range(2_000)), ()))
