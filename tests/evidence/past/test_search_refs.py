"""Whatever a branch, a tag, a note or a stash leads to is searched, and it is said by what each is reached."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evidence.past.searching import CLEAN, LINE, only, searched
from tests.repositories import git, repository, write


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
