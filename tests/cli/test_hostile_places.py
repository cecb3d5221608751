"""Repositories and folders that are odd, broken or hostile end in a message or an honest answer."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.command import confined, judged, less_than_root
from tests.cli.hostile import NAMES
from tests.repositories import SHOP, git, repository, write

QUIET = ("--format", "json", "--progress", "none")
SECRET = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"


def refused(folder: Path, path: Path | str, *words: str, said: str) -> None:
    """Hold a review to exit 2, one message and no traceback."""
    done = confined(folder, "review", str(path), *QUIET, *words)

    assert 2 == done.code, done.err[-2000:]
    assert said in done.err
    assert "Traceback" not in done.err
    assert "" == done.out


@contextmanager
def restless(folder: Path) -> Iterator[None]:
    """Files in *folder* that are rewritten, removed and replaced by links as fast as it goes."""
    over = threading.Event()

    def stir() -> None:
        number = 0
        while not over.is_set():
            number += 1
            file = folder / f"f{number % 40}.py"
            file.unlink(missing_ok=True)
            if number % 3:
                file.write_text("x = 1\n" * (number % 500))
            elif number % 2:
                file.symlink_to("/etc/passwd")
            else:
                (folder / f"new{number % 200}.yaml").write_text("a: [\n")

    thread = threading.Thread(target=stir)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class TestTree:
    def test_names_kinds_and_depths(self, tmp_path):
        """
        Odd names, names that differ only in case, links, submodules and folders under the names that readers look for,
        deep folders, a loop of object stores, hidden history and an endless commit message: all of it in one tree.
        """
        repo = repository(tmp_path / "[b]\x1b[31mshop", SHOP | {"conf.py": f'TOKEN = "{SECRET}"\n'}, {"conf.py": "\n"})
        names = [
            b"new\nline.py",
            b"'\".yaml",
            b"caf\xe9.js",
            b"\x1b[2J.tf",
            "\u202eyp.x.py".encode(),
            b"-rf",
            b"[a].md",
        ]
        names += [
            b"README.MD",
            b"Readme.md",
            b"DOCKERFILE",
            "\u00e9.py".encode(),
            "e\u0301.py".encode(),
            b"a\\x1b.py",
            b"a\x1b.py",
        ]
        for odd in names:
            Path(os.fsdecode(os.fsencode(repo) + b"/" + odd)).write_bytes(b"x = [\n")
        write(repo, {"/".join(["d"] * 900) + "/deep.py": "x = 1\n"} | {f"dir/{n}/file": "x" for n in NAMES})
        for number, name in enumerate(NAMES):
            link = repo / f"link{number}" / Path(name).name
            link.parent.mkdir()
            link.symlink_to(["/etc/passwd", ".", "/dev/zero", "gone"][number % 4])
        git(repo, "add", "--all", "--force")
        commit = git(repo, "rev-parse", "HEAD")
        for number, name in enumerate(NAMES):
            git(repo, "update-index", "--add", "--cacheinfo", f"160000,{commit},module{number}/{name}")
        git(repo, "commit", "--quiet", "-F", "-", text=b"\x1b[31m" + b"long " * 2_000_000)
        git(repo, "replace", "--graft", "HEAD")
        info = repo / ".git" / "objects" / "info"
        info.mkdir(exist_ok=True)
        (info / "alternates").write_text(f"{repo}/.git/objects\n{info}\n")
        (repo / ".git" / "info" / "grafts").write_text(git(repo, "rev-parse", "HEAD") + "\n")
        for words in ((), ("--worktree",)):
            done = confined(tmp_path, "review", str(repo), *QUIET, *words)
            found = judged(done)

            assert "\x1b" not in done.out + done.err
            assert any(SECRET[:4] not in str(f) and "History" in f["message"] for f in found["SEC-2.2.1"]["findings"])
        plan = confined(tmp_path, "review", str(repo), "--plan", "--name", "[/shop]\x1b[31m")
        assert 0 == plan.code, plan.err
        assert "\x1b" not in plan.out

    @pytest.mark.parametrize("worktree", [False, True])
    def test_a_tree_of_ten_billion_files(self, tmp_path, worktree):
        """
        A few objects that stand for more files than there is memory are refused as too large.
        """
        repo = repository(tmp_path / "bomb", {"a": "1"})
        oid, kind = git(repo, "hash-object", "-w", "a"), "100644 blob"
        for _ in range(10):
            listing = "".join(f"{kind} {oid}\t{n}\n" for n in range(10))
            oid, kind = git(repo, "mktree", text=listing.encode()), "040000 tree"
        git(repo, "update-ref", "HEAD", git(repo, "commit-tree", oid, "-m", "bomb"))
        if worktree:
            judged(confined(tmp_path, "review", str(repo), *QUIET, "--worktree"))
        else:
            refused(tmp_path, repo, said="more than 200,000 files")

    def test_a_tree_that_changes(self, tmp_path):
        """
        Files that change, vanish and become links while they are read are left out and said to be.
        """
        write(tmp_path / "shop", SHOP | {f"src/f{n}.py": "x = 1\n" for n in range(40)})
        with restless(tmp_path / "shop" / "src"):
            done = confined(tmp_path, "review", str(tmp_path / "shop"), *QUIET)
        judged(done)

        assert "root:" not in done.out

    def test_what_may_not_be_read(self, tmp_path):
        """
        A file and a folder without permission turn passes into unknown, in a folder and in a working tree.
        """
        before = less_than_root()
        if before is None:
            pytest.skip("root reads everything; only setpriv, which `make system` installs, could stop it")
        write(tmp_path / "folder", SHOP | {"k8s/shut.yaml": "a: 1\n", "src/shut/a.py": "x = 1\n"})
        repo = repository(tmp_path / "repo", SHOP | {"k8s/shut.yaml": "a: 1\n", "src/shut/a.py": "x = 1\n"})
        write(repo, {"other/b.py": "x = 1\n"})
        shut = [top / name for top in (tmp_path / "folder", repo) for name in ("k8s/shut.yaml", "src/shut")]
        shut.append(repo / "other")
        for path in shut:
            path.chmod(0)
        try:
            for words in (("folder",), ("repo", "--worktree")):
                done = confined(tmp_path, "review", *words, *QUIET, before=before)
                found = judged(done)

                assert any("cannot be read" in a["reason"] for a in found.values())
                assert "cannot be read" in str(done.json["release"]) + done.out
            (repo / ".git" / "objects").chmod(0)
            closed = confined(tmp_path, "review", "repo", *QUIET, before=before)
            assert 2 == closed.code, closed.err
            (tmp_path / "folder").chmod(0)
            assert 2 == confined(tmp_path, "review", "folder", *QUIET, before=before).code
        finally:
            for path in (*shut, repo / ".git" / "objects", tmp_path / "folder"):
                path.chmod(0o755)


class TestBorders:
    def outside(self, tmp_path: Path) -> Path:
        return repository(tmp_path / "private", {"diary.py": f'TOKEN = "{SECRET}"\n'})

    def test_a_working_tree_elsewhere(self, tmp_path):
        """
        A repository whose settings name another folder as its working tree is refused.
        """
        private = self.outside(tmp_path)
        shop = repository(tmp_path / "shop", SHOP)
        git(shop, "config", "core.worktree", str(private))

        for words in ((), ("--worktree",)):
            refused(tmp_path, shop, *words, said="names another folder as its working tree")

    @pytest.mark.parametrize("how", ["file", "link", "common", "objects"])
    def test_a_history_elsewhere(self, tmp_path, how):
        """
        A ``.git`` that leads to somebody else's repository is refused.
        """
        private = self.outside(tmp_path) / ".git"
        shop = repository(tmp_path / "shop", SHOP)
        own = shop / ".git"
        if how == "common":
            (own / "commondir").write_text(str(private))
        elif how == "objects":
            for name in ("objects", "refs"):
                shutil.rmtree(own / name)
                (own / name).symlink_to(private / name)
        else:
            shutil.rmtree(own)
            own.write_text(f"gitdir: {private}\n") if how == "file" else own.symlink_to(private)
        refused(tmp_path, shop, said="a repository elsewhere")

    def test_working_trees_and_submodules_of_git(self, tmp_path):
        """
        A linked working tree and a submodule, which git made, are reviewed.
        """
        main = repository(tmp_path / "main", SHOP)
        git(main, "worktree", "add", "--quiet", "--detach", str(tmp_path / "linked"))
        git(main, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(self.outside(tmp_path)), "sub")

        for path in (tmp_path / "linked", main / "sub", main / "k8s"):
            judged(confined(tmp_path, "review", str(path), *QUIET))

    def test_a_folder_that_became_a_link(self, tmp_path):
        """
        An index that names files behind a link, or above the working tree, leads nowhere.
        """
        self.outside(tmp_path)
        shop = repository(tmp_path / "shop", SHOP | {"behind/diary.py": "x = 1\n"})
        shutil.rmtree(shop / "behind")
        (shop / "behind").symlink_to(tmp_path / "private")
        index = (shop / ".git" / "index").read_bytes().replace(b"tests/test_app.py", b"../private/diary."[:17])
        (shop / ".git" / "index").write_bytes(index)
        done = confined(tmp_path, "review", str(shop), "--worktree", *QUIET)

        assert "diary.py:1" not in done.out
        assert "Traceback" not in done.err

    def test_damaged_history(self, tmp_path):
        """
        History that cannot be read to its end is not called free of secrets; a tree that cannot be read is an error.
        """
        repo = repository(tmp_path / "shop", SHOP, {"a": "1"}, {"a": "2"})
        for revision in ("HEAD~1^{tree}", "HEAD^{tree}"):
            oid = git(repo, "rev-parse", revision)
            file = repo / ".git" / "objects" / oid[:2] / oid[2:]
            file.chmod(0o644)
            file.write_bytes(b"nonsense")
            if revision.startswith("HEAD~1"):
                found = judged(confined(tmp_path, "review", str(repo), *QUIET))
                assert "pass" != found["SEC-2.2.1"]["status"]
        refused(tmp_path, repo, said="git")
