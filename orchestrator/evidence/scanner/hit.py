"""What one rule of others finds in a content."""

from __future__ import annotations

from typing import NamedTuple


class Hit(NamedTuple):
    """The place of a find, and never its text."""

    rule: str
    """As the set calls it: ``betterleaks.github-pat``."""
    start: int
    end: int
    sure: bool
    """Whether the set has the rule among its surest."""
