"""What an expression asks is read from its tree, and not from its words."""

from __future__ import annotations

from math import inf

import pytest

from orchestrator.evidence.asked import Asked, asked

SHARE = 'sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m]))'
P95 = "histogram_quantile(0.95, sum(rate(seconds_bucket[5m])) by (le))"


def of(expression: str) -> Asked:
    found = asked(expression)
    assert found is not None
    return found


class TestSeries:
    def test_names_and_labels(self) -> None:
        """
        Each name once, every condition, and neither comments nor texts of functions.
        """
        found = of('up{job="a"} == 0 and label_replace(up{b!="c"}, "d", "e", "f", "g") > down # nodes')

        assert ("up", "down") == found.metrics
        assert ["job", "b"] == [matcher.label for matcher in found.matchers]
        assert 'up down job="a" b!="c"' == found.words

    def test_functions(self) -> None:
        """
        Functions and aggregations alike.
        """
        assert {"sum", "rate", "histogram_quantile"} == of(P95).functions

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("rate(x[5m]) > 1", True),
            ("max_over_time((x)[5m:]) > 1", True),
            ("x > 1", False),
            ("x offset 5m > 1", False),
        ],
    )
    def test_windows(self, expression: str, expected: bool) -> None:
        """
        A range is more than one sample, an offset is not.
        """
        assert expected is of(expression).windowed

    @pytest.mark.parametrize(
        ("expression", "farthest", "longest", "ahead"),
        [
            ("x > x offset 1w", 604_800, 0, 0),
            ("x > max_over_time((x)[1h:] offset 1d)", 86_400, 3_600, 0),
            ("x > avg_over_time(x[1d])", 0, 86_400, 0),
            ("rate(x[1d]) > 1", 0, 0, 0),
            ("predict_linear(x[6h], 4 * 86400) < 0", 0, 0, 345_600),
            ("predict_linear(x[6h], scalar(y)) < 0", 0, 0, inf),
            ("predict_linear(x[6h], 60) < predict_linear(x[6h], 30)", 0, 0, 60),
        ],
    )
    def test_how_far(self, expression: str, farthest: float, longest: float, ahead: float) -> None:
        """
        Back, over a range, and ahead; in seconds.
        """
        found = of(expression)

        assert (farthest, longest, ahead) == (found.farthest, found.longest, found.ahead)

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            (P95, (0.95,)),
            ("quantile_over_time(0.5 + 0.4, x[1h])", (0.9,)),
            ("quantile by (a) (0.99, x)", (0.99,)),
            ('x{quantile="0.5"}', (0.5,)),
            ('x{quantile="median"}', ()),
            ("histogram_quantile(scalar(x), y)", ()),
            ("avg(x)", ()),
        ],
    )
    def test_quantiles(self, expression: str, expected: tuple[float, ...]) -> None:
        """
        By function, by aggregation, by label.
        """
        assert expected == of(expression).quantiles


class TestComparisons:
    @pytest.mark.parametrize(
        ("expression", "sign", "limit", "low", "high"),
        [
            ("up == 0", "==", 0, True, False),
            ("up != 1", "!=", 1, True, False),
            ("up < 1", "<", 1, True, False),
            ("up <= 0", "<=", 0, True, False),
            ("1 > up", "<", 1, True, False),
            ("0 == up", "==", 0, True, False),
            ("up == 1", "==", 1, False, True),
            ("up != 0", "!=", 0, False, True),
            ("up > 0", ">", 0, False, True),
            ("up >= 1", ">=", 1, False, True),
            ("up == 5", "==", 5, False, False),
            ("x > 6 * (1 - 0.999)", ">", pytest.approx(0.006), False, True),
            ("x > y", ">", None, False, True),
            ("x > 1 / 0", ">", None, False, True),
        ],
    )
    def test_sides(self, expression: str, sign: str, limit: float | None, low: bool, high: bool) -> None:
        """
        A constant is worked out and stands on the right; so it is clear on which side the alert fires.
        """
        (found,) = of(expression).comparisons

        assert (sign, limit, low, high) == (found.sign, found.limit, found.fires_low, found.fires_high)

    def test_of_a_metric(self) -> None:
        """
        A comparison is about the metrics of its subject, and not about what it is compared with.
        """
        found = of("sum(up) < 2 and x > up")

        assert ["<"] == [c.sign for c in found.about("^up$")]
        assert [">"] == [c.sign for c in found.about("^x$")]
        assert () == found.about("^u$")

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            (f"{SHARE} > 0.01", [0.01]),
            (f"100 * {SHARE} > 1", [0.01]),
            (f"{SHARE} * 100 > 1", [0.01]),
            (f"{SHARE} / 0.01 > 1", [0.01]),
            (f"{SHARE} > 1", [1]),
            ("errors_percent > 1", [0.01]),
            ("job:errors:ratio > 0.02", [0.02]),
            ("error_rate > 0.02", [0.02]),
            ("rate(x[5m]) > 5", []),
            ("x / 5 > 5", []),
            (f"{SHARE} > y", [None]),
            (f"{SHARE} > 0.05 and rate(x[5m]) > 1", [0.05]),
        ],
    )
    def test_shares(self, expression: str, expected: list[float | None]) -> None:
        """
        The limit of a share is one of one, whether it is written in per cent or not.
        """
        assert expected == [limit for _, limit in of(expression).shares]

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("x > 2 * (x offset 1w)", 2),
            ("x > (x offset 1w) * 3", 3),
            ("x > (x offset 1w) / 0.5", 2),
            ("x / 2 > x offset 1w", 2),
            ("0.5 * x > x offset 1w", 2),
            ("x / (x offset 1w) > 2", 2),
            ("x > x offset 1w", 1),
            ("x > 2 * (3 * (x offset 1w))", 6),
            ("0.1 * x / (x offset 1w) > 1", 10),
            ("x / (5 * (x offset 1w)) > 2", 10),
            ("(x - x offset 1w) / x offset 1w > 1", 2),
            ("(x - 2 * (x offset 1w)) / (2 * (x offset 1w)) > 1", None),
            ("(x - y) / x offset 1w > 1", None),
            ("x > 1 + (x offset 1w)", None),
            ("x > max_over_time((10 * x)[1w:])", None),
            ("x > 2 * sum(a offset 1w) / sum(b offset 1w)", 2),
            ("2 * (x offset 1w) < x", None),
            ("x > 5", None),
            ("x / 5 > 5", None),
        ],
    )
    def test_times(self, expression: str, expected: float | None) -> None:
        """
        How many times the other side the subject has to be; what is low or compared with a figure is none.
        """
        assert expected == of(expression).comparisons[0].times

    @pytest.mark.parametrize(
        ("expression", "expected"),
        [
            ("x > 1 and y > 2", True),
            ("x > 1 unless y > 2", True),
            ("sum(x > 1 and y > 2) > 3", True),
            ("x > 1 or y > 2", False),
            ("x > 1 and y", False),
            ("x and y > 1", False),
            ('x{a="b > 1 and c > 2"} > 1', False),
        ],
    )
    def test_joined(self, expression: str, expected: bool) -> None:
        """
        Two conditions, both of which have to hold.
        """
        assert expected is of(expression).joined


def test_what_is_no_promql_asks_nothing() -> None:
    """
    None, rather than a guess.
    """
    assert asked("avg:system.cpu{*} > 5") is None
    assert "up == 0" == of("(up) == 0 # x").text
