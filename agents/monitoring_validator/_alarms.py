"""Brings alarms declared in Terraform and CloudFormation and the alert rules of files into one shape."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from orchestrator import AlertRule, Alerts, Block, Infrastructure, alarm_force

_LINK = re.compile(r"https?://[^\s\"'<>)\]]+")
_SCALING = re.compile(r"autoscaling|appautoscaling|scaling_?policy", re.IGNORECASE)


def rules(alerts: Alerts, infrastructure: Infrastructure) -> list[AlertRule]:
    """Every alert in force that is meant for people: rules of files, then alarms in infrastructure code."""
    return [*alerts.rules, *(rule_of(block) for block in alarms(infrastructure) if alarm_force(block))]


def alarms(infrastructure: Infrastructure) -> list[Block]:
    """Alarms and monitors in infrastructure code; those that only drive autoscaling are left out."""
    return [b for b in infrastructure.of(*_SYSTEMS) if not _SCALING.search(_flat(_actions(b)))]


def rule_of(block: Block) -> AlertRule:
    system, expression = _SYSTEMS[block.type]
    notes = " ".join(_flat(block.get(key)) for key in _NOTES)
    link = _LINK.search(notes)
    runbook = block.get("runbook_url")
    return AlertRule(
        title=str(_first(block, "alarm_name", "AlarmName", "display_name", "name") or block.label)[:200],
        path=block.path,
        line=block.line,
        system=system,
        expression=expression(block)[:500],
        runbook=str(runbook)[:300] if runbook else link[0][:300] if link else "",
        summary=notes[:200],
    )


def notifies(block: Block) -> bool | None:
    """Whether an alarm tells anybody; None where that cannot be seen."""
    actions = _actions(block)
    if block.get("dynamic"):
        return None
    if block.flag("actions_enabled") is False or block.flag("ActionsEnabled") is False:
        return False
    if block.type == "datadog_monitor":
        message = block.get("message")
        return "@" in message or "{{" in message or None if isinstance(message, str) else None
    if block.type == "newrelic_nrql_alert_condition":
        return None
    return actions is not None and actions != []


def _actions(block: Block) -> Any:
    return _first(block, "alarm_actions", "AlarmActions", "notification_channels", "action")


def _first(block: Block, *keys: str) -> Any:
    return next((block.get(key) for key in keys if block.get(key) is not None), None)


def _flat(value: Any, depth: int = 6) -> str:
    """All texts and numbers in *value*, down to a few levels, in their order."""
    if isinstance(value, dict) and depth:
        return " ".join(f"{key} {_flat(inner, depth - 1)}" for key, inner in value.items())
    if isinstance(value, list) and depth:
        return " ".join(_flat(inner, depth - 1) for inner in value)
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _cloudwatch(block: Block) -> str:
    formation = block.tool == "cloudformation"
    queries = block.nested("Metrics" if formation else "metric_query")
    metric = [
        _flat(block.get(key))
        for key in ("namespace", "Namespace", "metric_name", "MetricName", "extended_statistic", "ExtendedStatistic")
    ]
    threshold = _first(block, "threshold", "Threshold")
    sign = "<" if "Less" in str(_first(block, "comparison_operator", "ComparisonOperator")) else ">"
    compared = f"{sign} {threshold}" if threshold is not None else ""
    return " ".join(part for part in [*metric, _flat(queries), compared] if part)


def _google(block: Block) -> str:
    parts = []
    for condition in block.nested("conditions"):
        for kind in (
            "condition_threshold",
            "condition_absent",
            "condition_monitoring_query_language",
            "condition_prometheus_query_language",
            "condition_matched_log",
        ):
            for inner in _dicts(condition.get(kind)):
                over = f"> {inner['threshold_value']}" if "threshold_value" in inner else ""
                parts.append(
                    f"{'absent(' if kind == 'condition_absent' else ''}"
                    f"{_flat(inner.get('filter') or inner.get('query'))} {over}"
                )
    return " ; ".join(parts)


def _whole(block: Block) -> str:
    return _flat(block.body)


def _of(*keys: str) -> Callable[[Block], str]:
    return lambda block: " ".join(_flat(block.get(key)) for key in keys if block.get(key) is not None)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, dict)]


_NOTES = ("alarm_description", "AlarmDescription", "documentation", "description", "message")
_SYSTEMS: dict[str, tuple[str, Callable[[Block], str]]] = {
    "aws_cloudwatch_metric_alarm": ("cloudwatch", _cloudwatch),
    "AWS::CloudWatch::Alarm": ("cloudwatch", _cloudwatch),
    "aws_cloudwatch_composite_alarm": ("cloudwatch", _of("alarm_rule")),
    "AWS::CloudWatch::CompositeAlarm": ("cloudwatch", _of("AlarmRule")),
    "google_monitoring_alert_policy": ("gcp", _google),
    "azurerm_monitor_metric_alert": ("azure", _whole),
    "azurerm_monitor_scheduled_query_rules_alert": ("azure", _whole),
    "azurerm_monitor_scheduled_query_rules_alert_v2": ("azure", _whole),
    "datadog_monitor": ("datadog", _of("type", "query")),
    "newrelic_nrql_alert_condition": ("newrelic", _of("type", "nrql", "critical")),
}
