"""Holds the samples of matrices to their rule: of every kind, as many as were asked for, the same every time."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests.sampling import drawn, sampled

ROOT = Path(__file__).parents[2]
THINGS = [f"{kind}{number}" for kind, many in (("a", 90), ("b", 8), ("c", 2)) for number in range(many)]


class TestDrawn:
    def test_one_in_so_many(self):
        """
        As many are drawn as are asked for, in their order, and not the first ones.
        """
        some = drawn(THINGS, 4)

        assert 25 == len(some) == len(set(some))
        assert some == [thing for thing in THINGS if thing in some]
        assert some != THINGS[:25]

    def test_one_of_each_kind(self):
        """
        No kind is left out, however rare it is; the others are fewer for that.
        """
        assert {"a", "b", "c"} == {thing[0] for thing in drawn(THINGS, 25, kind=lambda thing: thing[0])}
        assert 4 == len(drawn(THINGS, 25, kind=lambda thing: thing[0]))

    def test_more_kinds_than_are_asked_for(self):
        """
        Where there are more kinds than are asked for, each has one.
        """
        some = drawn(THINGS, 50, kind=lambda thing: thing[-1])

        assert {thing[-1]: 1 for thing in THINGS} == Counter(thing[-1] for thing in some)

    def test_one_by_one(self):
        """
        One in one is all, and of nothing nothing is drawn.
        """
        assert THINGS == drawn(THINGS, 1)
        assert [] == drawn([], 3)

    def test_the_same_everywhere(self):
        """
        Another process draws the same, whatever its hash seed.
        """
        code = f"from tests.sampling import drawn; print(drawn({THINGS!r}, 9, kind=lambda thing: thing[0]))"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

        assert f"{drawn(THINGS, 9, kind=lambda thing: thing[0])}\n" == done.stdout


class TestSampled:
    @pytest.mark.parametrize("things", [THINGS, [(thing, 1) for thing in THINGS]], ids=["single", "tuples"])
    def test_the_rest_is_for_later(self, things):
        """
        All are values of the parameter, and those that are not drawn are marked as part of the soak.
        """
        values = sampled(things, 4)
        often = [value.values for value in values if not value.marks]

        assert [thing if isinstance(thing, tuple) else (thing,) for thing in things] == [v.values for v in values]
        assert [thing if isinstance(thing, tuple) else (thing,) for thing in drawn(things, 4)] == often
        assert {"soak"} == {mark.name for value in values for mark in value.marks}
