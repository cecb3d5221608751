"""Tells from the numbers of an autoscaler whether it can change anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..facts.kubernetes import Resource
from .force import IN_FORCE, Force, void
from .quantities import whole

_MOST_UTILIZATION = 1_000
_BY_USE = frozenset({"cpu", "memory"})


def wakes(resource: Resource) -> bool:
    """Whether *resource* is an autoscaler that scales from no replica up: one of KEDA, asked by something outside."""
    if resource.kind != "ScaledObject":
        return False
    triggers = [trigger.get("type") for trigger in resource.items("spec", "triggers") if isinstance(trigger, dict)]
    return (whole(resource.get("spec", "minReplicaCount")) or 0) > 0 or any(kind not in _BY_USE for kind in triggers)


def of_numbers(resource: Resource) -> Force:
    """Whether an autoscaler could change anything, by its own numbers."""
    if resource.kind == "HorizontalPodAutoscaler":
        low, high = whole(resource.get("spec", "minReplicas")), whole(resource.get("spec", "maxReplicas"))
        metrics = resource.items("spec", "metrics")
        if high is not None and (high < 1 or (low is not None and high < low)):
            return void(f"its most, {high}, is less than its least")
        outside = any(isinstance(m, dict) and m.get("type") in ("External", "Object") for m in metrics)
        if low is not None and low < 1 and not outside:
            return void("its least is 0, which is refused without a metric from outside")
        if resource.get("spec", "behavior", "scaleUp", "selectPolicy") == "Disabled":
            return void("it may not scale up")
        if metrics and all(isinstance(m, dict) and _never_reached(m) for m in metrics):
            return void("its target is never reached")
    elif resource.kind == "ScaledObject":
        low, high = whole(resource.get("spec", "minReplicaCount")), whole(resource.get("spec", "maxReplicaCount"))
        if high is not None and (high < 1 or high < (low or 0)):
            return void(f"its most, {high}, is less than its least")
    return IN_FORCE


def _never_reached(metric: Mapping[str, Any]) -> bool:
    inner = metric.get("resource") or metric.get("containerResource")
    if not isinstance(inner, dict):
        return False
    target = inner.get("target")
    share = target.get("averageUtilization") if isinstance(target, dict) else inner.get("targetAverageUtilization")
    return (whole(share) or 0) > _MOST_UTILIZATION
