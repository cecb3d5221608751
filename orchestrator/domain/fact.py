"""The roots of typed answers about the world: a place, a problem, and the base of every fact."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property, wraps
from typing import Annotated, Any, ClassVar, ParamSpec, Self, TypeVar

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

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


class Problem(Model):
    """A file that a reader wanted and could not make sense of; it turns a pass into *could not tell*."""

    path: str
    """Empty where the fact as a whole could not be made, so that it says nothing at all."""
    line: int = 0
    reason: str

    def __str__(self) -> str:
        return f"{Source(path=self.path, line=self.line)}: {self.reason}" if self.path else self.reason


MAX_PROBLEMS = 1_000
"""How many files a fact names that it lacks."""


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

    problems: tuple[Problem, ...] = ()
    produced: Annotated[Produced | None, AddedLater()] = None
    """Whose word it is; None for what was read of the reviewed tree itself."""

    def lacking(self, signals: Iterable[Signal]) -> tuple[Problem, ...]:
        """The problems of this fact that matter to who asks it for *signals*, if it has any."""
        return self.problems

    @cached_property
    def answers(self) -> dict[Any, tuple[tuple[object, ...], Any]]:
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
        if key not in first.answers:
            first.answers[key] = asked, question(*asked, **named)  # what was asked lives on, so that no id is reused
        answer: _Answer = first.answers[key][1]
        return answer

    return answered
