"""Facts that are told from other facts when somebody judges; they are never recorded."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Self, TypeVar, cast

from .fact import Fact, Problem, once
from .signal import Signal

F = TypeVar("F", bound=Fact)


class Derived(Fact):
    """
    What follows from other facts alone: a pure function of them.

    A check asks for it by parameter type like for any fact. It is told once for the same facts, and from what is
    recorded, so that an old record is judged by what today's derivation makes of it.
    """

    recorded: ClassVar[bool] = False
    of: ClassVar[tuple[type[Fact], ...]] = ()
    """What it is told from; other derived facts may be among them."""
    origins: tuple[Fact, ...] = ()
    """Those facts; what they could not read is a problem of this one too."""

    @classmethod
    def derive(cls, *args: Any, **kwargs: Any) -> Self:
        """It, from one fact for each of :attr:`of`, in that order."""
        raise NotImplementedError(cls.__name__)

    def lacking(self, signals: Iterable[Signal]) -> tuple[Problem, ...]:
        """The problems of all that it is told from, and what was read there and not understood."""
        kept = tuple(signals)
        before = (problem for origin in self.origins for problem in origin.lacking(kept))
        return tuple(dict.fromkeys((*before, *self.problems)))


def asked(kind: type[F], facts: Mapping[type[Fact], Fact]) -> F:
    """
    The fact of *kind*: as it stands in *facts*, or told from them.

    Raises:
        KeyError: It, or a fact that it is told from, was not extracted; with that type.
    """
    if kind in facts or not issubclass(kind, Derived):
        return cast(F, facts[kind])
    return cast(F, _told(*(asked(other, facts) for other in kind.of), kind))


@once
def _told(*origins: Any) -> Derived:
    *facts, kind = origins
    told: Derived = kind.derive(*facts)
    return told.model_copy(update={"origins": tuple(facts)})
