"""What was written down outside a run's folder tells when the folder holds another record, or less of it."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from orchestrator.anchoring import anchor, check
from orchestrator.errors import RecordBroken, RepositoryUnreadable, UnknownRevision, UsageError
from orchestrator.journal.record import Record
from orchestrator.planning import Request
from orchestrator.replaying import verify
from orchestrator.result import end
from orchestrator.review import review
from orchestrator.signing import generate, sign
from tests.forging import cut, forge
from tests.repositories import SHOP, git, repository, write


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("repos") / "shop", SHOP, {"NEWS": "more\n"})


@pytest.fixture(scope="module")
def finished(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asyncio.run(review(Request(path=str(original)), tmp_path_factory.mktemp("runs"), sync=False))


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / finished.name)


@pytest.fixture
def shop(original: Path, tmp_path: Path) -> Path:
    return shutil.copytree(original, tmp_path / "shop")


@pytest.fixture(params=["file", "note"])
def target(request: pytest.FixtureRequest, shop: Path, tmp_path: Path) -> str:
    return f"file:{tmp_path / 'anchors.jsonl'}" if request.param == "file" else f"note:{shop}"


class TestAnchor:
    def test_the_line(self, run):
        """
        One line of canonical JSON that names the run, where its record ends, and its verdict.
        """
        last = end(Record(run))

        assert {
            "format": "gonogo/anchor/1",
            "run": run.name,
            "head": last.head,
            "events": last.events,
            "verdict": "ROLLBACK",
        } == json.loads(anchor(Record(run), "stdout"))

    def test_once(self, run, target):
        """
        What is there already is not written again.
        """
        line = anchor(Record(run), target)

        assert line == anchor(Record(run), target)
        assert "anchor" == check(Record(run), target)[0]

    def test_beside_other_lines(self, run, tmp_path):
        """
        A file may hold whatever else, and its last line may lack its end.
        """
        log = tmp_path / "log"
        log.write_text('deployed\n{"format": 1}\n[]\nunfinished')
        line = anchor(Record(run), f"file:{log}")

        assert f'deployed\n{{"format": 1}}\n[]\nunfinished\n{line}\n' == log.read_text()
        assert check(Record(run), f"file:{log}")

    def test_a_note_and_nothing_else(self, run, shop):
        """
        Only one reference of the repository is new; branches, index and working tree are as they were.
        """
        before = (git(shop, "for-each-ref"), git(shop, "status", "--porcelain"), (shop / ".git/config").read_bytes())
        line = anchor(Record(run), f"note:{shop}")
        new = [ref for ref in git(shop, "for-each-ref").splitlines() if ref not in before[0].splitlines()]

        assert line == git(shop, "notes", "--ref", "gonogo", "show", "HEAD")
        assert ["refs/notes/gonogo"] == [ref.split()[-1] for ref in new]
        assert before[1:] == (git(shop, "status", "--porcelain"), (shop / ".git/config").read_bytes())

    def test_beside_other_notes(self, run, shop):
        """
        Notes that were there stay, also where git has spread them over folders.
        """
        first = git(shop, "rev-parse", "HEAD~1")
        blob = git(shop, "hash-object", "-w", "--stdin", text=b"by hand\n")
        inner = git(shop, "mktree", text=f"100644 blob {blob}\t{first[2:]}\n".encode())
        tree = git(shop, "mktree", text=f"040000 tree {inner}\t{first[:2]}\n".encode())
        git(shop, "update-ref", "refs/notes/gonogo", git(shop, "commit-tree", tree, "-m", "spread"))
        git(shop, "notes", "--ref", "gonogo", "add", "-m", "seen by Ann", "HEAD")
        line = anchor(Record(run), f"note:{shop}")

        assert "by hand" == git(shop, "notes", "--ref", "gonogo", "show", first)
        assert f"seen by Ann\n{line}" == git(shop, "notes", "--ref", "gonogo", "show", "HEAD")
        assert "3" == git(shop, "rev-list", "--count", "refs/notes/gonogo")

    def test_hooks_and_configuration_of_the_repository(self, run, shop, tmp_path):
        """
        Nothing that the repository brings is run, and a reference that leads to a branch moves no branch.
        """
        hook = shop / ".git/hooks/reference-transaction"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        hook.chmod(0o755)
        git(shop, "config", "core.editor", f"touch {tmp_path}/ran")
        git(shop, "config", "core.fsmonitor", f"touch {tmp_path}/ran")
        assert anchor(Record(run), f"note:{shop}")
        head = git(shop, "-c", "core.hooksPath=/dev/null", "rev-parse", "main")
        assert not (tmp_path / "ran").exists()
        (shop / ".git/refs/notes/gonogo").write_text("ref: refs/heads/main\n")

        with pytest.raises(RepositoryUnreadable, match="what is no note"):
            anchor(Record(run), f"note:{shop}")
        assert head == git(shop, "-c", "core.hooksPath=/dev/null", "rev-parse", "main")

    def test_refused(self, run, shop, tmp_path):
        """
        A place that is none, a repository without the commit, a run without one, and a record that is unfinished.
        """
        write(tmp_path / "plain", SHOP)
        plain = asyncio.run(review(Request(path=str(tmp_path / "plain")), tmp_path / "runs", sync=False))

        for place in ("", "file", "file:", "note:", "http://example.com", str(tmp_path)):
            with pytest.raises(UsageError, match="no place for an anchor"):
                anchor(Record(run), place)
        with pytest.raises(UsageError, match="cannot be written"):
            anchor(Record(run), f"file:{tmp_path}/nowhere/anchors")
        with pytest.raises(UnknownRevision):
            anchor(Record(run), f"note:{repository(tmp_path / 'other', {'a': 'b'})}")
        with pytest.raises(RepositoryUnreadable):
            anchor(Record(run), f"note:{tmp_path / 'plain'}")
        with pytest.raises(UsageError, match="reviewed no commit"):
            anchor(Record(plain), f"note:{shop}")
        with pytest.raises(RecordBroken, match="not come to a verdict"):
            anchor(Record(cut(run)), "stdout")


class TestCheck:
    def test_an_end_cut_off(self, run, target):
        """
        A record that lost its end still holds together; the anchor knows how long it was.
        """
        anchor(Record(run), target)
        cut(run)

        assert verify(Record(run))
        with pytest.raises(RecordBroken, match="lost its end"):
            check(Record(run), target)

    def test_a_forged_record(self, run, target):
        """
        A record written anew ends in another head.
        """
        anchor(Record(run), target)
        forge(run)

        assert verify(Record(run))
        with pytest.raises(RecordBroken, match="head was sha256:"):
            check(Record(run), target)

    def test_a_forged_record_anchored_again(self, run, target):
        """
        A second line does not outvote the first.
        """
        anchor(Record(run), target)
        anchor(Record(forge(run)), target)

        with pytest.raises(RecordBroken, match="not the one that was anchored"):
            check(Record(run), target)

    def test_never_anchored(self, run, target):
        """
        Whoever asks for an anchor is not content without one.
        """
        with pytest.raises((RecordBroken, UsageError), match=r"no anchor|not there"):
            check(Record(run), target)

    def test_a_statement_taken_away(self, run, target, tmp_path):
        """
        An anchor of a signed run holds its statement too; one from before it was signed still counts.
        """
        anchor(Record(run), target)
        path = sign(Record(run), generate(tmp_path / "a.key").private)
        assert check(Record(run), target)
        anchor(Record(run), target)
        assert check(Record(run), target)
        data = path.read_bytes()
        path.write_bytes(data + b"\n")
        with pytest.raises(RecordBroken, match="is not the one that was anchored"):
            check(Record(run), target)
        path.unlink()

        with pytest.raises(RecordBroken, match="is gone"):
            check(Record(run), target)
