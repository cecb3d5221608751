"""The single files that agents ask for by name."""

from __future__ import annotations

from typing import ClassVar

from ...domain.fact import Fact


class Wanted(Fact):
    """The text of each file that some agent asked for and that is there, cut at 100,000 characters."""

    name: ClassVar[str] = "wanted"

    texts: dict[str, str] = {}
    asked: tuple[str, ...] = ()
