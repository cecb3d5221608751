"""Keeps the classes and modules of a tree, with what they take over from others, and tells which methods turn away."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from .refusing import OTHER

_DEPTH = 12
_ENTERS = re.compile(r"log_?(?:in|out)|sign_?(?:in|up|out)|register|callback", re.IGNORECASE)
"""Calls of who is only about to log in, whose refusal keeps nobody out of what they answer."""
OWN = "(itself)"
"""The name of what stands before an action and has none, but turns away those who may not pass."""


class Filter(NamedTuple):
    """One thing that a class does before its actions, or no longer does."""

    name: str
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    skips: bool = False
    sure: bool = True
    """It holds for each request to these actions."""
    calls: bool = False
    """It is a call at the level of the class, and not the name of a method that runs before the actions."""


class Function(NamedTuple):
    """What a function does for who may pass."""

    line: int
    refuses: bool = False
    """It turns somebody away: an answer 401 or 403, an exception of that kind, a way to the login."""
    itself: bool = False
    """It does so before its work."""
    calls: tuple[str, ...] = ()
    """What it calls at its top, by name."""
    leaves_to: tuple[str, ...] = ()
    """What it calls for those who have shown nothing."""


@dataclass(slots=True)
class Unit:
    """
    A class, or a module whose functions others take over.

    Args:
        name: In full, as others call it.
        path: Where it is written.
        above: What it takes over, the nearest first; of each all names that may be meant, the most likely first.
        functions: Its own.
    """

    name: str
    path: str
    above: list[tuple[str, ...]] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)


class Units:
    """
    The classes and modules of a tree.

    Args:
        units: All of them; those of one name are one.
        library: Names of functions of the world's libraries that turn those away who may not pass.
    """

    def __init__(self, units: Iterable[Unit], library: re.Pattern[str]) -> None:
        self._units: dict[str, Unit] = {}
        self.library = library
        for unit in units:
            self.add(unit)

    def add(self, unit: Unit) -> None:
        """Take in *unit*."""
        known = self._units.setdefault(unit.name, Unit(unit.name, unit.path))
        known.above += [one for one in unit.above if one not in known.above]
        known.functions = {**known.functions, **unit.functions}

    def own(self, name: str, function: str) -> bool:
        """Whether the unit *name* has *function* itself."""
        return name in self._units and function in self._units[name].functions

    def __contains__(self, name: str) -> bool:
        return name in self._units

    def first(self, names: Iterable[str]) -> Unit | None:
        """The first of *names* that there is."""
        return next((self._units[name] for name in names if name in self._units), None)

    def line_of(self, name: str) -> list[Unit]:
        """The unit *name* and all that it takes over, in the order in which a function is looked for."""
        found: list[Unit] = []
        waiting = [name]
        while waiting and len(found) < 100:
            here = self._units.get(waiting.pop(0))
            if here is not None and here not in found:
                found.append(here)
                waiting = [one.name for names in here.above if (one := self.first(names)) is not None] + waiting
        return found

    def outside(self, name: str) -> Iterator[str]:
        """What the unit *name* takes over that the tree does not have."""
        for unit in self.line_of(name):
            for names in unit.above:
                if self.first(names) is None:
                    yield names[0]

    def function(self, name: str, function: str) -> Function | None:
        """The function that the unit *name* has, or takes over."""
        return next((one.functions[function] for one in self.line_of(name) if function in one.functions), None)

    def turns_away(self, name: str, function: str, depth: int = 0) -> bool:
        """Whether *function*, called in the unit *name*, turns those away who may not pass."""
        if OTHER.search(function):
            return False
        found = self.function(name, function)
        if found is None:
            return self.library.search(function) is not None
        if found.refuses:
            return True
        calls = (*found.calls, *found.leaves_to)
        return depth < _DEPTH and any(self.turns_away(name, one, depth + 1) for one in calls if one != function)

    def checks(self, name: str, function: str) -> bool:
        """
        Whether *function*, which answers requests, turns those away before its work who may not have it done.

        Who is about to log in is turned away for a wrong password, which keeps nobody out.
        """
        found = self.function(name, function)
        if found is None:
            return False
        if _ENTERS.search(function):
            return False
        calls = [one for one in found.calls if not _ENTERS.search(one)]
        return found.itself or any(self.turns_away(name, one, 1) for one in calls)


def shared(units: Iterable[Unit]) -> dict[str, Function]:
    """The functions of all *units* by their names alone; of those that do not agree none turns anybody away."""
    found: dict[str, Function] = {}
    for unit in units:
        for name, does in unit.functions.items():
            known = found.setdefault(name, does)
            if known.refuses != does.refuses:
                found[name] = known._replace(refuses=False, itself=False, calls=())
    return found
