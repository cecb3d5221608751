"""A record leads to its result again, or the first place where it does not is named; however long it is."""

from __future__ import annotations

import shutil
import tracemalloc
from pathlib import Path

import pytest

from orchestrator.audit.replay import replay, verify
from orchestrator.errors import RecordBroken, ReplayDivergence
from orchestrator.journal.record import Record
from tests.cli.command import gonogo
from tests.forging import chain, cut, lengthen


@pytest.fixture(scope="module")
def genuine(reviewed_shop: Path) -> Path:
    return reviewed_shop


@pytest.fixture
def run(genuine: Path, tmp_path: Path) -> Path:
    """A copy that a test may do what it likes to."""
    return shutil.copytree(genuine, tmp_path / "runs" / genuine.name)


class TestReplay:
    def test_reproduces(self, genuine):
        """
        The same bytes, again and again.
        """
        assert replay(Record(genuine)) == replay(Record(genuine))

    @pytest.mark.parametrize("name", ["report.html", "verdict.json"])
    def test_diverges(self, run, name):
        """
        A file that the record does not lead to is a divergence: which, what stands there, what is derived, and where.
        """
        text = (run / name).read_text()
        at = text.index("ROLLBACK")
        (run / name).write_text(text.replace("ROLLBACK", "PRODUCTION READY", 1))

        with pytest.raises(ReplayDivergence) as caught:
            replay(Record(run))
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        assert f"{name}:{line}:{column}" == caught.value.where
        said, _, derived = caught.value.what.partition(", derived ")
        assert said.startswith(f"{name} is not what follows from the record: recorded '")
        assert "PRODUCTION READY" in said
        assert "ROLLBACK" in derived

    @pytest.mark.parametrize("name", ["report.html", "verdict.json"])
    def test_one_that_ends_early(self, run, name):
        """
        Of a file that was cut off it is said that nothing more stands there.
        """
        data = (run / name).read_bytes()
        (run / name).write_bytes(data[:-20])

        with pytest.raises(ReplayDivergence, match="recorded nothing more, derived '"):
            replay(Record(run))

    @pytest.mark.parametrize(
        ("name", "value", "said"),
        [
            ("verdict", "PRODUCTION READY", "verdict, recorded PRODUCTION READY, derived ROLLBACK"),
            ("exit_code", 0, "exit_code, recorded 0, derived 1"),
            ("score", 99.5, "score, recorded 99.5, derived "),
            ("assessments", "sha256:" + "0" * 64, "assessments, recorded sha256:" + "0" * 64 + ", derived sha256:"),
        ],
    )
    def test_another_verdict(self, run, name, value, said):
        """
        A verdict that the record does not lead to is named by what of it differs, and where it stands.
        """
        events = [(e.at, e.kind, e.node, e.data) for e in Record(run).events()]
        events[-2][3][name] = value
        chain(run, events)

        with pytest.raises(ReplayDivergence) as caught:
            replay(Record(run))
        assert f"journal.jsonl:{len(events) - 1}" == caught.value.where
        assert f"what follows from the record is not the result that it reached: {said}" in caught.value.what

    def test_without_a_verdict(self, run):
        """
        An unfinished run has nothing to replay; `verify` says so, and that a missing end cannot be told.
        """
        with pytest.raises(RecordBroken, match="not come to a verdict"):
            replay(Record(cut(run)))
        done = gonogo(run.parents[1], "verify")

        assert 0 == done.code, done.err
        said = "the run has not reached a verdict; --head, --key or --anchor show whether its end was cut off"
        assert f"- derived   {said}\n" in done.out


class TestStreaming:
    def test_memory(self, genuine, tmp_path):
        """
        Ten times the events, and blobs, take no more memory to verify and to replay.
        """
        peaks = []
        for count in (2_000, 20_000):
            run = lengthen(shutil.copytree(genuine, tmp_path / str(count)), count)
            verify(Record(run))
            tracemalloc.start()
            verify(Record(run))
            replay(Record(run))
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()

        assert peaks[1] <= 1.2 * peaks[0], peaks
