"""Judges how logs are watched: files that rotate, dashboards over log lines, alerts on what they say."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import (
    BOTH,
    PASS,
    Alerts,
    Code,
    Dashboards,
    Draft,
    Example,
    Files,
    Infrastructure,
    Signal,
    Typed,
    as_number,
    check,
    failed,
    passed,
)

from . import _alarms
from ._services import onstage

FILTERS = Typed("resources/log-filters")
FILE_HANDLER = Signal(
    id="monitoring.log-file-without-rotation",
    pattern=r"(?<!Rotating)(?<!Timed)\bFileHandler\(|class=\"[\w.]*(?<!Rolling)FileAppender\"|"
    r"[\"']logging\.FileHandler[\"']|"
    r"\bLogger\.new\(\s*[\"'][^\"',)]+[\"']\s*\)",
    roles=("source", "config"),
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
    ],
    reads=[FILE_HANDLER],
)
def log_volume_is_bounded(code: Code, alerts: Alerts, infrastructure: Infrastructure, files: Files) -> Iterator[Draft]:
    """Log files rotate, and an alert watches the disk or the volume of logs."""
    grown = onstage(code[FILE_HANDLER])
    if grown and not files.matching("*logrotate*", "**/logrotate.d/**"):
        yield failed(f"A log file is written without rotation: {grown[0].text}", grown[0], grown, confidence="medium")
        return
    rules = [rule for rule in _alarms.rules(alerts, infrastructure) if _DISK.search(rule.plain)]
    if rules:
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
def dashboards_over_logs(dashboards: Dashboards, infrastructure: Infrastructure) -> Iterator[Draft]:
    """A dashboard asks a log store: Loki, Elasticsearch, OpenSearch, CloudWatch Logs Insights, Kibana."""
    found = [d for d in dashboards.made(infrastructure) if any(_LOG_STORES.search(store) for store in d.stores)]
    if found:
        yield passed(f"Dashboard '{found[0].title}' queries logs", *(d.source for d in found))


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
}
"""


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
    flagged=[Example("a metric filter that nobody watches", {"infra/logs.tf": _FILTER})],
)
def alerts_over_logs(alerts: Alerts, infrastructure: Infrastructure) -> Iterator[Draft]:
    """A pattern in logs raises an alert: a rule over logs, or a metric filter that an alarm watches."""
    counted = {
        str(FILTERS.within(block, counter, "counter") or "")
        for block in FILTERS.among(infrastructure)
        for counter in FILTERS.parts(block, "counters")
        if as_number(FILTERS.within(block, counter, "counted")) != 0
    } - {""}
    for rule in _alarms.rules(alerts, infrastructure):
        watches = rule.system == "cloudwatch" and any(name in rule.expression.split() for name in counted)
        if rule.system == "loki" or watches or _LOG_ALARM.search(rule.plain):
            yield passed(f"Alert {rule.title} fires on a pattern in logs", rule.source)
            return
