"""Tells whether a panel of a dashboard shows anything: it is visible, and it asks for something that there can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ...errors import FormatError
from ...formats.promql import Node, of_logs, parse
from ...formats.promql_text import show
from .force import IN_FORCE, Force, unknown, void
from .promql import firing

_OF_THEIR_OWN = frozenset({"alertlist", "annolist", "dashlist", "news", "welcome", "getting-started", "text", "row"})
_PROSE = frozenset({"note", "free_text", "image", "iframe"})


def panel(system: str, body: Mapping[str, Any]) -> Force:
    """Whether a panel (``targets``, ``metrics``, ``requests`` …) shows anything."""
    if body.get("hidden") is True or body.get("hide") is True:
        return void("it is hidden")
    place = body.get("gridPos")
    if isinstance(place, Mapping) and (place.get("h") == 0 or place.get("w") == 0):
        return void("it has no size")
    if system == "grafana":
        return _of_grafana(body)
    if system == "datadog" and str(body.get("type")) in _PROSE:
        return void("it is prose")
    return IN_FORCE


def _of_grafana(body: Mapping[str, Any]) -> Force:
    if str(body.get("type")) in _OF_THEIR_OWN:
        return void("it asks for nothing")
    targets = _dicts(body.get("targets"))
    if not targets:
        library = body.get("libraryPanel")
        return unknown("it stands in a library") if isinstance(library, Mapping) else void("it asks for nothing")
    shown = [target for target in targets if target.get("hide") is not True]
    if not shown:
        return void("all that it asks for is hidden")
    asked = [text for target in shown for text in _texts(target)]
    if asked and not any(query(text) for text in asked):
        return void("what it asks for never comes out as anything, or always as the same")
    return IN_FORCE


def query(text: str) -> str:
    """*text* without comments where it is PromQL; empty where it never comes out as anything or hangs on nothing."""
    if "#" not in text and "vector(" not in text and "==" not in text and ">" not in text and "<" not in text:
        return text
    tree = _tree(text)
    if tree is not None:
        return (show(tree) if "#" in text else text) if firing(tree) else ""
    lines = _tree(of_logs(text))
    return text if lines is None or firing(lines) else ""


def _tree(text: str) -> Node | None:
    try:
        return parse(text)
    except FormatError:
        return None


def _texts(target: Mapping[str, Any]) -> Iterator[str]:
    for key in ("expr", "query", "rawSql", "target"):
        if isinstance(target.get(key), str) and target[key].strip():
            yield target[key]


def _dicts(value: Any) -> list[Mapping[str, Any]]:
    return [v for v in value if isinstance(v, Mapping)] if isinstance(value, list) else []
