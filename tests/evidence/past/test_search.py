"""What the search of a history finds wherever it stands, and what it says where it could not look."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from hashlib import sha1
from pathlib import Path
from typing import Any

import pytest

from orchestrator.errors import RepositoryUnreadable
from orchestrator.evidence.facts.secrets import Credential, SecretHistory
from orchestrator.evidence.git import Git
from orchestrator.evidence.past import finds, objects, pieces, places, refs, search, walk
from orchestrator.evidence.past.patience import Patience
from orchestrator.evidence.past.request import asked_of
from orchestrator.evidence.snapshot import open_snapshot
from tests.repositories import git, repository, write

TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
LINE = f'TOKEN = "{TOKEN}"\n'
CLEAN = {"conf.py": "TOKEN = None\n"}


def searched(folder: Path, **how: object) -> SecretHistory:
    """What the search of the repository in *folder* comes to."""
    request = asked_of(open_snapshot(folder, **how))  # type: ignore[arg-type]  # as open_snapshot has them
    assert request is not None
    return search.search(request)


def only(found: SecretHistory) -> Credential:
    """The one credential that was found."""
    (credential,) = found.found
    assert TOKEN not in found.model_dump_json()
    return credential


def moved(repo: Path, old: str, new: str) -> None:
    (repo / new).parent.mkdir(parents=True, exist_ok=True)
    git(repo, "mv", old, new)
    git(repo, "commit", "--quiet", "-m", "move")


class TestPlaces:
    def test_finds_what_was_removed(self, tmp_path):
        """
        A credential that was committed and removed is found with the commit that brought it.
        """
        repo = repository(tmp_path / "shop", {"conf.py": LINE, "a": "1"}, {"a": "2"}, CLEAN)
        found = searched(repo)

        assert found.complete
        assert (3, 2, 3, 1, 1) == (found.commits, found.blobs, found.messages, found.total, found.live)
        assert ("github-token", "conf.py", 1, "high") == (
            (credential := only(found)).kind,
            credential.source.path,
            credential.source.line,
            credential.confidence,
        )
        assert git(repo, "rev-parse", "HEAD~2") == credential.commit
        assert git(repo, "rev-parse", "HEAD~2:conf.py") == credential.object

    def test_one_in_the_tree_is_not_told_twice(self, tmp_path):
        """
        What the tree still has where it was is the business of the pass over the tree.
        """
        repo = repository(tmp_path / "shop", {"conf.py": LINE}, {"a": "1"})

        assert (0, 0) == ((found := searched(repo)).total, found.blobs)
        assert found.complete

    @pytest.mark.parametrize("new", ["tests/conf.py", "docs/conf.md", "vendor/conf.py", "conf.csv", "conf.svg"])
    def test_a_file_that_was_moved_aside_takes_no_past_along(self, new, tmp_path):
        """
        A blob is judged by the place in all of history where it counts most, also if the tree still has it elsewhere.
        """
        repo = repository(tmp_path / "shop", {"conf.py": LINE})
        moved(repo, "conf.py", new)
        found = searched(repo)

        assert ("conf.py", "source", "high") == (
            (credential := only(found)).source.path,
            credential.role,
            credential.confidence,
        )
        assert git(repo, "rev-parse", "HEAD~1") == credential.commit
        assert 1 == found.live

    def test_a_file_that_was_moved_into_production(self, tmp_path):
        """
        The place that counts most may be one in the middle of a history.
        """
        repo = repository(tmp_path / "shop", {"tests/conf.py": LINE})
        moved(repo, "tests/conf.py", "conf.py")
        moved(repo, "conf.py", "docs/conf.py")

        assert "conf.py" == only(searched(repo)).source.path

    def test_one_text_read_in_two_ways(self, tmp_path):
        """
        A value that is an expression in code is a credential in the file of settings that has the same text.
        """
        text = "DB_PASS" + "WORD=k3Jx9QwzLm7Tb2Vn\n"
        repo = repository(tmp_path / "shop", {"a.go": text}, {"a.env": text}, {"a.go": "", "a.env": ""})

        assert "a.env" == only(searched(repo)).source.path

    @pytest.mark.parametrize("path", ["tests/conf.py", "docs/conf.md", "conf.example.yaml"])
    def test_what_only_stood_aside_fails_nothing(self, path, tmp_path):
        """
        Samples in tests and prose are recorded with low confidence, as in the tree.
        """
        repo = repository(tmp_path / "shop", {path: LINE}, {path: ""})
        found = searched(repo)

        assert ("low", path) == ((credential := only(found)).confidence, credential.source.path)
        assert (1, 0, True) == (found.total, found.live, found.complete)

    def test_odd_paths(self, tmp_path):
        """
        A path of any bytes, also one that looks like git's own output, is read and written visibly.
        """
        repo = tmp_path / "shop"
        repo.mkdir()
        names = [b":100644 100644 a b M", b"new\nline", b"caf\xe9", b"0" * 40]
        for number, name in enumerate(names):
            with open(os.path.join(os.fsencode(repo), name), "wb") as file:
                file.write(LINE.replace("R8", f"R{number}").encode())
        git(repo, "init", "--quiet")
        git(repo, "add", "--all")
        git(repo, "commit", "--quiet", "-m", "odd")
        git(repo, "rm", "--quiet", "-r", ".")
        git(repo, "commit", "--quiet", "-m", "gone")

        assert {":100644 100644 a b M", "new\\nline", "caf\\xe9", "0" * 40} == {
            c.source.path for c in searched(repo).found
        }


class TestRefs:
    def elsewhere(self, repo: Path, message: str = "elsewhere") -> str:
        """A commit beside the reviewed one that brought and removed the token; the branch is left again."""
        git(repo, "checkout", "--quiet", "-b", "other")
        write(repo, {"conf.py": LINE})
        git(repo, "commit", "--quiet", "-am", message)
        commit = git(repo, "rev-parse", "HEAD")
        git(repo, "checkout", "--quiet", "main")
        return commit

    def test_on_another_branch(self, tmp_path):
        """
        A branch that is not reviewed is in every clone all the same.
        """
        repo = repository(tmp_path / "shop", CLEAN)
        commit = self.elsewhere(repo)

        assert commit == only(found := searched(repo)).commit
        assert (2, 2) == (found.commits, found.refs)

    @pytest.mark.parametrize("ref", ["refs/remotes/origin/x", "refs/tags/v1", "refs/pull/3/head", "refs/notes/x"])
    def test_behind_any_ref(self, ref, tmp_path):
        """
        Remote branches, tags, pull requests and notes lead to commits as well.
        """
        repo = repository(tmp_path / "shop", CLEAN)
        commit = self.elsewhere(repo)
        git(repo, "update-ref", ref, commit)
        git(repo, "branch", "-D", "other")

        assert commit == only(searched(repo)).commit

    def test_behind_nothing_but_head(self, tmp_path):
        """
        What is checked out without a branch is looked at too when another commit is reviewed.
        """
        repo = repository(tmp_path / "shop", CLEAN)
        commit = self.elsewhere(repo)
        git(repo, "checkout", "--quiet", "other")
        git(repo, "checkout", "--quiet", "--detach")
        git(repo, "branch", "-D", "other")

        assert commit == only(searched(repo, revision="main")).commit

    def test_only_in_a_merge(self, tmp_path):
        """
        What a merge brings that none of its parents has is found in the merge.
        """
        repo = repository(tmp_path / "shop", CLEAN)
        git(repo, "checkout", "--quiet", "-b", "other")
        write(repo, {"b": "1"})
        git(repo, "add", "b")
        git(repo, "commit", "--quiet", "-m", "other")
        git(repo, "checkout", "--quiet", "main")
        git(repo, "merge", "--quiet", "--no-ff", "--no-commit", "other")
        write(repo, {"conf.py": LINE})
        git(repo, "commit", "--quiet", "-am", "merge")
        merge = git(repo, "rev-parse", "HEAD")
        write(repo, CLEAN)
        git(repo, "commit", "--quiet", "-am", "gone")

        assert merge == only(searched(repo)).commit

    def test_brought_by_the_second_parent(self, tmp_path):
        """
        What a merge takes over from a branch is found in the branch.
        """
        repo = repository(tmp_path / "shop", CLEAN)
        commit = self.elsewhere(repo)
        write(repo, {"b": "1"})
        git(repo, "add", "b")
        git(repo, "commit", "--quiet", "-m", "b")
        git(repo, "merge", "--quiet", "--no-edit", "other")
        git(repo, "branch", "--delete", "other")
        write(repo, CLEAN)
        git(repo, "commit", "--quiet", "-am", "gone")

        assert commit == only(searched(repo)).commit

    @pytest.mark.parametrize("older", [False, True])
    def test_in_a_stash(self, older, tmp_path):
        """
        What was put aside is in the repository, and so is what was put aside before that.
        """
        repo = repository(tmp_path / "shop", CLEAN)
        write(repo, {"conf.py": LINE})
        git(repo, "stash")
        if older:
            write(repo, {"conf.py": "TOKEN = 1\n"})
            git(repo, "stash")

        assert "conf.py" == only(searched(repo)).source.path

    def test_in_the_tree_of_a_tag(self, tmp_path):
        """
        A tag can lead to a tree or a blob that no commit has.
        """
        repo = repository(tmp_path / "shop", CLEAN)
        blob = git(repo, "hash-object", "-w", "--stdin", text=LINE.encode())
        tree = git(repo, "mktree", text=f"100644 blob {blob}\tconf.py\n".encode())
        git(repo, "tag", "tree", tree)

        assert ("conf.py", tree) == ((credential := only(searched(repo))).source.path, credential.commit)

        git(repo, "tag", "-d", "tree")
        git(repo, "tag", "-a", "-m", "blob", "blob", blob)

        assert ("refs/tags/blob", blob) == ((credential := only(searched(repo))).source.path, credential.commit)

    def test_in_a_note(self, tmp_path):
        """
        A note is a file of a tree of its own.
        """
        repo = repository(tmp_path / "shop", CLEAN)
        git(repo, "notes", "add", "-m", LINE)

        assert "high" == only(searched(repo)).confidence

    def test_what_no_ref_leads_to(self, tmp_path):
        """
        A branch that was deleted is not part of the history: no clone gets it.
        """
        repo = repository(tmp_path / "shop", CLEAN)
        self.elsewhere(repo)
        git(repo, "branch", "-D", "other")

        assert (0, True) == ((found := searched(repo)).total, found.complete)

    def test_a_ref_that_leads_nowhere(self, tmp_path):
        """
        It is counted, and the rest is searched.
        """
        repo = repository(tmp_path / "shop", {"conf.py": LINE}, CLEAN)
        commit = self.elsewhere(repo)
        (repo / ".git" / "objects" / commit[:2] / commit[2:]).unlink()
        found = searched(repo)

        assert not found.complete
        assert "1 not searched (not on this machine)" in found.reason
        assert "conf.py" == only(found).source.path


class TestMessages:
    def test_of_a_commit(self, tmp_path):
        """
        The message of a commit is text that every clone has.
        """
        repo = repository(tmp_path / "shop", CLEAN)
        git(repo, "commit", "--quiet", "--allow-empty", "-m", f"use {TOKEN}")
        credential = only(searched(repo))

        assert (True, "commit message", "high") == (credential.message, credential.source.path, credential.confidence)
        assert git(repo, "rev-parse", "HEAD") == credential.commit == credential.object

    def test_of_a_tag(self, tmp_path):
        """
        So is that of a tag, also of a tag of a tag.
        """
        repo = repository(tmp_path / "shop", CLEAN)
        git(repo, "tag", "-a", "-m", f"use {TOKEN}", "one")
        git(repo, "tag", "-a", "-m", "two", "two", "one")
        git(repo, "tag", "-d", "one")
        found = searched(repo)

        assert (True, "tag message") == ((credential := only(found)).message, credential.source.path)
        assert git(repo, "rev-parse", "two^{tag}") != credential.commit
        assert 3 == found.messages

    def test_words_about_passwords(self, tmp_path):
        """
        What has no shape of its own is too weak to tell in prose.
        """
        repo = repository(tmp_path / "shop", CLEAN)
        message = "DB_PASS" + "WORD=k3Jx9QwzLm7Tb2Vn\npass" + "word = 'k3Jx9QwzLm7Tb2Vn'\n"
        git(repo, "commit", "--quiet", "--allow-empty", "-m", message)

        assert (1, 0) == ((found := searched(repo)).total, found.live)

    def test_tags_without_end(self, tmp_path, monkeypatch):
        """
        Tags of tags are followed so far, and what lies behind them is counted.
        """
        monkeypatch.setattr(search, "MAX_DEPTH", 2)
        repo = repository(tmp_path / "shop", CLEAN)
        for number in range(4):
            git(repo, "tag", "-a", "-m", "x", f"v{number}", f"v{number - 1}" if number else "HEAD")
        for number in range(3):
            git(repo, "tag", "-d", f"v{number}")
        found = searched(repo)

        assert (False, "1 not searched (tags behind 2 others)") == (found.complete, found.reason)


class TestContents:
    @pytest.mark.parametrize(
        "content",
        [
            f"A=1\nGITHUB_TOKEN={TOKEN}\0\n".encode(),
            f"A=1\0GITHUB_TOKEN={TOKEN}\0B=2\0".encode(),
            f"GITHUB_TOKEN={TOKEN}\n".encode("utf-16"),
            f"GITHUB_TOKEN={TOKEN}\n".encode("utf-16-le"),
            f"GITHUB_TOKEN={TOKEN}\n".encode("utf-32-be"),
            b"\x89PNG\r\n\x1a\n\0\n" + LINE.encode(),
        ],
        ids=["one NUL", "as in the environment", "utf-16", "utf-16 unsaid", "utf-32 unsaid", "that begins as an image"],
    )
    def test_text_with_nul_bytes(self, content, tmp_path):
        """
        A file of settings is searched whatever bytes it has.
        """
        repo = repository(tmp_path / "shop", {".env": content, "a": "1"}, {".env": "A=1\n"})
        found = searched(repo)

        assert (".env", "high") == ((credential := only(found)).source.path, credential.confidence)
        assert found.complete

    def test_pairs_between_nul_bytes(self, tmp_path):
        """
        A chosen password ends where its line or its pair does.
        """
        pairs = ("A=1\0DB_PASS" + "WORD=k3Jx9QwzLm7Tb2Vn\0B=2\0").encode()
        repo = repository(tmp_path / "shop", {".env": pairs, "a": "1"}, {".env": "A=1\n"})

        assert (16, 1) == ((credential := only(searched(repo))).length, credential.source.line)

    @pytest.mark.parametrize("path", ["logo.png", "tool", "cache.pyc"])
    def test_what_is_no_text(self, path, tmp_path):
        """
        Images and programs are counted and take no pass away.
        """
        magic = {"logo.png": b"\x89PNG\r\n\x1a\n\0", "tool": b"\x7fELF\2\1\1\0", "cache.pyc": b"\x6f\r\r\n\0"}
        repo = repository(tmp_path / "shop", {path: magic[path] + LINE.encode(), "a": "1"}, {path: "gone", "a": ""})
        found = searched(repo)

        assert [("images, archives, programs and their like", 1, False)] == [
            (out.reason, out.objects, out.counts) for out in found.left_out
        ]
        assert (0, True) == (found.total, found.complete)

    def test_a_large_blob(self, tmp_path):
        """
        It is read in pieces, and what lies on their edge is found once, with its line.
        """
        key = "-----BEGIN PRIVATE " + "KEY-----\n" + "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7\n" * 30
        edge = objects.PIECE - 800
        dump = "x = 1\n" * (edge // 6)
        text = dump + key + "-----END PRIVATE " + "KEY-----\n" + dump + LINE
        repo = repository(tmp_path / "shop", {"dump.sql": text}, {"dump.sql": ""})
        found = searched(repo)

        assert found.complete
        assert [("github-token", text[: text.index(TOKEN)].count("\n") + 1), ("private-key", edge // 6 + 1)] == sorted(
            (c.kind, c.source.line) for c in found.found
        )
        assert {len(key) + 25} == {c.length for c in found.found if c.kind == "private-key"}

    @pytest.mark.parametrize("shift", range(-3, 4))
    def test_every_edge(self, shift, tmp_path, monkeypatch):
        """
        Wherever a credential lies to the edges of pieces, it is found once and whole.
        """
        monkeypatch.setattr(objects, "PIECE", 1_000)
        monkeypatch.setattr(pieces, "OVERLAP", 300)
        monkeypatch.setattr(pieces, "MARGIN", 100)
        lines = [f'{"a" * (97 + shift)}\nT = "{TOKEN[:-3]}{number}"\n' for number in range(100, 140)]
        repo = repository(tmp_path / "shop", {"a.py": "".join(lines)}, {"a.py": ""})
        found = searched(repo)

        assert 40 == found.total
        assert list(range(2, 82, 2)) == [c.source.line for c in found.found]
        assert {40} == {c.length for c in found.found}

    def test_a_blob_beyond_the_limit(self, tmp_path, monkeypatch):
        """
        It is left out, counted, and takes the pass away; not if it only ever stood in tests.
        """
        monkeypatch.setattr(search, "MAX_BLOB", 50)
        repo = repository(tmp_path / "shop", {"tests/big.py": LINE * 2, "a": "1"}, {"tests/big.py": ""})
        aside = searched(repo)
        git(repo, "checkout", "--quiet", "-b", "other")
        write(repo, {"big.py": LINE * 3})
        git(repo, "add", "--all")
        git(repo, "commit", "--quiet", "-m", "big")
        found = searched(repo, revision="main")

        assert (True, [(1, False)]) == (aside.complete, [(out.objects, out.counts) for out in aside.left_out])
        assert (False, "1 not searched (too large)") == (found.complete, found.reason)

    def test_git_lfs(self, tmp_path):
        """
        What lies elsewhere cannot be searched.
        """
        pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
        repo = repository(tmp_path / "shop", {"dump.sql": pointer}, {"dump.sql": ""})

        assert (False, "1 not searched (in Git LFS and not here)") == ((found := searched(repo)).complete, found.reason)


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


class TestKept:
    def test_the_total_is_told(self, tmp_path):
        """
        Two hundred are kept, the sure ones first, and all are counted.
        """
        weak = {f"a/settings{n}.py": f"db_password = 'aa{n}ab{n}ba'\n" * 2 for n in range(100, 350)}
        sure = "key = 'AKI" + "AQ7ZK2WM4XC5VB3NT'\n"
        files = {**weak, "z.py": sure}
        found = searched(repository(tmp_path / "shop", files, dict.fromkeys(files, "x = 1\n")))

        assert 200 == len(found.found)
        assert 251 == found.total
        assert "aws-access-key" in {c.kind for c in found.found if c.confidence == "high"}
        assert found.live <= found.total

    def test_more_of_one_file_than_are_kept_of_it_in_the_tree(self, tmp_path):
        """
        A dump with two thousand credentials holds two thousand.
        """
        text = "".join(f'T = "{TOKEN[:-4]}{number}"\n' for number in range(1_000, 3_400))
        found = searched(repository(tmp_path / "shop", {"a.py": text}, {"a.py": ""}))

        assert (2_400, 2_400, 200) == (found.total, found.live, len(found.found))
        assert list(range(1, 201)) == [c.source.line for c in found.found]
