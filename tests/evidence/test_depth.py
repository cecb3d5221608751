"""Folders that lie deep in one another cost what they hold, and what lies too deep is told."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.evidence.snapshot import open_snapshot
from orchestrator.evidence.tree import MAX_DEPTH
from orchestrator.evidence.way import Way
from tests.cli.command import confined, judged
from tests.repositories import SHOP, git, repository, write


def dig(folder: Path, depth: int, *, each: bool = False) -> None:
    """Folders in *folder*, *depth* of them in one another, with a file in the last one, or in each."""
    here = os.open(folder, os.O_RDONLY)
    for level in range(depth):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
        if each or level == depth - 1:
            os.close(os.open("deep.py", os.O_WRONLY | os.O_CREAT, dir_fd=here))
    os.close(here)


@pytest.fixture(autouse=True)
def _left_behind(tmp_path: Path) -> Iterator[None]:
    """Python's own way to delete a folder, which pytest takes, goes down step by step and not that deep."""
    yield
    subprocess.run(["rm", "-rf", str(tmp_path / "shop")], check=True)


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is opened from here on."""
    found: list[object] = []
    real = os.open

    def noted(path: object, *words: object, **named: object) -> int:
        found.append(path)
        return real(path, *words, **named)  # type: ignore[arg-type]  # handed on as they are

    monkeypatch.setattr(os, "open", noted)
    return found


class TestCosts:
    @pytest.mark.parametrize("worktree", [False, True])
    def test_every_folder_is_entered_once(self, tmp_path, opened, worktree):
        """
        A file at every depth costs two opens each, one of them its folder's, however deep it lies.
        """
        shop = repository(tmp_path / "shop", {"a": "1"}) if worktree else tmp_path / "shop"
        shop.mkdir(exist_ok=True)
        dig(shop, MAX_DEPTH, each=True)
        opened.clear()
        snapshot = open_snapshot(shop, worktree=worktree)
        listed = len([path for path in opened if path in (b"d", b"deep.py")])
        opened.clear()
        read = list(snapshot.tree.read(file for file in snapshot.tree.entries if file.name == "deep.py"))

        assert MAX_DEPTH == len(read)
        assert 2 * MAX_DEPTH == listed
        assert 2 * MAX_DEPTH == len([path for path in opened if path in (b"d", b"deep.py")])

    def test_siblings(self, tmp_path, opened):
        """
        Many folders beside one another are entered once each, and what they have in common once.
        """
        write(tmp_path / "shop", {f"a/b/c/f{n}/g{m}/x.py": "x" for n in range(10) for m in range(10)})
        opened.clear()
        open_snapshot(tmp_path / "shop")

        assert 10 == len({path for path in opened if str(path).startswith("b'f")})
        assert 3 + 10 + 100 + 100 == len([path for path in opened if isinstance(path, bytes) and path[:1] in b"abcfgx"])

    def test_five_thousand_folders_in_one_another(self, tmp_path, opened):
        """
        What lies too deep is listed as a folder that cannot be read, and nothing further down is looked at.
        """
        (tmp_path / "shop").mkdir()
        dig(tmp_path / "shop", 5_000)
        opened.clear()
        snapshot = open_snapshot(tmp_path / "shop")

        assert [("unreadable", MAX_DEPTH)] == [(f.kind, f.path.count("/") - 1) for f in snapshot.tree.entries]
        assert f"1 entries lie more than {MAX_DEPTH} folders deep and are not read" in snapshot.notes
        assert len(opened) < MAX_DEPTH + 20


class TestTold:
    def deep_commit(self, repo: Path, depth: int) -> None:
        """A commit whose tree has a file in *depth* folders."""
        oid = git(repo, "hash-object", "-w", "--stdin", text=b"x = 1\n")
        entry = f"100644 blob {oid}\tdeep.py\n"
        for _ in range(depth):
            tree = git(repo, "mktree", text=entry.encode())
            entry = f"040000 tree {tree}\td\n"
        base = git(repo, "ls-tree", "HEAD")
        tree = git(repo, "mktree", text=f"{base}\n{entry}".encode())
        git(repo, "update-ref", "HEAD", git(repo, "commit-tree", tree, "-m", "deep"))

    @pytest.mark.parametrize(("depth", "kind"), [(MAX_DEPTH, "file"), (MAX_DEPTH + 1, "unreadable")])
    def test_in_a_commit(self, tmp_path, depth, kind):
        """
        A file of a commit that lies too deep cannot be read; its history is no less complete for that.
        """
        repo = repository(tmp_path / "shop", {"a": "1"})
        self.deep_commit(repo, depth)
        snapshot = open_snapshot(repo)
        told = [note for note in snapshot.notes if "not read" in note]

        assert {"a": "file", "d/" * depth + "deep.py": kind} == {f.path: f.kind for f in snapshot.tree.entries}
        assert "complete" == snapshot.release.history
        assert bool(told) is (kind == "unreadable")

    @pytest.mark.parametrize("form", ["folder", "worktree", "commit"])
    def test_is_judged(self, tmp_path, form):
        """
        A release with five thousand folders in one another is judged within its limits, and what is unread is unknown.
        """
        shop = tmp_path / "shop"
        if form == "folder":
            write(shop, SHOP)
        else:
            repository(shop, SHOP)
        if form == "commit":
            self.deep_commit(shop, 1_500)
        else:
            dig(shop, 5_000)
        words = ("--worktree",) if form == "worktree" else ()
        done = confined(tmp_path, "review", "shop", *words, "--format", "json", "--progress", "none")

        judged(done)
        if form != "worktree":  # git itself lists nothing that deep
            assert f"lie more than {MAX_DEPTH} folders deep" in done.out


class TestWay:
    def test_leads_over_no_link_and_not_out(self, tmp_path):
        """
        A link that stands in a folder's place, and names that lead up or nowhere, are not followed.
        """
        write(tmp_path, {"outside/secret": "x", "root/in/a": "1"})
        (tmp_path / "root" / "link").symlink_to(tmp_path / "outside")
        with Way(os.fsencode(tmp_path / "root")) as way:
            for names in (
                [b"link"],
                [b".."],
                [b"in", b".."],
                [b""],
                [b"gone"],
                [b"in", b"a"],
                [b"d"] * (MAX_DEPTH + 1),
            ):
                with pytest.raises(OSError):  # noqa: PT011  # each for a reason of its own
                    way.to(names)
            assert ["a"] == os.listdir(way.to([b"in"]))
            assert sorted(["in", "link"]) == sorted(os.listdir(way.to([])))

    def test_leaves_nothing_open(self, tmp_path):
        """
        However it ends, no descriptor stays behind.
        """
        write(tmp_path, {"a/b/c/d": "x"})
        before = len(os.listdir("/proc/self/fd"))
        for names in ([b"a", b"b", b"c"], [b"a", b"gone"], []):
            with Way(os.fsencode(tmp_path)) as way:
                try:
                    way.to(names)
                except OSError:
                    assert names == [b"a", b"gone"]

        assert before == len(os.listdir("/proc/self/fd"))
