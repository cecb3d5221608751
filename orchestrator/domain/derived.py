"""Facts that are told from other facts when somebody judges; they are never recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Self, TypeVar, cast

from .fact import Aside, Fact, Problem, once
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
    reads: ClassVar[tuple[Signal, ...]] = ()
    """The signals that it is told by, which every review looks for."""
    origins: tuple[Fact, ...] = ()
    """Those facts: what they could not read or tell is a problem or a doubt of this one too."""

    @classmethod
    def derive(cls, *args: Any, **kwargs: Any) -> Self:
        """It, from one fact for each of :attr:`of`, in that order."""
        raise NotImplementedError(cls.__name__)

    def concerns(self, about: tuple[str, ...]) -> bool:
        """Whether what could be something of *about* could be a part of this fact."""
        return True

    def lacking(self, signals: Iterable[Signal]) -> tuple[Problem, ...]:
        """The problems of all that it is told from, as far as they concern it, and what was not understood there."""
        before = (problem for fact in recorded(self) for problem in fact.problems if self.concerns(problem.about))
        return tuple(dict.fromkeys((*before, *super().lacking(signals))))

    def doubted(self, signals: Iterable[Signal]) -> tuple[Aside, ...]:
        """What could be a part of it, and of which it cannot be told whether it is in force."""
        before = (a for fact in recorded(self) for a in fact.aside if not a.void and self.concerns(a.about))
        return tuple(dict.fromkeys((*before, *super().doubted(signals))))


def asked(kind: type[F], facts: Mapping[type[Fact], Fact]) -> F:
    """
    The fact of *kind*: as it stands in *facts*, or told from them.

    Raises:
        KeyError: It, or a fact that it is told from, was not extracted; with that type.
    """
    if kind in facts or not issubclass(kind, Derived):
        return cast(F, facts[kind])
    first, *others = (asked(other, facts) for other in kind.of)
    return cast(F, _told(first, *others, kind))


@once
def _told(*asked: Any) -> Derived:
    """The derived fact whose type comes last, from the facts before it."""
    *origins, kind = asked
    told: Derived = kind.derive(*origins)
    return told.model_copy(update={"origins": tuple(origins)})


def read_by(kind: type[Fact]) -> Iterator[Signal]:
    """The signals by which *kind*, and what it is told from, are told."""
    if issubclass(kind, Derived):
        yield from kind.reads
        for other in kind.of:
            yield from read_by(other)


def recorded(fact: Fact) -> Iterator[Fact]:
    """The recorded facts that *fact* rests on; itself where it is one."""
    if isinstance(fact, Derived):
        for origin in fact.origins:
            yield from recorded(origin)
    else:
        yield fact


def unmade(fact: Fact) -> Iterator[Problem]:
    """Why *fact*, or one that it rests on, says nothing at all."""
    yield from (problem for one in (fact, *recorded(fact)) for problem in one.problems if not problem.path)
