"""What was found of the patterns that checks look for in source text."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar

from ...domain.fact import MAX_PROBLEMS, Aside, Fact, Problem, Source
from ...domain.model import Model
from ...domain.places import Places
from ...domain.signal import Signal
from ...errors import EvidenceUnavailable
from .. import classify
from ..tree import MAX_FILE_BYTES

_TOLD_APART = re.compile(r"#[0-9a-f]{0,8}-\d+$")
"""What a path ends with that would read like another one."""


class Hits(Model):
    """The places of a signal: counts over everything, and the first of them (mostly five a file, forty in all)."""

    total: int = 0
    files: int = 0
    first: tuple[Source, ...] = ()
    """Each with the matching line as ``text``, trimmed to 200 characters."""
    beyond: dict[str, int] = {}
    """Path to the number of places in it that are not among the first; empty, too, where it was not recorded yet."""
    aside: tuple[Aside, ...] = ()
    """The first places where it stands and is not in force, or cannot be told to be; none of them is counted above."""
    void: int = 0
    """How many places there are where it stands and is not in force."""
    untold: int = 0
    """How many there are of which it cannot be told."""

    open: tuple[Source, ...] = ()
    """The first of those of which it cannot be told, with their lines."""

    def __bool__(self) -> bool:
        return self.total > 0

    cut: bool = False
    """There was more to look at in some file than is looked at in one."""

    def opened(self) -> Hits:
        """The same with those of which it cannot be told; without what was computed of these."""
        known = {name: getattr(self, name) for name in Hits.model_fields}
        return Hits(**{**known, "first": (*self.first, *self.open), "total": self.total + len(self.open), "open": ()})

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The files of the first places."""
        return tuple(dict.fromkeys(hit.path for hit in self.first))

    def within(self, path: str, first: int = 0, last: int = MAX_FILE_BYTES) -> tuple[Source, ...]:
        """The first places of one file, of its lines from *first* to *last*."""
        here = self._by_path.get(path, ())
        return here[bisect_left(here, first, key=_line) : bisect_right(here, last, key=_line)]

    @cached_property
    def _by_path(self) -> dict[str, tuple[Source, ...]]:
        found: dict[str, list[Source]] = {}
        for hit in self.first:
            found.setdefault(hit.path, []).append(hit)
        return {path: tuple(hits) for path, hits in found.items()}

    @cached_property
    def places(self) -> Places:
        """Everywhere that it was found: the first places, and how many more there are in which files."""
        counted = self.total == len(self.first) + sum(self.beyond.values())
        return Places(self.first, self.beyond, counted and not self.cut)


def _line(place: Source) -> int:
    return place.line


class Code(Fact):
    """What was found of every signal, and how many files were searched."""

    name: ClassVar[str] = "code"
    whole: ClassVar[bool] = False

    examined: dict[str, dict[str, int]] = {}
    """Role to language to number of files searched; the language of files without one is ``text``."""
    hits: dict[str, Hits] = {}

    def __getitem__(self, signal: Signal) -> Hits:
        """
        What was found of *signal*.

        Raises:
            EvidenceUnavailable: Nobody asked for it when the tree was read.
        """
        if signal.id not in self.hits:
            raise EvidenceUnavailable(f"signal {signal.id} was not looked for when this tree was read")
        return self.hits[signal.id]

    def supposing(self, signals: Iterable[Signal]) -> Code:
        """The same, as if all was in force of which it cannot be told for *signals*."""
        opened = {s.id: hits for s in signals if (hits := self.hits.get(s.id)) is not None and hits.open}
        supposed = {name: hits.opened() for name, hits in opened.items()}
        return self.model_copy(update={"hits": {**self.hits, **supposed}}) if supposed else self

    def lacking(self, signals: Iterable[Signal]) -> tuple[Problem, ...]:
        """The files that one of *signals* would have been looked for in; all of them where none is named."""
        asked = tuple(signals)
        if not asked or len(self.problems) >= MAX_PROBLEMS:  # what else is lacking is not known
            return self.problems
        return tuple(p for p in self.problems if any(_looks_into(signal, p.path) for signal in asked))

    def doubted(self, signals: Iterable[Signal]) -> tuple[Aside, ...]:
        """Of each signal of which nothing is in force, the first place that cannot be told to be."""
        sought = [self.hits[signal.id] for signal in signals if signal.id in self.hits]
        return tuple(next(a for a in hits.aside if not a.void) for hits in sought if hits.untold and not hits.total)

    def passed_over(self, signals: Iterable[Signal]) -> tuple[Aside, ...]:
        """Of each signal of which nothing is in force, what was set aside."""
        sought = [self.hits[signal.id] for signal in signals if signal.id in self.hits]
        return tuple(aside for hits in sought if not hits.total for aside in hits.aside)

    def files(self, *languages: str, role: str = "source") -> int:
        """How many files of *role* (in one of *languages*, if given) were searched."""
        counts = self.examined.get(role, {})
        return sum(n for language, n in counts.items() if not languages or language in languages)


def _looks_into(signal: Signal, path: str) -> bool:
    """Whether *signal* is searched in the file at *path*, or in one of the folder that it is."""
    if not path or path.endswith("/"):
        return True
    name = _TOLD_APART.sub("", path)
    role = classify.role(name)
    return role in {*signal.roles, "aside"} and (not signal.languages or classify.language(name) in signal.languages)
