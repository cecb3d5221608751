"""Tells whether an alarm of a cloud or of a monitoring service is switched on, tells anybody, and can fire."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..facts.infrastructure import Block
from .force import IN_FORCE, Force, all_of, unknown, void

_SWITCHES = {
    "aws_cloudwatch_metric_alarm": ("actions_enabled",),
    "aws_cloudwatch_composite_alarm": ("actions_enabled",),
    "AWS::CloudWatch::Alarm": ("ActionsEnabled",),
    "AWS::CloudWatch::CompositeAlarm": ("ActionsEnabled",),
    "google_monitoring_alert_policy": ("enabled",),
    "azurerm_monitor_metric_alert": ("enabled",),
    "azurerm_monitor_scheduled_query_rules_alert": ("enabled",),
    "azurerm_monitor_scheduled_query_rules_alert_v2": ("enabled",),
    "newrelic_nrql_alert_condition": ("enabled",),
}
_TOLD = ("alarm_actions", "AlarmActions", "notification_channels")
_SHARE_OF_HUNDRED = re.compile(r"utilization|percent", re.IGNORECASE)
_MOST = 100.0


def alarm_force(block: Block) -> Force:
    """Whether an alarm can fire and is heard of; one that says nothing of who is told is at least seen on a page."""
    return all_of([_switched(block), _told(block), _muted(block), _fires(block)])


def _switched(block: Block) -> Force:
    for key in _SWITCHES.get(block.type, ()):
        if block.get(key) is None:
            continue
        flag = block.flag(key)
        if flag is None:
            return unknown(f"'{key}' is decided elsewhere")
        if flag is False:
            return void(f"'{key}' is off")
    return IN_FORCE


def _told(block: Block) -> Force:
    empty = next((key for key in _TOLD if block.get(key) == []), "")
    return void(f"'{empty}' is empty") if empty else IN_FORCE


def _muted(block: Block) -> Force:
    silenced = block.get("silenced")
    everything = isinstance(silenced, Mapping) and silenced.get("*") in (0, "0", None) and "*" in silenced
    return void("it is silenced for ever") if everything else IN_FORCE


def _fires(block: Block) -> Force:
    """Whether CloudWatch's figure can be on the wrong side of the threshold: none is below nothing."""
    limit = block.number("threshold") if block.get("threshold") is not None else block.number("Threshold")
    compared = str(_first(block, "comparison_operator", "ComparisonOperator") or "")
    if limit is None or block.type not in ("aws_cloudwatch_metric_alarm", "AWS::CloudWatch::Alarm"):
        return IN_FORCE
    if _first(block, "metric_query", "Metrics") is not None:
        return IN_FORCE
    orequal = "OrEqual" in compared
    if compared.startswith("Less") and (limit < 0 or (limit == 0 and not orequal)):
        return void(f"no figure is below {limit:g}")
    metric = str(_first(block, "metric_name", "MetricName") or "")
    above = limit > _MOST or (limit == _MOST and not orequal)
    if compared.startswith("Greater") and above and _SHARE_OF_HUNDRED.search(metric):
        return void(f"no share is above {limit:g} %")
    if compared.startswith("Greater") and limit > _MOST_EVENTS and _EVENTS.search(metric):
        return void(f"nobody counts more than {limit:g} of them")
    return IN_FORCE


_MOST_EVENTS = 1e9
_EVENTS = re.compile(r"error|fault|fail|panic|exception|5xx|4xx|throttle|count", re.IGNORECASE)


def _first(block: Block, *keys: str) -> Any:
    return next((block.get(key) for key in keys if block.get(key) is not None), None)
