"""A review says what is new in its release, and its record says so for ever."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from orchestrator.audit.rejudge import reread
from orchestrator.audit.replay import replay, verify
from orchestrator.commands.resume import resume
from orchestrator.commands.review import review
from orchestrator.conclusion.rendering import VERDICT
from orchestrator.journal.record import Record, all_runs
from orchestrator.planning.plan import Request
from tests.repositories import SHOP, git, repository, write

KEY = "AKIA" + "Z7QK4M2XW9B3T6RD"
OLD, NEW = f'OLD = "{KEY}"\n', f'NEW = "{KEY[:-1]}E"\n'


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release with an old credential and a new one; the first is in a file that nobody touched since."""
    repo = repository(tmp_path_factory.mktemp("repos") / "shop", {**SHOP, "old.py": OLD}, {"new.py": NEW})
    git(repo, "tag", "v1.4.0", "HEAD~1")
    return repo


def ages(run: Path) -> dict[str, str]:
    """Path of each place that fails to its age, as the result has it."""
    document: dict[str, Any] = json.loads((run / VERDICT).read_text())
    return {
        finding["location"]["path"]: finding["age"]["word"]
        for assessment in document["assessments"]
        for finding in assessment["findings"]
        if finding["status"] == "fail" and finding["location"]
    }


def credentials(run: Path, criterion: str = "SEC-2.1.5") -> dict[str, Any]:
    document: dict[str, Any] = json.loads((run / VERDICT).read_text())
    return next(a for a in document["assessments"] if a["criterion"] == criterion)


def test_recorded_and_replayed(shop, tmp_path):
    """
    The base stands in the manifest with who chose it; ages follow from the record alone, to the same bytes.
    """
    run = asyncio.run(review(Request(path=str(shop)), tmp_path / "runs", sync=False)).folder
    manifest = json.loads((run / "run.json").read_text())
    said = manifest["release"]["base"]

    assert (git(shop, "rev-parse", "v1.4.0"), "v1.4.0", "tag") == (said["commit"], said["name"], said["chosen"])
    assert "fail" == credentials(run)["status"]
    assert {"new"} == {f["age"]["word"] for f in credentials(run)["findings"] if f["status"] == "fail"}

    verify(Record(run))

    assert "new" in str(replay(Record(run)))
    assert "are the same" in dict(reread(Record(run), shop))["facts"]


def test_old_ones_keep_failing(shop, tmp_path):
    """
    A credential that the base had already is old, and fails all the same.
    """
    repo = tmp_path / "shop"
    git(tmp_path, "clone", "--quiet", str(shop), str(repo))
    git(repo, "tag", "v1.5.0")
    write(repo, {"README.md": "# Shop\n"})
    git(repo, "commit", "--quiet", "-am", "words")
    run = asyncio.run(review(Request(path=str(repo)), tmp_path / "runs", sync=False)).folder

    assert "fail" == credentials(run)["status"]
    assert {"old"} == set(ages(run).values())


def test_the_verdict_is_the_same(shop, tmp_path):
    """
    To list new findings alone changes what is told, and neither the gate nor a status.
    """
    runs = [
        asyncio.run(review(Request(path=str(shop), base="v1.4.0", new_only=only), tmp_path / "runs", sync=False)).folder
        for only in (False, True)
    ]
    one, other = (json.loads((run / VERDICT).read_text()) for run in runs)

    assert one["gate"] == other["gate"]
    assert one["assessments"] == other["assessments"]
    assert one["exit_code"] == other["exit_code"] == 1
    assert ("new_only" in one["run"], other["run"]["new_only"]) == (False, True)
    assert "not listed, as --new-only asks" in (runs[1] / "report.html").read_text()


def test_taken_up_again(shop, tmp_path):
    """
    A run that died keeps the base that it began with, though a later tag is there when it goes on.
    """
    repo = tmp_path / "shop"
    git(tmp_path, "clone", "--quiet", str(shop), str(repo))
    git(repo, "commit", "--quiet", "--allow-empty", "-m", "more")

    async def stopped() -> None:
        def watch(_seq: int, _at: str, kind: str, _node: str, _data: dict[str, Any]) -> None:
            if kind == "RunStarted":
                running.cancel()

        running = asyncio.ensure_future(
            review(Request(path=str(repo)), tmp_path / "runs", watchers=[watch], sync=False)
        )
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(stopped())
    git(repo, "tag", "v1.5.0", "HEAD~1")
    run = asyncio.run(resume(Record(all_runs(tmp_path / "runs")[0]), sync=False)).folder

    assert "new" in ages(run).values()
    assert "v1.4.0" == json.loads((run / VERDICT).read_text())["release"]["base"]["name"]


def test_ignored_by_the_tree(tmp_path):
    """
    With a word at the place the criterion is unknown, and earns nothing.
    """
    repo = repository(tmp_path / "shop", {**SHOP, "old.py": OLD.rstrip() + "  # gitleaks:allow\n"})
    run = asyncio.run(review(Request(path=str(repo)), tmp_path / "runs", sync=False)).folder
    found = credentials(run)

    assert "unknown" == found["status"]
    assert any(f["message"].startswith("Ignored by the tree, which passes nothing") for f in found["findings"])
    assert all(f["age"]["word"] == "unknown" for f in found["findings"])


def test_a_working_tree(shop, tmp_path):
    """
    Uncommitted files are new against the commit that they are compared with.
    """
    repo = tmp_path / "shop"
    git(tmp_path, "clone", "--quiet", str(shop), str(repo))
    write(repo, {"later.py": NEW.replace("NEW", "LATER")})
    asked = Request(path=str(repo), worktree=True, base="HEAD")
    run = asyncio.run(review(asked, tmp_path / "runs", sync=False)).folder
    findings = [f for f in credentials(run)["findings"] if f["status"] == "fail"]

    assert {"new"} == {f["age"]["word"] for f in findings}
    assert {"later.py:1 is in a file that was not there"} == {f["age"]["because"] for f in findings}
