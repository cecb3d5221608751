"""Keeps what a reader sets aside, within bounds, and never loses that something could not be told."""

from __future__ import annotations

from ..domain.fact import MAX_ASIDE, Aside

MAX_BEYOND = 200
"""Of so many kinds of things beyond the bound one is kept for all others; what is of yet another could be anything."""


class Asides:
    """The first things that are set aside; of what cannot be told and is not kept, one stands for all of a kind."""

    def __init__(self) -> None:
        self._kept: list[Aside] = []
        self._beyond: dict[tuple[str, ...], Aside] = {}

    def add(self, aside: Aside) -> None:
        """Keep *aside*, if there is room; a void one that finds none is not missed by anybody."""
        if len(self._kept) < MAX_ASIDE:
            self._kept.append(aside)
        elif not aside.void:
            about = aside.about if len(self._beyond) < MAX_BEYOND else ()
            if about not in self._beyond and () not in self._beyond:
                reason = f"is the first of its kind beyond {MAX_ASIDE:,} things that are set aside; no other is kept"
                self._beyond[about] = aside.model_copy(update={"reason": reason, "about": about})

    @property
    def kept(self) -> tuple[Aside, ...]:
        """All that is kept, in the order in which it came."""
        return (*self._kept, *self._beyond.values())
