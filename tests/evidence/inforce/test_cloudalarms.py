"""Alarms of clouds that are off, tell nobody or cannot fire are told from their twins."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator.evidence.facts.infrastructure import Block
from orchestrator.evidence.inforce.cloudalarms import alarm_force
from orchestrator.evidence.inforce.force import State

METRIC = "aws_cloudwatch_metric_alarm"
SHARE = {"metric_name": "CPUUtilization", "comparison_operator": "GreaterThanThreshold"}
FEWER = {"metric_name": "HealthyHostCount", "comparison_operator": "LessThanThreshold"}


def force(kind: str, body: dict[str, Any]) -> tuple[State, str]:
    found = alarm_force(Block(path="a.tf", line=1, type=kind, label="a", body=body))
    return found.state, found.reason


@pytest.mark.parametrize(
    ("kind", "body", "reason"),
    [
        (METRIC, {"actions_enabled": False}, "'actions_enabled' is off"),
        (METRIC, {"actions_enabled": "false"}, "'actions_enabled' is off"),
        ("aws_cloudwatch_composite_alarm", {"actions_enabled": False}, "'actions_enabled' is off"),
        ("AWS::CloudWatch::Alarm", {"ActionsEnabled": "false"}, "'ActionsEnabled' is off"),
        ("AWS::CloudWatch::CompositeAlarm", {"ActionsEnabled": False}, "'ActionsEnabled' is off"),
        ("google_monitoring_alert_policy", {"enabled": False}, "'enabled' is off"),
        ("azurerm_monitor_metric_alert", {"enabled": False}, "'enabled' is off"),
        ("azurerm_monitor_scheduled_query_rules_alert", {"enabled": False}, "'enabled' is off"),
        ("azurerm_monitor_scheduled_query_rules_alert_v2", {"enabled": False}, "'enabled' is off"),
        ("newrelic_nrql_alert_condition", {"enabled": False}, "'enabled' is off"),
        (METRIC, {"alarm_actions": []}, "'alarm_actions' is empty"),
        ("AWS::CloudWatch::Alarm", {"AlarmActions": []}, "'AlarmActions' is empty"),
        ("google_monitoring_alert_policy", {"notification_channels": []}, "'notification_channels' is empty"),
        ("datadog_monitor", {"silenced": {"*": 0}}, "it is silenced for ever"),
        (METRIC, {**FEWER, "threshold": 0}, "no figure is below 0"),
        (
            METRIC,
            {**FEWER, "comparison_operator": "LessThanOrEqualToThreshold", "threshold": -1},
            "no figure is below -1",
        ),
        (METRIC, {**SHARE, "threshold": 100}, "no share is above 100 %"),
        (
            METRIC,
            {**SHARE, "comparison_operator": "GreaterThanOrEqualToThreshold", "threshold": 101},
            "no share is above 101 %",
        ),
        (
            "AWS::CloudWatch::Alarm",
            {"MetricName": "CPUUtilization", "ComparisonOperator": "GreaterThanThreshold", "Threshold": "100"},
            "no share is above 100 %",
        ),
    ],
)
def test_void(kind: str, body: dict[str, Any], reason: str) -> None:
    """
    With the reason.
    """
    assert (State.VOID, reason) == force(kind, body)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (METRIC, {}),
        (METRIC, {"actions_enabled": True}),
        (METRIC, {"alarm_actions": ["aws_sns_topic.ops.arn"]}),
        (METRIC, {"enabled": False}),
        ("google_monitoring_alert_policy", {"actions_enabled": False}),
        ("datadog_monitor", {"silenced": {"host:a": 0}}),
        ("datadog_monitor", {"silenced": {"*": 1893456000}}),
        (METRIC, {**FEWER, "threshold": 1}),
        (METRIC, {**FEWER, "comparison_operator": "LessThanOrEqualToThreshold", "threshold": 0}),
        (METRIC, {**SHARE, "threshold": 99}),
        (METRIC, {**SHARE, "comparison_operator": "GreaterThanOrEqualToThreshold", "threshold": 100}),
        (METRIC, {**SHARE, "metric_name": "Latency", "threshold": 200}),
        (METRIC, {**SHARE, "threshold": "var.limit"}),
        (METRIC, {**SHARE, "threshold": 200, "metric_query": [{"id": "m1"}]}),
        ("datadog_monitor", {**FEWER, "threshold": 0}),
    ],
)
def test_in_force(kind: str, body: dict[str, Any]) -> None:
    """
    The twin of each.
    """
    assert (State.IN_FORCE, "") == force(kind, body)


def test_a_switch_that_is_set_elsewhere() -> None:
    """
    Nobody can tell.
    """
    assert (State.UNKNOWN, "'enabled' is decided elsewhere") == force(
        "google_monitoring_alert_policy", {"enabled": "var.alerts"}
    )
