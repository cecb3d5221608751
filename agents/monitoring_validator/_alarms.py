"""Brings alarms declared in infrastructure code and the alert rules of files into one shape."""

from __future__ import annotations

import re
from typing import Any

from orchestrator import AlertRule, Alerts, Block, Infrastructure, Typed, alarm_force

ALARMS = Typed("resources/alarms")
_LINK = re.compile(r"https?://[^\s\"'<>)\]]+")
_SCALING = re.compile(r"autoscaling|appautoscaling|scaling_?policy", re.IGNORECASE)


def rules(alerts: Alerts, infrastructure: Infrastructure) -> list[AlertRule]:
    """Every alert in force that is meant for people: rules of files, then alarms in infrastructure code."""
    return [*alerts.rules, *(rule_of(block) for block in alarms(infrastructure) if alarm_force(block) and _runs(block))]


def alarms(infrastructure: Infrastructure) -> list[Block]:
    """Alarms and monitors in infrastructure code; those that only drive autoscaling are left out."""
    return [b for b in ALARMS.among(infrastructure) if not _SCALING.search(_flat(ALARMS.value(b, "tells")))]


def joins(block: Block) -> bool:
    """Whether an alarm is one over other alarms."""
    return ALARMS.tells(block, "joined")


def rule_of(block: Block) -> AlertRule:
    notes = _flat(ALARMS.value(block, "notes"))
    link = _LINK.search(notes)
    runbook = ALARMS.value(block, "runbook")
    return AlertRule(
        title=str(ALARMS.value(block, "name") or block.label)[:200],
        path=block.path,
        line=block.line,
        system=ALARMS.kind(block),
        expression=_expression(block)[:500],
        runbook=str(runbook)[:300] if runbook else link[0][:300] if link else "",
        summary=notes[:200],
    )


def notifies(block: Block) -> bool | None:
    """Whether an alarm tells anybody; None where that cannot be seen."""
    if block.get("dynamic"):
        return None
    if ALARMS.says(block, "heard").value is False:
        return False
    if ALARMS.tells(block, "message"):
        message = ALARMS.value(block, "message")
        return "@" in message or "{{" in message or None if isinstance(message, str) else None
    if not ALARMS.tells(block, "tells"):
        return None
    return ALARMS.value(block, "tells") not in (None, [])


def _runs(block: Block) -> bool:
    return not ALARMS.tells(block, "runs") or bool(ALARMS.says(block, "runs").value)


def _flat(value: Any, depth: int = 6) -> str:
    """All texts and numbers in *value*, down to a few levels, in their order."""
    if isinstance(value, dict) and depth:
        return " ".join(f"{key} {_flat(inner, depth - 1)}" for key, inner in value.items())
    if isinstance(value, list) and depth:
        return " ".join(_flat(inner, depth - 1) for inner in value)
    return "" if value is None or isinstance(value, dict | list) else str(value)


def _expression(block: Block) -> str:
    """What an alarm asks, in one line: all of it where nothing tells which part of it that is."""
    if ALARMS.tells(block, "metric"):
        return _compared(block)
    if ALARMS.tells(block, "conditions"):
        return _conditions(block)
    asked = [ALARMS.value(block, what) for what in ("joined", "sort", "query", "limit") if ALARMS.tells(block, what)]
    return " ".join(_flat(value) for value in asked if value is not None) if asked else _flat(block.body)


def _compared(block: Block) -> str:
    metric = [_flat(ALARMS.value(block, what)) for what in ("namespace", "metric", "statistic")]
    threshold = ALARMS.value(block, "threshold")
    sign = "<" if "Less" in str(ALARMS.value(block, "compared")) else ">"
    compared = f"{sign} {threshold}" if threshold is not None else ""
    return " ".join(part for part in [*metric, _flat(ALARMS.parts(block, "queries")), compared] if part)


def _conditions(block: Block) -> str:
    parts = []
    for condition in ALARMS.parts(block, "conditions"):
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


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, dict)]
