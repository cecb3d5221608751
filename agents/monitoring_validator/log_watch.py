"""Judges how logs are watched: files that rotate, dashboards over log lines, alerts on what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    ALL,
    BOTH,
    PASS,
    Alerts,
    Block,
    Code,
    Dashboard,
    Dashboards,
    Draft,
    Example,
    Files,
    Infrastructure,
    Kubernetes,
    Signal,
    Typed,
    as_number,
    check,
    failed,
    passed,
    stage_of_file,
    unsure,
)

from . import _alarms
from ._collected import WORKLOADS
from ._services import onstage

FILTERS = Typed("resources/log-filters")
FILE_HANDLER = Signal(
    id="monitoring.log-file-without-rotation",
    pattern=r"(?<!Rotating)(?<!Timed)\bFileHandler\(|class=\"[\w.]*(?<!Rolling)FileAppender\"|"
    r"[\"']logging\.FileHandler[\"']|"
    r"\bLogger\.new\(\s*[\"'][^\"',)]+[\"']\s*\)",
    roles=("source", "config"),
)
ENDLESS = Signal(
    id="monitoring.log-without-end",
    pattern=r">>\s*[\"']?/[\w./-]+\.log\b|max-size[\"']?\s*[:=]\s*[\"']?-1\b",
    roles=("config", "infra"),
    kept=ALL,
)
_DISK = re.compile(
    r"node_filesystem_(avail|free|files_free)|disk_used_percent|AWS/Logs Incoming|loki_distributor_bytes|system\.disk|"
    r"disk/percent_used|logging.*byte_count|DiskSpaceUtilization|container_fs_usage|filesystem_utilization",
    re.IGNORECASE,
)
_DISK_RULE = """\
groups:
  - name: hosts
    rules:
      - alert: DiskFillsUp
        expr: node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.15
        for: 10m
"""


@check(
    "OBS-4.1.8",
    shows=BOTH,
    clean=[Example("an alert on free space", {"prometheus/hosts.yml": _DISK_RULE})],
    flagged=[
        Example(
            "a log file that grows for ever",
            {"shop/log.py": 'import logging\n\nhandler = logging.FileHandler("/var/log/shop.log")\n'},
        ),
    ],
    silent=[
        Example(
            "a file that logrotate looks after",
            {
                "shop/log.py": 'import logging\n\nhandler = logging.FileHandler("/var/log/shop.log")\n',
                "deploy/logrotate.d/shop.conf": "/var/log/shop.log { daily rotate 7 }\n",
            },
        ),
        Example(
            "an alert on free space, and a worker whose log has no size",
            {
                "prometheus/hosts.yml": _DISK_RULE,
                "compose.yaml": "services:\n  worker:\n    image: shop:1\n    "
                'logging: {driver: json-file, options: {max-size: "-1"}}\n',
            },
        ),
        Example(
            "an alarm whose threshold is given elsewhere",
            {
                "infra/logs.tf": 'variable "bytes" { type = number }\n\n'
                'resource "aws_cloudwatch_metric_alarm" "bytes" {\n  alarm_name = "bytes"\n  '
                'namespace = "AWS/Logs"\n  metric_name = "IncomingBytes"\n  threshold = var.bytes\n  '
                "alarm_actions = [aws_sns_topic.ops.arn]\n}\n"
            },
        ),
    ],
    reads=[FILE_HANDLER, ENDLESS],
)
def log_volume_is_bounded(code: Code, alerts: Alerts, infrastructure: Infrastructure, files: Files) -> Iterator[Draft]:
    """Log files rotate, and an alert watches the disk or the volume of logs."""
    grown = onstage(code[FILE_HANDLER])
    if grown and not files.matching("*logrotate*", "**/logrotate.d/**"):
        yield failed(f"A log file is written without rotation: {grown[0].text}", grown[0], grown, confidence="medium")
        return
    rules = [rule for rule in _alarms.rules(alerts, infrastructure) if _DISK.search(rule.plain)]
    if rules and (endless := code[ENDLESS].places.under(lambda path: stage_of_file(path) != "development")):
        yield unsure(f"Disks are watched, and this log grows without end: {endless[0].text}", endless)
    elif rules and (why := _alarms.unheard(rules, alerts, infrastructure)):
        yield unsure(f"Alert {rules[0].title} watches disk space or log volume, and {why}", rules[0].source)
    elif rules:
        yield passed(f"Alert {rules[0].title} watches disk space or log volume", *(r.source for r in rules))


_LOG_STORES = re.compile(r"loki|elasticsearch|opensearch|logs|clickhouse-datasource", re.IGNORECASE)


@check(
    "OBS-4.1.9",
    shows=PASS,
    clean=[
        Example(
            "a Grafana dashboard over Loki",
            {
                "dashboards/logs.json": '{"title": "Shop logs", "schemaVersion": 39, "panels": [{"type": '
                '"timeseries", "title": "Errors", '
                '"datasource": {"type": "loki"}, "targets": [{"expr": "sum(count_over_time({app=\\"shop\\"} |= '
                '\\"error\\" [5m]))"}]}]}'
            },
        ),
    ],
    flagged=[
        Example(
            "a dashboard over metrics only",
            {
                "dashboards/shop.json": '{"title": "Shop", "schemaVersion": 39, "panels": [{"type": "timeseries", '
                '"datasource": {"type": "prometheus"}, "targets": [{"expr": "up"}]}]}'
            },
        ),
    ],
)
def dashboards_over_logs(
    dashboards: Dashboards, infrastructure: Infrastructure, kubernetes: Kubernetes
) -> Iterator[Draft]:
    """A dashboard asks a log store: Loki, Elasticsearch, OpenSearch, CloudWatch Logs Insights, Kibana."""
    found = [d for d in dashboards.made(infrastructure) if any(_LOG_STORES.search(store) for store in d.stores)]
    shown = [d for d in found if d.panels]
    strange = [d for d in shown if _of_others(d, kubernetes)]
    if found and not shown:
        yield unsure(f"Dashboard '{found[0].title}' is over logs, and shows nothing", found[0].source)
    elif strange and len(strange) == len(shown):
        yield unsure(f"Dashboard '{shown[0].title}' asks for the logs of something that is not here", shown[0].source)
    elif found:
        yield passed(f"Dashboard '{found[0].title}' queries logs", *(d.source for d in found))


def _of_others(dashboard: Dashboard, kubernetes: Kubernetes) -> bool:
    """Whether each query names an application, and none of them one of the workloads here."""
    asked = [_SELECTED.findall(expression) for expression in dashboard.expressions]
    names = {name for found in asked for name in found}
    known = " ".join(f"{w.resource} {w.section('metadata', 'labels')}" for w in kubernetes.written(*WORKLOADS))
    return bool(asked and known and all(asked)) and not any(name in known for name in names)


_SELECTED = re.compile(
    r"\b(?:app|application|service|service_name|container|app_kubernetes_io_name)\s*=\s*\"([\w-]+)\""
)
_LOG_ALARM = re.compile(r"log alert|log_match|matched_log|logging\.googleapis\.com/user|\blogs\(", re.IGNORECASE)
_FILTER = """\
resource "aws_cloudwatch_log_metric_filter" "panics" {
  name           = "panics"
  pattern        = "panic"
  log_group_name = "/shop"
  metric_transformation {
    name      = "ShopPanics"
    namespace = "Shop"
    value     = "1"
  }
}
"""
_FILTER_ALARM = """\
resource "aws_cloudwatch_metric_alarm" "panics" {
  alarm_name  = "shop-panics"
  namespace   = "Shop"
  metric_name = "ShopPanics"
  threshold   = 0
  alarm_actions = [aws_sns_topic.ops.arn]
}
"""
_TOLD = "  alarm_actions = [aws_sns_topic.ops.arn]\n"
RULER = Signal(id="monitoring.ruler-of-logs", pattern=r"^ruler:", roles=("config", "infra"))
TOLD_BY_RULER = Signal(id="monitoring.told-by-the-ruler", pattern=r"alertmanager[-_.]url", roles=("config", "infra"))
LOGGED_EVENT = Signal(
    id="monitoring.event-in-a-log-line", pattern=r"\bevent[\"']?\s*[:=]\s*[\"'`][\w.-]+[\"'`]", kept=ALL
)
_EVENT = re.compile(r"\bevent[\"']?\s*[:=]\s*[\"'`]([\w.-]+)", re.IGNORECASE)


@check(
    "OBS-4.1.10",
    shows=PASS,
    clean=[
        Example("a metric filter with its alarm", {"infra/logs.tf": _FILTER + _FILTER_ALARM}),
        Example(
            "a rule of Loki's ruler",
            {
                "loki/rules.yml": "groups:\n  - name: shop\n    rules:\n      - alert: Panics\n"
                '        expr: \'sum(rate({app="shop"} |= "panic" [5m])) > 0\'\n'
            },
        ),
    ],
    flagged=[
        Example("a metric filter that nobody watches", {"infra/logs.tf": _FILTER}),
        Example("an alarm that tells nobody", {"infra/logs.tf": _FILTER + _FILTER_ALARM.replace(_TOLD, "")}),
        Example(
            "an event that no line is of",
            {
                "infra/logs.tf": _FILTER.replace('"panic"', '"{ $.event = \\"panic\\" }"') + _FILTER_ALARM,
                "src/pay.js": "console.log(JSON.stringify({ level: 'warn', event: 'refused' }))\n",
            },
        ),
        Example(
            "a ruler that is told of nobody",
            {
                "loki/loki.yml": "auth_enabled: false\nruler:\n  rule_path: /tmp/rules\n",
                "loki/rules.yml": "groups:\n  - name: shop\n    rules:\n      - alert: Panics\n"
                '        expr: \'sum(rate({app="shop"} |= "panic" [5m])) > 0\'\n',
            },
        ),
    ],
    reads=[RULER, TOLD_BY_RULER, LOGGED_EVENT],
)
def alerts_over_logs(alerts: Alerts, infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    """A pattern in logs raises an alert: a rule over logs, or a metric filter that an alarm watches."""
    counted = {
        str(FILTERS.within(block, counter, "counter") or ""): block
        for block in FILTERS.among(infrastructure)
        for counter in FILTERS.parts(block, "counters")
        if as_number(FILTERS.within(block, counter, "counted")) != 0
    }
    counted.pop("", None)
    for rule in _alarms.rules(alerts, infrastructure):
        filters = [counted[name] for name in rule.expression.split() if rule.system == "cloudwatch" and name in counted]
        if rule.system != "loki" and not filters and not _LOG_ALARM.search(rule.plain):
            continue
        why = _alarms.unheard([rule], alerts, infrastructure) or _never_found(filters, code)
        if rule.system == "loki" and code[RULER] and not code[TOLD_BY_RULER]:
            why = why or "the ruler is told of nobody to send it to"
        if why:
            yield unsure(f"Alert {rule.title} is on a pattern in logs, and {why}", rule.source)
        else:
            yield passed(f"Alert {rule.title} fires on a pattern in logs", rule.source)
        return


def _never_found(filters: list[Block], code: Code) -> str:
    """Why the lines that *filters* wait for may never come; empty where nothing tells against it."""
    events = {name for hit in code[LOGGED_EVENT].first for name in _EVENT.findall(hit.text)}
    for block in filters:
        pattern = str(block.get("pattern") or block.get("FilterPattern") or "")
        if re.search(r"\bvar\.\w", pattern):
            return "its pattern is a value that the tree does not hold"
        asked = re.findall(r"\$\.event\s*=\s*\\?[\"']([\w.-]+)", pattern)
        if asked and events and events.isdisjoint(asked):
            return f"no line here is of the event {asked[0]}"
    return ""
