"""Tells what an alert's expression is about, and at which threshold it fires."""

from __future__ import annotations

import re

from orchestrator import AlertRule, Asked, Matcher

from . import _dialects as dialects

_ERRORS = re.compile(
    r"5\.\.|5xx|\"5|~\"\^?\(?5|=~?`5|errors?\b|error_|_error|failed|failures?|exceptions?|STATUS_CODE_ERROR|"
    r"status=\"error",
    re.IGNORECASE,
)
_INTERNAL = re.compile(
    r"\b(otelcol|prometheus|alertmanager|loki|thanos|tempo|mimir|cortex|fluentbit|fluentd|etcd|kubelet|apiserver|promtail|"
    r"rest_client|workqueue|coredns|aggregator|grafana|vector|node)_",
)
_MONITORS = re.compile(
    r"(job|service|app|container|name)=~?\"[^\"]*(alertmanager|prometheus|grafana|exporter|kube|apiserver|coredns|etcd|loki|otel)",
)
_REQUESTS = re.compile(
    r"http|request|grpc|rpc|span|calls|5xx|target|api|istio|envoy|nginx|traefik|trace\.|elb", re.IGNORECASE
)
_LATENCY = re.compile(
    r"latenc(?:y|ies)|duration|response_?time|TargetResponseTime|IntegrationLatency|request_seconds|trace\.\S+\.duration",
    re.IGNORECASE,
)
_SWITCH = r"(^|:)up$|^probe_success$|^(haproxy_server|nginx)_up$|monitoring_uptime|http_check|can_connect"
_STORE = r"(pg|postgres\w*|mysql\w*|mariadb|mongo\w*|mssql|oracledb|cassandra|cockroach\w*|database|rds|sql)"
_STORE_UP = rf"(?i:(?<![a-z0-9]){_STORE}_up$)"
_STORE_JOB = re.compile(rf"\b(job|instance|service|app|pod|statefulset)=~?\"[^\",}}]{{0,60}}{_STORE}", re.IGNORECASE)
_REPLICAS = r"status_replicas_(available|ready|unavailable)|replicas_ready"
_ANY_SWITCH = re.compile(rf"(?:^|[\s(:])(?:up|probe_success|(?:haproxy_server|nginx)_up)\b|(?i:\b{_STORE}_up\b)")
_CODES = frozenset({
    "code", "status", "status_code", "http_status", "http_status_code", "response_code", "http_response_status_code",
})  # fmt: skip
_SERVER_ERRORS = ("500", "502", "503", "504", "5xx", "5XX")
_DAY = 86_400.0
_URGENT = 3_600.0
"""What people have to hear of at once is no longer waited for than this."""


def about_down(rule: AlertRule) -> bool:
    """Whether *rule* fires when something does not answer that is no part of the monitoring or of the cluster."""
    asked = rule.asked
    text = asked.words if asked else rule.expression
    if _INTERNAL.search(text) or (_MONITORS.search(text) and "kube_" not in text) or not prompt(rule):
        return False
    if asked is None:
        return dialects.about_down(rule) or dialects.about_database_down(rule)
    if "absent" in asked.functions or "absent_over_time" in asked.functions or asked.about(_REPLICAS):
        return True
    return any(comparison.fires_low for comparison in asked.about(f"{_SWITCH}|{_STORE_UP}"))


def about_database_down(rule: AlertRule) -> bool:
    """Whether *rule* fires when a database does not answer."""
    asked = rule.asked
    if asked is None:
        if dialects.about_database_down(rule):
            return True
    elif prompt(rule) and any(comparison.fires_low for comparison in asked.about(_STORE_UP)):
        return True
    text = asked.words if asked else rule.expression
    title = _CAMEL.sub(" ", rule.title)
    return about_down(rule) and bool(_STORE_JOB.search(text) or re.search(rf"\b{_STORE}", title, re.IGNORECASE))


_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|[_-]")


def means_down(rule: AlertRule) -> bool:
    """Whether *rule*, which cannot fire, is to tell that something does not answer."""
    if _INTERNAL.search(rule.expression) or _MONITORS.search(rule.expression):
        return False
    return bool(_ANY_SWITCH.search(rule.expression))


def prompt(rule: AlertRule) -> bool:
    """Whether *rule* fires within the hour."""
    return rule.waits is None or rule.waits <= _URGENT


def about_errors(rule: AlertRule) -> bool:
    """Whether *rule* watches requests that end in errors of the server."""
    asked = rule.asked
    text = f"{asked.words if asked else rule.expression} {rule.title}"
    named = _ERRORS.search(text) and _REQUESTS.search(text) and not _INTERNAL.search(text)
    if not named or _LATENCY.search(rule.title) or not prompt(rule):
        return False
    return asked is None or not other_codes(asked)


def other_codes(asked: Asked) -> str:
    """The condition on a status by which *asked* watches answers none of which is an error of the server."""
    codes = [m for m in asked.matchers if m.label in _CODES and m.sign in ("=", "=~") and m.value[:1].isdigit()]
    return "" if not codes or any(map(_of_server, codes)) else f"{codes[0].label}{codes[0].sign}{codes[0].value}"


def _of_server(matcher: Matcher) -> bool:
    if matcher.sign == "=":
        return matcher.value.startswith("5")
    try:
        return any(re.fullmatch(matcher.value[:100], code) for code in _SERVER_ERRORS)
    except (re.error, RecursionError, OverflowError):
        return False


def is_share(rule: AlertRule) -> bool:
    """Whether *rule* compares a share of requests rather than a count."""
    return bool(rule.asked.shares) if rule.asked else dialects.is_share(rule)


def about_latency(rule: AlertRule) -> bool:
    """Whether *rule* watches how long requests take."""
    text = rule.asked.words if rule.asked else rule.expression
    titled = re.search(r"latency|slow|response.?time", rule.title, re.IGNORECASE)
    return bool(_LATENCY.search(text) or titled) and not _INTERNAL.search(text) and prompt(rule)


def at_high_quantile(rule: AlertRule) -> bool:
    asked = rule.asked
    if asked is None:
        return dialects.at_high_quantile(rule)
    named = any(m.label in ("quantile", "percentile") and _NINETY_FIVE.fullmatch(m.value) for m in asked.matchers)
    return named or any(0.95 <= q < 1 for q in asked.quantiles)


_NINETY_FIVE = re.compile(r"[pP]?9[5-9](?:\.\d{1,3})?|0?\.9[5-9]\d{0,3}")


def against_baseline(rule: AlertRule) -> bool:
    """Whether *rule* compares with the past or a recorded baseline rather than with a fixed figure."""
    asked = rule.asked
    if asked is None:
        return dialects.against_baseline(rule)
    past = asked.farthest >= _DAY / 24 or asked.longest >= _DAY or "baseline" in asked.words.lower()
    return past and any(c.limit is None or c.times is not None for c in asked.comparisons)


def times_baseline(rule: AlertRule) -> float | None:
    """How many times its baseline a figure has to be for *rule* to fire; None where that cannot be told."""
    if rule.asked is None:
        return dialects.times_of_change(rule)
    about = rule.asked.about(f"(?i:{_LATENCY.pattern})") or rule.asked.comparisons
    found = [comparison.times for comparison in about if comparison.limit is None or comparison.times is not None]
    told = [times for times in found if times is not None]
    return max(told) if told and len(told) == len(found) else None


_STATED = re.compile(
    r"\b(?:usual(?:ly)?|baseline|normal(?:ly)?|typical(?:ly)?)\b\W{0,4}(?:(?:p95|value|latency|is|of|at|about|around|day)\W{1,3}){0,3}"
    r"(\d{1,7}(?:\.\d{1,6})?)\s?(ms|s\b|sec|m?illiseconds)?",
    re.IGNORECASE,
)
_FIXED = re.compile(r">=?\s*(\d{1,9}(?:\.\d{1,6})?)(?![\w.*])")


def times_stated(rule: AlertRule) -> float | None:
    """How many times the baseline that its own notes state a figure has to be for *rule* to fire."""
    said = _STATED.search(f"{rule.title} {rule.summary} {rule.notes}")
    if rule.asked:
        limits = [c.limit for c in rule.asked.comparisons if c.sign in (">", ">=") and c.limit]
    else:
        limits = [float(number) for number in _FIXED.findall(rule.expression)]
    if said is None or len(limits) != 1 or not float(said[1]):
        return None
    times = limits[0] / float(said[1])
    if times >= _THOUSAND / 10 and (said[2] or "").startswith("s"):
        return times / _THOUSAND
    return times * _THOUSAND if times < 1 / 10 and (said[2] or "").startswith("m") else times


_THOUSAND = 1_000.0


def scope(rule: AlertRule) -> frozenset[str]:
    """Which services *rule* is of, by what it asks of their names; empty where it is of all."""
    if rule.asked:
        return frozenset(
            m.value.lower() for m in rule.asked.matchers if m.label in _OF_SERVICES and m.sign in ("=", "=~")
        )
    return frozenset(found.lower() for found in _TAGGED.findall(rule.expression))


_OF_SERVICES = frozenset({
    "job", "service", "app", "application", "service_name", "container", "deployment", "workload",
    "app_kubernetes_io_name",
    "destination_service", "destination_workload", "route", "backend", "host", "uri", "path", "handler",
})  # fmt: skip
_TAGGED = re.compile(r"\b(?:service|app|job|env_service|instance):([\w.-]{1,60})")


def unrecorded(rule: AlertRule) -> str:
    """A series with the name of a recorded one in what *rule* asks, which nothing here records; empty where none is."""
    if rule.asked is None:
        return ""
    named = (name for name in rule.asked.metrics if ":" in name and "googleapis" not in name)
    return next(named, "")


def threshold(rule: AlertRule) -> float | None:
    """The share (0.01 is one in a hundred) above which *rule* fires; None where it cannot be told."""
    if rule.asked is None:
        return dialects.threshold(rule)
    return min((limit for _, limit in _above(rule.asked)), default=None)


def below(rule: AlertRule) -> float | None:
    """The share below which *rule* fires, where it fires above none."""
    if rule.asked is None or _above(rule.asked):
        return None
    limits = [limit for comparison, limit in rule.asked.shares if comparison.sign in ("<", "<=") and limit is not None]
    return min(limits, default=None)


def _above(asked: Asked) -> list[tuple[object, float]]:
    return [(c, limit) for c, limit in asked.shares if c.sign in (">", ">=") and limit is not None and limit > 0]


def combines(rule: AlertRule) -> bool:
    """Whether *rule* fires only when several conditions hold."""
    return rule.asked.joined if rule.asked else dialects.combines(rule)
