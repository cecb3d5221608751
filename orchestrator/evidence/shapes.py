"""Writes a fact down and reads it back: the version of its shape, and what brings an older shape up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError

from ..domain.fact import Fact
from ..domain.model import first
from ..errors import FactNotComparable, RecordBroken

F = TypeVar("F", bound=Fact)
Upgrade = Callable[[dict[str, Any]], dict[str, Any]]

UPGRADES: Mapping[tuple[str, int], Upgrade] = {}
"""
A fact's name and a version of its shape, to what makes the next version of it from what was recorded.

An upgrade says no more than the old shape did. Where today's checks need what the old one does not tell, there is none,
and the fact of an old record is not comparable.
"""
VERSION = "version"
"""Beside the fields of a fact whose version is not 1; no fact has a field of this name."""


def written(fact: Fact) -> dict[str, Any]:
    """What is recorded of *fact*."""
    said = fact.model_dump(mode="json", exclude_defaults=True)
    return said if fact.version == 1 else {VERSION: fact.version, **said}


def read_back(kind: type[F], recorded: object) -> F:
    """
    The fact that was *recorded*, in today's shape.

    Raises:
        FactNotComparable: Its shape is another one, and nothing makes today's of it.
        RecordBroken: It is not what its own version says; a record can be anybody's.
    """
    if not isinstance(recorded, dict):
        raise RecordBroken(f"the fact '{kind.name}' cannot be read as it was recorded: no mapping")
    said = dict(recorded)
    version = said.pop(VERSION, 1)
    if type(version) is not int or version < 1:
        raise RecordBroken(f"the fact '{kind.name}' cannot be read as it was recorded: its version is not a number")
    if version > kind.version:
        raise FactNotComparable(
            f"the fact '{kind.name}' was recorded in shape {version:,}, and this gonogo reads it up to {kind.version}",
            remedy="ask a later gonogo",
        )
    for number in range(version, kind.version):
        upgrade = UPGRADES.get((kind.name, number))
        if upgrade is None:
            raise FactNotComparable(
                f"the fact '{kind.name}' was recorded in shape {number}, which does not tell what today's does"
            )
        try:
            said = upgrade(said)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise RecordBroken(
                f"the fact '{kind.name}' cannot be read as it was recorded: it is not of shape {number}"
            ) from error
    try:
        return kind.model_validate(said)
    except ValidationError as error:
        raise RecordBroken(f"the fact '{kind.name}' cannot be read as it was recorded: {first(error)}") from None
