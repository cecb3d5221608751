"""A name belongs to the innermost part around it that declares it."""

from __future__ import annotations

import time

import pytest

from orchestrator.evidence.routing.scopes import Scopes


def scopes(*spans: tuple[int, int]) -> Scopes:
    found = Scopes()
    for start, end in spans:
        found.add("r", start, end)
    return found


class TestScopes:
    @pytest.mark.parametrize(
        ("spans", "place", "start"),
        [
            (((0, 10),), 5, 0),
            (((0, 10),), 0, 0),
            (((0, 10),), 9, 0),
            (((0, 10),), 10, None),
            (((2, 10),), 1, None),
            (((0, 20), (5, 10)), 7, 5),
            (((0, 20), (5, 10)), 10, 0),
            (((0, 20), (5, 10), (12, 15)), 16, 0),
            (((0, 20), (5, 10), (6, 8)), 9, 5),
            (((0, 20), (0, 10)), 5, 0),
            (((0, 4), (5, 9)), 6, 5),
            (((0, 4), (6, 9)), 5, None),
        ],
    )
    def test_finds_the_innermost(self, spans, place, start):
        """
        Parts that end before a place, or begin after it, are passed over, however many there are.
        """
        assert start == scopes(*spans).innermost("r", place)

    def test_another_name_is_in_none(self):
        """
        What nobody declares belongs to no part.
        """
        assert scopes((0, 10)).innermost("s", 5) is None

    def test_many_parts_side_by_side_cost_little(self):
        """
        A file of hostile blocks is no more work than one of people's.
        """
        found = scopes((0, 1_000_000), *((at, at + 5) for at in range(1, 900_000, 10)))
        began = time.process_time()

        assert [0] * 20_000 == [found.innermost("r", 900_000 + at) for at in range(20_000)]
        assert time.process_time() - began < 5
