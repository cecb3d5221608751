"""This is where typed answers about the world begin: a place, a problem, and the base of every fact."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from .model import Model
from .signal import Signal


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


class Fact(Model):
    """
    The typed answer to one question about the reviewed tree.

    A subclass names itself once; the name is its key in the record and must not change.
    """

    name: ClassVar[str] = ""
    known: ClassVar[dict[str, type[Fact]]] = {}

    problems: tuple[Problem, ...] = ()

    def lacking(self, signals: Iterable[Signal]) -> tuple[Problem, ...]:
        """The problems of this fact that matter to who asks it for *signals*, if it has any."""
        return self.problems

    def __init_subclass__(cls, **kwargs: object) -> None:
        super().__init_subclass__(**kwargs)  # type: ignore[arg-type]  # pydantic takes its config keywords here
        if cls.__dict__.get("name"):
            Fact.known[cls.name] = cls
