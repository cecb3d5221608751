"""Counts the places of one signal, and keeps the first of them."""

from __future__ import annotations

from collections.abc import Callable

from ...domain.fact import Aside, Source
from ...domain.signal import Signal
from ..facts.code import Hits
from ..inforce.force import IN_FORCE, Force

_KEPT = Signal.model_fields["kept"].default
_KEPT_PER_FILE = 5
_KEPT_ASIDE = 5


class Tally:
    """
    What was found of one signal; places come file by file, in the order of their lines.

    Args:
        signal: What is looked for.
    """

    def __init__(self, signal: Signal) -> None:
        self.id = signal.id
        self._most = signal.kept
        self._total = 0
        self._here: dict[str, int] = {}
        self._first: list[Source] = []
        self._beyond: dict[str, int] = {}
        self._aside: list[Aside] = []
        self._counts = {True: 0, False: 0}
        self._open: list[Source] = []
        self._waiting: list[tuple[Source, Force]] = []
        self.cut = False

    def add(self, place: Source, force: Force) -> None:
        """Count *place*, or set it aside; one that hangs on other files waits until they have been read."""
        if force and not force.lasts:
            self._total += 1
            here = self._here[place.path] = self._here.get(place.path, 0) + 1
            if len(self._first) < self._most and here <= (self._most if self._most > _KEPT else _KEPT_PER_FILE):
                self._first.append(place)
            else:
                self._beyond[place.path] = self._beyond.get(place.path, 0) + 1
        elif force.unless or force.lasts:
            self._waiting.append((place, force))
        else:
            self._set_aside(place, force)

    def hits(self, settled: Callable[[Force, str], Force]) -> Hits:
        """
        All that was found.

        Args:
            settled: What becomes of what hangs on other files, by where it stands.
        """
        for place, force in self._waiting:
            final = settled(force, place.path)
            if final:
                self.add(place, IN_FORCE)
            else:
                self._set_aside(place, final)
        self._waiting = []
        return Hits(
            total=self._total,
            files=len(self._here),
            first=tuple(sorted(self._first, key=lambda place: (place.path, place.line))),
            beyond=self._beyond,
            cut=self.cut,
            aside=tuple(self._aside),
            void=self._counts[True],
            untold=self._counts[False],
            open=tuple(self._open),
        )

    def _set_aside(self, place: Source, force: Force) -> None:
        """Keep why *place* does not count: of the first ones, and of the first of which it cannot be told."""
        self._counts[force.is_void] += 1
        if not force.is_void and len(self._open) < _KEPT_ASIDE:
            self._open.append(place)
        if len(self._aside) < _KEPT_ASIDE or (not force.is_void and self._counts[False] == 1):
            about = (self.id,)
            self._aside.append(
                Aside(path=place.path, line=place.line, reason=force.reason, about=about, void=force.is_void)
            )
