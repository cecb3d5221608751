"""Which tag a release is compared with."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.evidence.git import Git
from orchestrator.evidence.since import chosen_by_tag, follows
from tests.repositories import ENVIRONMENT, git, repository


def history(folder: Path, *names: str) -> Path:
    """A repository with one commit per text; the words of a text are the tags of its commit, a day apart."""
    repo = repository(folder)
    for day, words in enumerate(names, 1):
        (repo / "a").write_text(str(day))
        git(repo, "add", "a")
        when = f"2026-01-{day:02}T00:00:00Z"
        ENVIRONMENT["GIT_COMMITTER_DATE"] = when
        try:
            git(repo, "commit", "--quiet", "-m", str(day))
        finally:
            ENVIRONMENT["GIT_COMMITTER_DATE"] = "2026-01-02T03:04:05Z"
        for word in words.split():
            git(repo, "tag", word)
    return repo


def chosen(repo: Path, revision: str = "HEAD") -> str:
    return chosen_by_tag(Git(repo), git(repo, "rev-parse", revision))[1]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("v1.4.0", "v1.5.0", ""), "v1.5.0"),
        (("v1.4.0", "v1.5.0"), "v1.4.0"),
        (("v1.9.0", "v1.10.0", ""), "v1.10.0"),
        (("v2.0.0", "v1.9.9", ""), "v2.0.0"),
        (("1.0", ""), "1.0"),
        (("release-2026-01-05", ""), "release-2026-01-05"),
        (("api/v1.2.0", "web/v9.0.0", ""), "web/v9.0.0"),
        (("web/v9.0.0", "api/v1.2.0", ""), "api/v1.2.0"),
        (("@shop/web@3.0.0", ""), "@shop/web@3.0.0"),
        (("v1.0.0", "v2.0.0-rc.1", ""), "v1.0.0"),
        (("v1.0.0", "v2.0.0rc1", ""), "v1.0.0"),
        (("v2.0.0-rc.1", "v2.0.0-rc.2", ""), "v2.0.0-rc.2"),
        (("v1.0.0", "26.6.0-dev", "26.7.0-dev", ""), "v1.0.0"),
        (("v1.0.0", "26.6.0-dev", "26.7.0-dev", "26.8.0-dev", ""), "26.8.0-dev"),
        (("26.6.0-dev", "26.7.0-dev", "26.8.0-dev", "v1.0.0", ""), "v1.0.0"),
        (("v1.0.0", "v2.0.0-rc.1", "v2.0.0-rc.2", "v2.0.0-rc.3", ""), "v1.0.0"),
        (("v1.0.0", "v2.0.0+build.7", ""), "v2.0.0+build.7"),
        (("v5.0.0", "v5.1.0.RELEASE", ""), "v5.1.0.RELEASE"),
        (("v1.0.0", "v1.1.0.Final", ""), "v1.1.0.Final"),
        (("v1.0.0", "v1.1.0-ga", ""), "v1.1.0-ga"),
        (("v1.0.0", "v1.1.0-lts.2", ""), "v1.1.0-lts.2"),
        (("v1.0.0", "v1.1.0-stable", ""), "v1.1.0-stable"),
        (("v1.0.0", "v1.1.0-lately", ""), "v1.0.0"),
        (("v1.0.0", "nightly latest deployed", ""), "v1.0.0"),
        (("nightly latest v1", ""), ""),
        (("", ""), ""),
    ],
)
def test_newest_release_tag(tmp_path, names, expected):
    """
    Versions are ordered as numbers within their family; what is no version, or comes before a release, is passed over.
    """
    assert expected == chosen(history(tmp_path / "shop", *names))


def test_a_tag_of_another_branch(tmp_path):
    """
    A tag that the reviewed commit does not follow from is no base of it.
    """
    repo = history(tmp_path / "shop", "v1.0.0", "")
    git(repo, "checkout", "--quiet", "-b", "next")
    git(repo, "commit", "--quiet", "--allow-empty", "-m", "next")
    git(repo, "tag", "-a", "v2.0.0", "-m", "two")

    assert "v1.0.0" == chosen(repo, "main")
    assert "v1.0.0" == chosen(repo, "next")

    git(repo, "commit", "--quiet", "--allow-empty", "-m", "after")

    assert "v2.0.0" == chosen(repo, "next")
    assert follows(Git(repo), git(repo, "rev-parse", "next"), git(repo, "rev-parse", "main"))
    assert not follows(Git(repo), git(repo, "rev-parse", "main"), git(repo, "rev-parse", "next"))


def test_a_tag_of_no_commit(tmp_path):
    """
    A tag of a file, or of a tag, leads nowhere that can be compared, or to the commit behind it.
    """
    repo = history(tmp_path / "shop", "v1.0.0", "")
    git(repo, "tag", "v3.0.0", "HEAD:a")

    assert "v1.0.0" == chosen(repo)
