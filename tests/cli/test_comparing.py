"""Two runs are compared: what got worse, what got better, and what cannot be compared."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestrator.audit.diff import compare
from orchestrator.conclusion.rendering import finished
from orchestrator.journal.record import Record
from tests.cli.command import gonogo
from tests.words import SMALL_TEAM, waived, words


@pytest.fixture(scope="module")
def folder(two_runs: Path) -> Path:
    return two_runs


@pytest.fixture(scope="module")
def runs(folder: Path) -> list[Path]:
    return sorted(p for p in (folder / "runs").iterdir() if p.is_dir())


class TestDiff:
    def test_a_regression(self, folder, runs):
        """
        A criterion that newly fails is named with its place, and the command exits with 1.
        """
        done = gonogo(folder, "diff", runs[0].name, str(runs[1]))

        assert 1 == done.code, done.err
        assert re.search(
            r"newly failing: \d+\n(  .*\n)*  SEC-2\.2\.1 +critical +pass → fail: .*  config\.py:1\n", done.out
        )
        assert "regression: SEC-2.2.1 (critical) newly fails" in done.out

    def test_the_other_way_round(self, folder, runs):
        """
        What came back is not a regression.
        """
        done = gonogo(folder, "diff", runs[1].name, runs[0].name)

        assert 0 == done.code
        assert "the first run is the later one" in done.out
        assert done.out.endswith("no regression\n")

    def test_as_json(self, folder, runs):
        """
        The same as a document.
        """
        done = gonogo(folder, "diff", runs[0].name, "latest", "--format", "json")

        assert 1 == done.code
        assert "gonogo/diff/1" == done.json["schema"]
        assert "SEC-2.2.1" in {c["criterion"] for c in done.json["newly_failing"]}
        assert not done.json["catalogue"]

    def test_itself(self, folder):
        """
        A run does not differ from itself.
        """
        done = gonogo(folder, "diff", "latest", "latest")

        assert 0 == done.code
        assert "both are the same run" in done.out

    def test_the_catalogue_apart(self, runs):
        """
        A criterion that only one catalogue has, or weighs otherwise, is not a change of the release.
        """
        new = finished(Record(runs[1])).result
        worst = next(a for a in new.assessments if a.blocks and a.severity == "critical")
        other = next(a for a in new.assessments if a.criterion != worst.criterion)
        low = other.model_copy(update={"severity": "low" if other.severity != "low" else "high"})
        rest = [a for a in new.assessments if a.criterion not in (worst.criterion, other.criterion)]
        old = new.model_copy(update={"assessments": (low, *rest)})

        found = compare(old, new)
        assert {(worst.criterion, "added"), (other.criterion, "severity")} == {
            (c.criterion, c.change) for c in found.catalogue
        }
        assert not found.newly_failing
        assert found.regression is False
        assert {(worst.criterion, "removed"), (other.criterion, "severity")} == {
            (c.criterion, c.change) for c in compare(new, old).catalogue
        }

    def test_a_waiver_that_is_gone(self, folder, runs, tmp_path):
        """
        A failure that is waived no longer is a regression; one that is waived newly is none.
        """
        old = finished(Record(runs[1])).result
        worst = next(a for a in old.assessments if a.blocks and a.severity == "critical")
        (tmp_path / "waived.yaml").write_text(
            f"policy: {{critical_waivers: true}}\n{words(waivers=[waived(worst.criterion)])}"
        )
        (tmp_path / "team.yaml").write_text(SMALL_TEAM)
        done = gonogo(
            tmp_path, "review", str(folder / "shop"), "-q", "--config", "waived.yaml", "--policy", "team.yaml"
        )
        assert 1 == done.code, done.err
        new = finished(Record(next(p for p in (tmp_path / "runs").iterdir() if p.is_dir()))).result

        assert ["added"] == [s.change for s in compare(old, new).statements]
        assert compare(old, new).regression is False
        assert (f"{worst.criterion} (critical) is no longer waived and fails",) == compare(new, old).because

    def test_ready_no_longer(self, runs):
        """
        A verdict that was ready and is not is a regression whatever the criteria say.
        """
        new = finished(Record(runs[0])).result
        old = new.model_copy(
            update={"verdict": "PRODUCTION READY", "gate": new.gate.model_copy(update={"holds": True, "reasons": ()})}
        )

        assert ("the verdict was PRODUCTION READY and is ROLLBACK",) == compare(old, new).because
