"""Reads an alert rule of Grafana, whose queries, reductions and thresholds stand apart."""

from __future__ import annotations

import re
from typing import Any

from ...formats.promql import MAX_LENGTH
from ...redaction import cut
from ..inforce.force import IN_FORCE, Force, void

_SIGNS = {"gt": ">", "lt": "<", "gte": ">=", "lte": "<=", "eq": "=="}
_REFERRED = re.compile(r"\$\{?(\w{1,40})\}?")


def asked(query: Any) -> list[str]:
    """What one query of a rule asks, or the threshold that it sets."""
    model = query.get("model") if isinstance(query, dict) else None
    if not isinstance(model, dict):
        return []
    said = next((_text(model[key]) for key in ("expr", "query", "rawSql") if isinstance(model.get(key), str)), "")
    if model.get("type") == "math":
        said = _text(model.get("expression"))
    return [part for part in (said, *_thresholds(model)) if part]


def expression(rule: dict[str, Any]) -> str:
    """A rule as one expression of PromQL; empty where it is not made of one query and one threshold."""
    queries, math, thresholds = {}, [], []
    for query in rule["data"]:
        model = query.get("model") if isinstance(query, dict) else None
        if not isinstance(model, dict):
            continue
        if isinstance(model.get("expr"), str):
            queries[_text(query.get("refId"))] = str(model["expr"])[:MAX_LENGTH]
        elif model.get("type") == "math":
            math.append(_text(model.get("expression")))
        else:
            thresholds.extend(_thresholds(model))
    if len(queries) != 1 or len(math) + len(thresholds) != 1:
        return ""
    (only,) = queries.values()
    if thresholds:
        return f"({only}\n) {thresholds[0]}"
    return _REFERRED.sub(lambda _: f"({only}\n)", math[0])[: MAX_LENGTH + 1]


def force(rule: dict[str, Any]) -> Force:
    """Whether a rule is evaluated at all."""
    if rule.get("isPaused") is True or rule.get("is_paused") is True:
        return void("it is paused")
    named = {_text(query.get("refId")) for query in rule["data"] if isinstance(query, dict)}
    if named != {""} and _text(rule["condition"]) not in named:
        return void(f"its condition '{_text(rule['condition'])[:40]}' is none of its queries")
    return IN_FORCE


def _thresholds(model: dict[str, Any]) -> list[str]:
    found = []
    conditions = model.get("conditions")
    for condition in conditions if isinstance(conditions, list) else []:
        evaluator = condition.get("evaluator") if isinstance(condition, dict) else None
        sign = _SIGNS.get(_text(evaluator.get("type"))) if isinstance(evaluator, dict) else None
        limits = evaluator.get("params") if isinstance(evaluator, dict) else None
        if sign and isinstance(limits, list) and limits and model.get("type") != "reduce":
            found.append(f"{sign} {_text(limits[0])}")
    return found


def _text(value: Any) -> str:
    return " ".join(cut(str(value), 4_000).split()) if value is not None else ""
