"""What was written down outside a run's folder tells when the folder holds another record, or less of it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from orchestrator.audit.anchoring import anchor, check
from orchestrator.audit.replay import verify
from orchestrator.audit.signing import generate, sign
from orchestrator.commands.review import review
from orchestrator.conclusion import rendering
from orchestrator.errors import (
    RecordBroken,
    RepositoryUnreadable,
    UnknownRevision,
    UsageError,
)
from orchestrator.journal.record import Record
from orchestrator.planning.plan import Request
from tests.forging import cut, forge
from tests.repositories import SHOP, git, repository, write


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("repos") / "shop", SHOP, {"NEWS": "more\n"})


@pytest.fixture(scope="module")
def finished(original: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asyncio.run(review(Request(path=str(original)), tmp_path_factory.mktemp("runs"), sync=False)).folder


@pytest.fixture
def run(finished: Path, tmp_path: Path) -> Path:
    return shutil.copytree(finished, tmp_path / finished.name)


@pytest.fixture
def shop(original: Path, tmp_path: Path) -> Path:
    return shutil.copytree(original, tmp_path / "shop")


@pytest.fixture(params=["file", "note", "tag"])
def target(request: pytest.FixtureRequest, shop: Path, tmp_path: Path) -> str:
    return f"file:{tmp_path / 'anchors.jsonl'}" if request.param == "file" else f"{request.param}:{shop}"


class TestAnchor:
    def test_the_line(self, run):
        """
        One line of canonical JSON that names the run, where its record ends, and its verdict.
        """
        last = rendering.finished(Record(run)).end

        assert {
            "format": "gonogo/anchor/1",
            "run": run.name,
            "head": last.head,
            "events": last.events,
            "verdict": "ROLLBACK",
        } == json.loads(anchor(Record(run), "stdout").line)

    def test_once(self, run, target):
        """
        What is there already is not written again.
        """
        line = anchor(Record(run), target).line

        assert line == anchor(Record(run), target).line
        assert "anchor" == check(Record(run), target)[0]

    def test_beside_other_lines(self, run, tmp_path):
        """
        A file may hold whatever else, and its last line may lack its end.
        """
        log = tmp_path / "log"
        log.write_text('deployed\n{"format": 1}\n[]\nunfinished')
        line = anchor(Record(run), f"file:{log}").line

        assert f'deployed\n{{"format": 1}}\n[]\nunfinished\n{line}\n' == log.read_text()
        assert check(Record(run), f"file:{log}")

    def test_a_note_and_nothing_else(self, run, shop):
        """
        Only one reference of the repository is new; branches, index and working tree are as they were.
        """
        before = (git(shop, "for-each-ref"), git(shop, "status", "--porcelain"), (shop / ".git/config").read_bytes())
        line = anchor(Record(run), f"note:{shop}").line
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
        line = anchor(Record(run), f"note:{shop}").line

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

        with pytest.raises(RepositoryUnreadable, match="that is not a note"):
            anchor(Record(run), f"note:{shop}")
        assert head == git(shop, "-c", "core.hooksPath=/dev/null", "rev-parse", "main")

    def test_refused(self, run, shop, tmp_path):
        """
        A place that is none, a repository without the commit, a run without one, and a record that is unfinished.
        """
        write(tmp_path / "plain", SHOP)
        plain = asyncio.run(review(Request(path=str(tmp_path / "plain")), tmp_path / "runs", sync=False)).folder

        for place in ("", "file", "file:", "note:", "tag", "tag:", "http://example.com", str(tmp_path)):
            with pytest.raises(UsageError, match="is not a place for an anchor"):
                anchor(Record(run), place)
        with pytest.raises(UsageError, match="cannot be written"):
            anchor(Record(run), f"file:{tmp_path}/nowhere/anchors")
        other = repository(tmp_path / "other", {"a": "b"})
        for kind in ("note", "tag"):
            with pytest.raises(UnknownRevision):
                anchor(Record(run), f"{kind}:{other}")
            with pytest.raises(RepositoryUnreadable):
                anchor(Record(run), f"{kind}:{tmp_path / 'plain'}")
            with pytest.raises(UsageError, match="reviewed no commit"):
                anchor(Record(plain), f"{kind}:{shop}")
        assert "" == git(other, "for-each-ref", "refs/notes", "refs/tags")
        assert not (run / "anchors.jsonl").exists()
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

    def test_a_second_signature(self, run, target, tmp_path):
        """
        What is added to a statement after it was anchored takes nothing from the anchor; what is taken out does.
        """
        keys = [generate(tmp_path / f"{name}.key").private for name in ("ann", "bob", "eve")]
        path = sign(Record(run), keys[0])
        anchor(Record(run), target)
        first = path.read_bytes()
        sign(Record(run), keys[1])
        assert check(Record(run), target)[1].endswith("; 1 signature was added to the statement since")
        sign(Record(run), keys[2])
        assert check(Record(run), target)[1].endswith("; 2 signatures were added to the statement since")
        anchor(Record(run), target)
        assert check(Record(run), target)[1].endswith(" events")
        path.write_bytes(first)

        with pytest.raises(RecordBroken, match="is not the one that was anchored"):
            check(Record(run), target)


class TestTag:
    def test_what_it_is(self, run, shop):
        """
        An annotated tag on the reviewed commit, named after the run, whose message is the line; nothing else is new.
        """
        before = (git(shop, "for-each-ref"), git(shop, "status", "--porcelain"), (shop / ".git/config").read_bytes())
        done = anchor(Record(run), f"tag:{shop}")
        new = [ref for ref in git(shop, "for-each-ref").splitlines() if ref not in before[0].splitlines()]

        assert done.line == git(shop, "tag", "--list", "--format=%(contents)", f"gonogo/{run.name}")
        assert git(shop, "rev-parse", "HEAD") == git(shop, "rev-parse", f"gonogo/{run.name}^{{commit}}")
        assert [f"refs/tags/gonogo/{run.name}"] == [ref.split()[-1] for ref in new]
        assert before[1:] == (git(shop, "status", "--porcelain"), (shop / ".git/config").read_bytes())
        assert "" == git(shop, "fsck", "--strict")

    def test_is_never_moved(self, run, shop, tmp_path):
        """
        What there is to say later goes into a second tag; the first one stays what it was.
        """
        anchor(Record(run), f"tag:{shop}")
        first = git(shop, "rev-parse", f"refs/tags/gonogo/{run.name}")
        sign(Record(run), generate(tmp_path / "a.key").private)
        anchor(Record(run), f"tag:{shop}")
        anchor(Record(run), f"tag:{shop}")

        assert first == git(shop, "rev-parse", f"refs/tags/gonogo/{run.name}")
        assert [f"gonogo/{run.name}", f"gonogo/{run.name}.2"] == git(shop, "tag", "--list").splitlines()

    @pytest.mark.parametrize("kind", ["lightweight", "of-another-commit", "renamed", "of-a-tree", "huge"])
    def test_that_is_no_anchor(self, run, shop, kind):
        """
        A tag of that name that somebody else has made is named; it is not taken for an anchor, nor moved.
        """
        name = f"gonogo/{run.name}"
        anchor(Record(run), f"tag:{shop}")
        git(shop, "tag", "kept", name)
        message = git(shop, "tag", "--list", "--format=%(contents)", name)
        git(shop, "tag", "-d", name)
        if kind == "lightweight":
            git(shop, "tag", name)
        elif kind == "of-another-commit":
            git(shop, "tag", "-a", "-m", message, name, "HEAD~1")
        elif kind == "renamed":
            git(shop, "update-ref", f"refs/tags/{name}.2", git(shop, "rev-parse", "refs/tags/kept"))
        elif kind == "of-a-tree":
            git(shop, "tag", "-a", "-m", message, name, "HEAD^{tree}")
        else:
            (shop / "message").write_text(message + "\n" + "x" * (1 << 20))
            git(shop, "tag", "-a", "-F", "message", name)
        before = git(shop, "for-each-ref")

        for ask in (check, anchor):
            with pytest.raises(RepositoryUnreadable, match=r"is not an anchor: |is too large"):
                ask(Record(run), f"tag:{shop}")
        assert before == git(shop, "for-each-ref")

    @pytest.mark.parametrize("order", [1, -1])
    def test_with_several_heads(self, run, shop, order):
        """
        A message that names two heads of the run holds neither, whichever comes first.
        """
        lines = [anchor(Record(run), "stdout").line]
        lines.append(lines[0].replace(json.loads(lines[0])["head"], "sha256:" + "6a36" * 16))
        git(shop, "tag", "-a", "-m", "\n".join(lines[::order]), f"gonogo/{run.name}")

        with pytest.raises(RecordBroken, match="not the one that was anchored: head"):
            check(Record(run), f"tag:{shop}")

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-7"])
    def test_in_another_encoding(self, run, shop, encoding):
        """
        A message that git is told to recode says nothing here: bytes are read as they are.
        """
        line = anchor(Record(run), "stdout").line
        body = line.encode("utf-16-be").replace(b"\0", b"") if encoding == "utf-7" else line.encode(encoding)
        body = b"+AHs-" + body[1:] if encoding == "utf-7" else body
        commit = git(shop, "rev-parse", "HEAD")
        head = f"object {commit}\ntype commit\ntag gonogo/{run.name}\ntagger a <a@b> 1 +0000\nencoding {encoding}\n\n"
        tag = git(shop, "hash-object", "-t", "tag", "-w", "--literally", "--stdin", text=head.encode() + body)
        git(shop, "update-ref", f"refs/tags/gonogo/{run.name}", tag)

        with pytest.raises(RecordBroken, match="no anchor of run"):
            check(Record(run), f"tag:{shop}")

    def test_beside_those_of_other_runs(self, run, shop):
        """
        Names that only begin like the run's are other runs'.
        """
        for name in (f"gonogo/{run.name}0", f"gonogo/{run.name}.x", f"gonogo/{run.name}.1", "gonogo/x"):
            git(shop, "tag", name)
        anchor(Record(run), f"tag:{shop}")

        assert check(Record(run), f"tag:{shop}")

    def test_of_a_run_that_no_tag_can_be_named_after(self, run, shop):
        """
        A run's name is anybody's, and leads to no other reference.
        """
        for name in ("../heads/main", "a..b", "a b", "-d", "x.lock/y", "a*"):
            manifest = json.loads((run / "run.json").read_bytes())
            (run / "run.json").write_text(json.dumps(manifest | {"run": name}))
            with pytest.raises(UsageError, match="no tag can be named"):
                check(Record(run), f"tag:{shop}")

    def test_hooks_and_configuration_of_the_repository(self, run, shop, tmp_path):
        """
        Nothing that the repository brings is run, neither to write nor to read.
        """
        hook = shop / ".git/hooks/reference-transaction"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
        hook.chmod(0o755)
        for name in ("core.editor", "core.fsmonitor", "gpg.program", "core.pager"):
            git(shop, "config", name, f"touch {tmp_path}/ran")
        git(shop, "config", "tag.gpgSign", "true")

        assert anchor(Record(run), f"tag:{shop}")
        assert check(Record(run), f"tag:{shop}")
        assert not (tmp_path / "ran").exists()


class TestElsewhere:
    def test_pushed_and_fetched(self, run, shop, tmp_path):
        """
        Neither notes nor new tags come along by themselves; the commands that the messages name bring them.
        """
        git(tmp_path, "clone", "-q", "--bare", str(shop), "origin.git")
        git(tmp_path, "clone", "-q", "origin.git", "theirs")
        git(shop, "remote", "add", "origin", str(tmp_path / "origin.git"))
        for kind in ("note", "tag"):
            done = anchor(Record(run), f"{kind}:{shop}")
            git(shop, *shlex.split(done.push)[1:])
            with pytest.raises(RecordBroken, match="no anchor of run") as caught:
                check(Record(run), f"{kind}:{tmp_path / 'theirs'}")
            fetch = re.findall("`(git fetch [^`]+)`", caught.value.remedy)
            assert fetch
            git(tmp_path / "theirs", *shlex.split(fetch[0])[1:])

            assert check(Record(run), f"{kind}:{tmp_path / 'theirs'}")


class TestNoted:
    def test_where_it_was_anchored(self, run, target):
        """
        Beside the record stands where its head was written, once for each place and line; printing it writes nothing.
        """
        line = anchor(Record(run), target).line
        anchor(Record(run), target)
        anchor(Record(run), "stdout")

        assert [{"anchor": json.loads(line), "to": target}] == [
            json.loads(noted) for noted in (run / "anchors.jsonl").read_text().splitlines()
        ]
        assert verify(Record(run))

    @pytest.mark.parametrize("kind", ["link", "pipe"])
    def test_what_lies_in_its_place(self, run, tmp_path, kind):
        """
        A link is not followed and a pipe not waited for; such a record is not anchored.
        """
        if kind == "link":
            (run / "anchors.jsonl").symlink_to(tmp_path / "elsewhere")
        else:
            os.mkfifo(run / "anchors.jsonl")

        with pytest.raises(RecordBroken):
            anchor(Record(run), f"file:{tmp_path / 'anchors'}")
        assert not (tmp_path / "elsewhere").exists()
        assert not (tmp_path / "anchors").exists()
