"""Makes the tables of ``docs/record-format.md`` from the models: every kind of event, every field."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from orchestrator.domain.release import Release
from orchestrator.journal.kinds import KINDS, Packed, Said
from orchestrator.journal.lock import Owner
from orchestrator.journal.manifest import (
    Asked,
    Checks,
    PinnedBlobs,
    Planned,
    PlannedNode,
    PlannedPhase,
    RunManifest,
    Statements,
)

from .schemas import says

_MARKS = "<!-- {} of the record: written by `python -m tools.docs` -->\n"
_PARTS: dict[str, list[type[BaseModel]]] = {
    "kinds": [*KINDS.values(), Packed, Said, Owner],
    "manifest": [RunManifest, Asked, Release, PinnedBlobs, Planned, PlannedNode, PlannedPhase, Statements, Checks],
}


def with_tables(page: str) -> str:
    """*page* with every table between its marks written anew."""
    for name, models in _PARTS.items():
        begin, end = _MARKS.format(name), _MARKS.format(f"end of {name}")
        head, found, rest = page.partition(begin)
        _, closed, tail = rest.partition(end)
        if not found or not closed:
            raise ValueError(f"docs/record-format.md has no place for the table of {name}")
        page = "".join([head, begin, "\n", *(f"{line}\n" for line in _table(models)), "\n", end, tail])
    return page


def _table(models: list[type[BaseModel]]) -> Iterator[str]:
    yield "| of | field | is | says |"
    yield "| --- | --- | --- | --- |"
    for model in models:
        schema = model.model_json_schema(mode="validation")
        about = re.sub(r"\s+", " ", (model.__doc__ or "").split("\n\n")[0]).replace("``", "`").strip()
        yield f"| `{model.__name__}` | | | {about} |"
        described = says(model)
        for field, value in schema.get("properties", {}).items():
            absent = "" if field in schema.get("required", ()) else ", can be absent"
            yield f"| | `{field}` | {_type(value, schema.get('$defs', {}))}{absent} | {described.get(field, '')} |"


def _type(value: dict[str, Any], parts: dict[str, Any]) -> str:
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return _type(parts[name], parts) if "enum" in parts[name] else f"`{name}`"
    if "anyOf" in value:
        return " or ".join(_type(v, parts) for v in value["anyOf"] if v.get("type") != "null")
    if "enum" in value or "const" in value:
        return ", ".join(f"`{v}`" for v in value.get("enum", [value.get("const")]))
    if value.get("type") == "array":
        return f"list of {_type(value['items'], parts)}"
    if isinstance(value.get("additionalProperties"), dict):
        return f"map to {_type(value['additionalProperties'], parts)}"
    if "sha256" in value.get("pattern", ""):
        return "digest"
    return str(value.get("type", "any JSON"))
