"""Takes one fact from many, empty if it was not extracted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from orchestrator import Fact

Facts = Mapping[type[Fact], Fact]
FactType = TypeVar("FactType", bound=Fact)


def fact(facts: Facts, kind: type[FactType]) -> FactType:
    """The fact of *kind*, or an empty one."""
    found = facts.get(kind)
    return found if isinstance(found, kind) else kind()
