"""Tells alerts that cannot fire by a mistake from those that were switched off, or that nobody here can read."""

import pytest

from orchestrator.evidence.inforce.promql import firing_as_written, mistaken, unreadable


class TestMistaken:
    @pytest.mark.parametrize(
        "expression",
        [
            'up{job="shop"} == 2',
            "pg_up > 1",
            "up < 0",
            "probe_success == 3",
            "avg(up) > 1.5",
            'sum(rate(errors_total{code="500"}[5m])) < 0',
            'up{job="web" == 0',
            "pg_up == == 0",
            "(rate(errors_total[5m]) > 1",
            "rate(errors_total[5m]) >\n  > 1",
        ],
    )
    def test_what_asks_for_the_impossible_is_a_mistake(self, expression):
        assert mistaken(expression)

    @pytest.mark.parametrize(
        "expression",
        [
            "up == 0",
            "up == 1",
            "up < 1",
            "pg_up < 0.5",
            "vector(0) > 1",
            "up == 0 and on() vector(0) > 1",
            "(up == 0) > 1e18",
            "(up == 0) * 0 > 1",
            "up == 0 unless on() vector(1)",
            'up{job="a",job="b"} == 0',
            "0 > 1",
            "some_rate(x) keep_metric_names > 1",
            "${metric} == 2",
            'up{job="a > > b"} == 0',
            "up == 0 # (",
        ],
    )
    def test_what_is_sound_or_switched_off_or_unknown_is_none(self, expression):
        assert not mistaken(expression)


class TestUnreadable:
    @pytest.mark.parametrize("expression", ["up == 0)", "sum(up", "up[5m", "up == >= 1", "a != == b"])
    def test_brackets_and_comparisons_of_nothing(self, expression):
        assert unreadable(expression)
        assert firing_as_written(expression).is_void

    @pytest.mark.parametrize("expression", ["up", "a == bool b", "f(x) default 0 > 1", "a{b='(', c=\"> >\"} > -1"])
    def test_what_another_dialect_may_read(self, expression):
        assert not unreadable(expression)

    def test_of_another_dialect_it_cannot_be_told(self):
        force = firing_as_written("some_rate(x) keep_metric_names > 1")

        assert not force
        assert not force.is_void
