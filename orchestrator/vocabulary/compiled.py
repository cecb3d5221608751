"""Turns the rows of a vocabulary file into what can be kept, and back: thousands of them are not read in every run."""

from __future__ import annotations

import datetime
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from .row import Row, Said, Trial

_HERE = Path(__file__).parent
_MADE_OF = (
    *(_HERE / name for name in ("around.yaml", "compiled.py", "reading.py", "row.py")),
    _HERE.parent / "formats" / "yaml.py",
)
"""What has a say in what a file comes to, besides the file."""


def digest(data: bytes) -> str:
    """Digest of a file that holds *data*, and of what reads it."""
    told = hashlib.sha256(_read_by())
    told.update(data)
    return told.hexdigest()


@cache
def _read_by() -> bytes:
    return hashlib.sha256(b"\0".join(path.read_bytes() for path in _MADE_OF)).digest()


def compiled(rows: tuple[Row, ...]) -> dict[str, Any]:
    """*rows* as JSON; what many have in common, how they are tried above all, is said once."""
    common: dict[str, dict[str, int]] = {"tried": {}, "says": {}}
    listed = []
    for row in rows:
        body = row.model_dump(mode="json", exclude_unset=True)
        for field, known in common.items():
            if field in body:
                body[field] = known.setdefault(json.dumps(body[field]), len(known))
        listed.append(body)
    return {"rows": listed, **{field: [json.loads(text) for text in known] for field, known in common.items()}}


def loaded(said: dict[str, Any]) -> tuple[Row, ...]:
    """The rows that :func:`compiled` was given."""
    tried = [tuple(map(Trial.model_validate, each)) for each in said["tried"]]
    says = [{name: Said.model_validate(one) for name, one in each.items()} for each in said["says"]]
    days: dict[str, datetime.date] = {}
    fields = {name: field.default for name, field in Row.model_fields.items()}
    rows = []
    for body in said["rows"]:
        if "tried" in body:
            body["tried"] = tried[body["tried"]]
        if "says" in body:
            body["says"] = says[body["says"]]
        if "date" in body:
            day = body["date"]
            body["date"] = days.get(day) or days.setdefault(day, datetime.date.fromisoformat(day))
        rows.append(_row(fields | body, set(body)))
    return tuple(rows)


def _row(body: dict[str, Any], given: set[str]) -> Row:
    """A row of all its fields, as `model_construct` makes it, which would take thousands of them one by one."""
    row = Row.__new__(Row)
    object.__setattr__(row, "__dict__", body)
    object.__setattr__(row, "__pydantic_fields_set__", given)
    object.__setattr__(row, "__pydantic_extra__", None)
    object.__setattr__(row, "__pydantic_private__", None)
    return row
