"""Alerts that cannot fire are told from those that can, and those that fire always from both."""

from __future__ import annotations

import pytest

from orchestrator.evidence.inforce.force import State
from orchestrator.evidence.inforce.promql import fires_always, firing, firing_as_written
from orchestrator.formats.promql import parse

SHARE = 'sum(rate(x_total{c="5"}[5m])) / sum(rate(x_total[5m]))'
NEVER_AND_TWIN = [
    ("vector(0) > 1", "up > 0"),
    ("vector(1) == 2", "x == 2"),
    ("up == 0 and on() vector(0) > 1", "up == 0 and on() y > 1"),
    ("up == 0 and vector(0) > 1", "up == 0 and y > 1"),
    ("up == 0 and vector(1)", "up == 0 and on() vector(1)"),
    ("vector(1) and up == 0", "vector(1) and on() up == 0"),
    ("up == 2", "up == 1"),
    ("up > 1", "up >= 1"),
    ("up < 0", "up <= 0"),
    ("pg_up < 0", "hosts_up < 0"),
    ("avg(up) > 1", "sum(up) > 1"),
    ("1 - up > 1", "1 - up > 0.5"),
    ("(up == bool 0) > 1", "(up == bool 0) > 0"),
    ("(up == bool 2) > 0", "(up == bool 1) > 0"),
    (f"{SHARE} > 1", f"{SHARE} > 0.01"),
    (f"100 * {SHARE} > 100", f"100 * {SHARE} > 1"),
    (f"{SHARE} >= 1.01", f"{SHARE} >= 1"),
    (f"{SHARE} > 1", "sum(rate(errors_total[5m])) / sum(rate(all_total[5m])) > 1"),
    (f"{SHARE} > 1", f"{SHARE.replace('x_total[5m]', 'x_total[1h]')} > 1"),
    (f"{SHARE} > 1", SHARE.replace("(x_total[5m]", '(x_total{d="e"}[5m]') + " > 1"),
    (
        'sum by (a) (rate(x_total{c="5"}[5m])) / sum by (a) (rate(x_total[5m])) > 1',
        'sum by (a) (rate(x_total{c="5"}[5m])) / ignoring (a) sum(rate(x_total[5m])) > 1',
    ),
    ("absent(vector(1))", "absent(x)"),
    ("absent(up or vector(1))", "absent(up or x)"),
    ("x unless on() vector(1)", "x unless on() y"),
    ("sum(x) unless vector(1)", "x unless vector(1)"),
    ("x unless on() (y or vector(0))", "x unless on() (y and vector(0))"),
    ("x > 5 unless x > 3", "x > 3 unless x > 5"),
    ("x > 5 unless x >= 5", "x >= 5 unless x > 5"),
    ("x unless x", "x unless y"),
    ("x > 5 and x < 3", "x > 3 and x < 5"),
    ("x > 5 and x <= 5", "x >= 5 and x <= 5"),
    ("x > 5 and x < 3", "x > 5 and on (job) x < 3"),
    ("(x > 5) < 3", "(x > 3) < 5"),
    ("5 > x and x > 6", "5 > x and x > 4"),
    ("x == 1 and x == 2", "x == 1 and y == 2"),
    ('up{job="a", job="b"} == 0', 'up{job="a", env="b"} == 0'),
    ('up{job="a", job!="a"} == 0', 'up{job="a", job!="b"} == 0'),
    ('up{job="a", job=~"b|c"} == 0', 'up{job="a", job=~"a|c"} == 0'),
    ('up{job="a", job!~"a|c"} == 0', 'up{job="a", job!~"b.*"} == 0'),
    ('up{job!~".*"} == 0', 'up{job!~".+"} == 0'),
    ('up{job="a"} == 0 and up{job="b"} == 0', 'up{job="a"} == 0 and ignoring (job) up{job="b"} == 0'),
    ('up{job="a"} == 0 and on (job) up{job="b"} == 0', 'up{job="a"} == 0 and on (env) up{job="b"} == 0'),
    ('sum by (job) (x{job="a"}) > 1 and sum by (job) (x{job="b"}) > 1', 'sum(x{job="a"}) > 1 and sum(x{job="b"}) > 1'),
    ("x - x > 0", "x - x offset 1w > 0"),
    ("x / x > 1", "x / x >= 1"),
    ("0 * x > 1", "2 * x > 1"),
    ("x % 5 > 5", "x % 5 > 4"),
    ("rate(x[1s]) > 1", "rate(x[2s]) > 1"),
    ("rate(x[5m]) < 0", "rate(x[5m]) <= 0"),
    ("delta(x[5m]) > +Inf", "delta(x[5m]) < 0"),
    ("changes(x[5m]) < 0", "changes(x[5m]) < 1"),
    ("count(up == 0) < 1", "count(up == 0) < 2"),
    ("count_over_time(x[5m]) < 1", "count_over_time(x[5m]) < 2"),
    ("present_over_time(x[5m]) > 1", "present_over_time(x[5m]) == 1"),
    ("group(x) > 1", "group(x) == 1"),
    ("stddev(x) < 0", "stddev(x) <= 0"),
    ("sum(errors_total) < 0", "sum(errors) < 0"),
    ("max_over_time(up[1h]) > 1", "sum_over_time(up[1h]) > 1"),
    ("hour() > 23", "hour() > 22"),
    ("day_of_week() > 6", "day_of_week() >= 6"),
    ("clamp_max(x, 5) > 5", "clamp_max(x, 5) >= 5"),
    ("clamp_min(x, 5) < 5", "clamp_min(x, 5) <= 5"),
    ("clamp(x, 1, 5) > 5", "clamp(x, 1, 5) > 4"),
    ("abs(x) < 0", "abs(x) < 1"),
    ("round(up) > 1", "round(up) > 0"),
    ("sgn(x) > 1", "sgn(x) > 0"),
    ("x > NaN", "x != NaN"),
    ("x > +Inf", "x < +Inf"),
    ("x > 1e18", "x > 1e17"),
    ("1e18 < x", "1e18 > x"),
    ("2 ^ 3 * up > 8", "2 ^ 3 * up > 7"),
    ("up + up > 2", "up + up > 1"),
    ("up / 2 > 0.5", "up / 2 > 0.4"),
    ("up == 0 and on() (vector(1) < 0)", "up == 0 and on() (vector(1) > 0)"),
    ("vector(0) > 1 or vector(1) > 2", "vector(0) > 1 or up == 0"),
    ("topk(3, up) > 1", "topk(3, x) > 1"),
    ("scalar(x) * vector(0) > 1", "scalar(x) * vector(1) > 1"),
    ("vector(scalar(up)) > 1", "vector(scalar(x)) > 1"),
    ('label_replace(up, "a", "b", "c", "d") > 1', 'label_replace(x, "a", "b", "c", "d") > 1'),
    ("histogram_quantile(0.9, x_bucket) > 1 and on() vector(0) > 1", "histogram_quantile(0.9, x_bucket) > 1"),
    ("1 > 2", "x > 2"),
    ("1 - 1 > 2", "x - 1 > 2"),
]
ALWAYS_AND_TWIN = [
    ("vector(1)", "x"),
    ("vector(1) > 0", "x > 0"),
    ("absent(vector(0) > 1)", "absent(x > 1)"),
    ("absent(up == 2)", "absent(up == 1)"),
    ("x or vector(1)", "x or y"),
    ("(sum(x) or vector(0)) >= bool 1", "(sum(x) or vector(0)) >= 1"),
    ("vector(1) and on() vector(2)", "vector(1) and on() x"),
    ("vector(1) and vector(2)", "vector(1) and sum(x)"),
    ("vector(1) unless vector(0) > 1", "vector(1) unless sum(x) > 1"),
    ("sum(vector(2))", "sum(x)"),
    ("vector(1) + vector(2) > 2", "vector(1) + vector(2) > sum(x)"),
]


class TestFiring:
    @pytest.mark.parametrize(("never", "twin"), NEVER_AND_TWIN)
    def test_what_cannot_fire_is_void(self, never: str, twin: str) -> None:
        """
        It is void with its reason, and its twin that differs in one thing can fire.
        """
        assert firing_as_written(never).is_void
        assert firing_as_written(never).reason.startswith("it cannot fire: ")
        assert firing_as_written(twin), firing_as_written(twin).reason

    @pytest.mark.parametrize(("always", "twin"), ALWAYS_AND_TWIN)
    def test_what_fires_always_is_void(self, always: str, twin: str) -> None:
        """
        It says nothing of the service, and its twin that hangs on a series does.
        """
        assert firing_as_written(always).is_void
        assert firing_as_written(always).reason.startswith("it fires always: ")
        assert fires_always(parse(always))
        assert firing_as_written(twin), firing_as_written(twin).reason
        assert not fires_always(parse(twin))

    def test_what_is_no_promql_never_fires(self) -> None:
        """
        No server loads it, and the reason says so.
        """
        force = firing_as_written("up == == 0")

        assert State.VOID == force.state
        assert "no PromQL" in force.reason

    def test_the_reason_names_what_is_wrong(self) -> None:
        """
        The expression stands in it without its comments.
        """
        assert "it cannot fire: up == 2 never comes true" == firing(parse("up == 2 # or so")).reason

    def test_deep_ones_are_judged(self) -> None:
        """
        The deepest expression that is read can be judged as well.
        """
        assert firing(parse("abs(" * 119 + "up" + ")" * 119 + ">1")).is_void
        assert firing(parse("+".join(["up"] * 110) + " > 109"))
        assert firing(parse("+".join(["up"] * 110) + " > 110")).is_void
