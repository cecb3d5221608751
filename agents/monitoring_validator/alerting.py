"""Judges alert rules by what they notice: outages, errors, latency, exhaustion."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    PASS,
    AlertRule,
    Alerts,
    DataStores,
    Draft,
    Example,
    Infrastructure,
    Manifests,
    Source,
    check,
    each,
    examined,
    failed,
    many,
    measured,
    passed,
    unsure,
    words,
)

from . import _alarms
from ._expressions import (
    about_database_down,
    about_down,
    about_errors,
    about_latency,
    against_baseline,
    at_high_quantile,
    below,
    combines,
    is_share,
    means_down,
    other_codes,
    threshold,
    times_baseline,
)


def rule_file(title: str, expression: str, extra: str = "", waits: str = "5m") -> dict[str, str]:
    """A rule file with one rule, for examples."""
    rule = f"      - alert: {title}\n        expr: {expression}\n        for: {waits}\n{extra}"
    return {"prometheus/rules.yml": f"groups:\n  - name: shop\n    rules:\n{rule}"}


_DRIVERS = words("packages/database-drivers")


def _has_database(manifests: Manifests, stores: DataStores) -> bool:
    return bool(manifests.uses(_DRIVERS, development=False) or stores.databases)


_DATABASE = "      - alert: DatabaseDown\n        expr: pg_up == 0\n        for: 1m\n"


@check(
    "OBS-4.3.1",
    shows=BOTH,
    clean=[
        Example(
            "service and database",
            {**rule_file("ShopDown", 'up{job="shop"} == 0', _DATABASE), "requirements.txt": "psycopg==3.2\n"},
        ),
        Example("a service without a database", rule_file("ShopDown", 'up{job="shop"} == 0')),
        Example(
            "no healthy target behind the load balancer",
            {
                "infra/alarms.tf": 'resource "aws_cloudwatch_metric_alarm" "down" {\n  metric_name = '
                '"UnHealthyHostCount"\n  threshold = 0\n}\n'
            },
        ),
    ],
    flagged=[
        Example("an alert that can never fire", rule_file("ShopDown", 'up{job="shop"} == 2')),
        Example("an alert that nobody can read", rule_file("ShopDown", "'up{job=\"shop\" == 0'")),
        Example("an alert that compares twice", rule_file("DatabaseDown", "pg_up == == 0")),
    ],
    silent=[
        Example(
            "an alarm whose actions are switched off",
            {
                "infra/alarms.tf": 'resource "aws_cloudwatch_metric_alarm" "down" {\n  metric_name = '
                '"UnHealthyHostCount"\n  threshold = 0\n  actions_enabled = false\n}\n'
            },
        ),
        Example("only the monitoring is watched", rule_file("PrometheusDown", 'up{job="prometheus"} == 0')),
        Example("the monitoring is to be watched, and never is", rule_file("Down", 'up{job="prometheus"} == 2')),
        Example("an alert that fires while all is well", rule_file("ShopDown", 'up{job="shop"} == 1')),
        Example("an alert that was switched off", rule_file("ShopDown", 'up{job="shop"} == 0 and on() vector(0) > 1')),
        Example("an alert that waits for a day", rule_file("ShopDown", 'up{job="shop"} == 0', waits="24h")),
        Example("only the processor is watched", rule_file("HighCpu", "node_cpu_busy > 0.9")),
        Example(
            "nobody watches the database",
            {**rule_file("ShopDown", 'up{job="shop"} == 0'), "requirements.txt": "psycopg==3.2\n"},
        ),
    ],
)
def outage_alert(
    alerts: Alerts, infrastructure: Infrastructure, manifests: Manifests, data: DataStores
) -> Iterator[Draft]:
    """An alert fires when the service does not answer, and one when its database does not."""
    rules = _alarms.heard(alerts, infrastructure)
    stores = [rule for rule in rules if about_database_down(rule)]
    down = [rule for rule in rules if about_down(rule) and not about_database_down(rule)]
    if down and (stores or not _has_database(manifests, data)):
        yield passed(
            f"Alert {down[0].title} fires on an outage"
            + (f", {stores[0].title} on that of the database" if stores else ""),
            *(rule.source for rule in [*down, *stores]),
            examined(len(rules), "alert rules"),
        )
    elif down:
        yield unsure(f"Alert {down[0].title} fires on an outage; none is about the database", down[0].source)
    elif broken := list(filter(means_down, alerts.broken)):
        yield _broken(broken, "an outage", len(rules))
    elif rules:
        yield unsure(
            each(rules, at=lambda rule: rule.source).say("{none:alert rule} is about an outage of the service")
        )
    else:
        yield from _idle(alerts)


def _broken(rules: list[AlertRule], what: str, others: int) -> Draft:
    """That what was to tell of *what* never does."""
    return failed(
        f"Alert {rules[0].title} cannot fire by a mistake in what it asks: {rules[0].expression[:120]}; no other is "
        f"about {what}",
        rules[0].source,
        *(rule.source for rule in rules[1:]),
        examined(len(rules) + others, "alert rules"),
    )


def _idle(alerts: Alerts) -> Iterator[Draft]:
    """Why there is no alert, where there are some that are not counted."""
    for aside in alerts.idle[:1]:
        others = f"; {many(len(alerts.idle) - 1, 'other')} likewise" if len(alerts.idle) > 1 else ""
        yield unsure(
            f"{aside.what[:1].upper()}{aside.what[1:]} {aside.reason}{others}", Source(path=aside.path, line=aside.line)
        )


_SHARE = 0.01
_RATIO = 'sum(rate(http_requests_total{code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > %s'


@check(
    "OBS-4.3.2",
    shows=BOTH,
    clean=[
        Example("one in a hundred", rule_file("HighErrorRate", _RATIO % "0.01")),
        Example("in per cent", rule_file("HighErrorRate", f"100 * {_RATIO % '1'}")),
        Example("burn rate of an objective", rule_file("ErrorBudgetBurn", _RATIO % "(6 * 0.001)")),
    ],
    flagged=[
        Example("one in twenty", rule_file("HighErrorRate", _RATIO % "0.05")),
        Example(
            "while hardly anything fails",
            rule_file("HighErrorRate", (_RATIO % "0.01").replace(" > ", " < ")),
        ),
        Example("answers to mistakes of others", rule_file("HighErrorRate", (_RATIO % "0.01").replace("5..", "404"))),
        Example("a share of more than all", rule_file("HighErrorRate", _RATIO % "1")),
        Example("an alert that nobody can read", rule_file("HighErrorRate", f"({_RATIO % '0.01'}")),
    ],
    silent=[
        Example(
            "a count of errors is not a share",
            {
                "infra/alarms.tf": 'resource "aws_cloudwatch_metric_alarm" "errors" {\n'
                '  namespace = "AWS/ApplicationELB"\n  metric_name = "HTTPCode_Target_5XX_Count"\n  threshold = 10\n}\n'
            },
        ),
        Example("an alert that never fires", rule_file("HighErrorRate", f"{_RATIO % '0.01'} and on() vector(0) > 1")),
        Example(
            "the figure stands in a comment",
            rule_file("HighErrorRate", f"'vector(0) > 1 # {_RATIO % '0.01'}'"),
        ),
        Example(
            "a number per second says nothing about a share", rule_file("Errors", "rate(http_errors_total[5m]) > 5")
        ),
    ],
)
def error_rate_alert(alerts: Alerts, infrastructure: Infrastructure) -> Iterator[Draft]:
    """An alert fires when the share of failed requests exceeds one per cent, or less."""
    every = _alarms.heard(alerts, infrastructure)
    rules = [rule for rule in every if about_errors(rule)]
    shares = [(rule, limit) for rule in rules if is_share(rule) and (limit := threshold(rule)) is not None]
    shares.sort(key=lambda share: share[1])
    low = [(rule, limit) for rule, limit in shares if limit <= _SHARE]
    soonest = measured(
        "error rate that alerts", round(shares[0][1] * 100, 4) if shares else None, "%", at_most=_SHARE * 100
    )
    looked = examined(len(rules), "alert rules on errors")
    if low:
        rule, limit = low[0]
        yield passed(
            f"Alert {rule.title} fires above {limit:.2%} of errors", *(r.source for r, _ in low), measure=soonest
        )
    elif shares:
        rule, limit = shares[0]
        yield failed(
            f"Alert {rule.title} fires only above {limit:.2%} of errors, and no other fires sooner",
            rule.source,
            looked,
            measure=soonest,
        )
    elif rules and all(below(rule) is not None for rule in rules):
        rule = rules[0]
        yield failed(
            f"Alert {rule.title} fires below {below(rule):.2%} of errors, and never above", rule.source, looked
        )
    elif rules:
        yield unsure(f"Alert {rules[0].title} is about errors; at which share it fires cannot be told", rules[0].source)
    elif astray := [(rule, codes) for rule in every if is_share(rule) and (codes := _client_errors(rule))]:
        rule, codes = astray[0]
        yield failed(
            f"Alert {rule.title} watches {codes}, which is no error of the server, and no other watches those",
            rule.source,
            examined(len(every), "alert rules"),
        )
    elif broken := [rule for rule in alerts.broken if about_errors(rule)]:
        yield _broken(broken, "the share of errors", len(every))
    elif not every:
        yield from _idle(alerts)


def _client_errors(rule: AlertRule) -> str:
    return other_codes(rule.asked) if rule.asked and re.search("err|fail", rule.title, re.IGNORECASE) else ""


_TIMES = 2
_BAND = """\
resource "aws_cloudwatch_metric_alarm" "slow" {
  alarm_name          = "slow p95 latency"
  comparison_operator = "GreaterThanUpperThreshold"
  threshold_metric_id = "band"
  metric_query {
    id         = "band"
    expression = "ANOMALY_DETECTION_BAND(m1, 9)"
  }
  metric_query {
    id = "m1"
    metric {
      metric_name = "TargetResponseTime"
      stat        = "p95"
    }
  }
}
"""
_P95 = "histogram_quantile(0.95, sum(rate(http_request_duration_seconds_bucket[5m])) by (le))"
_LAST_WEEK = _P95.replace("[5m]", "[5m] offset 1w")


@check(
    "OBS-4.3.3",
    shows=PASS,
    clean=[
        Example(
            "by as much as last week's again",
            rule_file("SlowRequests", f"({_P95} - {_LAST_WEEK}) / {_LAST_WEEK} > 1"),
        ),
        Example("one and a half of a recorded baseline", rule_file("SlowRequests", f"{_P95} / latency:baseline > 1.5")),
        Example(
            "twice last week's", rule_file("SlowRequests", f"{_P95} > 2 * ({_P95.replace('[5m]', '[5m] offset 1w')})")
        ),
    ],
    flagged=[
        Example(
            "ten times last week's",
            rule_file("SlowRequests", f"{_P95} > 10 * ({_P95.replace('[5m]', '[5m] offset 1w')})"),
        ),
        Example(
            "more than last week's by a quarter of a second",
            rule_file("SlowRequests", f"{_P95} > 0.25 + ({_P95.replace('[5m]', '[5m] offset 1w')})"),
        ),
        Example("three times by a share", rule_file("SlowRequests", f"{_P95} / ({_LAST_WEEK}) > 3")),
        Example(
            "three times by a difference",
            rule_file("SlowRequests", f"({_P95} - {_LAST_WEEK}) / {_LAST_WEEK} > 2"),
        ),
        Example("six times in two steps", rule_file("SlowRequests", f"{_P95} > 2 * (3 * ({_LAST_WEEK}))")),
        Example("ten times on the left", rule_file("SlowRequests", f"0.1 * ({_P95}) / ({_LAST_WEEK}) > 1")),
        Example("ten times below", rule_file("SlowRequests", f"{_P95} / (5 * ({_LAST_WEEK})) > 2")),
        Example(
            "twice, and ten times as well",
            rule_file("SlowRequests", f"{_P95} > 2 * ({_LAST_WEEK}) and {_P95} > 10 * ({_LAST_WEEK})"),
        ),
        Example(
            "outside of a band whose width is no factor",
            {"infra/alarms.tf": _BAND},
        ),
        Example("a fixed figure, of which nobody knows the baseline", rule_file("SlowRequests", f"{_P95} > 0.5")),
        Example(
            "the mean", rule_file("SlowRequests", "rate(request_seconds_sum[5m]) / rate(request_seconds_count[5m]) > 1")
        ),
    ],
)
def latency_alert(alerts: Alerts, infrastructure: Infrastructure) -> Iterator[Draft]:
    """An alert fires when the 95th percentile of latency is twice its baseline, or before."""
    rules = [rule for rule in _alarms.heard(alerts, infrastructure) if about_latency(rule)]
    high = [rule for rule in rules if at_high_quantile(rule)]
    compared = [rule for rule in high if against_baseline(rule)]
    soon = [rule for rule in compared if (times := times_baseline(rule)) is not None and 0 < times <= _TIMES]
    open_ = [rule for rule in compared if times_baseline(rule) is None]
    if soon:
        text = f"Alert {soon[0].title} fires at {times_baseline(soon[0]):g} times the baseline of p95"
        yield passed(text, *(r.source for r in soon))
    elif open_:
        yield unsure(
            f"Alert {open_[0].title} compares p95 with its baseline; at how many times of it that fires cannot be told",
            open_[0].source,
        )
    elif compared:
        yield unsure(
            f"Alert {compared[0].title} fires at {times_baseline(compared[0]):g} times the baseline of p95, and not "
            f"at {_TIMES:g} or less",
            compared[0].source,
        )
    elif high:
        yield unsure(
            f"Alert {high[0].title} compares p95 with a fixed figure; whether that is twice the baseline cannot "
            f"be told",
            high[0].source,
        )
    elif rules:
        yield unsure(f"Alert {rules[0].title} is about latency, and not about its 95th percentile", rules[0].source)
    elif not alerts.rules:
        yield from _idle(alerts)


def _looks_ahead(rule: AlertRule) -> bool:
    """Whether a forecast is about some time from now, as far as that is written as a number."""
    return not (rule.asked and "predict_linear" in rule.asked.functions and rule.asked.ahead < _LEAST_AHEAD)


_LEAST_AHEAD = 600
"""Seconds; who looks less far ahead sees what is."""
_AHEAD = re.compile(r"predict_linear\(|double_exponential_smoothing\(|holt_winters\(|\bforecast\(|\bderiv\(")


@check(
    "OBS-4.3.9",
    shows=PASS,
    clean=[
        Example(
            "full in four days", rule_file("DiskFull", "predict_linear(node_filesystem_avail_bytes[6h], 4 * 86400) < 0")
        )
    ],
    flagged=[Example("full now", rule_file("DiskFull", "node_filesystem_avail_bytes < 1e9"))],
)
def predictive_alert(alerts: Alerts, infrastructure: Infrastructure) -> Iterator[Draft]:
    """An alert forecasts when a resource runs out."""
    found = [rule for rule in _alarms.rules(alerts, infrastructure) if _AHEAD.search(rule.plain) and _looks_ahead(rule)]
    if found:
        yield passed(f"Alert {found[0].title} looks ahead", *(rule.source for rule in found))


@check(
    "OBS-4.3.10",
    shows=PASS,
    clean=[
        Example("slow, and with traffic", rule_file("Slow", f"{_P95} > 1 and sum(rate(http_requests_total[5m])) > 5")),
        Example(
            "a composite alarm",
            {
                "infra/alarms.tf": 'resource "aws_cloudwatch_composite_alarm" "shop" {\n  alarm_rule = '
                '"ALARM(a) AND ALARM(b)"\n}\n'
            },
        ),
    ],
    flagged=[Example("and in a text is not a condition", rule_file("Slow", 'up{team="search and find"} == 0'))],
)
def composite_alert(alerts: Alerts, infrastructure: Infrastructure) -> Iterator[Draft]:
    """An alert joins several conditions."""
    found: list[AlertRule] = [rule for rule in _alarms.rules(alerts, infrastructure) if combines(rule)]
    if found:
        yield passed(f"Alert {found[0].title} combines conditions", *(rule.source for rule in found))
