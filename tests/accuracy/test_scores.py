"""Answers come to the numbers that a reader would count by hand."""

from __future__ import annotations

import pytest

from orchestrator.contract.checks import FAIL, PASS, Check, Shows
from orchestrator.domain.finding import Confidence, Status
from tools.accuracy.answers import Answer, Origin, Said
from tools.accuracy.labels import Expected
from tools.accuracy.page import document, text
from tools.accuracy.scores import Share, by, calibration, caught, of_releases, scores

P, F, U, N = Status.PASS, Status.FAIL, Status.UNKNOWN, Status.NOT_APPLICABLE


def answer(
    expected: Expected,
    got: Status,
    *,
    criterion: str = "SEC-2.2.1",
    name: str = "x",
    origin: Origin = "case",
    kind: str = "typed",
    confidence: Confidence = "high",
    check: str = "security-validator.a.b",
    crash: str = "",
) -> Answer:
    said = (Said(got, check, confidence, f"it is {got}"),) if got in (P, F) else ()
    return Answer(name, origin, kind, criterion, expected, got, said, crash)


@pytest.mark.parametrize(
    ("expected", "right"),
    [
        ("pass", {P: "", F: "wrong failure", U: "missed pass", N: "missed pass"}),
        ("fail", {P: "wrong pass", F: "", U: "missed failure", N: "missed failure"}),
        ("unknown", {P: "wrong pass", F: "wrong failure", U: "", N: "other word"}),
        ("na", {P: "wrong pass", F: "wrong failure", U: "other word", N: ""}),
        ("not pass", {P: "wrong pass", F: "", U: "", N: ""}),
        ("not fail", {P: "", F: "wrong failure", U: "", N: ""}),
    ],
)
def test_fault(expected: Expected, right: dict[Status, str]) -> None:
    """
    Each word of a reader allows what it says, and whatever else is said has its name.
    """
    assert right == {got: answer(expected, got).fault for got in Status}


def test_crash_is_no_answer() -> None:
    """
    Where the judging broke nothing holds, and nothing is counted for either side.
    """
    broken = answer("fail", F, crash="IndexError: x")

    assert ("crashed", "IndexError: x") == (broken.fault, broken.message)
    assert 0 == scores([broken]).answers
    assert Share(0, 0) == calibration([broken])["high"]


class TestScores:
    EVERY = [
        answer("fail", F),
        answer("fail", F),
        answer("fail", U),
        answer("fail", P),
        answer("pass", P),
        answer("pass", U),
        answer("pass", F),
        answer("not pass", F),
        answer("not fail", P),
        answer("unknown", P),
        answer("unknown", U),
        answer("na", N),
    ]

    def test_sides(self) -> None:
        """
        Precision is of what is said, recall of what is expected, each for failures and for passes.
        """
        found = scores(self.EVERY)

        assert (12, 7, 8) == (found.answers, found.holding, found.decided)
        assert (Share(3, 4), Share(2, 4)) == (found.failures.precision, found.failures.recall)
        assert (Share(2, 4), Share(1, 3)) == (found.passes.precision, found.passes.recall)

    def test_of_nothing(self) -> None:
        """
        Of nothing there is no share, and no perfect one.
        """
        assert (None, "–") == (scores([]).failures.precision.rate, str(scores([]).passes.recall))
        assert "0.750 (3 of 4)" == str(Share(3, 4))

    def test_by_group(self) -> None:
        """
        Each group has its own numbers, and the groups are in order.
        """
        found = by(lambda a: a.kind, [answer("fail", F, kind="b"), answer("fail", U, kind="a")])

        assert [("a", 0), ("b", 1)] == [(name, group.holding) for name, group in found.items()]


def test_calibration() -> None:
    """
    Of what decided, each confidence has the share that is wrong; what decided nothing is not counted.
    """
    every = [
        answer("fail", F),
        answer("pass", F),
        answer("pass", P, confidence="medium"),
        answer("pass", U),
        Answer("x", "case", "k", "SEC-2.2.1", "fail", F, (Said(P, "a", "low", "m"), Said(F, "b", "high", "m"))),
    ]

    assert {"high": Share(1, 3), "medium": Share(0, 1), "low": Share(0, 0)} == calibration(every)


class TestCaught:
    def of(self, shows: Shows = FAIL) -> Check:
        return Check("security-validator.a.b", ("SEC-2.2.1",), shows, lambda: (), (), ())

    def test_is_counted_for_each_check(self) -> None:
        """
        A check is asked about the trees of its criteria alone; what another one fails is not its catch.
        """
        every = [
            answer("fail", F),
            answer("fail", F, check="another"),
            answer("fail", U),
            answer("pass", P),
            answer("pass", F),
            answer("not fail", U),
            answer("unknown", F),
            answer("fail", F, criterion="SEC-2.1.5"),
        ]
        found = caught([self.of()], every)["security-validator.a.b"]

        assert (Share(1, 3), Share(2, 3)) == (found.faults, found.controls)

    def test_leaves_out_what_cannot_fail(self) -> None:
        """
        A check that only passes catches nothing, and is not asked to.
        """
        assert {} == caught([self.of(PASS)], [answer("fail", F)])


def test_of_releases() -> None:
    """
    Each share is of its label, and a fault whose clean twin fails as well is not found.
    """
    every = [
        answer("pass", P, origin="release", kind="shown"),
        answer("pass", U, origin="release", kind="shown"),
        answer("fail", F, origin="release", kind="broken"),
        answer("unknown", P, origin="release", kind="partial"),
        answer("unknown", F, origin="release", kind="partial"),
        answer("unknown", U, origin="release", kind="partial"),
        answer("pass", P),
        answer("fail", F, origin="fault", name="a/1"),
        answer("not fail", U, origin="twin", name="a/1"),
        answer("fail", F, origin="fault", name="a/2"),
        answer("not fail", F, origin="twin", name="a/2"),
        answer("fail", U, origin="fault", name="a/3"),
        answer("not fail", P, origin="twin", name="a/3"),
    ]
    found = of_releases(every)

    assert (Share(1, 2), Share(1, 1)) == (found.shown_passes, found.broken_fails)
    assert (Share(1, 3), Share(1, 3)) == (found.partial_passes, found.partial_fails)
    assert Share(1, 2) == found.faults_fail


class TestPage:
    EVERY = [
        answer("fail", P, name="b"),
        answer("fail", F, name="a"),
        answer("pass", U, name="c|d"),
        answer("pass", F, name="e", criterion="INF-1.1.1"),
    ]

    def test_lists_disagreements_the_gravest_first(self) -> None:
        """
        Each answer that does not hold stands in the page and in the document, with what was expected and said.
        """
        page = text(self.EVERY, {})
        first, second, third = page.index("*b*"), page.index("*e*"), page.index("*c\\|d*")

        assert first < second < third
        assert "* SEC-2.2.1 of case *b*: expected fail, got pass: it is pass\n" in page
        assert "expected pass, got unknown: nobody speaks of it" in page
        assert "*a*" not in page
        assert ["b", "e", "c|d"] == [d["name"] for d in document(self.EVERY, {})["disagreements"]]

    def test_has_each_group(self) -> None:
        """
        Areas, criteria and kinds have a row each, in the page and in the document.
        """
        page, body = text(self.EVERY, {}), document(self.EVERY, {})

        assert "| SEC | 3 | 1 | 2 | 1.000 (1 of 1) | 0.500 (1 of 2) | 0.000 (0 of 1) | 0.000 (0 of 1) |" in page
        assert {"INF", "SEC"} == set(body["area"])
        assert {"INF-1.1.1", "SEC-2.2.1"} == set(body["criterion"])
        assert {"part": 1, "whole": 3} == body["confidence"]["high"] | {"part": 1}
        assert 0.5 == body["all"]["failures"]["recall"]

    def test_says_that_nothing_is_wrong(self) -> None:
        """
        Without disagreements it says so.
        """
        assert text([answer("fail", F)], {}).endswith("## Disagreements\n\nNone.\n")
