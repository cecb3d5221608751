"""What is not to be had of a past, or is too much of it, is said: it is searched in part then."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from hashlib import sha1
from typing import Any

import pytest

from orchestrator.errors import RepositoryUnreadable
from orchestrator.evidence.git import Git
from orchestrator.evidence.past import finds, objects, places, refs, search, walk
from orchestrator.evidence.past.patience import Patience
from tests.evidence.past.searching import CLEAN, LINE, only, searched
from tests.repositories import git, repository


class TestIncomplete:
    def test_shallow(self, tmp_path):
        """
        A shallow clone says how it becomes whole.
        """
        repo = repository(tmp_path / "shop", {"conf.py": LINE}, CLEAN)
        git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repo}", "shallow")
        found = searched(tmp_path / "shallow")

        assert (False, "the clone is shallow") == (found.complete, found.reason)
        assert "`fetch-depth: 0`" in found.remedy
        assert "`git fetch --unshallow`" in found.remedy

    def test_one_branch_of_several(self, tmp_path):
        """
        Branches of the remote that are not in this clone are told; what is here is searched whole.
        """
        repo = repository(tmp_path / "shop", CLEAN)
        git(repo, "branch", "other")
        git(tmp_path, "clone", "--quiet", "--single-branch", "--no-tags", f"file://{repo}", "one")
        git(tmp_path, "clone", "--quiet", f"file://{repo}", "whole")
        git(tmp_path / "whole", "remote", "add", "fork", "https://example.com/fork.git")

        assert (
            "the branches of 'origin' other than main",
            "the tags of 'origin', of which none are fetched",
        ) == (found := searched(tmp_path / "one")).absent
        assert found.complete
        assert ("what 'fork' would bring to refs/remotes/fork/*, which was never fetched",) == searched(
            tmp_path / "whole"
        ).absent

    def test_a_partial_clone(self, tmp_path):
        """
        The blobs that it lacks are counted, and never fetched.
        """
        repo = repository(tmp_path / "shop", {"conf.py": LINE}, {"conf.py": "2"}, CLEAN)
        git(repo, "config", "uploadpack.allowFilter", "true")
        git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{repo}", "partial")
        found = searched(tmp_path / "partial")

        assert (False, "2 not searched (not on this machine)") == (found.complete, found.reason)
        assert "without `--filter`" in found.remedy
        assert (0, 3) == (found.total, found.commits)

    def test_a_partial_clone_that_lacks_nothing(self, tmp_path):
        """
        What is whole is complete, whatever its settings say.
        """
        repo = repository(tmp_path / "shop", CLEAN)
        git(repo, "config", "uploadpack.allowFilter", "true")
        git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{repo}", "partial")

        assert searched(tmp_path / "partial").complete

    @pytest.mark.parametrize("what", ["commit", "tree", "blob"])
    def test_a_missing_object(self, what, tmp_path):
        """
        Whatever is lost of a repository takes the pass away, with the reason; the rest is searched.
        """
        repo = repository(tmp_path / "shop", {"a": "0"}, {"a": "1"}, {"conf.py": LINE}, CLEAN)
        oid = git(repo, "rev-parse", {"commit": "HEAD~3", "tree": "HEAD~3^{tree}", "blob": "HEAD~3:a"}[what])
        (repo / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
        found = searched(repo)

        assert not found.complete
        assert found.reason
        assert "conf.py" == only(found).source.path

    @pytest.mark.parametrize("what", ["commit", "tree", "blob", "tag"])
    def test_a_broken_object(self, what, tmp_path):
        """
        So does what is not an object at all.
        """
        repo = repository(tmp_path / "shop", {"a": "0"}, {"a": "1"}, {"conf.py": LINE}, CLEAN)
        git(repo, "tag", "-a", "-m", "x", "v1", "HEAD~3")
        name = {"commit": "HEAD~3", "tree": "HEAD~3^{tree}", "blob": "HEAD~3:a", "tag": "v1^{tag}"}[what]
        oid = git(repo, "rev-parse", name)
        broken = repo / ".git" / "objects" / oid[:2] / oid[2:]
        broken.chmod(0o600)
        broken.write_bytes(b"nonsense")
        found = searched(repo)

        assert not found.complete
        assert found.reason
        assert "conf.py" == only(found).source.path

    def test_a_store_that_cannot_be_listed(self, tmp_path, monkeypatch):
        """
        If git does not list its objects, each is asked for by its name, and those that are missing are counted.
        """

        class Unlisted(Git):
            def stream(self, *words: str, **how: Any) -> Any:
                if "--batch-all-objects" in words:
                    raise RepositoryUnreadable("it stumbles")
                return super().stream(*words, **how)

        monkeypatch.setattr(search, "Git", Unlisted)
        monkeypatch.setattr(search, "MAX_BLOB", 60)
        repo = repository(tmp_path / "shop", {"a": "0", "b": "b" * 61}, {"a": "1", "b": ""}, {"conf.py": LINE}, CLEAN)
        oid = git(repo, "rev-parse", "HEAD~3:a")
        (repo / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
        found = searched(repo)

        assert {("not on this machine", 1), ("too large", 1)} == {(out.reason, out.objects) for out in found.left_out}
        assert "conf.py" == only(found).source.path

    def test_broken_in_the_middle(self, tmp_path):
        """
        A blob that ends too early is counted, and those behind it are searched.
        """
        files = {f"{number}.py": f"a = {number}\n" * 9_000 for number in range(5)}
        repo = repository(tmp_path / "shop", files, {**dict.fromkeys(files, ""), "conf.py": LINE}, CLEAN)
        for number in range(5):
            data = b"blob 72000\0" + files[f"{number}.py"].encode()[:40_000]
            oid = git(repo, "rev-parse", f"HEAD~2:{number}.py")
            broken = repo / ".git" / "objects" / oid[:2] / oid[2:]
            broken.chmod(0o600)
            broken.write_bytes(zlib.compress(data))
        found = searched(repo)

        assert "5 not searched (broken)" in found.reason
        assert "conf.py" == only(found).source.path

    def test_commits_in_a_circle(self, tmp_path):
        """
        A commit that is not what its name says can lead to itself: it is walked once, and takes the pass away.
        """
        repo = repository(tmp_path / "shop", {"a": "0"}, {"conf.py": LINE}, CLEAN)
        tree, first, last = (git(repo, "rev-parse", name) for name in ("HEAD^{tree}", "HEAD~2", "HEAD"))
        commit = f"tree {tree}\nparent {last}\nauthor a <a> 0 +0000\ncommitter a <a> 0 +0000\n\nx\n".encode()
        looped = repo / ".git" / "objects" / first[:2] / first[2:]
        looped.chmod(0o600)
        looped.write_bytes(zlib.compress(b"commit %d\0" % len(commit) + commit))
        found = searched(repo)

        assert (False, "1 not searched (broken)") == (found.complete, found.reason)
        assert "conf.py" == only(found).source.path


class TestBounds:
    def test_bytes(self, tmp_path, monkeypatch):
        """
        After so many bytes what is left is counted and takes the pass away.
        """
        monkeypatch.setattr(search, "MAX_BYTES", 1)
        repo = repository(tmp_path / "shop", {"a": "1", "b": "2", "c": "3"}, {"a": "", "b": "", "c": ""})
        found = searched(repo)

        assert not found.complete
        assert "3 not searched (not reached" in found.reason

    def test_time(self, tmp_path, monkeypatch):
        """
        So does what is not reached in time.
        """
        monkeypatch.setattr(search, "MAX_SECONDS", 0.0)
        found = searched(repository(tmp_path / "shop", {"a": "1"}, {"a": "2"}))

        assert (False, "it takes longer than 0 s") == (found.complete, found.reason)

    @pytest.mark.parametrize(
        ("module", "name", "reason"),
        [
            (walk, "MAX_COMMITS", "the history has more than 1 commits"),
            (places, "MAX_BLOBS", "the history has more than 1 blobs"),
            (places, "MAX_PATH_BYTES", "the paths of the history have more than 1 bytes"),
            (refs, "MAX_REFS", "the repository has more than 1 refs"),
            (finds, "MAX_COUNTED", "the history holds more than 1 credentials"),
        ],
    )
    def test_more_than_a_machine_holds(self, module, name, reason, tmp_path, monkeypatch):
        """
        Every list has its limit, and what is beyond it takes the pass away.
        """
        monkeypatch.setattr(module, name, 1)
        files = {f"{number}.py": LINE.replace("R8", f"R{number}") for number in range(3)}
        repo = repository(tmp_path / "shop", files, dict.fromkeys(files, ""))
        git(repo, "branch", "other")
        found = searched(repo)

        assert (False, reason) == (found.complete, found.reason)

    def test_a_bomb(self, tmp_path, monkeypatch):
        """
        A gigabyte of nothing is left out without being read.
        """
        repo = repository(tmp_path / "shop", CLEAN)
        size = 1 << 30
        pack = zlib.compressobj(9)
        name = sha1(head := b"blob %d\0" % size)
        data = [pack.compress(head)]
        for _ in range(64):
            name.update(bytes(size // 64))
            data.append(pack.compress(bytes(size // 64)))
        oid = name.hexdigest()
        (repo / ".git" / "objects" / oid[:2]).mkdir(exist_ok=True)
        (repo / ".git" / "objects" / oid[:2] / oid[2:]).write_bytes(b"".join([*data, pack.flush()]))
        tree = git(repo, "mktree", text=f"100644 blob {oid}\tbig.sql\n".encode())
        git(repo, "update-ref", "refs/heads/big", git(repo, "commit-tree", "-m", "x", tree))
        asked: list[str] = []

        def noted(repo: Git, names: Sequence[str], patience: Patience) -> Iterator[objects.Content]:
            asked.extend(names)
            return objects.contents(repo, names, patience)

        monkeypatch.setattr(search, "contents", noted)
        found = searched(repo)

        assert git(repo, "rev-parse", "big") in asked
        assert oid not in asked

        assert (False, "1 not searched (too large)") == (found.complete, found.reason)
