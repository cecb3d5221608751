"""Runs are cleared away, but for those that somebody holds or vouches for."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from pathlib import Path

import pytest

from orchestrator.audit.prune import choose, delete
from orchestrator.journal.exclusive import alone
from orchestrator.journal.holds import hold
from tests.cli.command import gonogo

LAST = "20260103T000000Z-shop-1-0003"


@pytest.fixture(scope="module")
def runs(two_runs: Path) -> list[Path]:
    return sorted(p for p in (two_runs / "runs").iterdir() if p.is_dir())


class TestPrune:
    @pytest.fixture
    def many(self, runs: list[Path], tmp_path: Path) -> Path:
        """Five runs of one release, the fourth unfinished."""
        folder = tmp_path / "runs"
        for number in range(1, 6):
            copy = shutil.copytree(runs[0], folder / f"2026010{number}T000000Z-shop-1-000{number}")
            if number == 4:
                lines = (copy / "journal.jsonl").read_bytes().splitlines(keepends=True)
                (copy / "journal.jsonl").write_bytes(b"".join(lines[:-1]))
        return folder

    def left(self, folder: Path) -> str:
        return "".join(p.name[7] for p in sorted(folder.iterdir()))

    def test_keeps_the_newest(self, many):
        """
        The oldest finished runs go; what would go is what goes.
        """
        said = gonogo(many.parent, "runs", "prune", "--keep", "2", "--dry-run")
        assert "12345" == self.left(many)
        done = gonogo(many.parent, "runs", "prune", "--keep", "2")

        assert 0 == done.code, done.err
        assert "345" == self.left(many)
        assert done.out == said.out.replace("would delete ", "deleted      ").replace("to delete", "deleted")

    def test_unfinished(self, many):
        """
        An unfinished run goes only when asked for, and where a newer finished one is there.
        """
        assert 0 == gonogo(many.parent, "runs", "prune", "--keep", "3", "--unfinished").code
        assert "235" == self.left(many)
        shutil.rmtree(many / "20260105T000000Z-shop-1-0005")
        lone = many / "20260102T000000Z-shop-1-0002"
        (lone / "journal.jsonl").write_bytes((lone / "journal.jsonl").read_bytes().rpartition(b"{")[0])

        assert [c.folder.name[7] for c in choose(many, 1, unfinished=True) if c.delete] == ["2"]

    @pytest.mark.parametrize("name", ["lock", "journal.jsonl"])
    def test_a_driven_run_stays(self, many, name):
        """
        A run that somebody drives is left alone, even if they began after it was chosen.
        """
        oldest = many / "20260101T000000Z-shop-1-0001"
        with (oldest / name).open("r+b") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            done = gonogo(many.parent, "runs", "prune", "--keep", "1")
            assert delete(oldest) is False

        assert re.search(r"keep .*0001  is being driven", done.out)
        assert "145" == self.left(many)

    def test_what_cannot_be_read_stays(self, many):
        """
        A damaged run and a link are never deleted.
        """
        (many / "20260101T000000Z-shop-1-0001" / "journal.jsonl").write_text("{}\n")
        (many / "20260100T000000Z-shop-1-0000").symlink_to(many / "20260102T000000Z-shop-1-0002")
        done = gonogo(many.parent, "runs", "prune", "--keep", "1")

        assert "cannot be read" in done.out
        assert "is a link" in done.out
        assert "0145" == self.left(many)

    def test_the_folder_that_was_named(self, many, tmp_path):
        """
        `--runs` counts before and after `prune`, and another release's runs are counted apart.
        """
        elsewhere = many.rename(tmp_path / "kept")
        other = elsewhere / "20260101T000000Z-shop-1-0001" / "run.json"
        other.write_bytes(other.read_bytes().replace(b'"name":"shop"', b'"name":"till"'))
        assert 0 == gonogo(tmp_path, "runs", "--runs", "kept", "prune", "--keep", "2").code
        assert "1345" == self.left(elsewhere)
        assert 0 == gonogo(tmp_path, "runs", "prune", "--keep", "1", "--runs", "kept").code
        assert "145" == self.left(elsewhere)
        assert 2 == gonogo(tmp_path, "runs", "prune", "--keep", "0").code
        assert 2 == gonogo(tmp_path, "runs", "prune").code

    @pytest.mark.parametrize(
        ("beside", "because"),
        [
            ("statement.dsse.json", "is signed"),
            ("statement.tsr", "has a timestamp"),
            ("statement.17.tsr", "has a timestamp"),
            ("anchors.jsonl", "is anchored"),
        ],
    )
    @pytest.mark.parametrize("kind", ["file", "link", "folder"])
    def test_what_somebody_vouches_for_stays(self, many, beside, because, kind):
        """
        A run that is signed, timestamped or anchored is kept, whatever lies there, and the list says so.
        """
        place = many / "20260101T000000Z-shop-1-0001" / beside
        if kind == "file":
            place.write_bytes(b"{}")
        elif kind == "link":
            place.symlink_to("nowhere")
        else:
            place.mkdir()
        done = gonogo(many.parent, "runs", "prune", "--keep", "1", "--unfinished")

        assert re.search(rf"keep .*0001  {because}\n", done.out)
        assert "15" == self.left(many)
        assert because in gonogo(many.parent, "runs").out.splitlines()[0]
        assert [because, ""] == [row["kept"] for row in gonogo(many.parent, "runs", "--format", "json").json]

    def test_what_is_like_it_goes(self, many):
        """
        Names that only look like those of a statement or a timestamp keep nothing.
        """
        for name in ("statement.1.tsr", "statement.100.tsr", "statement.tsr.bak", "statement.json", ".anchors.jsonl"):
            (many / "20260101T000000Z-shop-1-0001" / name).write_bytes(b"{}")
        assert 0 == gonogo(many.parent, "runs", "prune", "--keep", "1").code

        assert "45" == self.left(many)

    def test_what_is_signed_meanwhile_stays(self, many):
        """
        A run that was chosen, and is then signed or held, is not deleted; while it is being signed neither.
        """
        first, second, third = (many / f"2026010{n}T000000Z-shop-1-000{n}" for n in (1, 2, 3))
        assert [first, second, third] == [c.folder for c in choose(many, 1) if c.delete]
        (first / "statement.dsse.json").write_bytes(b"{}")
        hold(second, "", "2026-01-01T00:00:00.000000Z")
        with alone(third):
            assert delete(third) is False

        assert [False, False, True] == [delete(folder) for folder in (first, second, third)]


class TestHold:
    @pytest.fixture
    def work(self, runs: list[Path], tmp_path: Path) -> Path:
        """A folder with three runs of one release."""
        for number in (1, 2, 3):
            shutil.copytree(runs[0], tmp_path / "runs" / f"2026010{number}T000000Z-shop-1-000{number}")
        return tmp_path

    def left(self, work: Path) -> str:
        return "".join(sorted(p.name[7] for p in (work / "runs").iterdir() if (p / "run.json").is_file()))

    def test_keeps_a_run(self, work):
        """
        A run that is held stays, is marked in the list, and goes once it is no longer held.
        """
        done = gonogo(work, "runs", "hold", "0001", "--reason", "audit of May")
        assert (0, "") == (done.code, done.out)
        name = "20260101T000000Z-shop-1-0001"
        assert f"{name} is held; `gonogo runs unhold {name}` ends that\n" == done.err
        before = sorted(p.name for p in (work / "runs" / name).iterdir())
        assert "is held: audit of May" in gonogo(work, "runs").out.splitlines()[0]
        assert "is held: audit of May\n" in gonogo(work, "runs", "prune", "--keep", "1").out
        assert "13" == self.left(work)
        assert before == sorted(p.name for p in (work / "runs" / name).iterdir())
        assert "is no longer held" in gonogo(work, "runs", "unhold", "0001").err
        assert 0 == gonogo(work, "runs", "prune", "--keep", "1").code

        assert "3" == self.left(work)

    def test_twice(self, work):
        """
        The first reason stands; holding it again, or letting go of what is not held, is not a mistake.
        """
        assert 0 == gonogo(work, "runs", "hold", "0001", "--reason", "first").code
        done = gonogo(work, "runs", "hold", "0001", "--reason", "second")
        assert (0, True) == (done.code, "held already: first" in done.err)
        for said in ("is no longer held", "was not held"):
            done = gonogo(work, "runs", "unhold", "0001")
            assert (0, True) == (done.code, said in done.err)

    def test_the_folder_that_was_named(self, work):
        """
        `--runs` counts before and after the word, and a run can be named by its path.
        """
        (work / "runs").rename(work / "kept")
        for words in (("--runs", "kept", "hold", "0001"), ("hold", "--runs", "kept", "0002"), ("hold", "kept/" + LAST)):
            assert 0 == gonogo(work, "runs", *words).code

        assert 3 == len(list((work / "kept").glob("*.hold")))
        assert 2 == gonogo(work, "runs", "--runs", "kept", "hold", "nothing").code

    @pytest.mark.parametrize("kind", ["link", "pipe", "folder", "nonsense", "huge"])
    def test_whatever_lies_there_holds(self, work, kind):
        """
        What lies in the place of a hold is neither followed nor waited for, and keeps the run.
        """
        outside = work / "outside"
        said = {"run": "x", "since": "", "reason": "theirs" * (100_000 if kind == "huge" else 1)}
        outside.write_text(json.dumps(said))
        place = work / "runs" / "20260101T000000Z-shop-1-0001.hold"
        if kind == "link":
            place.symlink_to(outside)
        elif kind == "pipe":
            os.mkfifo(place)
        elif kind == "folder":
            place.mkdir()
        else:
            place.write_bytes(outside.read_bytes() if kind == "huge" else b"[" * 10)
        why = "is held: 20260101T000000Z-shop-1-0001.hold cannot be read"

        assert why in gonogo(work, "runs").out.splitlines()[0]
        assert why in gonogo(work, "runs", "prune", "--keep", "1").out
        assert "held already" in gonogo(work, "runs", "hold", "0001").err
        done = gonogo(work, "runs", "unhold", "0001")
        assert (2 if kind == "folder" else 0) == done.code
        assert ("cannot be taken away" if kind == "folder" else "is no longer held") in done.err
        assert said == json.loads(outside.read_text())
        assert "13" == self.left(work)

    def test_a_secret_in_the_reason(self, work):
        """
        A reason passes the same door as everything else that is written down.
        """
        token = "ghp_" + "0123456789abcdefghij0123456789ABCDEF"[:36]
        assert 0 == gonogo(work, "runs", "hold", "0001", "--reason", f"see {token}").code

        assert token.encode() not in (work / "runs" / "20260101T000000Z-shop-1-0001.hold").read_bytes()
        assert token not in gonogo(work, "runs").out
