"""Tells which components of an OpenTelemetry collector's configuration are part of no pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .force import Force, void

_COMPONENTS = ("receivers", "processors", "exporters", "connectors")
_DEEPEST = 5
_NO_PIPELINE = void("is part of no pipeline of the collector")

Keys = tuple[str | int, ...]


def idle(body: Any, keys: Keys = ()) -> Iterator[tuple[Keys, Force]]:
    """The keys of every component in *body* that no pipeline beside it names; where there are none, nothing is told."""
    if not isinstance(body, dict) or len(keys) > _DEEPEST:
        return
    service = body.get("service")
    pipelines = service.get("pipelines") if isinstance(service, dict) else None
    if not isinstance(pipelines, dict) or not pipelines:
        for key, value in body.items():
            if isinstance(key, str):
                yield from idle(value, (*keys, key))
        return
    used = {
        str(name)
        for pipeline in pipelines.values()
        if isinstance(pipeline, dict)
        for names in pipeline.values()
        if isinstance(names, list)
        for name in names
    }
    for kind in _COMPONENTS:
        section = body.get(kind)
        for name in section if isinstance(section, dict) else ():
            if isinstance(name, str) and name not in used:
                yield (*keys, kind, name), _NO_PIPELINE
