"""Judges alarms of clouds by whom they tell, and by how much noise they bear (4.3.6, 4.3.8)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from orchestrator import (
    ALL,
    PASS,
    AlertRule,
    Alerts,
    Block,
    Code,
    Draft,
    Example,
    Infrastructure,
    Signal,
    Source,
    alarm_force,
    check,
    each,
    examined,
    passed,
    unsure,
)

from . import _alarms
from .alerting import rule_file
from .paging import on_one_sample

_TOPICS = (
    'resource "aws_sns_topic" "page" {\n  name = "page"\n}\nresource "aws_sns_topic" "note" {\n  name = "note"\n}\n'
    'resource "aws_sns_topic_subscription" "page" {\n  topic_arn = aws_sns_topic.page.arn\n  protocol = "https"\n'
    '  endpoint = "https://events.pager.example/shop"\n}\n'
    'resource "aws_sns_topic_subscription" "note" {\n  topic_arn = aws_sns_topic.note.arn\n  protocol = "email"\n'
    '  endpoint = "dev@shop.example"\n}\n'
)


def _alarm(name: str, topic: str, extra: str = "") -> str:
    return (
        f'resource "aws_cloudwatch_metric_alarm" "{name}" {{\n  alarm_name = "{name}"\n  metric_name = "Errors"\n'
        f"  threshold = 1\n  alarm_actions = [aws_sns_topic.{topic}.arn]\n{extra}}}\n"
    )


_CHANNELS = (
    'resource "google_monitoring_notification_channel" "pager" {\n  type = "pagerduty"\n}\n'
    'resource "google_monitoring_notification_channel" "mail" {\n  type = "email"\n}\n'
)


def _policy(name: str, channel: str, extra: str = "") -> str:
    return (
        f'resource "google_monitoring_alert_policy" "{name}" {{\n  display_name = "{name}"\n  conditions {{\n'
        '    condition_threshold {\n      filter = "errors"\n      threshold_value = 1\n'
        f"{extra}    }}\n  }}\n  notification_channels = [google_monitoring_notification_channel.{channel}.id]\n}}\n"
    )


@check(
    "OBS-4.3.6",
    shows=PASS,
    clean=[
        Example(
            "one to the pager, another to the mail",
            {"infra/alarms.tf": _TOPICS + _alarm("down", "page") + _alarm("dead", "note")},
        ),
        Example(
            "by channels of Google",
            {"infra/alarms.tf": _CHANNELS + _policy("down", "pager") + _policy("dead", "mail")},
        ),
        Example(
            "by monitors of Datadog that name whom they tell",
            {
                "monitors.tf": 'resource "datadog_monitor" "down" {\n  name = "down"\n  message = '
                '"@pagerduty-shop"\n}\n'
                'resource "datadog_monitor" "disk" {\n  name = "disk"\n  message = "@slack-shop"\n}\n'
            },
        ),
    ],
    flagged=[
        Example("all to the pager", {"infra/alarms.tf": _TOPICS + _alarm("down", "page") + _alarm("dead", "page")}),
        Example(
            "two topics for the same mailbox",
            {
                "infra/alarms.tf": _TOPICS.replace('"https"', '"email"')
                + _alarm("down", "page")
                + _alarm("dead", "note"),
            },
        ),
        Example(
            "one of them tells nobody",
            {
                "infra/alarms.tf": _TOPICS
                + _alarm("down", "page")
                + _alarm("dead", "note")
                + _alarm("slow", "note").replace(
                    "  alarm_actions = [aws_sns_topic.note.arn]\n", "  alarm_actions = []\n"
                ),
            },
        ),
    ],
)
def channels_by_urgency(infrastructure: Infrastructure) -> Iterator[Draft]:
    """Alarms of a cloud tell different channels, such as a pager and a mailbox, and each tells one."""
    alarms = [b for b in _alarms.alarms(infrastructure) if not _alarms.joins(b)]
    told = [(block, _channels(block, infrastructure)) for block in alarms]
    kinds = {kind for _, found in told for kind in found}
    urgent = kinds & _URGENT
    if told and all(found for _, found in told) and urgent and kinds - urgent:
        yield passed(
            each(sorted(kinds)).say("Alarms are routed by urgency, to {}"),
            *(block.at() for block, _ in told),
            examined(len(told), "alarms"),
        )


_URGENT = frozenset({"pager"})
_KINDS = (
    (
        "pager",
        re.compile(
            r"pager|opsgenie|victorops|splunk.?on.?call|squadcast|incident\.io|webhook|https?://|\bsms\b|voice|ssm-incidents"
        ),
    ),
    ("mail", re.compile(r"e-?mail|@[\w-]+\.[a-z]{2,}")),
    ("chat", re.compile(r"slack|teams|chatbot|discord|mattermost|google.chat|pubsub")),
)


def _channels(block: Block, infrastructure: Infrastructure) -> set[str]:
    """Which kinds of channel an alarm tells: by what stands behind the topics, channels and groups that it names."""
    if _alarms.ALARMS.kind(block) == "datadog":
        said = re.findall(r"@([\w-]+)", str(_alarms.ALARMS.value(block, "message") or ""))
        return {kind for name in said for kind in _kinds(f"{name.lower()} ")}
    if not _alarms.ALARMS.tells(block, "tells"):
        return set()
    told = _flat(_alarms.ALARMS.value(block, "tells"))
    found: set[str] = set()
    for other in infrastructure.some:
        if _alarms.WATCHING.kind(other) in ("topic", "channel") and re.search(
            rf"(?<![\w-]){re.escape(other.label)}(?![\w-])", told
        ):
            found |= _kinds(_flat(other.body).lower()) if _alarms.WATCHING.kind(other) == "channel" else set()
            if _alarms.WATCHING.kind(other) == "topic":
                found |= {_BY_PROTOCOL.get(_protocol(sub), "") for sub in _subscriptions(other, infrastructure)} - {""}
    return found


_BY_PROTOCOL = {
    "https": "pager",
    "sms": "pager",
    "email": "mail",
    "email-json": "mail",
    "lambda": "chat",
    "sqs": "chat",
}


def _protocol(subscription: Block) -> str:
    return str(subscription.get("protocol") or subscription.get("Protocol") or "").lower()


def _subscriptions(topic: Block, infrastructure: Infrastructure) -> list[Block]:
    named = re.compile(rf"(?<![\w-]){re.escape(topic.label)}(?![\w-])")
    return [
        b for b in infrastructure.some
        if _alarms.WATCHING.kind(b) == "subscription" and named.search(_flat(b.body))
    ]  # fmt: skip


def _kinds(text: str) -> set[str]:
    """The first kind of channel that *text* names; mail where there is an address and nothing more urgent."""
    return set(next(([kind] for kind, pattern in _KINDS if pattern.search(text)), []))


def _flat(value: Any, depth: int = 8) -> str:
    if isinstance(value, dict) and depth:
        return " ".join(f"{key} {_flat(inner, depth - 1)}" for key, inner in value.items())
    if isinstance(value, list) and depth:
        return " ".join(_flat(inner, depth - 1) for inner in value)
    return "" if value is None or isinstance(value, dict | list) else str(value)


UNGROUPED = Signal(
    id="monitoring.alerts-one-by-one",
    pattern=r"\bgroup_?by[\"']?:\s*\[\s*[\"']\.\.\.[\"']\s*\]|\brepeat_?interval[\"']?:\s*[\"']?(?:[1-9]m|\d{1,3}s)\b",
    roles=("config", "infra"),
)
ACTED_ON = Signal(
    id="monitoring.pages-acted-on",
    pattern=r"\bacted[_ ]on\W{1,3}\d|\d+\s+(?:were\s+)?acted[_ ]on|\bactionable\W{1,3}\d|\d+\s+(?:were\s+)?actionable",
    roles=("docs", "config", "infra", "other"),
    kept=ALL,
)
PAGES_COUNTED = Signal(
    id="monitoring.pages-counted",
    pattern=r"\b(?:pages|alerts)\W{1,3}\d|\d+ (?:pages|alerts)\b",
    roles=("docs", "config", "infra", "other"),
    kept=ALL,
)
_PATIENT = "  period = 60\n  evaluation_periods = 3\n"
_ROUTED = {
    "alertmanager.yml": "route:\n  receiver: chat\n  group_by: [alertname]\nreceivers:\n  - name: chat\n    "
    "slack_configs: [{channel: x}]\n"
}


@check(
    "OBS-4.3.8",
    shows=PASS,
    clean=[
        Example(
            "several periods each",
            {"infra/alarms.tf": _TOPICS + _alarm("down", "page", _PATIENT) + _alarm("dead", "note", _PATIENT)},
        ),
        Example(
            "for some minutes, by Google",
            {
                "infra/alarms.tf": _CHANNELS
                + _policy("down", "pager", '      duration = "180s"\n')
                + _policy("dead", "mail", '      duration = "600s"\n')
            },
        ),
        Example(
            "rules that wait, grouped",
            {**rule_file("Busy", "node_load1 > 8", "        annotations: {runbook: docs/busy.md}\n"), **_ROUTED},
        ),
    ],
    flagged=[
        Example(
            "one of them on a single minute",
            {
                "infra/alarms.tf": _TOPICS
                + _alarm("down", "page", _PATIENT)
                + _alarm("dead", "note", "  period = 60\n  evaluation_periods = 1\n")
            },
        ),
        Example("rules that wait, and nothing groups them", rule_file("Busy", "node_load1 > 8")),
        Example(
            "a group for each alert",
            {
                **rule_file("Busy", "node_load1 > 8"),
                "alertmanager.yml": _ROUTED["alertmanager.yml"].replace("[alertname]", '["..."]'),
            },
        ),
        Example(
            "pages of which hardly one asked for anything",
            {
                **rule_file("Busy", "node_load1 > 8"),
                **_ROUTED,
                "docs/reviews/2026-11.md": "# November\n\nBusy: 212 pages, 1 acted on. Nobody looks any more.\n",
            },
        ),
    ],
    reads=[UNGROUPED, ACTED_ON, PAGES_COUNTED],
)
def patient_alarms(alerts: Alerts, infrastructure: Infrastructure, code: Code) -> Iterator[Draft]:
    """Each alarm waits for more than a moment; rules of Prometheus do, and are grouped."""
    if noise := _noise(code, alerts):
        yield unsure(noise[0], noise[1])
        return
    alarms = [b for b in _alarms.alarms(infrastructure) if not _alarms.joins(b) and alarm_force(b)]
    patient = [block for block in alarms if _patient(block)]
    if (
        alerts.rules
        and alerts.dampers
        and not alerts.untold
        and not any(map(on_one_sample, alerts.rules))
        and len(patient) == len(alarms)
    ):
        yield passed(
            each(alerts.rules, at=lambda rule: rule.source).say(
                "{all:alert rule} {waits} for more than a moment, and alerts are grouped"
            ),
            alerts.dampers[0],
            examined(len(alerts.rules), "alert rules"),
            confidence="medium",
        )
    elif alarms and not alerts.rules and len(patient) == len(alarms) >= _SEVERAL:
        yield passed(
            each(alarms, name=lambda b: b.address, at=lambda b: b.at()).say(
                "{all:alarm} {waits} for more than a moment"
            ),
            examined(len(alarms), "alarms"),
            confidence="medium",
        )


def _noise(code: Code, alerts: Alerts) -> tuple[str, Source] | None:
    """What tells of alerts that ask for nothing, with its first place."""
    if together := next(iter(code[UNGROUPED].places), None):
        return f"Alerts are sent one by one, or again at once: {together.text}", together
    if quick := next((rule for rule in alerts.rules if _of_a_minute(rule)), None):
        return f"Alert {quick.title} fires at what lasts no longer than a minute", quick.source
    for hit in code[ACTED_ON].first:
        before = " ".join(h.text for h in code[PAGES_COUNTED].within(hit.path, hit.line - 2, hit.line))
        pages, acted = _PAGES.search(before), _ACTED.search(hit.text)
        if pages and acted and _figure(acted) * 2 < _figure(pages):
            return f"Few of the pages asked for anything: {hit.text}", hit
    return None


def _figure(found: re.Match[str]) -> int:
    return int(next(group for group in found.groups() if group))


def _of_a_minute(rule: AlertRule) -> bool:
    """Whether *rule* does not wait, and all that it looks back on is a minute or less."""
    windows = re.findall(r"\[(\d+)(ms|s|m|h|d|w)", rule.plain)
    brief = windows and all((unit in ("ms", "s") and int(n) <= 60) or (unit, n) == ("m", "1") for n, unit in windows)
    return bool(brief) and not rule.waits and rule.severity not in ("none", "info")


_PAGES = re.compile(r"(?:pages|alerts)\W{1,3}(\d+)|(\d+) (?:pages|alerts)", re.IGNORECASE)
_ACTED = re.compile(
    r"(?:acted[_ ]on|actionable)[:=]\s*(\d+)|(\d+)\s+(?:were\s+)?(?:acted[_ ]on|actionable)", re.IGNORECASE
)
_SEVERAL = 2
_LEAST_SECONDS = 120.0


def _patient(block: Block) -> bool:
    """Whether an alarm looks at minutes, or at several of them, before it fires."""
    kind, text = _alarms.ALARMS.kind(block), _flat(block.body)
    if kind == "cloudwatch":
        period = _number(block, "period", "Period") or _inner(text, r"\b[Pp]eriod (\d{1,6})") or 0
        times = _number(block, "datapoints_to_alarm", "DatapointsToAlarm") or _number(
            block, "evaluation_periods", "EvaluationPeriods"
        )
        return (period or 60) * (times or 1) >= _LEAST_SECONDS
    if kind == "gcp":
        waits = [float(found) for found in re.findall(r"\bduration (\d{1,6})s", text)]
        looks = [float(found) for found in re.findall(r"\balignment_period (\d{1,6})s", text)]
        return max([*waits, *looks], default=0) >= _LEAST_SECONDS
    if kind == "azure":
        window = re.search(r"\b(?:windowSize|window_size|window_duration) PT(\d{1,4})([MH])", text)
        return window is not None and (window[2] == "H" or int(window[1]) >= _LEAST_MINUTES)
    if kind == "datadog":
        return re.search(r"last_(?:[5-9]|\d\d+)m|last_\d+[hdw]|\.last\([3-9]", text) is not None
    return False


_LEAST_MINUTES = 5


def _number(block: Block, *keys: str) -> float | None:
    return next((number for key in keys if (number := block.number(key)) is not None), None)


def _inner(text: str, pattern: str) -> float | None:
    found = [float(number) for number in re.findall(pattern, text)]
    return min(found, default=None)
