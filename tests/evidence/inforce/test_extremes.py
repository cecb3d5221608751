"""A resource whose lists are empty or whose numbers are out of this world does nothing."""

from __future__ import annotations

from typing import Any

import pytest

from orchestrator import Infrastructure
from orchestrator.contract.testing import facts_of
from orchestrator.evidence.inforce.extremes import tuned

CPU = {"predefined_metric_type": "ASGAverageCPUUtilization"}
TEST, LAUNCH = "autoscaling:TEST_NOTIFICATION", "autoscaling:EC2_INSTANCE_LAUNCH"


def tracking(target: Any, metric: Any = CPU) -> dict[str, Any]:
    return {"target_tracking_configuration": [{"predefined_metric_specification": metric, "target_value": target}]}


def above(value: Any, key: str = "ANOMALY_TOTAL_IMPACT_ABSOLUTE") -> dict[str, Any]:
    return {"threshold_expression": {"dimension": {"key": key, "values": [value]}}}


FORCES: list[tuple[str, dict[str, Any], str]] = [
    ("aws_autoscaling_policy", {}, ""),
    ("aws_autoscaling_policy", tracking(100), ""),
    ("aws_autoscaling_policy", tracking("101"), "waits for a load of 101 %"),
    ("aws_autoscaling_policy", tracking("var.load"), ""),
    ("aws_autoscaling_policy", tracking(5_000, {"predefined_metric_type": "ALBRequestCountPerTarget"}), ""),
    ("aws_appautoscaling_policy", tracking(100_000), "waits for a load of 100,000 %"),
    ("aws_autoscaling_notification", {}, ""),
    ("aws_autoscaling_notification", {"notifications": [LAUNCH]}, ""),
    ("aws_autoscaling_notification", {"notifications": [TEST, LAUNCH]}, ""),
    ("aws_autoscaling_notification", {"notifications": [TEST]}, "tells of nothing but tests"),
    ("aws_autoscaling_notification", {"notifications": []}, "tells of nothing: its notifications are none"),
    (
        "aws_lambda_function",
        {"reserved_concurrent_executions": 0},
        "never runs: its reserved_concurrent_executions is 0",
    ),
    ("aws_lambda_function", {"reserved_concurrent_executions": -1}, ""),
    ("aws_lambda_function", {"reserved_concurrent_executions": 1}, ""),
    ("aws_lambda_function", {}, ""),
    (
        "AWS::Lambda::Function",
        {"ReservedConcurrentExecutions": "0"},
        "never runs: its ReservedConcurrentExecutions is 0",
    ),
    (
        "AWS::Serverless::Function",
        {"ReservedConcurrentExecutions": 0},
        "never runs: its ReservedConcurrentExecutions is 0",
    ),
    ("AWS::Lambda::Url", {"ReservedConcurrentExecutions": 0}, ""),
    ("aws_ce_anomaly_subscription", {"monitor_arn_list": ["aws_ce_anomaly_monitor.all.arn"]}, ""),
    ("aws_ce_anomaly_subscription", {"monitor_arn_list": []}, "is about no monitor"),
    ("AWS::CE::AnomalySubscription", {"MonitorArnList": []}, "is about no monitor"),
    ("aws_ce_anomaly_subscription", above("10000000"), ""),
    ("aws_ce_anomaly_subscription", above("10000001"), "tells only of more than 10,000,001"),
    ("aws_ce_anomaly_subscription", above("99999999", "ANOMALY_TOTAL_IMPACT_PERCENTAGE"), ""),
    ("AWS::CE::AnomalySubscription", {"Threshold": 10_000_001}, "tells only of more than 10,000,001"),
    ("AWS::CE::AnomalySubscription", {"Threshold": 100}, ""),
    ("aws_sns_topic", {"notifications": []}, ""),
]


@pytest.mark.parametrize(("kind", "body", "reason"), FORCES)
def test_extremes(kind: str, body: dict[str, Any], reason: str) -> None:
    """
    What comes of nothing is void, with the setting that says so; everything else counts.
    """
    force = tuned(kind, body)

    assert reason == force.reason
    assert bool(reason) == force.is_void


@pytest.mark.parametrize(("told", "kept"), [("[]", 0), (f'["{LAUNCH}"]', 1)])
def test_terraform(told: str, kept: int) -> None:
    """
    The reader leaves out what is void, and notes it.
    """
    text = f'resource "aws_autoscaling_notification" "n" {{\n  notifications = {told}\n}}\n'
    fact = facts_of({"main.tf": text})[Infrastructure]

    assert isinstance(fact, Infrastructure)
    assert kept == len(fact.of("aws_autoscaling_notification"))
    assert 1 - kept == len(fact.aside)


@pytest.mark.parametrize(("told", "kept"), [("[]", 0), ("[!GetAtt Monitor.Arn]", 1)])
def test_cloudformation(told: str, kept: int) -> None:
    """
    So it does with a template.
    """
    text = f"Resources:\n  News:\n    Type: AWS::CE::AnomalySubscription\n    Properties: {{MonitorArnList: {told}}}\n"
    fact = facts_of({"template.yaml": text})[Infrastructure]

    assert isinstance(fact, Infrastructure)
    assert kept == len(fact.of("AWS::CE::AnomalySubscription"))
