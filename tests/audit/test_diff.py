"""What differs between two runs: the numbers that findings rest on."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest

from orchestrator.audit.diff import MeasureChange, compare
from orchestrator.cli._audit import difference
from orchestrator.domain.finding import Finding, Status
from orchestrator.domain.measure import Measure
from orchestrator.domain.result import Result
from tests.cli.command import gonogo
from tests.every_ground import every_ground
from tests.report import documents
from tests.repositories import SHOP, git, repository, write

COVERAGE = {"name": "coverage", "unit": "%", "at_least": 80.0}


def measuring(
    value: float,
    status: Literal[Status.PASS, Status.FAIL, Status.UNKNOWN] = Status.PASS,
    path: str = "a.py",
    line: int = 1,
    criterion: str = "DEP-5.1.2",
    **measure: object,
) -> Finding:
    """A finding with a measure; a coverage unless *measure* says otherwise."""
    whole = Measure.model_validate({**COVERAGE, **measure, "value": value})
    return documents.finding(criterion, status, "looked at", path, line, measure=whole)


def changes(before: Sequence[Finding], after: Sequence[Finding]) -> tuple[MeasureChange, ...]:
    return compare(documents.document(before), documents.document(after)).measures


def moved(before: Sequence[Finding], after: Sequence[Finding]) -> list[tuple[float, float]]:
    """Value before and value after, in the order of the document."""
    return [(c.before.value, c.after.value) for c in changes(before, after)]


class TestMeasures:
    def test_of_a_criterion_that_stands_as_it_did(self):
        """
        A coverage that fell while it still passes is shown, is worse, and is not a regression.
        """
        old, new = documents.document([measuring(86)]), documents.document([measuring(83.1)])
        found = compare(old, new)
        change = found.measures[0]

        assert not found.newly_failing + found.newly_passing + found.now_unknown
        assert ("DEP-5.1.2", "critical", Status.PASS, Status.PASS) == (
            change.criterion,
            change.severity,
            change.status_before,
            change.status,
        )
        assert (86, 83.1, 80, "worse") == (change.before.value, change.after.value, change.after.at_least, change.trend)
        assert found.regression is False

    def test_the_same_number(self):
        """
        What did not change is not shown, though its place did.
        """
        assert () == changes([measuring(86, path="a.py", line=3)], [measuring(86, path="b.py", line=9)])

    def test_only_on_one_side(self):
        """
        A number that came or went is the news of its finding, and no change of a number.
        """
        bare = documents.finding("DEP-5.1.2", Status.PASS, "looked at", "a.py", 1)

        assert () == changes([bare], [measuring(86)])
        assert () == changes([measuring(86)], [bare])
        assert () == changes([measuring(86)], [measuring(83, name="branches")])

    @pytest.mark.parametrize(
        ("before", "after", "limits", "trend"),
        [
            (86, 83, {}, "worse"),
            (83, 86, {}, "better"),
            (83, 86, {"at_least": None, "at_most": 90.0}, "worse"),
            (86, 83, {"at_least": None, "at_most": 90.0}, "better"),
            (86, 83, {"at_least": None}, ""),
        ],
    )
    def test_which_way_is_worse(self, before, after, limits, trend):
        """
        The direction of the limit says so, and without a limit nobody does.
        """
        found = changes([measuring(before, **limits)], [measuring(after, **limits)])

        assert [trend] == [c.trend for c in found]

    def test_a_limit_that_moved(self):
        """
        A bar that was lowered is shown, and is neither better nor worse.
        """
        found = changes([measuring(86)], [measuring(86, at_least=60)])

        assert [(80.0, 60.0, "")] == [(c.before.at_least, c.after.at_least, c.trend) for c in found]

    def test_another_unit(self):
        """
        Numbers of two units are shown and not compared.
        """
        assert [""] == [c.trend for c in changes([measuring(86)], [measuring(3, unit="files")])]

    def test_the_only_one_of_its_name(self):
        """
        A check that decides by the worst place may name another place from run to run.
        """
        assert [(86, 83)] == moved([measuring(86, path="a.py")], [measuring(83, path="b.py")])

    def test_by_file_and_line(self):
        """
        Several of a name are told apart by their files, and in one file by their lines.
        """
        old = [
            measuring(10, path="a.py", line=1),
            measuring(20, path="b.py", line=1),
            measuring(30, path="b.py", line=5),
        ]
        new = [
            measuring(31, path="b.py", line=5),
            measuring(11, path="a.py", line=8),
            measuring(21, path="b.py", line=1),
        ]

        assert [(10, 11), (20, 21), (30, 31)] == sorted(moved(old, new))

    def test_no_guesses(self):
        """
        What cannot be told apart is left out.
        """
        old = [measuring(10, line=1), measuring(20, line=2)]
        new = [measuring(11, line=8), measuring(21, line=9)]

        assert [] == moved(old, new)

    def test_of_one_catalogue_only(self):
        """
        A criterion that the other run did not judge has nothing to compare with.
        """
        new = documents.document([measuring(83)])
        old = documents.document([measuring(86)])
        less = old.model_copy(update={"assessments": tuple(a for a in old.assessments if a.criterion != "DEP-5.1.2")})

        assert () == compare(less, new).measures


def shown(before: Result, after: Result) -> str:
    """The difference as it is printed."""
    return "".join(f"{line}\n" for line in difference(compare(before, after)))


def test_in_words() -> None:
    """
    Criterion, severity, status, number before and after, limit and trend, below what newly fails and passes.
    """
    old = [
        measuring(86),
        measuring(3, Status.FAIL, criterion="INF-1.1.1", name="workloads without a probe", unit="", at_least=None),
        measuring(400, criterion="PRF-3.1.1", name="p95 under load", unit="ms", at_least=None, at_most=500),
        measuring(90, criterion="OBS-4.1.1", name="log retention", unit="days", at_least=30),
    ]
    new = [
        measuring(83.125),
        measuring(1, Status.FAIL, criterion="INF-1.1.1", name="workloads without a probe", unit="", at_least=None),
        measuring(
            1400, Status.FAIL, criterion="PRF-3.1.1", name="p95 under load", unit="ms", at_least=None, at_most=500
        ),
        measuring(90, criterion="OBS-4.1.1", name="log retention", unit="days", at_least=14),
    ]
    text = shown(documents.document(old), documents.document(new))

    assert (
        "changed measures: 4\n"
        "  INF-1.1.1   critical  fail: workloads without a probe 3 → 1  a.py:1\n"
        "  PRF-3.1.1   high      pass → fail: p95 under load 400 ms → 1,400 ms (at most 500 ms), worse  a.py:1\n"
        "  OBS-4.1.1   high      pass: log retention 90 days (at least 30 days → at least 14 days)  a.py:1\n"
        "  DEP-5.1.2   critical  pass: coverage 86 % → 83.125 % (at least 80 %), worse  a.py:1\n"
    ) in text
    assert text.index("newly failing") < text.index("changed measures")


LOGS = 'resource "aws_cloudwatch_log_group" "shop" {\n  name = "/shop"\n  retention_in_days = %d\n}\n'


def folders(home: Path) -> set[str]:
    return {p.name for p in (home / "runs").iterdir() if p.is_dir()}


def test_of_two_revisions(tmp_path):
    """
    Two reviews of one repository: its logs are kept for fewer days, and for enough.
    """
    shop = repository(tmp_path / "shop", {**SHOP, "infra/logs.tf": LOGS % 90})
    gonogo(tmp_path, "review", str(shop), "-q")
    (older,) = folders(tmp_path)
    write(shop, {"infra/logs.tf": "# for a month\n" + LOGS % 30})
    git(shop, "add", "--all")
    git(shop, "commit", "--quiet", "-m", "cheaper")
    gonogo(tmp_path, "review", str(shop), "-q")
    (newer,) = folders(tmp_path) - {older}
    done = gonogo(tmp_path, "diff", older, newer)
    answer = gonogo(tmp_path, "diff", older, newer, "--format", "json").json["measures"]

    assert 0 == done.code, done.out
    assert "pass: log retention 90 days → 30 days (at least 30 days), worse  infra/logs.tf:4\n" in done.out
    assert [("log retention", 90, 30, "worse")] == [
        (m["name"], m["before"]["value"], m["after"]["value"], m["trend"]) for m in answer
    ]


class TestWhere:
    def test_outside_the_tree(self):
        """
        What began to fail says where it was seen, also where that is not a place in the tree.
        """
        answer = every_ground()["http"]
        bare = documents.finding("DEP-5.1.2", message="it is down")
        found = bare.model_copy(update={"evidence": (answer,)})
        held = documents.finding("DEP-5.1.2", Status.PASS, "it is up", "a.py", 1)
        (change,) = compare(documents.document([held]), documents.document([found])).newly_failing

        assert answer.statement == change.where
