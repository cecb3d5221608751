"""Repositories, folders, disks and terminals that are odd, broken or hostile end in a message or an honest answer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.command import confined, environment, judged, less_than_root
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
        for name in names:
            Path(os.fsdecode(os.fsencode(repo) + b"/" + name)).write_bytes(b"x = [\n")
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
        (info / "alternates").write_text(f"{repo}/.git/objects\n/nonexistent\n{info}\n")
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
            pytest.skip("root reads everything and setpriv is not there to stop it")
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
        refused(tmp_path, shop, said="in a repository elsewhere")

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


CONFIGURATIONS = {
    "aliases": b"a: &a [x, x]\n"
    + b"".join(b"%c: &%c [%b]\n" % (98 + n, 98 + n, b",".join([b"*%c" % (97 + n)] * 9)) for n in range(9)),
    "depth": b"[" * 100_000,
    "length": b"waivers: [" + b"{}," * 1_900_000 + b"]\n",
    "another kind": b"- 1\n- 2\n",
    "a number": b"1",
    "bytes": bytes(range(256)),
    "utf-16": "version: 1\n".encode("utf-16"),
    "keys": b"? [a, b]\n: 1\n? {c: d}\n: 2\n1: 2\nnull: 3\n",
    "values": b"version: .inf\nexclude: 5\nwaivers: {a: 1}\npolicy: [.nan]\nprofile: {1: 2}\nrelease: {name: [1]}\n",
    "wildcards": b"exclude: ['[', '**/' , '!', '\\\\', '[z-a]', '" + b"*a" * 30 + b"b']\n",
    "dates": b"waivers: [{criterion: SEC-2.2.1, owner: a, reason: b, expires: 9999999-99-99}]\n",
}


class TestConfiguration:
    @pytest.mark.parametrize("case", CONFIGURATIONS)
    def test_a_hostile_configuration(self, tmp_path, case):
        """
        A configuration that cannot be meant is a message with its place, whatever is wrong with it.
        """
        write(tmp_path / "shop", SHOP | {"readiness.yaml": CONFIGURATIONS[case]})
        done = confined(tmp_path, "review", str(tmp_path / "shop"), *QUIET)

        assert "Traceback" not in done.err
        assert done.code in (1, 2) if case == "wildcards" else done.code == 2, done.err[-500:]
        assert "readiness.yaml" in done.err or done.code == 1

    def test_a_configuration_that_is_a_link(self, tmp_path):
        """
        A link is not followed, and the configuration behind it is not silently left out.
        """
        write(tmp_path / "shop", SHOP)
        (tmp_path / "shop" / "readiness.yaml").symlink_to("/dev/zero")
        refused(tmp_path, tmp_path / "shop", said="readiness.yaml is a symlink")


class TestSurroundings:
    @pytest.mark.parametrize("size", [0, 1_000, 60_000, 200_000])
    def test_a_disk_that_fills_up(self, tmp_path, size):
        """
        A disk without room ends the review with a message, however early or late.
        """
        write(tmp_path / "shop", SHOP)
        done = confined(tmp_path, "review", str(tmp_path / "shop"), *QUIET, files=size, prepare=_no_signal)

        assert 2 == done.code, done.err[-1000:]
        assert "Traceback" not in done.err

    def test_a_folder_that_may_not_be_written(self, tmp_path):
        """
        A runs folder that exists and takes no files is a message.
        """
        before = less_than_root()
        if before is None:
            pytest.skip("root writes everywhere and setpriv is not there to stop it")
        write(tmp_path / "shop", SHOP)
        (tmp_path / "runs").mkdir(mode=0o555)
        done = confined(tmp_path, "review", "shop", *QUIET, before=before)

        assert 2 == done.code, done.err
        assert "--runs DIR" in done.err

    @pytest.mark.parametrize(
        "closing", ["| head -1", ">&-", "2>&-", "<&-", ">/dev/full", "2>&1 | true", "<&- >&- 2>&-"]
    )
    def test_nobody_listens(self, tmp_path, closing):
        """
        Closed and full streams cost the output, not the record, and show no traceback.
        """
        write(tmp_path / "shop", SHOP)
        command = f"{sys.executable} -m orchestrator review shop {closing}"
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=tmp_path,
            env=environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

        assert "Traceback" not in done.stderr + done.stdout
        assert "Exception ignored" not in done.stderr
        assert "true" in closing or list((tmp_path / "runs").glob("*/verdict.json"))

    @pytest.mark.parametrize(
        "variables",
        [
            {"TERM": "dumb", "COLUMNS": "20"},
            {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "COLUMNS": "abc"},
            {"COLUMNS": "-5", "FORCE_COLOR": "1", "TERM": "xterm"},
        ],
        ids=str,
    )
    def test_an_odd_terminal(self, tmp_path, variables):
        """
        Without a home, in a narrow, plain or ASCII terminal, the report is printed all the same.
        """
        write(tmp_path / "shop", SHOP | {"k8s/\u00fc\u4e2d.yaml": "a: [\n"})
        env = {k: v for k, v in environment().items() if k not in ("HOME", "NO_COLOR", "LC_ALL")} | variables
        done = confined(tmp_path, "review", "shop", "--verbose", env=env)

        assert done.code in (1, 3), done.err[-1500:]
        assert "Traceback" not in done.err

    def test_without_git(self, tmp_path):
        """
        Without git on the PATH the message says so.
        """
        repository(tmp_path / "shop", SHOP)
        done = confined(
            tmp_path, "review", "shop", env={"PATH": "/nonexistent", "PYTHONPATH": environment()["PYTHONPATH"]}
        )

        assert 2 == done.code
        assert "git is not installed" in done.err


def _no_signal() -> None:
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
