"""The base of every noun of the estate: its parts, and what could be one and is not understood."""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar

from ..domain.derived import Derived
from ..domain.fact import Problem, Source
from ..domain.model import Model
from .declared import Declared, Thing
from .environments import for_people
from .settings import SETTINGS, Setting, said
from .types import NO_PARTS, known, of_a_type


class Part(Model):
    """One part of the estate, whichever tool and provider it is declared for."""

    kind: str
    """Which one of its noun: ``relational``, ``queue``, ``listener``; empty where the noun has but one."""
    address: str
    """What people call it: ``aws_db_instance.main``, ``StatefulSet db``, ``compose service db``."""
    at: Source
    thing: Thing

    @property
    def production(self) -> bool:
        """False where its place or its name is one of an environment that nobody depends on."""
        block = self.thing.block
        return for_people(self.at.path, block.label if block is not None else "")

    def says(self, setting: str) -> Setting:
        """What it says of one of :data:`~orchestrator.estate.settings.SETTINGS`, with its provider's default."""
        if setting not in SETTINGS:
            raise KeyError(setting)
        if self.thing.block is None:
            return Setting(None, self.at, "")
        return said(self.thing.block, self.thing.says.get(setting))


def made(kind: type[P], noun: str, thing: Thing, **more: Any) -> P:
    """The part of *noun* that *thing* is."""
    return kind(kind=thing.kinds[noun], address=thing.address, at=thing.at, thing=thing, **more)


P = TypeVar("P", bound=Part)


class Inventory(Derived):
    """Every part of one noun; what could be one and is not understood is among its problems."""

    of: ClassVar[tuple[type[Any], ...]] = (Declared,)
    noun: ClassVar[str] = ""

    parts: tuple[Part, ...] = ()

    @property
    def not_understood(self) -> tuple[Problem, ...]:
        """What could be one of the parts, and why nobody can tell."""
        return self.problems

    def concerns(self, about: tuple[str, ...]) -> bool:
        """Whether something of *about* could be one of the parts: it is of this noun, or of none that is known."""
        every = [known(name, of_a_type(name)) for name in about if name not in NO_PARTS]
        return not about or any(one is None or self.noun in one.kinds for one in every)

    def has(self, kind: str) -> bool:
        return bool(self.parts)


class Listed(Inventory):
    """A noun of which every part is told from its own declaration alone."""

    part: ClassVar[type[Part]] = Part

    @classmethod
    def derive(cls, declared: Declared) -> Self:
        """All of this noun that are declared."""
        every = (thing for thing in declared.belonging(cls.noun) if is_there(thing))
        return cls(parts=tuple(made(cls.part, cls.noun, t) for t in every), problems=declared.doubtful(cls.noun))


def is_there(thing: Thing) -> bool:
    """Whether *thing* is not declared zero times."""
    return thing.block is None or thing.block.get("count") != 0
