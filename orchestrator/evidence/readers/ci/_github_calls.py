"""Tells what those who call a workflow or an action of GitHub in the same tree give it as its inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ....domain.located import Located
from ...facts.pipelines import Pipeline
from ...inforce.conditions.values import RUN, Value, sure
from ...tree import SourceFile
from ._shared import Told, documents, text

_MOST_INPUTS = 100
_MOST_CALLS = 1_000


def asks_for_inputs(source: SourceFile) -> bool:
    """Whether anything in a file depends on what it is given."""
    return b"inputs." in source.data


def given(path: str, document: Located, sources: Sequence[SourceFile], told: Told) -> Mapping[str, Value]:
    """What the inputs of the workflow or action at *path* come to, by all those in force who call it."""
    declared = _declared(document)
    if not declared:
        return {}
    calls = list(_calls(path, sources, told))
    if not calls:
        return {}
    return {name: _together([_value(call.get(name), about) for call in calls]) for name, about in declared.items()}


def names(path: str, uses: str) -> bool:
    """Whether *uses* names the workflow or the folder of the action at *path*."""
    if not uses.startswith("./"):
        return False
    wanted = uses.removeprefix("./").rstrip("/")
    name = path.rpartition("/")[2]
    return wanted == path or (name in ("action.yml", "action.yaml") and wanted == path.rpartition("/")[0])


def _declared(document: Located) -> dict[str, dict[str, Any]]:
    found = document.get("on", "workflow_call", "inputs") or document.get("inputs")
    inputs = found if isinstance(found, dict) else {}
    return {str(name): about if isinstance(about, dict) else {} for name, about in list(inputs.items())[:_MOST_INPUTS]}


def _calls(path: str, sources: Sequence[SourceFile], told: Told) -> Iterator[dict[str, Any]]:
    """What each of those says who call *path* and are in force."""
    left = _MOST_CALLS
    by_path = {source.path: source for source in sources}
    for (_, caller), found in sorted(told.items()):
        lines = {
            step.line
            for pipeline in found
            if isinstance(pipeline, Pipeline)
            for job in pipeline.jobs
            for step in job.steps
            if names(path, step.uses)
        }
        if not lines or caller not in by_path:
            continue
        for document in documents(by_path[caller])[:1]:
            for body in _bodies(document, path, lines):
                left -= 1
                if left < 0:
                    return
                yield body


def _bodies(document: Located, path: str, lines: set[int]) -> Iterator[dict[str, Any]]:
    for keys, value in document.walk():
        uses = value.get("uses") if isinstance(value, dict) else None
        if isinstance(uses, str) and names(path, uses) and document.at(*keys, "uses").line in lines:
            body = value.get("with")
            yield body if isinstance(body, dict) else {}


def _value(said: Any, about: Mapping[str, Any]) -> Value:
    """What an input comes to of which a caller has *said* something, or nothing."""
    value = about.get("default") if said is None else said
    kind = text(about.get("type")) or "string"
    if isinstance(value, str) and "${{" in value:
        return RUN
    if kind == "boolean":
        return sure(text(value).lower() == "true")
    if kind == "number":
        try:
            return sure(float(text(value) or 0))
        except ValueError:
            return RUN
    return sure(text(value))


def _together(values: Sequence[Value]) -> Value:
    if all(value == values[0] for value in values):
        return values[0]
    if all(value.known and isinstance(value.value, str) for value in values):
        return Value(among=frozenset(str(value.value) for value in values))
    return RUN
