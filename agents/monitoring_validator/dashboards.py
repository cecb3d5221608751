"""Judges how figures are watched: indicators, dashboards, comparison, forecasts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from orchestrator import (
    ALL,
    BOTH,
    PASS,
    Alerts,
    Block,
    Code,
    Dashboards,
    Document,
    Documents,
    Draft,
    Example,
    Infrastructure,
    Kubernetes,
    Resource,
    Signal,
    as_number,
    asked,
    check,
    each,
    examined,
    failed,
    measured,
    passed,
    unsure,
    words,
)

from . import _alarms

_OBJECTIVES = words("resources/objectives")
_SLOTH = """\
apiVersion: sloth.slok.dev/v1
kind: PrometheusServiceLevel
metadata: {name: shop}
spec:
  service: shop
  slos: [{name: requests, objective: 99.9}]
"""
_WORDS = "Availability of checkout is 99.9 % per month, measured as the share of answers without a server error. "


def _grafana(title: str, expression: str, extra: str = "") -> str:
    return (
        f'{{"title": "{title}", "schemaVersion": 39{extra}, "panels": [{{"type": "timeseries", "title": "{title}", '
        f'"datasource": {{"type": "prometheus"}}, "targets": [{{"expr": "{expression}"}}]}}]}}'
    )


UNMEASURED = Signal(
    id="monitoring.indicator-unmeasured",
    pattern=r"\bnot (?:yet )?(?:measured|tracked|charted)\b|\bnobody (?:measures|tracks)\b|\bno metric exists\b|"
    r"\btarget\W.{0,20}to be defined\b|\bto be (?:measured|defined), no data\b",
    roles=("docs",),
    kept=ALL,
)


@check(
    "OBS-4.2.1",
    shows=PASS,
    clean=[
        Example("objectives as code", {"k8s/slo.yaml": _SLOTH}),
        Example(
            "written down, and on a dashboard",
            {
                "docs/slo.md": f"# Service level objectives\n\n{_WORDS * 3}\n",
                "dashboards/slo.json": _grafana("SLO", "up"),
            },
        ),
    ],
    flagged=[
        Example("written down, and nowhere measured", {"docs/slo.md": f"# Service level objectives\n\n{_WORDS * 3}\n"}),
        Example(
            "one more that nobody tracks",
            {
                "docs/slo.md": f"# Service level objectives\n\n{_WORDS * 3}\n\nBookings: not measured.\n",
                "dashboards/slo.json": _grafana("SLO", "up"),
            },
        ),
    ],
    reads=[UNMEASURED],
)
def indicators(
    kubernetes: Kubernetes, infrastructure: Infrastructure, documents: Documents, dashboards: Dashboards, code: Code
) -> Iterator[Draft]:
    """Indicators have targets, as objects of an SLO tool or in a document, and dashboards or rules track them."""
    objects = [o for o in kubernetes.of("PrometheusServiceLevel", "ServiceLevelObjective", "SLO") if _aims(o)]
    blocks = infrastructure.of(*_OBJECTIVES)
    if objects or blocks:
        places = [*(o.at("metadata", "name") for o in objects), *(b.at() for b in blocks)]
        yield passed(
            each(places).say("{number:service level objective} {is} declared and tracked as code"),
            measure=measured("service level objectives", len(places)),
        )
        return
    written = documents.about(
        "service level objective", "service-level objective", "slos", "slo.md", "kpi", "key performance indicator"
    )
    panels = [d for d in dashboards.made(infrastructure) if d.panels]
    if written and panels and (open_ := unmeasured(code, written[0][0])):
        document, heading = written[0]
        yield unsure(
            f"{document.path} defines indicators, and not all of them are measured: {open_}", document.at(heading)
        )
    elif written and panels:
        document, heading = written[0]
        yield passed(
            f"Indicators are defined in {document.path}, and dashboards track figures",
            document.at(heading),
            *(d.source for d in panels),
            confidence="medium",
        )
    elif written:
        document, heading = written[0]
        yield unsure(
            f"{document.path} defines indicators; what tracks them is not in the repository", document.at(heading)
        )


def unmeasured(code: Code, document: Document) -> str:
    """What *document* says of indicators that nothing measures, or that have no aim."""
    return next((hit.text for hit in code[UNMEASURED].within(document.path)), "")


def _aims(objective: Resource) -> bool:
    """Whether an object aims at anything, and its errors are asked of series."""
    levels = [level for level in objective.items("spec", "slos") if isinstance(level, dict)]
    return not levels or any(as_number(level.get("objective")) != 0 and not _of_nothing(level) for level in levels)


def _of_nothing(level: dict[str, Any]) -> bool:
    """Whether the query of errors is a constant."""
    sli = level.get("sli")
    events = sli.get("events") if isinstance(sli, dict) else None
    query = (events.get("error_query") or events.get("errorQuery")) if isinstance(events, dict) else None
    read = asked(_WINDOW.sub("[5m]", query[:4_000])) if isinstance(query, str) else None
    return read is not None and not read.selectors


_WINDOW = re.compile(r"\[\{\{\s{0,9}\.window\s{0,9}\}\}\]")
_LIVE = 300
STILL = Signal(
    id="monitoring.dashboard-of-the-past",
    pattern=r"\"(?:time|from)\":\s*(?:\{\s*\"from\":\s*)?\"\d{4}-\d\d-\d\d",
    roles=("config", "infra", "other", "asset"),
    kept=ALL,
)
_PERIOD = re.compile(r"(\d{1,9})(ms|s|m)$")


@check(
    "OBS-4.2.5",
    shows=PASS,
    clean=[
        Example(
            "refreshed every ten seconds",
            {"dashboards/shop.json": _grafana("Shop", "rate(errors[5m])", ', "refresh": "10s"')},
        )
    ],
    flagged=[
        Example("refreshed by hand", {"dashboards/shop.json": _grafana("Shop", "rate(errors[5m])")}),
        Example(
            "another one of a day of the past",
            {
                "dashboards/shop.json": _grafana("Shop", "rate(errors[5m])", ', "refresh": "10s"'),
                "dashboards/db.json": _grafana(
                    "Database", "up", ', "refresh": "", "time": {"from": "2026-03-01T00:00:00Z", "to": "2026-03-02"}'
                ),
            },
        ),
    ],
    reads=[STILL],
)
def live_dashboards(dashboards: Dashboards, infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    """A dashboard with panels updates by itself within five minutes."""
    filled = [d for d in dashboards.made(infrastructure) if d.panels]
    live = [
        d for d in filled if d.system in ("cloudwatch", "datadog", "gcp", "newrelic") or _seconds(d.refresh) <= _LIVE
    ]
    still = [hit for d in filled for hit in code[STILL].within(d.path)]
    slow = [b for b in infrastructure.some if "dashboard" in b.type.lower() and _of_hours(b)]
    if live and still:
        yield unsure(f"A dashboard updates by itself, and another shows one day of the past: {still[0].text}", still[0])
    elif slow:
        yield unsure(f"The widgets of {slow[0].address} show one figure for hours", slow[0].at())
    elif live:
        about = f" ({each(live[0].panel_titles)})" if live[0].panel_titles else ""
        yield passed(
            f"Dashboard '{live[0].title}'{about} updates by itself",
            *(d.source for d in live),
            examined(sum(d.panels for d in live), "panels"),
            measure=measured("dashboard refresh", _seconds(live[0].refresh), "s", at_most=_LIVE),
        )
    elif filled:
        yield unsure(each(filled, at=lambda d: d.source).say("{none:dashboard} says that it refreshes"))


def _of_hours(board: Block) -> bool:
    """Whether each widget of a board of CloudWatch sums up hours, so that an outage shows long after."""
    periods = [int(found) for found in re.findall(r"\bperiod\W{1,6}(\d{1,7})", str(board.body))]
    return bool(periods) and min(periods) > _LONGEST_PERIOD


_LONGEST_PERIOD = 3_600


def _seconds(refresh: str) -> float:
    match = _PERIOD.match(refresh)
    return int(match[1]) * {"ms": 0.001, "s": 1, "m": 60}[match[2]] if match else float("inf")


_WEEK = 7
_PAST = re.compile(
    r"\boffset\s+(7|14|28|30)d|\boffset\s+\d+w|week_before\(|month_before\(|day_before\(|timeShift", re.IGNORECASE
)
PROMETHEUS_RETENTION = Signal(
    id="monitoring.prometheus-retention",
    pattern=r"storage\.tsdb\.retention\.time[=\s\"',]+\d+[hdwmy]\b",
    roles=("infra", "config"),
    kept=ALL,
)
LONG_STORE = Signal(
    id="monitoring.long-metrics-store",
    words=("remote_write", "remoteWrite", "thanos", "mimir", "victoria", "cortex"),
    roles=("infra", "config"),
)
WRITTEN_ON = Signal(
    id="monitoring.metrics-written-on", words=("remote_write", "remoteWrite", "thanos"), roles=("infra", "config")
)
RETENTION_GIVEN = Signal(
    id="monitoring.retention-given-elsewhere",
    pattern=r"storage\.tsdb\.retention\.time[=\s\"',]+\$",
    roles=("source", "infra", "config"),
)
SETTINGS = Signal(id="monitoring.settings-of-prometheus", pattern=r"^scrape_configs:", roles=("infra", "config"))
_KEEPS = (
    "services:\n  prometheus:\n    image: prom/prometheus:v3\n    command:\n      - --storage.tsdb.retention.time=%s\n"
)


@check(
    "OBS-4.2.8",
    shows=BOTH,
    clean=[
        Example(
            "a week earlier, on the same panel",
            {"dashboards/shop.json": _grafana("Orders", "rate(orders[5m]) / rate(orders[5m] offset 1w)")},
        )
    ],
    flagged=[Example("nothing older than an hour", {"compose.yaml": _KEEPS % "1h"})],
    silent=[
        Example("a month is kept, and nothing compares", {"compose.yaml": _KEEPS % "30d"}),
        Example(
            "a month before, of which fifteen days are kept",
            {
                "dashboards/shop.json": _grafana("Orders", "rate(orders[5m]) / rate(orders[5m] offset 30d)"),
                "prometheus.yml": "scrape_configs:\n  - job_name: shop\n",
            },
        ),
    ],
    reads=[PROMETHEUS_RETENTION, LONG_STORE, WRITTEN_ON, RETENTION_GIVEN, SETTINGS],
)
def comparison_with_the_past(
    code: Code, dashboards: Dashboards, infrastructure: Infrastructure, alerts: Alerts, kubernetes: Kubernetes
) -> Iterator[Draft]:
    """A panel or rule sets today's figures beside those of a week or month before; metrics are kept for as long."""
    kept = code[PROMETHEUS_RETENTION].places.first(lambda hit: (_days_kept(hit.text),))
    short = kept.saying(lambda hit: _days_kept(hit.text) < _WEEK)
    measure = measured("metrics retention", _days_kept(kept[0].text) if kept else None, "days", at_least=_WEEK)
    if short and not code[LONG_STORE]:
        yield failed(f"Prometheus keeps nothing to compare with: {short[0].text}", short[0], short, measure=measure)
        return
    panels = [d.source for d in dashboards.made(infrastructure) if any(_PAST.search(e) for e in d.expressions)]
    rules = [r.source for r in alerts.rules if _PAST.search(r.plain)]
    looked = [e for d in dashboards.made(infrastructure) for e in d.expressions] + [r.plain for r in alerts.rules]
    if (panels or rules) and (forgotten := _forgotten(looked, code, kubernetes)):
        yield unsure(f"Figures are compared with earlier ones, and {forgotten}", *panels, *rules)
    elif panels or rules:
        # a long store beside it keeps more than Prometheus itself
        own = None if code[LONG_STORE] else measure
        yield passed("Figures are compared with those of an earlier week or month", *panels, *rules, measure=own)


def _forgotten(expressions: list[str], code: Code, kubernetes: Kubernetes) -> str:
    """Why what is compared with may not be kept any more; empty where nothing tells against it."""
    back = max((_days_kept(found[1]) for e in expressions for found in _OFFSET.finditer(e)), default=0.0)
    if not back or code[WRITTEN_ON]:
        return ""
    if given := code[RETENTION_GIVEN].first:
        return f"for how long they are kept is a value from elsewhere: {given[0].text}"
    operated = [(r, str(r.get("spec", "retention") or "")) for r in kubernetes.written("Prometheus")]
    kept = [
        _days_kept(text) for r, text in operated if not r.get("spec", "remoteWrite") and not r.get("spec", "thanos")
    ]
    kept = [days for days in kept if days != float("inf")]
    kept += [_days_kept(hit.text) for hit in code[PROMETHEUS_RETENTION].first]
    if not kept and code[SETTINGS]:
        kept = [_DEFAULT_DAYS]
    return (
        f"Prometheus keeps {max(kept):g} days of the {back:g} that are asked for" if kept and max(kept) < back else ""
    )


_OFFSET = re.compile(r"\boffset\s+(\d+[hdwmy])", re.IGNORECASE)
_DEFAULT_DAYS = 15.0


def _days_kept(text: str) -> float:
    match = re.search(r"(?<!\d)(\d{1,9})([hdwmy])\b", text)
    return int(match[1]) * {"h": 1 / 24, "d": 1, "w": 7, "m": 1 / 1440, "y": 365}[match[2]] if match else float("inf")


_ANOMALY = re.compile(
    r"ANOMALY_DETECTION_BAND|anomalies\(|stddev_over_time\(|stddev\(.*offset|\bbaseline\b|zscore|z_score|anomaly",
    re.IGNORECASE,
)
_BAND = """\
resource "aws_cloudwatch_metric_alarm" "traffic" {
  alarm_name          = "traffic-unusual"
  alarm_actions       = [aws_sns_topic.ops.arn]
  comparison_operator = "LessThanLowerThreshold"
  threshold_metric_id = "band"
  metric_query {
    id         = "band"
    expression = "ANOMALY_DETECTION_BAND(m1, 2)"
  }
}
"""


@check(
    "OBS-4.2.9",
    shows=PASS,
    clean=[Example("a band around the usual", {"infra/alarms.tf": _BAND})],
    flagged=[
        Example("a fixed threshold", {"infra/alarms.tf": _BAND.replace("ANOMALY_DETECTION_BAND(m1, 2)", "m1 * 2")}),
        Example("a band that tells nobody", {"infra/alarms.tf": _BAND.replace("[aws_sns_topic.ops.arn]", "[]")}),
    ],
)
def anomaly_detection(alerts: Alerts, infrastructure: Infrastructure) -> Iterator[Draft]:
    """An alert fires when a metric leaves its usual band."""
    found = [rule for rule in _alarms.rules(alerts, infrastructure) if _ANOMALY.search(rule.plain)]
    if found and (why := _alarms.unheard(found, alerts, infrastructure)):
        yield unsure(f"Alert {found[0].title} looks for unusual values, and {why}", found[0].source)
    elif found:
        yield passed(f"Alert {found[0].title} fires on unusual values", *(rule.source for rule in found))


_FORECAST = re.compile(
    r"(?:predict_linear|double_exponential_smoothing|holt_winters)\([^,]*,\s*([\d\s*]+)|\bforecast\(|"
    r"timeseries_forecast"
)


@check(
    "OBS-4.2.10",
    shows=PASS,
    clean=[
        Example(
            "the disk in a month",
            {"dashboards/capacity.json": _grafana("Disk", "predict_linear(disk_free[2w], 30 * 86400)")},
        )
    ],
    flagged=[
        Example(
            "an alert on one disk in a week",
            {
                "rules.yml": "groups:\n  - name: a\n    rules:\n      - alert: DiskFull\n        expr: "
                "predict_linear(node_filesystem_avail_bytes[2d], 7 * 86400) < 0\n        for: 1h\n"
            },
        ),
        Example(
            "the disk in four hours is not a plan",
            {"dashboards/capacity.json": _grafana("Disk", "predict_linear(disk_free[1h], 4 * 3600)")},
        ),
    ],
)
def growth_forecast(dashboards: Dashboards, infrastructure: Infrastructure, alerts: Alerts) -> Iterator[Draft]:
    """A panel or rule forecasts growth a week or more ahead."""
    written = [(d.title, d.source, e) for d in dashboards.made(infrastructure) for e in d.expressions]
    forecast = [r for r in alerts.rules if _days_ahead(r.plain) >= _WEEK]
    if len({_of_what(r.plain) for r in forecast}) >= _RESOURCES:
        written += [(r.title, r.source, r.plain) for r in forecast]
    found = [(t, place, days) for t, place, expression in written if (days := _days_ahead(expression)) >= _WEEK]
    if found:
        yield passed(
            f"'{found[0][0]}' forecasts growth weeks ahead",
            *(place for _, place, _ in found),
            measure=measured("forecast horizon", found[0][2], "days", at_least=_WEEK),
        )


_RESOURCES = 2
"""A warning before one disk is full is no plan of capacity."""


def _of_what(expression: str) -> str:
    """Which sort of resource *expression* is about."""
    kinds = ("disk|filesystem|volume|storage", "mem", "cpu", "connection|pool|backends", "request|traffic|rps", "queue")
    return next((kind for kind in kinds if re.search(kind, expression, re.IGNORECASE)), expression[:40])


def _days_ahead(expression: str) -> float:
    """How far ahead *expression* looks, in days; 0 where it does not."""
    match = _FORECAST.search(expression)
    if not match:
        return 0
    read = asked(expression)
    if read is not None and "predict_linear" in read.functions:
        return read.ahead / 86_400 if read.ahead < float("inf") else 0
    if not match[1]:
        return 7
    seconds = 1.0
    for factor in match[1].split("*")[:6]:
        seconds *= float(factor.strip() or 1) if factor.strip().isdecimal() and len(factor.strip()) < 12 else 1
    return seconds / 86_400
