"""Writes the verdict document as JSON: canonical, so that two equal documents are the same bytes."""

from __future__ import annotations

import json
import re
from datetime import date
from enum import Enum
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ..domain.model import AddedLater
from ..domain.result import Result
from .visible import HIDDEN


def render(document: Result) -> str:
    """
    The document as ``verdict.json``.

    Fields stand in the order of the model; mappings and assessments are sorted by key and id as plain text. A field
    that was added later is left out at its default (:class:`AddedLater`): the record of an earlier version comes to
    the bytes that it wrote. Characters that show nothing or reorder text are escaped, so that the file can be printed
    anywhere.

    Raises:
        ValueError: A number is not finite; JSON has no word for it.
    """
    body = plain(document)
    body["assessments"] = plain(sorted(document.assessments, key=lambda a: a.criterion))
    return written(body)


def written(body: Any) -> str:
    """*body* as JSON with characters escaped that show nothing, reorder text or cannot be encoded."""
    text = json.dumps(body, indent=2, ensure_ascii=False, allow_nan=False)
    return HIDDEN.sub(_escaped, text) + "\n"


def plain(value: Any) -> Any:
    """
    Models, tuples, dates and enums as what JSON has, mappings sorted by key.

    A field of a model that was added later is left out at its default.
    """
    if isinstance(value, BaseModel):
        return {
            field.alias or name: plain(getattr(value, name))
            for name, field in type(value).model_fields.items()
            if not _left_out(field, getattr(value, name))
        }
    if isinstance(value, dict):
        return {key: plain(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return value + 0.0  # minus zero is zero
    return value


def _left_out(field: FieldInfo, value: Any) -> bool:
    """A field that was added later and says nothing: earlier versions did not write it, so neither do later ones."""
    return any(isinstance(mark, AddedLater) for mark in field.metadata) and bool(value == field.get_default())


def _escaped(match: re.Match[str]) -> str:
    return json.dumps(match.group())[1:-1]
