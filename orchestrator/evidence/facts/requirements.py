"""Requirements that stand in prose and in feature files."""

from __future__ import annotations

from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model


class Requirement(Model):
    """One requirement as it is written, cut to 240 characters."""

    kind: str
    """story (as a … I want), sentence (must, shall), item (of a checklist) or scenario (of a feature file)."""
    text: str
    source: Source
    section: str = ""
    """The heading or feature that it stands under."""
    done: bool | None = None
    """Whether an item of a checklist is ticked."""


class Requirements(Fact):
    """The first 500 requirements of the tree, and how many documents were searched for them."""

    name: ClassVar[str] = "requirements"

    found: tuple[Requirement, ...] = ()
    total: int = 0
    files: int = 0
