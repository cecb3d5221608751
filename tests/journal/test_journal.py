"""The journal is a chain: what was written is read back, what was changed is found."""

from __future__ import annotations

import asyncio
import errno
import itertools
import json
import os
from pathlib import Path

import pytest

from orchestrator.errors import RecordBroken, RunLocked, RunsFolderUnwritable
from orchestrator.host.stopping import end_all
from orchestrator.journal.event import GENESIS, canonical, digest
from orchestrator.journal.kinds import Packed
from orchestrator.journal.record import Record, find
from orchestrator.journal.step import Door
from orchestrator.journal.versions import FORMAT
from orchestrator.journal.writer import Journal, start


class TickingClock:
    """A clock that ticks a second with every look at it."""

    def __init__(self) -> None:
        self._seconds = itertools.count()

    def __call__(self) -> str:
        return f"2026-01-02T03:04:{next(self._seconds):02d}.000000Z"


def begun(folder: Path, *, sync: bool = False) -> Journal:
    return start(folder / "run", {"format": FORMAT, "run": "run"}, TickingClock(), sync=sync)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    journal = begun(tmp_path)
    for number in range(5):
        journal.append("Happened", f"n{number}", {"number": number})
    journal.append("Said", "n5", journal.packed("x" * 5000))
    journal.close()
    return Record(tmp_path / "run")


class TestChain:
    def test_reads_back_what_was_written(self, record):
        """
        Events come back in order, each naming the digest of the line before.
        """
        events = list(record.events())

        assert [0, 1, 2, 3, 4, 5] == [e.seq for e in events]
        assert [GENESIS, *(e.digest for e in events[:-1])] == [e.prev for e in events]
        assert "x" * 5000 == record.value(Packed.model_validate(events[5].data))

    def test_every_line_is_canonical(self, record):
        """
        The lines that are put together by hand are the ones that sorted JSON would be.
        """
        for line in (record.folder / "journal.jsonl").read_bytes().splitlines():
            assert line == canonical(json.loads(line))

    def test_every_changed_byte_is_found(self, record):
        """
        Flipping any one byte of the journal breaks the chain, there or at the next line; the last line needs the head.
        """
        path = record.folder / "journal.jsonl"
        data = path.read_bytes()
        last = data.rindex(b"\n", 0, -1) + 1
        head = [e.digest for e in record.events()][-1]
        for at in range(len(data)):
            changed = bytearray(data)
            changed[at] ^= 1
            path.write_bytes(bytes(changed))
            try:
                heads = [e.digest for e in record.events()]
            except RecordBroken:
                continue
            assert at >= last
            assert record.torn or heads[-1] != head

    @pytest.mark.parametrize("change", ["drop", "double", "swap"])
    def test_changed_order_is_found(self, record, change):
        """
        A line that is dropped, doubled or swapped breaks the chain.
        """
        path = record.folder / "journal.jsonl"
        lines = path.read_bytes().splitlines(keepends=True)
        changed = {
            "drop": lines[:2] + lines[3:],
            "double": lines[:3] + lines[2:],
            "swap": [lines[0], lines[2], lines[1], *lines[3:]],
        }
        path.write_bytes(b"".join(changed[change]))

        with pytest.raises(RecordBroken):
            list(record.events())

    def test_torn_last_line_is_ignored_and_said(self, record):
        """
        A line that was being written when the power went is not an event.
        """
        path = record.folder / "journal.jsonl"
        path.write_bytes(path.read_bytes()[:-10])

        assert 5 == len(list(record.events()))
        assert record.torn

    def test_changed_blob_is_found(self, record):
        """
        A blob is held to its digest.
        """
        blob = next((record.folder / "blobs").iterdir())
        blob.write_bytes(b"other")

        with pytest.raises(RecordBroken, match="has been changed"):
            record.blob(f"sha256:{blob.name}")

    def test_no_way_out_of_the_folder(self, record):
        """
        A digest that is a path leads nowhere.
        """
        with pytest.raises(RecordBroken, match="is not a digest"):
            record.blob("sha256:../run.json")


class TestWriting:
    async def test_durable_is_on_disk(self, tmp_path, monkeypatch):
        """
        After `durable` every line appended before it has been written and fsynced.
        """
        synced: list[int] = []
        real = os.fsync

        def watched(file: int) -> None:
            synced.append(os.fstat(file).st_size)
            real(file)

        monkeypatch.setattr(os, "fsync", watched)
        journal = begun(tmp_path, sync=True)
        synced.clear()
        await asyncio.gather(*(self._decide(journal, n) for n in range(20)))

        assert synced[-1] == (tmp_path / "run" / "journal.jsonl").stat().st_size
        assert 20 == len(list(Record(tmp_path / "run").events()))
        assert len(synced) < 20, "lines written while an fsync runs go with the next"
        journal.close()

    async def _decide(self, journal: Journal, number: int) -> None:
        await asyncio.sleep(0)
        journal.append("Decided", f"n{number}")
        await journal.durable()

    def test_continues_where_it_ended(self, record):
        """
        A second life appends to the same chain, after a torn line has been cut off.
        """
        path = record.folder / "journal.jsonl"
        path.write_bytes(path.read_bytes() + b'{"at":"2026')
        journal = Journal.continued(record, TickingClock(), sync=False)
        journal.append("Resumed")
        journal.close()
        events = list(Record(record.folder).events())

        assert 7 == len(events)
        assert "Resumed" == events[-1].kind

    def test_one_driver(self, tmp_path):
        """
        Two processes never both write: the second is told who the first is.
        """
        journal = begun(tmp_path)

        with pytest.raises(RunLocked, match=f"process {os.getpid()}"):
            Journal(tmp_path / "run", TickingClock(), sync=False)
        journal.close()

    @pytest.mark.parametrize(("number", "said"), [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "read-only")])
    def test_a_full_disk_is_said(self, tmp_path, monkeypatch, number, said):
        """
        A record that cannot be written is an error that names the reason and how to fix it.
        """
        journal = begun(tmp_path)
        journal.append("Happened")

        def full(*_: object) -> int:
            raise OSError(number, os.strerror(number))

        monkeypatch.setattr(os, "write", full)
        with pytest.raises(RunsFolderUnwritable, match=said) as caught:
            journal.close()
        assert "--runs DIR" in caught.value.remedy

    def test_secrets_are_withheld_before_hashing(self, tmp_path):
        """
        What looks like a credential is neither in a line nor in a blob.
        """
        token = "ghp_" + "a1B2c3D4e5" * 4
        journal = begun(tmp_path)
        journal.append("Said", "n", {"text": f"token {token[:40]}"})
        journal.append("Said", "n", journal.packed({"long": "y" * 3000, "text": f"token {token[:40]}"}))
        journal.close()
        written = b"".join(f.read_bytes() for f in (tmp_path / "run").rglob("*") if f.is_file())

        assert token[:40].encode() not in written
        assert written.count(b"withheld") == 2


class TestDoor:
    async def test_asks_the_world_once(self, tmp_path):
        """
        What the record holds is not done again; what it does not hold is done and written down.
        """
        journal = begun(tmp_path)
        asked = []

        async def ask() -> object:
            asked.append(1)
            return {"answer": 42}

        first = await Door(journal).step("n", 1, "ask", "input", ask)
        (event,) = Record(journal.folder).events()
        again = await Door(journal, {event.data["key"]: lambda: event.data["value"]}).step("n", 1, "ask", "input", ask)
        other = await Door(journal).step("n", 1, "ask", "another input", ask)
        journal.close()

        assert first == again == other == {"answer": 42}
        assert 2 == len(asked)

    async def test_knows_the_steps_of_a_version_that_withheld_less(self, tmp_path):
        """
        What a record gave back was redacted by the rules of its time, and its steps were named after that.
        """
        asked = {"line": "mytool --pass" + "word heron"}
        earlier = f"n#1:quote:{digest(canonical(asked))[7:23]}"
        journal = begun(tmp_path)

        async def ask() -> object:
            return "new"

        assert "old" == await Door(None, {earlier: lambda: "old"}).step("n", 1, "quote", asked, ask)
        assert "new" == await Door(journal).step("n", 1, "quote", asked, ask)
        (event,) = Record(journal.folder).events()
        journal.close()

        assert earlier != event.data["key"]


class TestFind:
    def test_latest_and_by_part_of_the_name(self, tmp_path):
        """
        A run is found by nothing, by its name, by either end of it, and by its path.
        """
        for name in ("20260101T000000Z-shop-1-aaaa", "20260102T000000Z-shop-2-bbbb"):
            start(tmp_path / name, {"format": FORMAT}, TickingClock(), sync=False).close()

        assert find(tmp_path).name.endswith("bbbb")
        assert find(tmp_path, "20260101").name.endswith("aaaa")
        assert find(tmp_path, "bbbb").name.endswith("bbbb")
        assert find(tmp_path, str(tmp_path / "20260101T000000Z-shop-1-aaaa")).name.endswith("aaaa")
        assert digest(b"") == "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


class TestLeaving:
    async def test_what_is_left_is_written(self, tmp_path):
        """
        Whoever leaves the process from another thread takes what was appended along, in whole lines.
        """
        journal = start(tmp_path / "run", {"format": FORMAT}, TickingClock(), sync=False)
        journal.append("RunStarted", "", {"run": "run"})
        end_all()

        assert ["RunStarted"] == [event.kind for event in Record(tmp_path / "run").events()]
        journal.close()
        end_all()

        assert ["RunStarted"] == [event.kind for event in Record(tmp_path / "run").events()]
