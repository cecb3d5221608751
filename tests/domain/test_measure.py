"""A number that a finding rests on."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from orchestrator.domain.finding import Finding, Status
from orchestrator.domain.measure import Measure, measured


class TestMeasure:
    @pytest.mark.parametrize(
        ("measure", "said"),
        [
            (Measure(name="coverage", value=83.1, unit="%", at_least=85), "coverage 83.1 % (at least 85 %)"),
            (Measure(name="backups", value=1, unit="days", at_least=30), "backups 1 day (at least 30 days)"),
            (Measure(name="p95", value=1310.25, unit="ms", at_most=1), "p95 1,310.25 ms (at most 1 ms)"),
            (Measure(name="credentials in the tree", value=3, at_most=0), "credentials in the tree 3 (at most 0)"),
            (Measure(name="tests", value=0), "tests 0"),
            (Measure(name="drift", value=0.00025, unit="s"), "drift 0.00025 s"),
            (Measure(name="far", value=-1.5e300), "far -1.5e+300"),
        ],
    )
    def test_in_words(self, measure, said):
        """
        Name, amount and limit, short whatever the number is.
        """
        assert said == str(measure)

    def test_one_limit(self):
        """
        With a limit in both directions nobody could say which way is worse.
        """
        with pytest.raises(ValidationError, match="'replicas' has a limit in both directions"):
            Measure(name="replicas", value=2, at_least=1, at_most=3)

    @pytest.mark.parametrize("value", [None, float("nan"), float("inf"), -float("inf"), 10**400, -(10**400)])
    def test_no_number(self, value):
        """
        What a file states and no document can hold is not a measure, and not a crash.
        """
        assert measured("replicas", value, at_least=2) is None

    def test_two_findings_of_different_numbers_are_two(self):
        """
        Findings that differ in their number alone are told apart, and without one they are the same as ever.
        """
        bare = Finding(criterion="A-1", status=Status.FAIL, message="m", agent="a", check="a.c")
        one, two = (bare.model_copy(update={"measure": measured("n", n, at_most=0)}) for n in (1, 2))

        assert 3 == len({bare, one, two})
        assert "measure" not in bare.model_dump(mode="json", exclude_defaults=True)
        assert one == Finding.model_validate(one.model_dump(mode="json", exclude_defaults=True))
