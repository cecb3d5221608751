"""A snapshot is read from git's objects as they are, whatever the repository would like to happen."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from orchestrator.errors import NotARepository, RepositoryUnreadable, UnknownRevision
from orchestrator.evidence.facts.secrets import SecretHistory
from orchestrator.evidence.history import history
from orchestrator.evidence.past.request import asked_of
from orchestrator.evidence.past.search import search
from orchestrator.evidence.snapshot import Snapshot, open_snapshot
from orchestrator.evidence.tree import MAX_FILE_BYTES
from tests.repositories import ENVIRONMENT, SHOP, git, repository, write


def contents(snapshot: Snapshot) -> dict[str, bytes]:
    files = [f for f in snapshot.tree.entries if f.kind == "file"]
    return {f.path: data for f, data in snapshot.tree.read(files)}


class TestCommit:
    def test_reads_the_commit_not_the_working_tree(self, tmp_path):
        """
        What is not committed is not under review; with worktree it is, and untracked files too.
        """
        repo = repository(tmp_path / "shop", {"a.txt": "old\n"})
        write(repo, {"a.txt": "new\n", "b.txt": "untracked\n", "ignored.log": "x", ".gitignore": "*.log\n"})

        assert {"a.txt": b"old\n"} == contents(open_snapshot(repo))
        now = contents(open_snapshot(repo, worktree=True))
        assert {"a.txt": b"new\n", "b.txt": b"untracked\n", ".gitignore": b"*.log\n"} == now

    def test_names_the_release(self, tmp_path):
        """
        Name, version, commit and tree come from the repository; a tag at the commit is the version.
        """
        repo = repository(tmp_path / "shop", SHOP)
        untagged = open_snapshot(repo).release
        git(repo, "tag", "v1.2.3")
        release = open_snapshot(repo).release

        assert ("shop", "v1.2.3", git(repo, "rev-parse", "HEAD")) == (release.name, release.version, release.commit)
        assert git(repo, "rev-parse", "HEAD^{tree}") == release.tree
        assert release.commit[:10] == untagged.version
        assert "complete" == release.history

    def test_an_earlier_revision(self, tmp_path):
        """
        Any commit, tag or branch can be reviewed.
        """
        repo = repository(tmp_path / "shop", {"a": "1"}, {"a": "2"})

        assert {"a": b"1"} == contents(open_snapshot(repo, revision="HEAD~1"))

    def test_a_bare_repository(self, tmp_path):
        """
        No working tree is needed.
        """
        repo = repository(tmp_path / "shop", SHOP)
        git(tmp_path, "clone", "--quiet", "--bare", str(repo), "shop.git")
        snapshot = open_snapshot(tmp_path / "shop.git")

        assert set(SHOP) == set(contents(snapshot))
        assert "shop" == snapshot.release.name
        with pytest.raises(NotARepository, match="without a working tree"):
            open_snapshot(tmp_path / "shop.git", worktree=True)

    def test_from_a_folder_inside(self, tmp_path):
        """
        A folder of a repository stands for the repository, and the note says so.
        """
        repo = repository(tmp_path / "shop", SHOP)
        snapshot = open_snapshot(repo / "tests")

        assert set(SHOP) == set(contents(snapshot))
        assert "the whole repository is reviewed" in snapshot.notes[0]


def searched(snapshot: Snapshot) -> SecretHistory:
    """What the search of its history comes to."""
    request = asked_of(snapshot)
    assert request is not None
    return search(request)


class TestDirectory:
    def test_history_is_missing(self, tmp_path):
        """
        A plain directory can be reviewed and says what it lacks.
        """
        write(tmp_path / "shop", SHOP)
        snapshot = open_snapshot(tmp_path / "shop")

        assert set(SHOP) == set(contents(snapshot))
        assert ("directory", "missing", "") == (
            snapshot.release.source,
            snapshot.release.history,
            snapshot.release.commit,
        )
        assert "its history is missing" in snapshot.notes[0]
        assert asked_of(snapshot) is None
        assert not history(snapshot).available

    def test_a_file_that_changes_while_it_is_read(self, tmp_path):
        """
        What is no longer what was listed is left out, not judged.
        """
        write(tmp_path / "shop", {"a": "1", "b": "2"})
        snapshot = open_snapshot(tmp_path / "shop")
        (tmp_path / "shop" / "a").write_text("changed")
        (tmp_path / "shop" / "b").unlink()

        assert {} == contents(snapshot)

    def test_never_follows_a_link(self, tmp_path):
        """
        Links are listed and not followed, to files or folders, inside or out; a pipe blocks nobody.
        """
        write(tmp_path, {"outside/secret": "s3cret", "shop/a": "1"})
        (tmp_path / "shop" / "file").symlink_to(tmp_path / "outside" / "secret")
        (tmp_path / "shop" / "folder").symlink_to(tmp_path / "outside")
        (tmp_path / "shop" / "loop").symlink_to(tmp_path / "shop")
        os.mkfifo(tmp_path / "shop" / "pipe")
        snapshot = open_snapshot(tmp_path / "shop")

        assert {"a": b"1"} == contents(snapshot)
        assert {"file": "symlink", "folder": "symlink", "loop": "symlink", "pipe": "unreadable", "a": "file"} == {
            f.path: f.kind for f in snapshot.tree.entries
        }


class TestHostile:
    def test_nothing_of_the_repository_is_run(self, tmp_path):
        """
        Hooks, filters, textconv, fsmonitor, external diffs and aliases of a repository never run.
        """
        repo = repository(tmp_path / "shop", {"a.txt": "1\n", ".gitattributes": "* filter=evil diff=evil\n"})
        witness = tmp_path / "witness"
        script = tmp_path / "evil.sh"
        script.write_text(f"#!/bin/sh\ntouch {witness}\ncat\n")
        script.chmod(0o755)
        for key in (
            "core.fsmonitor",
            "core.sshCommand",
            "core.pager",
            "diff.external",
            "diff.evil.textconv",
            "diff.evil.command",
            "filter.evil.clean",
            "filter.evil.smudge",
            "filter.evil.process",
            "credential.helper",
            "core.askPass",
            "core.editor",
            "gpg.program",
            "alias.log",
            "alias.ls-tree",
        ):
            git(repo, "config", key, f"!{script}" if key.startswith("alias") else str(script))
        git(repo, "config", "log.showSignature", "true")
        hooks = repo / ".git" / "hooks"
        for hook in ("post-checkout", "reference-transaction", "post-index-change", "fsmonitor-watchman"):
            (hooks / hook).write_text(script.read_text())
            (hooks / hook).chmod(0o755)

        for worktree in (False, True):
            snapshot = open_snapshot(repo, worktree=worktree)
            contents(snapshot)
            history(snapshot)
            searched(snapshot)

        assert not witness.exists()

    def test_odd_names(self, tmp_path):
        """
        Newlines, quotes, escapes and bytes that are not UTF-8 in names are read and written visibly.
        """
        repo = tmp_path / "shop"
        repo.mkdir()
        names = [
            b"new\nline",
            b'quote"d',
            b"caf\xe9",
            b"esc\x1b[31m",
            "\u202edesrever".encode(),
            b"-rf",
            b"a b",
            "ü".encode(),
        ]
        for name in names:
            with open(os.path.join(os.fsencode(repo), name), "wb") as file:
                file.write(name)
        git(repo, "init", "--quiet")
        git(repo, "add", "--all")
        git(repo, "commit", "--quiet", "-m", "odd")
        expected = {"new\\nline", 'quote"d', "caf\\xe9", "esc\\x1b[31m", "\\u202edesrever", "-rf", "a b", "ü"}

        for snapshot in (open_snapshot(repo), open_snapshot(repo, worktree=True)):
            found = contents(snapshot)
            assert expected == set(found)
            assert b"new\nline" == found["new\\nline"]

    def test_links_submodules_and_large_files(self, tmp_path):
        """
        A committed link, a submodule and a file over the limit are listed for what they are and never read.
        """
        repo = repository(tmp_path / "shop", {"big.json": b"[" * (MAX_FILE_BYTES + 1), "a": "1"})
        (repo / "link").symlink_to("/etc/passwd")
        git(repo, "add", "--all")
        oid = git(repo, "rev-parse", "HEAD")
        git(repo, "update-index", "--add", "--cacheinfo", f"160000,{oid},module")
        git(repo, "commit", "--quiet", "-m", "odd")
        snapshot = open_snapshot(repo)

        assert {"link": "symlink", "module": "submodule", "a": "file", "big.json": "file"} == {
            f.path: f.kind for f in snapshot.tree.entries
        }
        assert any("submodules" in note for note in snapshot.notes)


class TestIncomplete:
    def test_shallow(self, tmp_path):
        """
        A shallow clone is reviewed; its history is not called complete.
        """
        repo = repository(tmp_path / "shop", {"a": "1"}, {"a": "2"}, {"a": "3"})
        git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{repo}", "shallow")
        snapshot = open_snapshot(tmp_path / "shallow")

        assert "shallow" == snapshot.release.history
        assert not searched(snapshot).complete
        assert any("shallow" in note for note in snapshot.notes)

    def test_partial(self, tmp_path):
        """
        Objects that a partial clone lacks are unreadable, never fetched, and the note says so.
        """
        repo = repository(tmp_path / "shop", {"a": "1", "b": "2"})
        git(repo, "config", "uploadpack.allowFilter", "true")
        git(tmp_path, "clone", "--quiet", "--no-checkout", "--filter=blob:none", f"file://{repo}", "partial")
        snapshot = open_snapshot(tmp_path / "partial")

        assert {"unreadable"} == {f.kind for f in snapshot.tree.entries}
        assert "partial" == snapshot.release.history
        assert {} == contents(snapshot)

    def test_missing_object(self, tmp_path):
        """
        A repository that has lost an object says so and reads the rest.
        """
        repo = repository(tmp_path / "shop", {"a": "1", "b": "2"})
        oid = git(repo, "rev-parse", "HEAD:a")
        (repo / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
        snapshot = open_snapshot(repo)

        assert {"b": b"2"} == contents(snapshot)
        assert any("cannot be read" in note for note in snapshot.notes)


class TestRefused:
    def test_nothing_there(self, tmp_path):
        """
        A path that does not exist, or is a file, is named.
        """
        (tmp_path / "file").write_text("x")

        with pytest.raises(NotARepository, match="does not exist"):
            open_snapshot(tmp_path / "nowhere")
        with pytest.raises(NotARepository, match="is a file"):
            open_snapshot(tmp_path / "file")

    def test_no_commits(self, tmp_path):
        """
        An empty repository has nothing to judge.
        """
        git(tmp_path, "init", "--quiet")

        with pytest.raises(NotARepository, match="has no commits"):
            open_snapshot(tmp_path)

    @pytest.mark.parametrize("revision", ["v9", "--all", "HEAD~99", "", " "])
    def test_bad_revision(self, tmp_path, revision):
        """
        A revision that names no commit is refused; one that looks like a switch reaches no command.
        """
        repo = repository(tmp_path / "shop", {"a": "1"})
        if revision:
            with pytest.raises(UnknownRevision):
                open_snapshot(repo, revision=revision)
        else:
            assert open_snapshot(repo, revision=revision).release.commit

    def test_broken_repository(self, tmp_path):
        """
        A repository that git itself cannot read is an error, not an empty tree.
        """
        repo = repository(tmp_path / "shop", {"a": "1"})
        (repo / ".git" / "HEAD").write_text("nonsense\n")

        with pytest.raises(RepositoryUnreadable):
            open_snapshot(repo)

    def test_a_revision_of_no_repository(self, tmp_path):
        """
        A plain directory has no revisions.
        """
        with pytest.raises(NotARepository, match="has no meaning"):
            open_snapshot(tmp_path, revision="main")


def test_git_is_not_asked_for_help(tmp_path: Path) -> None:
    """
    The user's own environment and configuration change nothing.
    """
    repo = repository(tmp_path / "shop", {"a": "1"})
    subprocess.run(["git", "-C", str(repo), "status"], check=True, capture_output=True, env=ENVIRONMENT)
    os.environ["GIT_DIR"] = str(tmp_path / "elsewhere")
    try:
        assert {"a": b"1"} == contents(open_snapshot(repo))
    finally:
        del os.environ["GIT_DIR"]
