"""Words by which a line asks a tool to look away: whose they are, what they are about, and how far they reach."""

from __future__ import annotations

import datetime
import re
from functools import cache, cached_property
from typing import Annotated, Literal

from pydantic import Field

from ..domain.model import Model
from .places import rows_of
from .row import Text

Kind = Literal["security", "credential", "injection", "infrastructure", "container"]
Reach = Literal["line", "statement", "line or next", "next", "block", "resource", "file"]


class Ignore(Model):
    """
    One way of asking a tool to look away.

    Its words stand at the beginning of a comment; anywhere else they are prose. Of rules that they name only those
    count that the row knows as about something.
    """

    tool: Text
    word: Annotated[str, Field(min_length=4, max_length=40)]
    """What a file that has one contains, in lower case."""
    pattern: str
    """What a comment begins with; the group ``rules`` has the names of rules."""
    written_in: tuple[str, ...] = ()
    """Dialects of comments; all where empty."""
    kind: Kind
    """What it makes the tool look away from, where it names no rules."""
    rules: dict[Kind, str] = {}
    """What a named rule is about, by a pattern of its whole name."""
    needs_rules: bool = False
    """Whether it says nothing of these things without naming a rule."""
    reach: Reach
    """
    ``line`` it stands in, whole ``statement``, ``next`` line, ``block`` that begins there, or ``resource`` around it.

    What reaches over a ``file`` is told and looks away from nothing.
    """
    meaning: Text
    path: Text
    line: Text
    """A line of a file of that path that has it."""
    unlike: Text
    """A line that has its words and does not ask for anything."""
    source: Text
    date: datetime.date

    @cached_property
    def begins(self) -> re.Pattern[str]:
        """The pattern, compiled."""
        return re.compile(self.pattern, re.IGNORECASE)

    def about(self, rules: tuple[str, ...]) -> frozenset[Kind]:
        """What it looks away from, of what; nothing where it names only rules about something else."""
        if not rules:
            return frozenset() if self.needs_rules else frozenset({self.kind})
        return frozenset(
            kind for kind, pattern in self.rules.items() if any(re.fullmatch(pattern, r, re.IGNORECASE) for r in rules)
        )


@cache
def ignores() -> tuple[Ignore, ...]:
    """Every way of asking a tool to look away that is known."""
    return rows_of("ignores.yaml", Ignore)
