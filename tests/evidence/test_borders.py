"""A repository is held to its own folder: no way leads to another one of the machine, and none to an endless wait."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.errors import RepositoryTooLarge, RepositoryUnreadable
from orchestrator.evidence import confines
from orchestrator.evidence.snapshot import open_snapshot
from tests.cli.command import confined
from tests.evidence import strangers
from tests.repositories import SHOP, git, repository, write

HARMLESS = {"a working tree elsewhere, by a file that is included"}
"""Ways that git itself does not go; the repository is reviewed as if they were not there."""

WORDS = {
    "an index elsewhere": ("--worktree",),
    "a working tree elsewhere, by settings of this working tree": ("--worktree",),
    "logs elsewhere": ("--rev", "HEAD@{0}"),
}
"""What has to be asked for, for a way to lead anywhere."""


class TestElsewhere:
    @pytest.mark.parametrize("way", strangers.WAYS)
    def test_nothing_is_read(self, tmp_path, way):
        """
        Whatever a repository names, no line of another one stands in an output, a record or an error.
        """
        private = strangers.other(tmp_path / "private")
        shop = strangers.hostile(tmp_path / "shop", private, way)
        words = WORDS.get(way, ())
        done = confined(tmp_path, "review", str(shop), *words, "--format", "json", "--progress", "none")
        written = [path.read_bytes() for path in (tmp_path / "runs").rglob("*") if path.is_file()]

        assert strangers.DIARY not in done.out + done.err
        assert not [data for data in written if strangers.DIARY.encode() in data or b"diary.py" in data]
        assert "Traceback" not in done.err
        if way not in HARMLESS:
            assert 2 == done.code, done.err

    def test_the_other_one_is_worth_reading(self, tmp_path):
        """
        What the ways lead to would be quoted, and its settings too: else nothing is shown by their not being read.
        """
        private = strangers.other(tmp_path / "private")
        done = confined(tmp_path, "review", str(private), "--format", "json", "--progress", "none")
        shutil.copy(private / ".git" / "config.bad", private / ".git" / "config")
        bad = confined(tmp_path, "review", str(private), "--format", "json", "--progress", "none")

        assert strangers.DIARY in done.out
        assert strangers.DIARY in bad.err


def _linked(folder: Path) -> Path:
    git(repository(folder / "main", SHOP), "worktree", "add", "--quiet", "--detach", str(folder / "linked"))
    return folder / "linked"


def _module(folder: Path) -> Path:
    repository(folder / "other", SHOP)
    main = repository(folder / "main", {"a": "1"})
    git(main, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(folder / "other"), "sub")
    return main / "sub"


def _packed(folder: Path) -> Path:
    repo = repository(folder / "shop", SHOP, {"a": "1"})
    git(repo, "gc", "--quiet")
    git(repo, "multi-pack-index", "write")
    git(repo, "commit-graph", "write", "--reachable")
    return repo


def _cloned(*words: str) -> Callable[[Path], Path]:
    def clone(folder: Path) -> Path:
        repo = repository(folder / "origin", SHOP, {"a": "1"})
        git(folder, "clone", "--quiet", *words, f"file://{repo}", "shop")
        return folder / "shop"

    return clone


def _hard_linked(folder: Path) -> Path:
    git(folder, "clone", "--quiet", str(repository(folder / "origin", SHOP)), "shop")
    return folder / "shop"


def _below_a_link(folder: Path) -> Path:
    repository(folder / "real" / "shop", SHOP)
    (folder / "way").symlink_to("real")
    return folder / "way" / "shop"


def _with_settings(folder: Path) -> Path:
    repo = repository(folder / "shop", SHOP | {".gitsettings": "[alias]\n\tlast = log -1\n"})
    git(repo, "config", "include.path", "../.gitsettings")
    git(repo, "config", "--add", "include.path", "~/.gitconfig-work")
    (repo / ".git" / "hooks").rename(folder / "hooks")
    (repo / ".git" / "hooks").symlink_to(folder / "hooks")
    (repo / ".git" / "refs" / "heads" / "alias").symlink_to("main")
    return repo


def _detached_git(folder: Path) -> Path:
    repo = repository(folder / "shop", SHOP)
    git(repo, "init", "--quiet", "--separate-git-dir", str(repo / "kept"))
    return repo


USUAL: dict[str, Callable[[Path], Path]] = {
    "a linked working tree": _linked,
    "a submodule": _module,
    "packed": _packed,
    "shallow": _cloned("--depth=1"),
    "bare": _cloned("--bare"),
    "a mirror": _cloned("--mirror"),
    "hard links": _hard_linked,
    "below a link": _below_a_link,
    "settings and links of its own": _with_settings,
    "a .git that is a file": _detached_git,
}


class TestUsual:
    @pytest.mark.parametrize("kind", USUAL)
    def test_is_read(self, tmp_path, kind):
        """
        What people really have is reviewed as before, whole.
        """
        snapshot = open_snapshot(USUAL[kind](tmp_path))
        read = {file.path for file, _ in snapshot.tree.read(f for f in snapshot.tree.entries if f.kind == "file")}

        assert set(SHOP) <= read

    @pytest.mark.parametrize("how", ["--shared", "--reference"])
    def test_borrowed_objects_are_told_with_the_mend(self, tmp_path, how):
        """
        A clone that borrows objects is refused, and the fix that the message names makes it whole.
        """
        origin = repository(tmp_path / "origin", SHOP)
        words = ("--shared", str(origin)) if how == "--shared" else ("--reference", str(origin), f"file://{origin}")
        git(tmp_path, "clone", "--quiet", *words, "shop")

        with pytest.raises(RepositoryUnreadable, match="borrows objects") as caught:
            open_snapshot(tmp_path / "shop")
        assert "git repack -a -d && rm .git/objects/info/alternates" in caught.value.remedy
        git(tmp_path / "shop", "repack", "--quiet", "-a", "-d")
        (tmp_path / "shop" / ".git" / "objects" / "info" / "alternates").unlink()
        shutil.rmtree(origin)
        assert set(SHOP) == {file.path for file in open_snapshot(tmp_path / "shop").tree.entries}


FILES = """
    HEAD config config.worktree packed-refs index shallow commondir info/exclude info/attributes
    objects/info/alternates objects/info/commit-graph objects/pack/multi-pack-index objects/pack/pack-1.idx
    objects/00/11 refs/heads/main refs/tags/t logs/HEAD worktrees/w/HEAD ORIG_HEAD
"""
IN_THE_TREE = (".gitignore", "docs/deep/.gitignore", "sub/.git/HEAD", "sub/.git")


class TestWaits:
    @pytest.mark.parametrize("name", FILES.split())
    def test_pipes_of_a_repository(self, tmp_path, name):
        """
        A pipe where git looks for a file of its own is refused before git waits for it.
        """
        repo = repository(tmp_path / "shop", SHOP)
        _pipe(repo / ".git" / name)
        done = confined(tmp_path, "review", "shop", "--progress", "none")

        assert 2 == done.code, done.err
        assert "not a plain file" in done.err

    @pytest.mark.parametrize("name", IN_THE_TREE)
    def test_pipes_of_a_working_tree(self, tmp_path, name):
        """
        So is one that git would come upon while it lists a working tree, at any depth.
        """
        repo = repository(tmp_path / "shop", SHOP)
        if name == "sub/.git/HEAD":
            repository(repo / "sub", {"a": "1"})
        _pipe(repo / name if name != "sub/.git" else repo / "elsewhere" / "HEAD")
        if name == "sub/.git":
            write(repo, {name: f"gitdir: {repo}/elsewhere\n"})
        done = confined(tmp_path, "review", "shop", "--worktree", "--progress", "none")

        assert 2 == done.code, done.err
        assert "not a plain file" in done.err

    def test_devices(self, tmp_path):
        """
        A link to a device is a link that leads out.
        """
        repo = repository(tmp_path / "shop", SHOP)
        (repo / ".git" / "packed-refs").symlink_to("/dev/zero")

        with pytest.raises(RepositoryUnreadable, match="/dev/zero"):
            open_snapshot(repo)


class TestBounds:
    def test_many_loose_objects_are_listed_and_not_opened(self, tmp_path, monkeypatch):
        """
        Each name costs a name: no file of the object store is opened or asked for its kind by itself.
        """
        repo = repository(tmp_path / "shop", SHOP)
        for number in range(2_000):
            path = repo / ".git" / "objects" / f"{number % 250:02x}" / f"{number:038x}"
            path.parent.mkdir(exist_ok=True)
            path.touch()
        asked: list[str] = []
        real = os.stat

        def noted(path: str | Path, *words: object, **named: object) -> os.stat_result:
            asked.append(str(path))
            return real(path, *words, **named)  # type: ignore[arg-type]  # handed on as they are

        monkeypatch.setattr(os, "stat", noted)
        open_snapshot(repo)

        assert not [path for path in asked if f"{0:030x}" in path]
        assert len(asked) < 100

    def test_too_many(self, tmp_path, monkeypatch):
        """
        More names than can be looked at are refused with how to fix them.
        """
        repo = repository(tmp_path / "shop", SHOP)
        monkeypatch.setattr(confines, "MAX_ENTRIES", 10)

        with pytest.raises(RepositoryTooLarge, match="more than 10 names") as caught:
            open_snapshot(repo)
        assert "git gc" in caught.value.remedy

    def test_too_deep(self, tmp_path):
        """
        So are branches in more folders than anybody makes.
        """
        repo = repository(tmp_path / "shop", SHOP)
        (repo / ".git" / "refs" / "heads" / Path(*["d"] * 200)).mkdir(parents=True)

        with pytest.raises(RepositoryUnreadable, match="folders are nested in one another"):
            open_snapshot(repo)


def _pipe(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
