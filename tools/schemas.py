"""Makes the published schemas of the record, and of what answers an auditor, from the models."""

from __future__ import annotations

import ast
import inspect
import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from orchestrator.audit.anchoring import Anchor
from orchestrator.audit.diff import Difference
from orchestrator.audit.rejudge import Rejudged
from orchestrator.audit.what_if import WhatIf
from orchestrator.conclusion import derivations, terms
from orchestrator.journal.event import GENESIS
from orchestrator.journal.kinds import KINDS, Said
from orchestrator.journal.lock import Owner
from orchestrator.journal.manifest import RunManifest

DRAFT = "https://json-schema.org/draft/2020-12/schema"
PINNED: Mapping[str, type[BaseModel]] = {name: model for model, name in terms.PINNED.items()}
"""Name of a pinned blob to what describes it."""
_RUN = "20260102T030405Z-shop-1.4.0-6a36"
_DIGEST = "sha256:" + "6a36" * 16
_OWNER = {"pid": 4711, "host": "ci-3", "since": "2026-01-02T03:04:05.000006Z"}
EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    "RunStarted": {"run": _RUN, "manifest": _DIGEST},
    "StepDone": {"key": "run#1:fact:kubernetes:23f9250bbad51a90", "blob": _DIGEST, "bytes": 7677},
    "StepStarted": {"key": "release/shop!own/migrate:8f531da8a451c92a", "input": {"value": {"to": "0042"}}},
    "StepSettled": {
        "key": "release/shop!own/migrate:8f531da8a451c92a",
        "state": "undone",
        "by": "world",
        "reason": "the schema is at 0041",
    },
    "ProfileDetermined": {"value": {"kind": "service", "languages": {"Python": 12}}},
    "PhaseStarted": {"open": False, "reason": "1 critical criterion fails", "skip": True},
    "PhaseFinished": {"failed": True},
    "NodeStarted": {"agent": "gap-analyzer", "attempt": 1},
    "AttemptLost": {"attempt": 1, "reason": "its process ended with signal 9"},
    "NodeFinished": {
        "attempt": 1,
        "outcome": "completed",
        "reason": "",
        "findings": 9,
        "failed": 2,
        "said": {"blob": _DIGEST, "bytes": 9120},
    },
    "RunInterrupted": {"reason": "a step was begun, and nobody says what became of it"},
    "RunResumed": {"finished": 3, "torn": False, "driver": 2, "owner": _OWNER, "took_over": _OWNER},
    "RunCrashed": {"error": "KeyError: 'bug'", "trace": "Traceback (most recent call last): …"},
    "VerdictReached": {"verdict": "ROLLBACK", "exit_code": 1, "score": 3.6, "assessments": _DIGEST},
    "ResultRendered": {"verdict": _DIGEST, "report": _DIGEST},
}
"""What an event of each kind holds, for instance."""
_MANIFEST = {
    "format": "readiness/run/1",
    "run": _RUN,
    "tool": "gonogo 0.1.0",
    "tools": {"git": "2.47.0", "python": "3.13.1"},
    "derivation": derivations.DERIVATION,
    "mode": "review",
    "workflow": "release-review",
    "config": "readiness.yaml",
    "request": {"path": "/src/shop", "revision": "6addf1c33e705c031a3876e2fd8fd6ab532ffa54"},
    "release": {"name": "shop", "version": "1.4.0", "commit": "6addf1c33e705c031a3876e2fd8fd6ab532ffa54"},
    "notes": [],
    "pinned": dict.fromkeys(sorted(PINNED), _DIGEST),
    "digests": dict.fromkeys(("agents", "config", "gonogo", "prompts", "workflow"), _DIGEST),
}
_ANCHOR = {"format": "gonogo/anchor/1", "run": _RUN, "head": _DIGEST, "events": 62, "verdict": "ROLLBACK"}


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """Name of a published schema to the schema."""
    return {
        "run-1": _published("run-1", _of(RunManifest, *PINNED.values()), [_MANIFEST]),
        "event-1": _published("event-1", _event(), [_line(kind, data) for kind, data in EXAMPLES.items()]),
        "anchor-1": _published("anchor-1", _of(Anchor), [_ANCHOR]),
        "diff-1": _published("diff-1", _of(Difference)),
        "rejudged-1": _published("rejudged-1", _of(Rejudged)),
        "what-if-1": _published("what-if-1", _of(WhatIf)),
    }


def rendered(schema: Mapping[str, Any]) -> str:
    """*schema* as its file has it."""
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def says(model: type[BaseModel]) -> dict[str, str]:
    """Field to the docstring below it, in *model* and what it is made from."""
    found: dict[str, str] = {}
    for base in reversed(model.__mro__):
        if issubclass(base, BaseModel) and base.__module__.startswith("orchestrator.") and "[" not in base.__name__:
            found |= _docstrings(base)
    return found


def models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """*model* and every model that its fields are made of."""
    yield model
    for field in model.model_fields.values():
        for part in _parts(field.annotation):
            yield from models(part)


def _published(name: str, schema: dict[str, Any], examples: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    head = {"$schema": DRAFT, "$id": f"urn:gonogo:schema:{name}"}
    more = {"examples": list(examples)} if examples else {}
    return {**head, **schema, **more}


def _of(model: type[BaseModel], *beside: type[BaseModel]) -> dict[str, Any]:
    """The schema of *model*, with those of *beside* among its definitions."""
    named, parts = _defined(model, *beside)
    return {**parts.pop(named[model]), "$defs": parts}


def _event() -> dict[str, Any]:
    """The schema of a line of the journal."""
    named, parts = _defined(*KINDS.values(), Said, Owner)
    known = [
        {"properties": {"kind": {"const": kind}, "data": {"$ref": f"#/$defs/{named[model]}"}}}
        for kind, model in KINDS.items()
    ]
    other = {"kind": {"not": {"enum": [*KINDS]}}}
    later = {"description": "A kind that a later version has added.", "properties": other}
    return {
        "title": "Event",
        "description": "One line of journal.jsonl, as canonical JSON.",
        "type": "object",
        "properties": {
            "at": {
                "description": "When, in UTC with microseconds.",
                "type": "string",
                "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$",
            },
            "data": {"description": "What there is to say, by kind.", "type": "object"},
            "kind": {"description": "What happened.", "type": "string"},
            "node": {"description": "Whom it is about: a node, a phase, `run`, or nobody.", "type": "string"},
            "prev": {
                "description": "Digest of the line before; of nothing at the first.",
                "type": "string",
                "pattern": "^sha256:[0-9a-f]{64}$",
            },
            "seq": {"description": "Its number, from 0.", "type": "integer", "minimum": 0},
        },
        "required": ["at", "data", "kind", "node", "prev", "seq"],
        "additionalProperties": False,
        "oneOf": [*known, later],
        "$defs": parts,
    }


def _line(kind: str, data: Mapping[str, Any]) -> dict[str, Any]:
    return {"at": _OWNER["since"], "data": data, "kind": kind, "node": "", "prev": GENESIS, "seq": 0}


def _defined(*wanted: type[BaseModel]) -> tuple[dict[type[BaseModel], str], dict[str, Any]]:
    """What each of *wanted* is called, and every definition: open to what later versions add, and described."""
    references, whole = models_json_schema([(model, "validation") for model in wanted], by_alias=True)
    parts: dict[str, Any] = whole["$defs"]
    classes = {part.__name__: part for model in wanted for part in models(model)}
    for name, part in parts.items():
        if part.get("additionalProperties") is False:
            del part["additionalProperties"]
        described = says(classes[name]) if name in classes else {}  # an enum has no fields
        for field, value in part.get("properties", {}).items():
            value.pop("title", None)
            if value.get("default") in ("", None):
                value.pop("default", None)  # it says that the field may be absent, not what is meant then
            if text := described.get(field):
                value["description"] = text
    return {model: references[model, "validation"]["$ref"].rpartition("/")[2] for model in wanted}, parts


def _parts(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _parts(inner)


@cache
def _docstrings(model: type[BaseModel]) -> dict[str, str]:
    (node,) = ast.parse(textwrap.dedent(inspect.getsource(model))).body
    assert isinstance(node, ast.ClassDef)
    found = {}
    for field, below in zip(node.body, node.body[1:], strict=False):
        match field, below:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = " ".join(text.split()).replace("``", "`")
    return found
