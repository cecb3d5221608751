"""The base of every noun of the estate: its parts, and what could be one and is not understood."""

from __future__ import annotations

from typing import Any, ClassVar

from ..domain.derived import Derived
from ..domain.fact import Problem, Source
from ..domain.model import Model
from .declared import Declared, Thing
from .types import known


class Part(Model):
    """One part of the estate, whichever tool and provider it is declared for."""

    kind: str
    """Which one of its noun: ``relational``, ``queue``, ``listener``; empty where the noun has but one."""
    address: str
    """What people call it: ``aws_db_instance.main``, ``StatefulSet db``, ``compose service db``."""
    at: Source
    thing: Thing


class Inventory(Derived):
    """Every part of one noun; what could be one and is not understood is among its problems."""

    of: ClassVar[tuple[type[Any], ...]] = (Declared,)
    noun: ClassVar[str] = ""

    parts: tuple[Any, ...] = ()

    @property
    def not_understood(self) -> tuple[Problem, ...]:
        """What could be one of the parts, and why nobody can tell."""
        return self.problems

    def concerns(self, about: tuple[str, ...]) -> bool:
        """Whether something of *about* could be one of the parts: it is of this noun, or of none that is known."""
        every = [known(name) for name in about]
        return not every or any(one is None or self.noun in one.kinds for one in every)

    def has(self, kind: str) -> bool:
        return bool(self.parts)
