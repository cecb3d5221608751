"""Tells the same of expressions that are no PromQL, by their words: of clouds, of Grafana, of Datadog and New Relic."""

from __future__ import annotations

import ast
import operator
import re

from orchestrator import AlertRule

_LABELS = re.compile(r"\{[^{}]*\}")
_COMPARED = re.compile(r"(>=?|<=?|==)\s*(?:bool\s*)?(\(?[-\d.eE][-\d.eE\s*/+()]{0,40})")
_SHARE = re.compile(r"/\s*[\w(\"$]|percent|ratio|\brate\b.*:ratio|error_?rate|anomal", re.IGNORECASE)
_QUANTILE = re.compile(
    r"histogram_quantile\(\s*0?\.9[5-9]|quantile=\"0?\.9[5-9]|\bp9[5-9]|percentile\D{0,12}9[5-9]", re.IGNORECASE
)
_BASELINE = re.compile(
    r"change\(\s*\w+\(last_\w+\),\s*last_\d+[dw]|\boffset\s+\d+[dwh]|baseline|ANOMALY_DETECTION_BAND|anomalies\(|avg_over_time\([^)]*\[\d+[dw]",
    re.IGNORECASE,
)
_UP = re.compile(r"(?<![\w.])up(\{[^}]*\})?[^=<!>]{0,60}(==\s*0|<\s*[\d.(])")
_DOWN = re.compile(
    r"absent(_over_time)?\(|probe_success|UnHealthyHostCount|HealthyHostCount|StatusCheckFailed|HealthCheckStatus|"
    r"status_replicas_(available|ready|unavailable)|replicas_ready|uptime_check|synthetics?|monitoring_uptime|"
    r"WebtestLocationAvailability|web_test_location|failedLocationCount|availabilityResults|"
    r"http_check|can_connect|haproxy_server_up|nginx_up|SuccessPercent|RunningTaskCount",
    re.IGNORECASE,
)
_STORE = r"(pg|postgres\w*|mysql\w*|mariadb|mongo\w*|mssql|oracledb|cassandra|cockroach\w*|database|rds|sql)"
_STORE_UP = re.compile(rf"(?<![\w]){_STORE}_up\b", re.IGNORECASE)
_STORE_METRIC = re.compile(
    r"DatabaseConnections|dependencies\b[^|]{0,40}\|\s*where[^|]{0,60}\bSQL\b[^|]{0,60}success\s*==\s*false|cloudsql.*(/up|instance_state)|database/up",
    re.IGNORECASE | re.DOTALL,
)


def about_down(rule: AlertRule) -> bool:
    return bool(_UP.search(rule.expression) or _DOWN.search(rule.expression))


def about_database_down(rule: AlertRule) -> bool:
    return bool(_STORE_UP.search(rule.expression) or _STORE_METRIC.search(rule.expression))


def is_share(rule: AlertRule) -> bool:
    if rule.system == "azure" and _KUSTO.search(rule.expression):
        return True
    if rule.system in ("gcp", "azure"):
        return bool(re.search(r"percent|ratio", rule.expression, re.IGNORECASE))
    return bool(_SHARE.search(_plain(rule)))


def at_high_quantile(rule: AlertRule) -> bool:
    return bool(_QUANTILE.search(rule.expression))


def against_baseline(rule: AlertRule) -> bool:
    return bool(_BASELINE.search(rule.expression))


_KUSTO = re.compile(
    r"(\w{1,40})\s*=\s*(100(?:\.0)?\s*\*\s*)?(?:todouble\(|toreal\()?countif\(([^|]{1,120}?)\)\)?\s*(\*\s*100(?:\.0)?\s*)?/\s*"
    r"(?:todouble\(|toreal\()?count\(\)"
)
_FAILED = re.compile(r">=\s*500|success\s*==\s*(?:false|\"?False)|startswith\s+[\"']5|5\d\d|\"5", re.IGNORECASE)


def _of_kusto(rule: AlertRule) -> float | None:
    """The share above which a query of Azure's logs comes out with anything."""
    share = _KUSTO.search(rule.expression)
    if share is None or not _FAILED.search(share[3]):
        return None
    limits = re.findall(rf"\b{re.escape(share[1])}\s*>=?\s*(\d{{1,6}}(?:\.\d{{1,6}})?)", rule.expression[share.end() :])
    limit = max(map(float, limits), default=None)
    return None if limit is None else limit / 100 if share[2] or share[4] else limit


_PERCENTAGE = re.compile(r"(?:pct_)?change\(\s*\w+\(last_\w+\),\s*last_\w+\):.{1,300}?>=?\s*(\d{1,6}(?:\.\d+)?)")


def times_of_change(rule: AlertRule) -> float | None:
    """
    How many times its figure of some time before a change monitor of Datadog takes for too much.

    ``pct_change`` is in per cent. So is ``change`` where people say that the figure has doubled at 100: else it is in
    the unit of the figure, and nothing is told.
    """
    found = _PERCENTAGE.search(rule.expression) if rule.system == "datadog" else None
    if found is None:
        return None
    limit = float(found[1])
    relative = "pct_change(" in rule.expression or _DOUBLED.search(f"{rule.title} {rule.summary} {rule.notes}")
    return 1 + limit / 100 if relative else None


_DOUBLED = re.compile(r"\bdoubl|\btwice\b|%|per\s?cent|\b\d+x\b", re.IGNORECASE)


def threshold(rule: AlertRule) -> float | None:
    if rule.system == "azure" and _KUSTO.search(rule.expression):
        return _of_kusto(rule)
    parts = [part for part in _APART.split(_plain(rule)) if _SHARE.search(part)] or [_plain(rule)]
    limits = []
    for part in parts:
        found = [_number(m[2]) for m in _COMPARED.finditer(part) if m[1].startswith(">")]
        values = [value for value in found if value is not None and value > 0]
        if values:
            percent = _PERCENT.search(part) or min(values) >= 1
            limits.append(min(values) / 100 if percent else min(values))
    return min(limits, default=None)


_APART = re.compile(r"\b(?:and|or|unless)\b", re.IGNORECASE)
_PERCENT = re.compile(r"\*\s*100\b|\b100\s*\*|percent", re.IGNORECASE)


def _plain(rule: AlertRule) -> str:
    """The expression without labels and without CloudWatch's namespaces, in which a slash is no division."""
    text = re.sub(r"\b[A-Z]\w*/[A-Z]\w*", "", rule.expression) if rule.system == "cloudwatch" else rule.expression
    return _LABELS.sub("", text).replace(" ; >", " >")


_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_JOINED = re.compile(r"\b(and|unless)\b", re.IGNORECASE)
_COMPARISON = re.compile(r"[<>]=?|[=!]=")


def combines(rule: AlertRule) -> bool:
    text = _QUOTED.sub("", _LABELS.sub("", rule.expression))
    if rule.system in ("azure", "newrelic"):
        return False
    if rule.system in ("cloudwatch", "datadog"):
        return bool(re.search(r"ALARM\W.*\bAND\b|\bcomposite\b.*&&", rule.expression, re.IGNORECASE | re.DOTALL))
    sides = _JOINED.split(text)
    return len(sides) >= 3 and sum(1 for side in sides[::2] if _COMPARISON.search(side)) >= 2


_ACTIONS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}


def _number(text: str) -> float | None:
    """The value of a short sum or product of plain numbers; None for anything else."""
    text = text.strip()
    while text and text.count(")") > text.count("("):
        text = text[: text.rindex(")")].strip()
    try:
        return _value(ast.parse(text.rstrip(" */+-"), mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError, OverflowError, MemoryError):
        return None


def _value(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand)
    action = _ACTIONS.get(type(node.op)) if isinstance(node, ast.BinOp) else None
    if action is None or not isinstance(node, ast.BinOp):
        raise ValueError("not arithmetic")
    return float(action(_value(node.left), _value(node.right)))
