"""Tells whether the limit of an analysis stops a rollout at a share of errors that anybody would call too many."""

from __future__ import annotations

import re

from orchestrator import Resource, as_number

ERRORS = re.compile(r"error|success-rate|success_rate|5\.\.|5xx|status.{0,12}5|failure", re.IGNORECASE)
_COMPARED = re.compile(r"([<>])=?\s{0,3}(\d{1,9}(?:\.\d{1,9})?)")
_MOST = 0.1
"""The largest share of errors at which a limit is one."""


def stops_errors(metric: dict[str, object]) -> bool:
    """Whether a metric of Flagger holds the rate of errors, or of successes, to a limit."""
    if not ERRORS.search(str(metric.get("name"))) or "threshold" not in str(list(metric)):
        return False
    limits = metric.get("thresholdRange")
    if not isinstance(limits, dict):
        return True
    least, most = as_number(limits.get("min")), as_number(limits.get("max"))
    if least is None and most is None:
        return bool(limits)
    return (least is not None and _holds(least, succeeding=True)) or (
        most is not None and _holds(most, succeeding=False)
    )


def limits_errors(template: Resource) -> bool:
    """Whether a metric of an AnalysisTemplate is about errors, and ends the rollout at a share of them."""
    return any(
        ERRORS.search(f"{metric.get('name')} {metric.get('provider')}"[:5_000]) and _is_limited(metric)
        for metric in template.items("spec", "metrics")
        if isinstance(metric, dict)
    )


def _is_limited(metric: dict[str, object]) -> bool:
    for key, successes in (("successCondition", ">"), ("failureCondition", "<")):
        for sign, number in _COMPARED.findall(str(metric.get(key) or "")[:2_000]):
            if _holds(float(number), succeeding=sign == successes):
                return True
    return False


def _holds(limit: float, *, succeeding: bool) -> bool:
    """Whether *limit*, a share or a percentage, is near to no errors at all."""
    share = limit if limit <= 1 else limit / 100
    return share >= 1 - _MOST if succeeding else share <= _MOST
