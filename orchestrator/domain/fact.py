"""The roots of typed answers about the world: a place, a problem, and the base of every fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, wraps
from typing import Annotated, Any, ClassVar, ParamSpec, Self, TypeVar, cast

from .model import AddedLater, Model
from .produced import Produced
from .signal import Signal

_Asked = ParamSpec("_Asked")
_Answer = TypeVar("_Answer")


class Source(Model):
    """A place in the reviewed tree; ``line`` counts from 1, 0 means the file as a whole."""

    path: str
    line: int = 0
    end_line: int = 0
    text: str = ""
    """The line itself where the reader had it at hand; excerpts are otherwise quoted from the tree afterwards."""
    worded: Annotated[bool, AddedLater()] = False
    """A pattern matched it, and no syntax bears that out: a word on a line, on which no grave failure rests."""

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class Problem(Model):
    """A file that a reader wanted and could not make sense of; it turns a pass into *could not tell*."""

    path: str
    """Empty where the fact as a whole could not be made, so that it says nothing at all."""
    line: int = 0
    reason: str
    about: Annotated[tuple[str, ...], AddedLater()] = ()
    """What could stand there, such as a type of resource; empty where it could be anything."""

    def __str__(self) -> str:
        return f"{Source(path=self.path, line=self.line)}: {self.reason}" if self.path else self.reason


class Aside(Model):
    """What was read and supports nothing: it is not in force, or nobody can tell whether it is."""

    path: str
    line: int = 0
    reason: str
    """Why, after the name of the thing: ``is commented out``, ``depends on var.enabled, which has no value here``."""
    what: str = ""
    """Its name: ``aws_db_instance.main``, ``job deploy``."""
    about: tuple[str, ...] = ()
    """What it would be, such as a type of resource or the id of a signal; empty where it could be anything."""
    void: bool = True
    """False where it cannot be told: then nothing follows from its absence either."""

    def __str__(self) -> str:
        return f"{Source(path=self.path, line=self.line)}: {f'{self.what} {self.reason}'.strip()}"


MAX_PROBLEMS = 1_000
"""How many files a fact names that it lacks."""
MAX_ASIDE = 1_000
"""How many things a fact names that it sets aside."""
_LEFT_ALONE = "-"
EVERYTHING = "*"
"""What is asked for by who looks at all parts of a fact, whatever they are."""


class Fact(Model):
    """
    The typed answer to one question about the reviewed tree.

    A subclass names itself once; the name is its key in the record and must not change.
    """

    name: ClassVar[str] = ""
    version: ClassVar[int] = 1
    """
    Of its shape; recorded beside it where it is not 1.

    A field with a default that means what older records mean by their silence does not change it; any other change
    does, and comes with an upgrade in :mod:`orchestrator.evidence.shapes`.
    """
    recorded: ClassVar[bool] = True
    known: ClassVar[dict[str, type[Fact]]] = {}
    """Those that are recorded, by name."""
    whole: ClassVar[bool] = True
    """
    Whether a pass is said of all its parts, so that a part of which it cannot be told whether it is in force takes the
    pass back. Where single parts are looked for, such a part is just no evidence.
    """

    by_name: ClassVar[bool] = False
    """Whether who asks it says of what, so that of whoever said nothing nothing is missed; see :attr:`sought`."""

    problems: tuple[Problem, ...] = ()
    aside: Annotated[tuple[Aside, ...], AddedLater()] = ()
    """What was read and left out, since it is not in force or cannot be told to be."""
    produced: Annotated[Produced | None, AddedLater()] = None
    """Whose word it is; None for what was read of the reviewed tree itself."""

    def lacking(self, signals: Iterable[Signal]) -> tuple[Problem, ...]:
        """The problems of this fact that matter to who asks it for *signals*, if it has any, and for what was asked."""
        return tuple(problem for problem in self.problems if self._matters(problem.about))

    def doubted(self, signals: Iterable[Signal]) -> tuple[Aside, ...]:
        """What would matter to who asks it for *signals*, and of which it cannot be told whether it is in force."""
        return tuple(aside for aside in self.aside if not aside.void and self._matters(aside.about))

    def passed_over(self, signals: Iterable[Signal]) -> tuple[Aside, ...]:
        """
        What was set aside of all that was asked for since :attr:`sought` was emptied, or of *signals*.

        What it is that somebody misses who looks at everything, nobody knows. A file or folder that is not read at all
        by its name may hold anything, so that it says nothing of anything.
        """
        asked = self.sought and (aside for aside in self.aside if aside.line or aside.what or aside.about)
        return tuple(aside for aside in asked or () if not aside.about or not self.sought.isdisjoint(aside.about))

    def has(self, kind: str) -> bool:
        """Whether a part of *kind* is in force, as far as the fact tells its parts apart."""
        return False

    def leave_alone(self) -> None:
        """Say that the answer was found without this fact, so that nothing which it lacks matters."""
        self.sought.add(_LEFT_ALONE)

    def _matters(self, about: tuple[str, ...]) -> bool:
        if self.sought == {_LEFT_ALONE}:
            return False
        return not about or not self.sought or EVERYTHING in self.sought or not self.sought.isdisjoint(about)

    @cached_property
    def sought(self) -> set[str]:
        """The kinds of parts that were asked for since it was last emptied; a check's run empties it."""
        return set()

    @cached_property
    def answers(self) -> dict[Any, tuple[tuple[object, ...], Any, tuple[frozenset[str], ...]]]:
        """What was asked of this fact and answered, by the question; see :func:`once`."""
        return {}

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A changed fact; what was computed from the former one does not go along."""
        copied = super().model_copy(update=update, deep=deep)
        for computed in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[computed]
        return copied

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)  # type: ignore[arg-type]  # pydantic takes its config keywords here
        if cls.recorded and cls.__dict__.get("name"):
            Fact.known[cls.name] = cls


def once(question: Callable[_Asked, _Answer]) -> Callable[_Asked, _Answer]:
    """
    Answer *question* once for the same facts, however many checks ask it; who is answered must not change the answer.

    The first argument is a :class:`Fact`, which keeps the answer as long as it lives. Other facts are told apart by
    identity, plain values by value.
    """

    @wraps(question)
    def answered(*asked: _Asked.args, **named: _Asked.kwargs) -> _Answer:
        first, *others = asked
        if not isinstance(first, Fact) or named:
            raise TypeError(f"{question.__qualname__} is asked of a fact first, and by position")
        key = (question, *(id(other) if isinstance(other, Model) else other for other in others))
        facts = [fact for fact in asked if isinstance(fact, Fact)]
        if key not in first.answers:
            before = [set(fact.sought) for fact in facts]
            for fact in facts:
                fact.sought.clear()
            answer = question(*asked, **named)
            looked_for = tuple(frozenset(fact.sought) for fact in facts)
            for fact, kinds in zip(facts, before, strict=True):
                fact.sought.update(kinds)
            first.answers[key] = asked, answer, looked_for  # what was asked lives on, so that no id is reused
        _, answer, looked_for = first.answers[key]
        for fact, found in zip(facts, looked_for, strict=True):
            fact.sought.update(found)
        return cast(_Answer, answer)

    return answered
