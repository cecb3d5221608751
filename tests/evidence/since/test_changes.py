"""What changed between a base and the reviewed tree, as git tells it and within limits."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from orchestrator.domain.base import Base
from orchestrator.evidence.facts.changes import Changed, Changes
from orchestrator.evidence.since import changes
from orchestrator.evidence.snapshot import open_snapshot
from tests.repositories import git, repository, write


def since(repo: Path, base: str = "HEAD~1", *, worktree: bool = False) -> Changes:
    """What changed in *repo* since *base*."""
    snapshot = open_snapshot(repo, worktree=worktree)
    commit = git(repo, "rev-parse", base)
    release = snapshot.release.model_copy(update={"base": Base(commit=commit, name=base, chosen="given")})
    return changes(replace(snapshot, release=release))


def lines(*texts: str) -> str:
    return "".join(f"{text}\n" for text in texts)


TEN = lines(*(f"line {n}" for n in range(1, 11)))


class TestLines:
    def test_added_changed_and_removed(self, tmp_path):
        """
        Lines of the reviewed tree that were added or changed are told; a file that is the same is not mentioned.
        """
        was = {"a.txt": TEN, "same.txt": TEN, "cut.txt": TEN}
        now = {
            "a.txt": TEN.replace("line 3\n", "line three\nand more\n") + "line 11\n",
            "cut.txt": TEN.replace("line 5\n", ""),
            "fresh.txt": "x\n",
        }
        found = since(repository(tmp_path / "shop", was, now))

        assert (
            Changed(path="a.txt", added=((3, 4), (12, 12)), near=((1, 13),), lost=True),
            Changed(path="cut.txt", near=((1, 10),), lost=True),
            Changed(path="fresh.txt", whole=True),
        ) == found.files
        assert () == found.gone
        assert found.told
        assert not found.nothing

    def test_nothing(self, tmp_path):
        """
        A release that changes nothing has nothing new.
        """
        found = since(repository(tmp_path / "shop", {"a": "1"}, {}))

        assert found.nothing
        assert found.was_there("a")

    def test_renamed(self, tmp_path):
        """
        A file that was moved is compared with its former self, as git sees it; one that is gone is named.
        """
        repo = repository(tmp_path / "shop", {"old/a.py": TEN, "old/b.py": "x = 1\n"})
        (repo / "new").mkdir()
        git(repo, "mv", "old/a.py", "new/a.py")
        git(repo, "rm", "--quiet", "old/b.py")
        write(repo, {"new/a.py": TEN + "line 11\n"})
        git(repo, "commit", "--quiet", "-am", "move")
        found = since(repo)

        assert ("old/b.py",) == found.gone
        assert [("new/a.py", "old/a.py", ((11, 11),))] == [(f.path, f.before, f.added) for f in found.files]
        assert found.was_there("new/a.py")
        assert not since(repository(tmp_path / "other", {"a": "1"}, {"b": "2" * 400})).was_there("b")

    def test_moved_and_nothing_else(self, tmp_path):
        """
        A file that only has another name has no new line.
        """
        repo = repository(tmp_path / "shop", {"a.py": TEN})
        git(repo, "mv", "a.py", "b.py")
        git(repo, "commit", "--quiet", "-am", "move")

        assert (Changed(path="b.py", before="a.py"),) == since(repo).files

    @pytest.mark.parametrize(
        ("was", "now", "added"),
        [
            ("a\nb", "a\nb\n", ()),
            ("a\nb", "a\nb\nc", ((3, 3),)),
            ("a\n--- x\n+++ y\n", "a\n--- x\n+++ z\n", ((3, 3),)),
            ("a\n", "a\ndiff --git a/1 b/1\n+++ b/0\n@@ -1 +1 @@\nb\n", ((2, 5),)),
            ("diff --git a/1 b/1\n--- a/9\nb\n", "b\n", ()),
            ("a\r\nb\r\n", "a\r\nb\r\nc\r\n", ((3, 3),)),
            ("a\x0c\nb\n", "a\x0c\nc\n", ((2, 2),)),
            ("", "a\n", ((1, 1),)),
        ],
    )
    def test_what_lines_look_like(self, tmp_path, was, now, added):
        """
        A line can look like a part of a difference, and a file can lack its last end of line.
        """
        files = since(repository(tmp_path / "shop", {"x.txt": was, "y.txt": "1"}, {"x.txt": now, "y.txt": "2"})).files

        assert added == files[0].added
        assert [("x.txt", False), ("y.txt", False)] == [(file.path, file.whole) for file in files]

    def test_nothing_of_the_repository_has_a_say(self, tmp_path):
        """
        Attributes that call a program binary, or hand it to a driver, hide no line.
        """
        attributes = "*.py -diff -text diff=nothing filter=nothing\n"
        repo = repository(
            tmp_path / "shop", {"a.py": TEN, ".gitattributes": attributes}, {"a.py": TEN.replace("line 2", "x = 1")}
        )
        git(repo, "config", "diff.nothing.command", "false")
        git(repo, "config", "filter.nothing.clean", "false")

        assert [("a.py", ((2, 2),))] == [(file.path, file.added) for file in since(repo).files]

    def test_utf_16(self, tmp_path):
        """
        A file from Windows is compared as it is read.
        """
        was, now = TEN.encode("utf-16"), TEN.replace("line 7", "seven").encode("utf-16")

        assert [((7, 7),)] == [
            file.added for file in since(repository(tmp_path / "shop", {"a.txt": was}, {"a.txt": now})).files
        ]


class TestWorktree:
    def test_is_compared_by_content(self, tmp_path):
        """
        Files as they lie there are compared with the commit, whatever was committed since; a touched one is the same.
        """
        repo = repository(tmp_path / "shop", {"a.txt": TEN, "b.txt": "b\n", "c.txt": "c\n"}, {"c.txt": "see\n"})
        write(repo, {"a.txt": TEN.replace("line 4", "LINE 4"), "b.txt": "b\n", "d.txt": "d\n"})
        found = since(repo, worktree=True)

        assert [
            ("a.txt", False, ((4, 4),)),
            ("c.txt", False, ((1, 1),)),
            ("d.txt", True, ()),
        ] == [(file.path, file.whole, file.added) for file in found.files]
        assert since(repo, "HEAD", worktree=True).by_path.keys() == {"a.txt", "d.txt"}


class TestUntold:
    def test_without_a_base(self, tmp_path):
        """
        Where nothing is compared the reason is kept.
        """
        snapshot = open_snapshot(repository(tmp_path / "shop", {"a": "1"}))
        release = snapshot.release.model_copy(update={"base": Base(reason="the clone is shallow")})

        assert "the clone is shallow" == changes(replace(snapshot, release=release)).reason
        assert not changes(snapshot).told
        assert changes(snapshot).was_there("a") is None

    def test_a_plain_directory(self, tmp_path):
        """
        A folder has no history.
        """
        write(tmp_path / "shop", {"a": "1"})

        assert "a plain directory has no history" == changes(open_snapshot(tmp_path / "shop")).reason

    def test_an_object_that_is_not_here(self, tmp_path):
        """
        Of a file whose former content this clone lacks it is not told which lines changed.
        """
        repo = repository(tmp_path / "shop", {"a.txt": TEN, "b.txt": "b\n"}, {"a.txt": TEN + "x\n", "b.txt": "c\n"})
        oid = git(repo, "rev-parse", "HEAD~1:a.txt")
        (repo / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
        files = since(repo).files

        assert [("a.txt", True), ("b.txt", False)] == [(file.path, bool(file.untold)) for file in files]

    def test_a_base_that_is_not_here(self, tmp_path):
        """
        Of a base whose tree is missing nothing is told.
        """
        repo = repository(tmp_path / "shop", {"a": "1"}, {"a": "2"})
        oid = git(repo, "rev-parse", "HEAD~1^{tree}")
        (repo / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
        found = since(repo)

        assert not found.told
        assert found.reason.startswith("the base cannot be read")

    def test_pictures_and_links(self, tmp_path):
        """
        Of what is no text only that it changed is told.
        """
        repo = repository(tmp_path / "shop", {"a.png": b"\x89PNG\0" * 9, "b": "1"})
        (repo / "link").symlink_to("b")
        write(repo, {"a.png": b"\x89PNG\1" * 9})
        git(repo, "add", "--all")
        git(repo, "commit", "--quiet", "-m", "more")

        assert [("a.png", True), ("link", True)] == [(file.path, bool(file.untold)) for file in since(repo).files]

    def test_more_than_is_named(self, tmp_path, monkeypatch):
        """
        What is beyond the limits is counted, and said to be untold.
        """
        import orchestrator.evidence.since.comparing as module

        repo = repository(
            tmp_path / "shop", {f"{n}.txt": "1\n" for n in range(5)}, {f"{n}.txt": "2\n" for n in range(5)}
        )
        monkeypatch.setattr(module, "MAX_NAMED", 3)
        monkeypatch.setattr(module, "MAX_COMPARED", 2)
        found = since(repo)

        assert [False, False, True] == [bool(file.untold) for file in found.files]
        assert 2 == found.beyond
        assert found.was_there("0.txt") is None


def test_a_shallow_clone(tmp_path):
    """
    In a clone without the base there is nothing to compare with.
    """
    repo = repository(tmp_path / "shop", {"a": "1"}, {"a": "2"}, {"a": "3"})
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repo}", "shallow")

    with pytest.raises(subprocess.CalledProcessError):
        git(tmp_path / "shallow", "rev-parse", "HEAD~1")


@pytest.mark.parametrize("code", [2, 128, -9])
def test_git_that_comes_to_no_end(tmp_path, monkeypatch, code):
    """
    Where git fails or is ended nothing is taken for unchanged.
    """
    from orchestrator.evidence.git import Git

    repo = repository(tmp_path / "shop", {"a.txt": TEN}, {"a.txt": TEN + "x\n", "b.txt": "b\n"})
    run = Git.run

    def broken(self: Git, *words: str, check: bool = True) -> subprocess.CompletedProcess[bytes]:
        done = run(self, *words, check=check)
        return subprocess.CompletedProcess(done.args, code, b"", b"") if "--no-index" in words else done

    monkeypatch.setattr(Git, "run", broken)

    assert [("a.txt", False, True), ("b.txt", True, True)] == [
        (file.path, file.whole, bool(file.untold)) for file in since(repo).files
    ]


@pytest.mark.parametrize(("number", "untold"), [(400, False), (401, True)])
def test_changed_in_many_places(tmp_path, number, untold):
    """
    Of a file that changed nearly everywhere it is not told where.
    """
    was = "".join(f"a{n}\nx\n" for n in range(number))
    now = "".join(f"a{n}\ny\n" for n in range(number))
    documents = "".join(f"---\na: 1\nb: 1\nc: 1\n---\nd: {n}\n" for n in range(number))
    repo = repository(
        tmp_path / "shop",
        {"a.txt": was, "b.yaml": documents},
        {"a.txt": now, "b.yaml": documents.replace("b: 1\n", "")},
    )
    lines, pieces = since(repo).files

    assert untold is bool(lines.untold)
    assert number == len(lines.added) or untold
    assert untold is bool(pieces.untold)
    assert number == len(pieces.near) or untold
