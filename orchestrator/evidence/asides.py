"""Keeps what a reader sets aside, within bounds, and never loses that something could not be told."""

from __future__ import annotations

from ..domain.fact import MAX_ASIDE, Aside


class Asides:
    """The first things that are set aside; of what cannot be told and is not kept, one stands for all the others."""

    def __init__(self) -> None:
        self._kept: list[Aside] = []
        self._beyond: Aside | None = None

    def add(self, aside: Aside) -> None:
        """Keep *aside*, if there is room; a void one that finds none is not missed by anybody."""
        if len(self._kept) < MAX_ASIDE:
            self._kept.append(aside)
        elif not aside.void and self._beyond is None:
            reason = f"is the first of more than {MAX_ASIDE:,} things that are set aside; the others are not kept"
            self._beyond = Aside(path=aside.path, line=aside.line, what=aside.what, reason=reason, void=False)

    @property
    def kept(self) -> tuple[Aside, ...]:
        """All that is kept, in the order in which it came."""
        return (*self._kept, self._beyond) if self._beyond else tuple(self._kept)
