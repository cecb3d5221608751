"""A pattern that a check looks for in source text."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from .anchors import SHORTEST, anchors, spelled_out
from .model import Model

Role = Literal[
    "source", "test", "docs", "config", "infra", "ci", "example", "vendored", "generated", "asset", "aside", "other"
]


ALL = 5_000
"""More places than a check will ever have to tell of, and few enough to be kept."""


class Signal(Model):
    """
    A line-wise pattern, found during the one pass over the tree.

    A line counts when *pattern* matches it (a ``re`` pattern, searched in the line, case-insensitive), or when it
    contains one of *words*. Lines are looked at only where one of the :attr:`anchors` stands, which makes the search
    linear and quick; a pattern that leads to none is refused. Patterns see one line of at most 1,000 characters and
    must not nest quantifiers.

    Args:
        id: Unique, dotted: ``security.rate-limit``.
        pattern: What a line must match; in every way that it can, it has to name a word of three or more characters.
        words: Plain strings instead of a pattern, of which the line must contain one, in any case.
    roles: The files that are searched; production source by default.
        languages: Only files of these languages (``python``, ``javascript``, ``go`` …); empty means all.
        comments: Whether lines that are nothing but a comment count.
        through: The id of another signal. A file in which that one stands has this one as well, where it calls a
            function of another file, or is wrapped in one, in which this one stands.
        kept: How many places are kept with their line. Of the others only the number in each file is: a check that
            judges the lines themselves keeps :data:`ALL`, so that it can count what it finds.
    """

    id: str
    pattern: str = ""
    words: tuple[Annotated[str, Field(min_length=SHORTEST)], ...] = ()
    roles: tuple[Role, ...] = ("source",)
    languages: tuple[str, ...] = ()
    comments: bool = False
    through: str = ""
    kept: int = 40

    @model_validator(mode="after")
    def _can_be_searched(self) -> Signal:
        """Refuse a signal that no word leads to, before a tree is read for it."""
        if bool(self.words) == bool(self.pattern):
            raise ValueError(f"signal '{self.id}' needs a pattern or words, and not both")
        try:
            found = self.anchors
        except re.error as error:
            raise ValueError(f"the pattern of signal '{self.id}' is not a regular expression: {error}") from None
        if not found:
            raise ValueError(
                f"the pattern of signal '{self.id}' can match lines without any word of {SHORTEST} characters that it "
                "names, so that every line would have to be looked at; spell such a word out in each alternative"
            )
        return self

    @cached_property
    def anchors(self) -> tuple[str, ...]:
        """Strings in lower case of which every line that counts contains one: the words, or what the pattern needs."""
        return anchors(self.pattern) if self.pattern else tuple(word.lower() for word in self.words)

    @cached_property
    def spelled_out(self) -> tuple[str, ...]:
        """Every string, in lower case, that the signal names."""
        return spelled_out(self.pattern) if self.pattern else self.anchors
