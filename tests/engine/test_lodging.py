"""The folder of runs and its key are ours: no author of a tree has put them there, leads there or can read them."""

from __future__ import annotations

import asyncio
import os
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.commands.resume import resume
from orchestrator.commands.review import review
from orchestrator.engine import lodging
from orchestrator.errors import RunsFolderUnwritable
from orchestrator.journal.key import KEY, redaction_key
from orchestrator.journal.record import Record, all_runs
from orchestrator.planning.plan import Request
from tests.cli.command import gonogo
from tests.repositories import SHOP, git, repository, write


def lies(folder: Path) -> set[str]:
    """All names below *folder*."""
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def _link_to_the_victim(shop: Path, victim: Path) -> str:
    (shop / "runs").symlink_to(victim)
    return "runs"


def _link_on_the_way(shop: Path, victim: Path) -> str:
    (shop / "out").symlink_to(victim)
    return "out/runs"


def _link_far_up(shop: Path, victim: Path) -> str:
    (shop / "a" / "b").mkdir(parents=True)
    (shop / "a" / "b" / "out").symlink_to("../../../victim")
    return "a/b/../b/out/deep/runs"


def _link_by_way_of_a_link(shop: Path, victim: Path) -> str:
    (shop / "first").symlink_to("second")
    (shop / "second").symlink_to(victim)
    return "first/runs"


def _dangling_link(shop: Path, victim: Path) -> str:
    (shop / "runs").symlink_to(victim / "not" / "yet")
    return "runs"


def _link_into_the_tree(shop: Path, victim: Path) -> str:
    (shop / "kept").mkdir()
    (victim.parent / "mine").symlink_to(shop / "kept")
    return "../mine"


WAYS: dict[str, Callable[[Path, Path], str]] = {
    way.__name__.strip("_").replace("_", " "): way
    for way in (
        _link_to_the_victim,
        _link_on_the_way,
        _link_far_up,
        _link_by_way_of_a_link,
        _dangling_link,
        _link_into_the_tree,
    )
}


class TestLinks:
    @pytest.mark.parametrize("committed", [True, False])
    @pytest.mark.parametrize("way", WAYS)
    def test_nothing_is_written_elsewhere(self, tmp_path, way, committed):
        """
        A link of the reviewed tree leads to no other folder, whether it is committed or only lies there.
        """
        victim = tmp_path / "victim"
        write(victim, {"kept": "as it is\n"})
        shop = repository(tmp_path / "shop", SHOP)
        runs = WAYS[way](shop, victim)
        if committed:
            git(shop, "add", "--all")
            git(shop, "commit", "--quiet", "--allow-empty", "-m", "links")
        done = gonogo(shop, "review", ".", "--runs", runs)

        assert 2 == done.code, done.err
        assert "through a link in the reviewed tree" in done.err
        assert "--runs DIR" in done.err
        assert {"kept"} == lies(victim)
        assert not (shop / "kept").exists() or not lies(shop / "kept")

    def test_links_outside_the_tree_are_the_users_own(self, tmp_path):
        """
        A runs folder on another disk, by a link that no tree has, is used.
        """
        shop = repository(tmp_path / "shop", SHOP)
        (tmp_path / "disk").mkdir()
        (tmp_path / "runs").symlink_to(tmp_path / "disk")
        asyncio.run(review(Request(path=str(shop)), tmp_path / "runs", sync=False))

        assert 1 == len(all_runs(tmp_path / "disk"))

    def test_a_repository_below_a_link(self, tmp_path):
        """
        A link above the reviewed repository is nobody's trick.
        """
        shop = repository(tmp_path / "real" / "shop", SHOP)
        (tmp_path / "way").symlink_to("real")
        path = tmp_path / "way" / "shop"
        asyncio.run(review(Request(path=str(path)), path / "runs", sync=False))

        assert 1 == len(all_runs(shop / "runs"))


class TestTracked:
    @pytest.mark.parametrize("where", ["commit", "index"])
    @pytest.mark.parametrize("name", [KEY, "20260101T000000Z-shop-1-0001/run.json", "notes/a.txt"])
    def test_what_the_tree_has_put_there_is_refused(self, tmp_path, name, where):
        """
        A key or a run that the repository has committed, or is about to, is not a key or run of ours.
        """
        shop = repository(tmp_path / "shop", SHOP)
        write(shop, {f"runs/{name}": b"k" * 32})
        (shop / "runs" / name).chmod(0o600)
        git(shop, "add", "--all", "--force")
        if where == "commit":
            git(shop, "commit", "--quiet", "-m", "runs")
            git(shop, "rm", "--quiet", "--cached", "-r", "runs")
        before = lies(shop / "runs")
        done = gonogo(shop, "review", ".")

        assert 2 == done.code, done.err
        assert f"it has committed runs/{name}" in done.err
        assert before == lies(shop / "runs")

    @pytest.mark.parametrize("keeper", [{}, {"runs/.gitkeep": "", ".gitignore": "/runs/*\n!/runs/.gitkeep\n"}])
    def test_the_usual_folder(self, tmp_path, keeper):
        """
        A folder that git ignores, made by the first review or kept in git while it is empty, is used by every review.
        """
        shop = repository(tmp_path / "shop", SHOP | keeper)
        for count in (1, 2):
            assert 2 != gonogo(shop, "review", ".").code
            assert count == len(all_runs(shop / "runs"))
        assert "" == git(shop, "status", "--porcelain")

    def test_a_plain_folder(self, tmp_path):
        """
        In a plain folder under review no key is kept, and one that lies there is refused.
        """
        write(tmp_path / "shop", SHOP)
        for _ in range(2):
            assert 2 != gonogo(tmp_path / "shop", "review", ".").code
        assert not (tmp_path / "shop" / "runs" / KEY).exists()
        redaction_key(tmp_path / "shop" / "runs")
        done = gonogo(tmp_path / "shop", "review", ".")

        assert 2 == done.code
        assert "a key lies in the reviewed folder" in done.err
        assert 2 != gonogo(tmp_path / "shop", "review", ".", "--runs", "../runs").code

    def test_the_tree_itself(self, tmp_path):
        """
        The reviewed repository is not a folder of runs.
        """
        shop = repository(tmp_path / "shop", SHOP)
        done = gonogo(shop, "review", ".", "--runs", ".")

        assert 2 == done.code
        assert KEY not in lies(shop)


class TestModes:
    def test_all_that_is_made_is_for_its_owner(self, tmp_path):
        """
        Folders are made 0700 and files 0600, whatever the umask lets through.
        """
        shop = repository(tmp_path / "shop", SHOP | {"big.py": "x = 1\n" * 10_000})
        before = os.umask(0)
        try:
            asyncio.run(review(Request(path=str(shop)), tmp_path / "runs", sync=False))
        finally:
            os.umask(before)
        found = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "runs").rglob("*")}

        assert 0o700 == stat.S_IMODE((tmp_path / "runs").stat().st_mode)
        assert {0o700} == {mode for path, mode in found.items() if path.is_dir()}
        assert {0o600} == {mode for path, mode in found.items() if path.is_file()}
        names = {path.name for path in found}
        assert {KEY, ".gitignore", "journal.jsonl", "run.json", "verdict.json", "report.html", "lock"} <= names

    @pytest.mark.parametrize("mode", [0o775, 0o777, 0o1777])
    def test_a_folder_that_others_write(self, tmp_path, mode):
        """
        Whoever can write the folder can change what is recorded; the message says how to fix it.
        """
        (tmp_path / "runs").mkdir()
        (tmp_path / "runs").chmod(mode)

        with pytest.raises(RunsFolderUnwritable, match="others can write") as caught:
            lodging.hold(tmp_path / "runs", tmp_path / "shop")
        assert "chmod go-w" in caught.value.remedy
        assert [] == list((tmp_path / "runs").iterdir())

    def test_a_folder_that_others_only_read(self, tmp_path):
        """
        A folder of an earlier version, which others can read, stays as its owner has it.
        """
        (tmp_path / "runs").mkdir(mode=0o755)
        lodging.hold(tmp_path / "runs", tmp_path / "shop")

        assert 0o755 == stat.S_IMODE((tmp_path / "runs").stat().st_mode)

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
    def test_a_folder_of_somebody_else(self, tmp_path):
        """
        A folder, or a key, that belongs to another user is refused.
        """
        redaction_key(tmp_path / "runs")
        os.chown(tmp_path / "runs" / KEY, 12345, -1)
        with pytest.raises(RunsFolderUnwritable, match="others can read the key"):
            redaction_key(tmp_path / "runs")
        os.chown(tmp_path / "runs", 12345, -1)
        with pytest.raises(RunsFolderUnwritable, match="belongs to another user"):
            lodging.hold(tmp_path / "runs", tmp_path / "shop")

    @pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
    def test_a_key_that_others_read(self, tmp_path, mode):
        """
        A key that others can read tells them what is withheld, one guess at a time.
        """
        redaction_key(tmp_path / "runs")
        (tmp_path / "runs" / KEY).chmod(mode)

        with pytest.raises(RunsFolderUnwritable, match="test guesses at what is withheld") as caught:
            redaction_key(tmp_path / "runs")
        assert "chmod 600" in caught.value.remedy

    @pytest.mark.parametrize("what", ["pipe", "file"])
    def test_what_is_no_folder(self, tmp_path, what):
        """
        A pipe or a file in its place is said to be none.
        """
        os.mkfifo(tmp_path / "runs") if what == "pipe" else (tmp_path / "runs").touch()

        with pytest.raises(RunsFolderUnwritable, match="is not a folder"):
            lodging.hold(tmp_path / "runs", tmp_path / "shop")


class TestResume:
    @pytest.mark.parametrize("where", ["run", "blobs", "runs"])
    def test_does_not_write_over_a_link(self, tmp_path, where):
        """
        A run that is taken up again is held to the same: links of the tree lead nowhere.
        """
        shop = repository(tmp_path / "shop", SHOP)
        folder = asyncio.run(review(Request(path=str(shop)), shop / "runs", sync=False)).folder
        (folder / "verdict.json").unlink()
        lines = (folder / "journal.jsonl").read_bytes().splitlines(keepends=True)
        (folder / "journal.jsonl").write_bytes(b"".join(lines[: len(lines) // 2]))
        moved = {"run": folder, "blobs": folder / "blobs", "runs": shop / "runs"}[where]
        shutil.move(moved, tmp_path / "victim")
        moved.symlink_to(tmp_path / "victim")
        before = {path: path.read_bytes() for path in (tmp_path / "victim").rglob("*") if path.is_file()}

        with pytest.raises(Exception, match="link") as caught:
            asyncio.run(resume(Record(folder), sync=False))
        assert "OrchestratorError" in [kind.__name__ for kind in type(caught.value).__mro__]
        assert before == {path: path.read_bytes() for path in (tmp_path / "victim").rglob("*") if path.is_file()}
