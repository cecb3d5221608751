"""Turns a YAML file into a model, or a list of mistakes with line, column and the nearest known key."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from ..errors import FormatError, OrchestratorError
from .yaml import Parsed, load

M = TypeVar("M", bound=BaseModel)


def read_model(model: type[M], data: bytes, path: str, error: type[OrchestratorError]) -> tuple[M, Parsed]:
    """
    Parse *data* as *model*, and say where everything stands.

    Args:
        model: What the file must hold; unknown keys are refused.
        data: The file.
        path: Its name in messages.
        error: The kind of error to raise; the message holds every mistake, first things first.
    """
    try:
        parsed = load(data, unique_keys=True)
    except FormatError as problem:
        raise error(problem.reason, where=f"{path}:{problem.line}:{problem.column}") from None
    body = {} if parsed.body is None else parsed.body
    try:
        return model.model_validate(body), parsed
    except ValidationError as problem:
        raise _explain(model, problem, parsed, path, error) from None


def place(parsed: Parsed, path: str, *keys: str | int) -> str:
    """``path:line:column`` of the entry under *keys*, or of the nearest enclosing one."""
    for end in range(len(keys), -1, -1):
        pointer = "".join(f"/{str(k).replace('~', '~0').replace('/', '~1')}" for k in keys[:end])
        if pointer in parsed.lines:
            return f"{path}:{parsed.lines[pointer]}:{parsed.columns.get(pointer, 1)}"
    return f"{path}:{parsed.line}:1"


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word that *word* was probably meant to be; empty where none is near."""
    close = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return close[0] if close else ""


def _explain(
    model: type[BaseModel], problem: ValidationError, parsed: Parsed, path: str, error: type[OrchestratorError]
) -> OrchestratorError:
    items = problem.errors(include_url=False, include_context=False)
    mistakes = [_mistake(model, item, parsed, path, error) for item in items]
    mistakes[0].others = tuple(mistakes[1:])
    return mistakes[0]


def _mistake(
    model: type[BaseModel], item: Any, parsed: Parsed, path: str, error: type[OrchestratorError]
) -> OrchestratorError:
    keys = tuple(item["loc"])
    name = ".".join(str(k) for k in keys)
    where = place(parsed, path, *keys)
    if item["type"] == "extra_forbidden":
        known = _known_keys(model, keys[:-1])
        close = nearest(str(keys[-1]), known)
        remedy = f"did you mean '{close}'? " if close else ""
        return error(f"unknown key '{name}'", where=where, remedy=f"{remedy}known here: {', '.join(known)}")
    if item["type"] == "missing":
        return error(f"'{name}' is missing", where=where)
    said = str(item["msg"]).removeprefix("Value error, ")
    return error(f"'{name}': {said}" if name else said, where=where)


def _known_keys(model: type[BaseModel], keys: tuple[Any, ...]) -> list[str]:
    """The field names of the model that *keys* lead to."""
    current: Any = model
    for key in keys:
        if isinstance(key, int):
            continue
        field = current.model_fields.get(key) if _is_model(current) else None
        if field is None:
            return []
        current = _inner(field.annotation)
    return sorted(f.alias or name for name, f in current.model_fields.items()) if _is_model(current) else []


def _inner(annotation: Any) -> Any:
    """The model inside an annotation such as ``tuple[Waiver, ...] | None``."""
    if _is_model(annotation):
        return annotation
    for argument in get_args(annotation):
        found = _inner(argument)
        if found is not None:
            return found
    return None


def _is_model(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, BaseModel)
