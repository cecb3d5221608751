"""What the search of a history finds wherever it stands, and what it says where it could not look."""

from __future__ import annotations

import os

import pytest

from orchestrator.evidence.past import search
from tests.evidence.past.searching import CLEAN, LINE, TOKEN, moved, only, searched
from tests.repositories import git, repository


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
