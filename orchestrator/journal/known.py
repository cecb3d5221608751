"""Takes out what this version knows of a record, and names what a later one has added."""

from __future__ import annotations

from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from ..domain.model import first as first

M = TypeVar("M", bound=BaseModel)
_EXTRA = "extra_forbidden"


class Known(NamedTuple, Generic[M]):
    """As much of something as this version knows."""

    value: M
    left_out: tuple[str, ...] = ()
    """Keys that it does not know, by their dotted path."""


def known(model: type[M], said: Any) -> Known[M]:
    """
    What *model*, which refuses what it does not know, makes of *said*.

    Raises:
        ValidationError: What *model* knows is missing or is of another type.
    """
    try:
        return Known(model.model_validate(said))
    except ValidationError as error:
        places = [_inside(said, p["loc"]) for p in error.errors(include_input=False) if p["type"] == _EXTRA]
        if len(places) < error.error_count():
            raise
        return Known(model.model_validate(_without(said, places)), tuple(map(_dotted, places)))


def _inside(value: Any, place: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """*place* as the way that it is in *value*: which alternative of a union was tried is not a step of it."""
    steps: list[int | str] = []
    for step in place:
        if (isinstance(value, dict) and step in value) or (isinstance(value, list | tuple) and isinstance(step, int)):
            steps.append(step)
            value = value[step]  # type: ignore[index]  # a list has it by its number, a mapping by its key
    return tuple(steps)


def _dotted(place: tuple[int | str, ...]) -> str:
    """*place* without its numbers: what is unknown in one entry of a list is so in the next."""
    return ".".join(step for step in place if isinstance(step, str))


def _without(value: Any, places: list[tuple[int | str, ...]]) -> Any:
    """*value* without what stands at *places*; no deeper than these, however deep what is left out may be."""
    below: dict[int | str, list[tuple[int | str, ...]]] = {}
    for place in places:
        below.setdefault(place[0], []).append(place[1:])
    kept = {key: rest for key, rest in below.items() if () not in rest}
    if isinstance(value, dict):
        return {
            key: _without(item, kept[key]) if key in kept else item
            for key, item in value.items()
            if key in kept or key not in below
        }
    return [_without(item, kept[at]) if at in kept else item for at, item in enumerate(value)]
