"""Words of the conditions under which pipelines run: what starts them, what a name or a function in one comes to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

from pydantic import Field

from ..domain.model import Model
from .places import rows_of
from .row import Text

System = Literal["github", "gitlab", "azure", "jenkins"]
Form = Literal["event", "ref", "name", "function"]


class Condition(Model):
    """
    A word of a CI system, and what it means in a condition.

    An ``event`` means the trigger that :class:`orchestrator.Pipeline` knows it by, a ``ref`` of GitLab the events that
    it stands for. A ``name`` comes to what only a run tells, to a setting that no file shows, or to something that is
    there whatever it is; a ``*`` at its end stands for the rest of it. A ``function`` is one of those that are known.
    """

    system: System
    form: Form
    word: Annotated[str, Field(min_length=2, max_length=60)]
    means: Annotated[str, Field(min_length=2, max_length=60)]
    meaning: Text
    line: Text
    """A condition, or an event, that has the word."""


@cache
def conditions() -> tuple[Condition, ...]:
    """Every word of a condition."""
    return rows_of("conditions.yaml", Condition)


@cache
def meanings(system: System, form: Form) -> Mapping[str, str]:
    """The words of one *form* that *system* has, with what each means, in the order of the file."""
    return {row.word: row.means for row in conditions() if (row.system, row.form) == (system, form)}


def meaning_of(system: System, name: str) -> str:
    """What a *name* in a condition of *system* comes to, in any case; empty where no row knows it."""
    lower = name.lower()
    for word, means in meanings(system, "name").items():
        known = word.lower()
        if lower == known or (known.endswith("*") and lower.startswith(known[:-1])):
            return means
    return ""
