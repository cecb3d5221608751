"""Converts values as Terraform does, and knows what is not known."""

from __future__ import annotations

import re
from typing import Any, Final

from .stages import named_stage

MAX_TEXT = 4_000
"""Characters of a text; a longer one is not known."""
MAX_ENTRIES = 2_000
"""Elements of a list or mapping; a longer one is not known."""
MAX_NUMBER = 1e15


class Unknown:
    """The value of what depends on something that the tree does not say."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = Unknown()
PRODUCTION: Final = Unknown()
"""The name of the place where production runs, whatever it is called."""


def plain(value: Any) -> Any:
    """*value*; where it is the name of production, what is not known."""
    return UNKNOWN if value is PRODUCTION else value


class Mistaken(Exception):
    """Terraform would refuse to work this out: a missing element, a text where a number must stand."""


def truth(value: Any) -> Any:
    """*value* where a condition stands: true, false, or not known."""
    if value is UNKNOWN or isinstance(value, bool):
        return value
    known = {"true": True, "1": True, "false": False, "0": False}.get(value) if isinstance(value, str) else None
    if known is None:
        raise Mistaken
    return known


def number(value: Any) -> Any:
    """*value* where a number must stand: ``"3"`` is three."""
    if value is UNKNOWN:
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", value):
        return float(value) if "." in value else int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Mistaken
    return bounded(value)


def bounded(value: float) -> Any:
    """*value* as a whole number where it is one; not known where it is too large to be exact."""
    if not abs(value) < MAX_NUMBER:
        return UNKNOWN
    return int(value) if value == int(value) else value


def text(value: Any) -> Any:
    """*value* where a text must stand: three is ``3``."""
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else UNKNOWN
    if value is UNKNOWN:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return UNKNOWN
    raise Mistaken


def elements(value: Any) -> Any:
    """*value* where a list must stand."""
    if value is UNKNOWN or isinstance(value, list):
        return value
    raise Mistaken


def entries(value: Any) -> Any:
    """*value* where a mapping must stand."""
    if value is UNKNOWN or isinstance(value, dict):
        return value
    raise Mistaken


def known(value: Any) -> bool:
    """Whether all of *value* is known."""
    todo = [value]
    while todo:
        inner = todo.pop()
        if inner is UNKNOWN:
            return False
        if isinstance(inner, dict):
            todo.extend(inner.values())
        elif isinstance(inner, list):
            todo.extend(inner)
    return True


def same(left: Any, right: Any) -> Any:
    """
    Whether two values are equal, of the same kind: ``1 == "1"`` is false.

    Who compares a name with ``production`` calls it so; that of another environment is none of it.
    """
    if left is PRODUCTION or right is PRODUCTION:
        other = right if left is PRODUCTION else left
        told = named_stage(other) if isinstance(other, str) else None
        return UNKNOWN if told is None else told
    if left is UNKNOWN or right is UNKNOWN:
        return UNKNOWN
    if isinstance(left, dict | list) or isinstance(right, dict | list):
        if known(left) and known(right):
            return _exact(left) == _exact(right)
        return UNKNOWN
    return _kind(left) == _kind(right) and left == right


def _kind(value: Any) -> type:
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)


def _exact(value: Any) -> Any:
    """*value* in a form in which true is not one."""
    if isinstance(value, dict):
        return {key: _exact(inner) for key, inner in value.items()}
    return [_exact(inner) for inner in value] if isinstance(value, list) else (_kind(value).__name__, value)
