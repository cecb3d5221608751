"""How old a finding is: whether this release brought it."""

from __future__ import annotations

from typing import Literal

from .model import Model

Word = Literal["new", "old", "unknown"]


class Age(Model):
    """Whether a finding came with this release, by what changed since its base."""

    word: Word
    because: str
    """What shows it, or why it cannot be told."""
