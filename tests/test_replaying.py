"""A record is genuine or it is not: every changed byte of a run's folder is found, and nothing but that is raised."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from orchestrator.errors import RecordBroken, ReplayDivergence
from orchestrator.journal.record import Record
from orchestrator.planning import Request
from orchestrator.replaying import replay, verify
from orchestrator.review import review
from tests.repositories import SHOP, repository


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = repository(tmp_path_factory.mktemp("repos") / "shop", SHOP)
    return asyncio.run(review(Request(path=str(shop)), tmp_path_factory.mktemp("runs"), sync=False))


class TestTampering:
    @pytest.mark.parametrize("name", ["run.json", "journal.jsonl", "verdict.json", "report.html"])
    def test_every_sampled_byte(self, run, tmp_path, name):
        """
        Flipping a bit anywhere in what the run wrote is found by `verify`.
        """
        copy = shutil.copytree(run, tmp_path / run.name)
        data = (copy / name).read_bytes()
        step = max(len(data) // 60, 1)
        for at in range(0, len(data), step):
            changed = bytearray(data)
            changed[at] ^= 1
            (copy / name).write_bytes(bytes(changed))
            with pytest.raises(RecordBroken):
                verify(Record(copy))
        (copy / name).write_bytes(data)

        assert verify(Record(copy))

    def test_every_blob(self, run, tmp_path):
        """
        A changed, a missing and an added blob are found.
        """
        copy = shutil.copytree(run, tmp_path / run.name)
        for blob in sorted((copy / "blobs").iterdir()):
            data = blob.read_bytes()
            blob.write_bytes(data[:-1])
            with pytest.raises(RecordBroken):
                verify(Record(copy))
            blob.unlink()
            with pytest.raises(RecordBroken):
                verify(Record(copy))
            blob.write_bytes(data)
        (copy / "blobs" / ("0" * 64)).write_bytes(b"other")

        with pytest.raises(RecordBroken):
            verify(Record(copy))

    def test_truncated_at_every_line(self, run, tmp_path):
        """
        A journal that lost its tail no longer leads to the verdict beside it.
        """
        copy = shutil.copytree(run, tmp_path / run.name)
        lines = (copy / "journal.jsonl").read_bytes().splitlines(keepends=True)
        head = verify(Record(run))[0][1].rpartition(" ")[2]
        for count in range(1, len(lines)):
            (copy / "journal.jsonl").write_bytes(b"".join(lines[:count]))
            with pytest.raises(RecordBroken):
                verify(Record(copy), head)


class TestReplay:
    def test_reproduces(self, run):
        """
        The same bytes, again and again.
        """
        assert replay(Record(run)) == replay(Record(run))

    def test_diverges(self, run, tmp_path):
        """
        A report that the record does not lead to is a divergence, with its place.
        """
        copy = shutil.copytree(run, tmp_path / run.name)
        report = copy / "report.html"
        report.write_text(report.read_text().replace("ROLLBACK", "PRODUCTION READY"))

        with pytest.raises(ReplayDivergence) as caught:
            replay(Record(copy))
        assert caught.value.where.startswith("report.html:")
