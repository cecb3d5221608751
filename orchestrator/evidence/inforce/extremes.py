"""Tells of a resource whose settings are empty, or so large that nothing ever comes of them, that it does nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .force import IN_FORCE, Force, void

_MOST_SHARE = 100
_MOST_MONEY = 10_000_000
"""Nobody waits for a bill to grow by so much before they want to hear of it."""
_LOADS = frozenset(
    {"ASGAverageCPUUtilization", "ECSServiceAverageCPUUtilization", "ECSServiceAverageMemoryUtilization"}
)


def tuned(kind: str, body: Mapping[str, Any]) -> Force:
    """How far a resource of type *kind* counts with the lists and numbers that it has."""
    rule = _RULES.get(kind)
    return rule(body) if rule else IN_FORCE


def _scales(body: Mapping[str, Any]) -> Force:
    """A share of a machine never comes to more than all of it."""
    for tracking in _blocks(
        body.get("target_tracking_configuration"), body.get("target_tracking_scaling_policy_configuration")
    ):
        share = any(
            inner.get("predefined_metric_type") in _LOADS
            for inner in _blocks(tracking.get("predefined_metric_specification"))
        )
        target = _number(tracking.get("target_value"))
        if share and target is not None and target > _MOST_SHARE:
            return void(f"waits for a load of {target:,.0f} %")
    return IN_FORCE


def _notifies(body: Mapping[str, Any]) -> Force:
    told = body.get("notifications")
    if isinstance(told, list) and all(name == "autoscaling:TEST_NOTIFICATION" for name in told):
        return void("tells of nothing but tests" if told else "tells of nothing: its notifications are none")
    return IN_FORCE


def _subscribes(body: Mapping[str, Any]) -> Force:
    if body.get("monitor_arn_list") == [] or body.get("MonitorArnList") == []:
        return void("is about no monitor")
    amounts = [
        amount
        for expression in _blocks(body.get("threshold_expression"))
        for dimension in _blocks(expression.get("dimension"))
        if str(dimension.get("key")) == "ANOMALY_TOTAL_IMPACT_ABSOLUTE"
        for value in _list(dimension.get("values"))
        if (amount := _number(value)) is not None
    ]
    amounts += [amount for key in ("threshold", "Threshold") if (amount := _number(body.get(key))) is not None]
    if amounts and min(amounts) > _MOST_MONEY:
        return void(f"tells only of more than {min(amounts):,.0f}")
    return IN_FORCE


def _runs(body: Mapping[str, Any]) -> Force:
    """A function of which no copy may run answers nobody."""
    for key in ("reserved_concurrent_executions", "ReservedConcurrentExecutions"):
        if _number(body.get(key)) == 0:
            return void(f"never runs: its {key} is 0")
    return IN_FORCE


_RULES: Mapping[str, Callable[[Mapping[str, Any]], Force]] = {
    "aws_autoscaling_policy": _scales,
    "aws_appautoscaling_policy": _scales,
    "aws_autoscaling_notification": _notifies,
    "aws_ce_anomaly_subscription": _subscribes,
    "AWS::CE::AnomalySubscription": _subscribes,
    "aws_lambda_function": _runs,
    "AWS::Lambda::Function": _runs,
    "AWS::Serverless::Function": _runs,
}


def _blocks(*values: Any) -> Iterator[Mapping[str, Any]]:
    """The mappings among *values*, which a language writes singly or as a list."""
    for value in values:
        for inner in _list(value):
            if isinstance(inner, dict):
                yield inner


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _number(value: Any) -> float | None:
    if isinstance(value, str) and len(value) < 20 and value.strip().replace(".", "", 1).isdecimal():
        return float(value)
    return (
        float(value) if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15 else None
    )
