"""A review whose agent looks outside the tree: what it saw decides, is shown, recorded, replayed and judged again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import gonogo
from tests.outside import probed


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a release with an agent of its own."""
    return probed(tmp_path_factory.mktemp("outside"))


@pytest.fixture(scope="module")
def result(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "verdict.json").read_text())
    return found


def assessment(result: dict[str, Any], criterion: str) -> dict[str, Any]:
    (found,) = (a for a in result["assessments"] if a["criterion"] == criterion)
    return dict(found)


class TestDecides:
    @pytest.mark.parametrize(
        ("criterion", "kinds"),
        [
            ("DAT-6.1.1", ["http"]),
            ("DAT-6.2.1", ["file", "report"]),
            ("DAT-6.3.1", ["count"]),
            ("PRF-3.1.1", ["metric"]),
        ],
    )
    def test_what_does_not_apply_keeps_what_was_seen(self, result, criterion, kinds):
        """
        A failure on a criterion that does not apply stays visible and blocks, wherever it was seen.
        """
        found = assessment(result, criterion)
        (said,) = (f for f in found["findings"] if f["agent"] == "prober")
        blocking = {name for reason in result["gate"]["reasons"] for name in reason["criteria"]}

        assert "fail" == found["status"]
        assert kinds == [ground["kind"] for ground in said["evidence"]]
        assert criterion in blocking

    def test_an_absence_is_none_there(self, result):
        """
        That something is missing is nothing where nobody asks for it, and a failure where somebody does.
        """
        here = assessment(result, "DEP-5.2.1")

        assert "not_applicable" == assessment(result, "DAT-6.1.2")["status"]
        assert "fail" == here["status"]
        assert "absence" in {ground["kind"] for finding in here["findings"] for ground in finding["evidence"]}


class TestShows:
    def test_where_it_was_seen(self, run):
        """
        What blocks says where to look, in the tree or outside it.
        """
        shown = gonogo(run.parents[1], "show", "DAT-6.1.1").out
        report = (run / "report.html").read_text()

        assert "GET https://shop.example/admin was answered by 200" in " ".join(shown.split())
        assert "Welcome, administrator" in shown
        assert "GET https://shop.example/admin was answered by 200" in report
        assert "reads_total{job=&#34;shop&#34;}: 3, by shop.example" in report

    def test_no_secret(self, run):
        """
        What the world answered is redacted before it is recorded, hashed or shown.
        """
        everything = b"".join(path.read_bytes() for path in run.rglob("*") if path.is_file())

        assert b"aB3dE5fG7haB3dE5fG7h" not in everything
        assert b"token: [withheld " in everything


class TestRecorded:
    @pytest.mark.parametrize("words", [("verify",), ("replay",), ("replay", "--rejudge")])
    def test_holds(self, run, words):
        """
        The record verifies, replays to its bytes, and is judged again with nobody outside to ask.
        """
        done = gonogo(run.parents[1], *words, str(run))

        assert 0 == done.code, done.out + done.err
