"""Places of which there may be too many: the first of them, and how many more there are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Self

from .fact import Source


class Places(tuple[Source, ...]):
    """
    The first of many places, in order, and how many there are of them in all.

    As a tuple it is what was kept. Who counts asks for :attr:`total` and says :attr:`said`; what is taken out of it
    with :meth:`under` and :meth:`saying` knows its total, too.
    """

    beyond: Mapping[str, int]
    """Path to the number of places in it that were not kept."""
    exact: bool
    """False where there may be more than is counted."""

    def __new__(cls, kept: Iterable[Source] = (), beyond: Mapping[str, int] | None = None, exact: bool = True) -> Self:
        places = super().__new__(cls, kept)
        places.beyond = beyond or {}
        places.exact = exact
        return places

    @property
    def total(self) -> int:
        """How many there are; at least so many where it is not :attr:`exact`."""
        return len(self) + sum(self.beyond.values())

    @property
    def said(self) -> str:
        """``2,400``, or ``at least 40`` where there may be more."""
        return f"{self.total:,}" if self.exact else f"at least {self.total:,}"

    @property
    def more(self) -> str:
        """``, and 2,399 more``; empty where there is but one."""
        if self.total < 2:
            return "" if self.exact else ", and maybe more"
        return f", and {'' if self.exact else 'at least '}{self.total - 1:,} more"

    @cached_property
    def files(self) -> Mapping[str, None]:
        """Every file that has one, in order."""
        return dict.fromkeys([*(place.path for place in self), *self.beyond])

    def under(self, holds: Callable[[str], object]) -> Places:
        """Those in files for whose path it *holds*; a file stands for its places where none of them was kept."""
        told = {path: bool(holds(path)) for path in self.files}
        kept = [place for place in self if told[place.path]]
        beyond = {path: number for path, number in self.beyond.items() if told[path]}
        if not kept and beyond:
            path = min(beyond)
            worded = any(place.worded for place in self)
            kept, beyond[path] = [Source(path=path, worded=worded)], beyond[path] - 1
        return Places(kept, beyond, self.exact)

    def saying(self, holds: Callable[[Source], object]) -> Places:
        """Those for which it *holds*; of what was not kept that cannot be told."""
        return Places(filter(holds, self), {}, self.exact and not self.beyond)

    def without(self, others: Places) -> Places:
        """Those that are none of *others*; of what was not kept that cannot be told."""
        taken = set(others)
        beyond = {} if others else self.beyond
        return Places((place for place in self if place not in taken), beyond, self.exact and beyond == self.beyond)

    def bare(self) -> Places:
        """The same, without the text of their lines, which may hold a secret."""
        return Places((place.model_copy(update={"text": ""}) for place in self), self.beyond, self.exact)

    def first(self, key: Callable[[Source], tuple[bool | float | str, ...]]) -> Places:
        """The same, in another order."""
        return Places(sorted(self, key=key), self.beyond, self.exact)


def together(*parts: Iterable[Source]) -> Places:
    """All places of *parts*, each once; what was not kept of two parts is taken for different places."""
    kept = dict.fromkeys(place for part in parts for place in part)
    beyond: dict[str, int] = {}
    for part in parts:
        for path, number in part.beyond.items() if isinstance(part, Places) else ():
            beyond[path] = beyond.get(path, 0) + number
    return Places(kept, beyond, all(part.exact for part in parts if isinstance(part, Places)))
