"""What an auditor does with records: ask what if, judge again, compare, hand on, clear away."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from orchestrator.conclusion.rendering import finished
from orchestrator.journal.record import Record
from tests.cli.command import gonogo
from tests.cli.copies import everything
from tests.words import attested, waived, words

LENIENT = """
thresholds: {score: 0, each_area: 0}
policy: {name: lenient, max_failed: {critical: -1, high: -1}, max_unknown_critical: -1}
"""


@pytest.fixture(scope="module")
def folder(two_runs: Path) -> Path:
    return two_runs


@pytest.fixture(scope="module")
def runs(folder: Path) -> list[Path]:
    return sorted(p for p in (folder / "runs").iterdir() if p.is_dir())


class TestWhatIf:
    def test_before_and_after(self, folder, runs):
        """
        Score, verdict and gate stand side by side, and it says that this is not the recorded policy.
        """
        (folder / "lenient.yaml").write_text(LENIENT)
        before = everything(folder / "runs")
        done = gonogo(folder, "replay", runs[0].name, "--policy", "lenient.yaml")

        assert 0 == done.code, done.err
        assert "this is not the recorded policy" in done.out
        assert re.search(r"^policy +strict → lenient$", done.out, re.MULTILINE)
        assert re.search(r"^verdict +ROLLBACK → PRODUCTION READY$", done.out, re.MULTILINE)
        assert "no longer in the way" in done.out
        assert everything(folder / "runs") == before

    def test_statements_replace_the_recorded_ones(self, folder, runs):
        """
        A waiver takes a failure out of the gate, an attestation earns points; an expired one does nothing.
        """
        result = finished(Record(runs[0])).result
        failing = next(a.criterion for a in result.assessments if a.blocks)
        first, second = "CST-7.1.7", "CST-7.3.6"
        assert {first, second} <= {a.criterion for a in result.assessments if a.open}
        (folder / "said.yaml").write_text(
            "profile: {database: no}\npolicy: {critical_waivers: true, people_for_critical: 1}\n"
            + words(
                waivers=[waived(failing)],
                attestations=[attested(first), attested(second, seen="The drill went well for all of us.", on=-900)],
            )
        )
        answer = gonogo(folder, "replay", runs[0].name, "--policy", "said.yaml", "--format", "json").json

        assert "gonogo/what-if/1" == answer["schema"]
        assert {failing, first} == {s["criterion"] for s in answer["statements"]}
        assert answer["supposed"]["score"]["earned"] > answer["recorded"]["score"]["earned"]
        assert "ignored, since it takes a review: profile" in answer["notes"]

    def test_its_own_rules_change_nothing(self, folder, runs):
        """
        An empty file is the workflow's own policy, under which the run was judged.
        """
        (folder / "empty.yaml").write_text("")
        answer = gonogo(folder, "replay", "--policy", "empty.yaml", "--format", "json").json

        assert answer["recorded"] == answer["supposed"]

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("polcy: {}\n", "unknown key"),
            ("waivers: [{criterion: XXX-1}]\n", "no criterion"),
            ("[", "expected"),
        ],
    )
    def test_a_file_that_cannot_be_meant(self, folder, text, said):
        """
        A mistake in the file is told with its place.
        """
        (folder / "bad.yaml").write_text(text)
        done = gonogo(folder, "replay", "--policy", "bad.yaml")

        assert 2 == done.code
        assert said in done.err
        assert "  --> bad.yaml:" in done.err

    def test_two_questions(self, folder):
        """
        One question at a time; a format belongs to a question.
        """
        assert 2 == gonogo(folder, "replay", "--policy", "x.yaml", "--rejudge").code
        assert 2 == gonogo(folder, "replay", "--format", "json").code


class TestArchive:
    def test_there_and_back(self, folder, runs, tmp_path):
        """
        Exported, carried elsewhere, verified, replayed, judged again and compared.
        """
        done = gonogo(folder, "export", runs[0].name, "-o", str(tmp_path / "x.run.zip"))
        assert 0 == done.code, done.err
        assert 0 == gonogo(folder, "export", runs[0].name, "--format", "zip", "-o", str(tmp_path / "y.zip")).code

        assert (tmp_path / "x.run.zip").read_bytes() == (tmp_path / "y.zip").read_bytes()
        assert gonogo(tmp_path, "verify", "x.run.zip").out == gonogo(folder, "verify", runs[0].name).out
        assert f"REPRODUCED  {runs[0].name}" in gonogo(tmp_path, "replay", "x.run.zip").out
        assert "every finding is the same" in gonogo(tmp_path, "replay", "--rejudge", "x.run.zip").out
        assert 0 == gonogo(tmp_path, "diff", "x.run.zip", "y.zip").code

    def test_is_told_from_a_result(self, folder, tmp_path):
        """
        A format that is named counts; an archive needs a file.
        """
        target = tmp_path / "x.run.zip"
        assert 0 == gonogo(folder, "export", "--format", "json", "-o", str(target)).code

        assert "gonogo/verdict/1" == json.loads(target.read_bytes())["schema"]
        assert 7 == gonogo(folder, "verify", str(target)).code
        assert 2 == gonogo(folder, "export", "--format", "zip").code
        assert 2 == gonogo(folder, "verify", "none.run.zip").code


class TestRuns:
    def test_trend(self, folder, runs, tmp_path):
        """
        Each finished run is held against the one before of the same release.
        """
        lines = gonogo(folder, "runs").out.splitlines()
        percents = [finished(Record(run)).result.score.percent for run in runs]

        assert lines[0].endswith(f"{percents[0]:.1f} %")
        assert lines[1].endswith("↓" if percents[1] < percents[0] else "=" if percents[1] == percents[0] else "↑")
        assert ["", lines[1][-1]] == [row["trend"] for row in gonogo(folder, "runs", "--format", "json").json]
