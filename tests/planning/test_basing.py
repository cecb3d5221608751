"""What a release is compared with, and who says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from orchestrator.domain.base import Base
from orchestrator.errors import NotARepository, UnknownRevision, UsageError
from orchestrator.evidence.snapshot import open_snapshot
from orchestrator.planning.basing import based
from orchestrator.planning.plan import Request, plan
from tests.repositories import SHOP, git, repository, write


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository of three commits, the first of them tagged as a release."""
    repo = repository(tmp_path / "shop", {"a": "1"}, {"a": "2"}, {"a": "3"})
    git(repo, "tag", "v1.4.0", "HEAD~2")
    return repo


def base_of(repo: Path, asked: str = "", runs: Path | None = None, *, worktree: bool = False) -> Base:
    found = based(open_snapshot(repo, worktree=worktree), asked, runs).release.base
    assert found is not None
    return found


def recorded(runs: Path, name: str, release: dict[str, str], *, finished: bool = True) -> None:
    """A folder with the manifest of a run of *release*."""
    import json

    folder = runs / name
    folder.mkdir(parents=True)
    manifest = {
        "format": "gonogo/run/1", "run": name, "tool": "gonogo", "mode": "review", "workflow": "w", "config": "",
        "request": {"path": "/shop"}, "release": {"version": "1", **release}, "notes": [],
        "pinned": dict.fromkeys(("catalogue", "plan", "policy", "statements"), "sha256:" + "0" * 64), "digests": {},
    }  # fmt: skip
    (folder / "run.json").write_text(json.dumps(manifest))
    if finished:
        (folder / "verdict.json").write_text("{}")


class TestChosen:
    def test_by_who_reviews(self, shop):
        """
        A commit, tag or branch that is named is resolved, and what it was called is kept.
        """
        found = base_of(shop, "HEAD~1")

        assert (git(shop, "rev-parse", "HEAD~1"), "HEAD~1", "given", True) == (
            found.commit, found.name, found.chosen, found.ancestor,
        )  # fmt: skip
        assert "compared with HEAD~1, as --base says" == found.said

    def test_by_the_newest_tag(self, shop):
        """
        Where nobody names one it is the newest release tag before, which is said with the way to name another.
        """
        found = base_of(shop)

        assert (git(shop, "rev-parse", "v1.4.0"), "tag") == (found.commit, found.chosen)
        assert "compared with v1.4.0, the newest release tag; --base names another" == found.said

    def test_by_the_last_run(self, shop, tmp_path):
        """
        Without a tag it is the commit of the last finished run of the same name that the reviewed one follows from.
        """
        git(shop, "tag", "-d", "v1.4.0")
        runs = tmp_path / "runs"
        first, second, third = (git(shop, "rev-parse", rev) for rev in ("HEAD~2", "HEAD~1", "HEAD"))
        recorded(runs, "20260101T000000Z-shop-1-aaaa", {"name": "shop", "commit": first})
        recorded(runs, "20260102T000000Z-shop-1-aaaa", {"name": "other", "commit": second})
        recorded(runs, "20260103T000000Z-shop-1-aaaa", {"name": "shop", "commit": second}, finished=False)
        recorded(runs, "20260104T000000Z-shop-1-aaaa", {"name": "shop", "commit": third})
        recorded(runs, "20260105T000000Z-shop-1-aaaa", {"name": "shop", "commit": "f" * 40})
        recorded(runs, "20260106T000000Z-shop-1-aaaa", {"name": "shop", "commit": "--help"})
        recorded(runs, "20260107T000000Z-shop-1-aaaa", {"name": "shop", "commit": second, "source": "worktree"})
        found = base_of(shop, runs=runs)

        assert (first, "20260101T000000Z-shop-1-aaaa", "run") == (found.commit, found.name, found.chosen)
        assert "the last recorded run of this name" in found.said

        recorded(runs, "20260108T000000Z-shop-1-aaaa", {"name": "shop", "commit": second})

        assert second == base_of(shop, runs=runs).commit

    def test_by_nobody(self, shop, tmp_path):
        """
        Where there is neither, the reason is kept and said.
        """
        git(shop, "tag", "-d", "v1.4.0")
        found = base_of(shop, runs=tmp_path / "none")

        assert ("", "none") == (found.commit, found.chosen)
        assert "no earlier run of this name is recorded" in found.said

    def test_in_a_shallow_clone(self, shop, tmp_path):
        """
        A clone without the tag's commit says that it is shallow.
        """
        git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{shop}", "shallow")

        assert "the clone is shallow" in base_of(tmp_path / "shallow").reason

    def test_of_a_folder(self, tmp_path):
        """
        A plain directory has none, and cannot be given one.
        """
        write(tmp_path / "plain", {"a": "1"})

        assert "a plain directory has no history" == base_of(tmp_path / "plain").reason
        with pytest.raises(NotARepository):
            base_of(tmp_path / "plain", "v1")

    def test_when_it_began(self, shop):
        """
        A run that is taken up again keeps the base that it began with, whatever was tagged since.
        """
        known = Base(commit="1" * 40, name="v1.3.0", chosen="tag")

        assert known == based(open_snapshot(shop), "", None, known).release.base

    def test_that_leads_elsewhere(self, shop):
        """
        A base that the reviewed commit does not follow from is compared, and that is said.
        """
        git(shop, "checkout", "--quiet", "--orphan", "other")
        git(shop, "commit", "--quiet", "-m", "other")
        git(shop, "checkout", "--quiet", "main")
        found = base_of(shop, "other")

        assert not found.ancestor
        assert found.said.endswith(", from which the reviewed commit does not follow")


class TestRefused:
    @pytest.mark.parametrize("asked", ["no-such", "--help", "v1.4.0:a", "HEAD~9"])
    def test_no_commit(self, shop, asked):
        """
        What names no commit of the repository is refused.
        """
        with pytest.raises(UnknownRevision):
            base_of(shop, asked)

    def test_the_reviewed_commit(self, shop):
        """
        The reviewed commit is never its own base; of a working tree it may be.
        """
        with pytest.raises(UsageError):
            base_of(shop, "main")
        assert "given" == base_of(shop, "main", worktree=True).chosen

    def test_new_only_without_a_base(self, tmp_path):
        """
        To list new findings alone somebody has to say from outside what they are new against.
        """
        repo = repository(tmp_path / "shop", SHOP)

        with pytest.raises(UsageError) as refused:
            plan(Request(path=str(repo), new_only=True), date(2026, 11, 30))
        assert "name the release before this one: --base REV" == refused.value.remedy
