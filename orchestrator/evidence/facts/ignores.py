"""Requests of the reviewed tree that tools look away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model


class Ignored(Model):
    """One inline request."""

    path: str
    line: int
    """Where it stands."""
    first: int = 0
    """The first line that it reaches; 0 where it reaches none, as what is for a whole file."""
    last: int = 0
    tool: str
    said: str
    about: tuple[str, ...] = ()
    """What it looks away from: security, credential, injection, infrastructure, container."""

    @property
    def source(self) -> Source:
        return Source(path=self.path, line=self.line)


class IgnoreList(Model):
    """A file, or a part of one, that names what tools are to look away from wherever it stands."""

    path: str
    line: int = 0
    tool: str
    entries: int = 0
    """How many things it names; 0 where they were not counted."""


class Ignores(Fact):
    """What the reviewed tree says in its own favour to the tools that look at it, sorted by place."""

    name: ClassVar[str] = "ignores"
    whole: ClassVar[bool] = False

    found: tuple[Ignored, ...] = ()
    beyond: int = 0
    """How many more there are than are kept."""
    lists: tuple[IgnoreList, ...] = ()

    @cached_property
    def by_path(self) -> Mapping[str, tuple[Ignored, ...]]:
        """The inline requests of each file."""
        grouped: dict[str, list[Ignored]] = {}
        for one in self.found:
            grouped.setdefault(one.path, []).append(one)
        return {path: tuple(rows) for path, rows in grouped.items()}

    def reaching(self, path: str, line: int) -> Iterator[Ignored]:
        """Those that reach *line* of *path*."""
        return (one for one in self.by_path.get(path, ()) if line > 0 and one.first <= line <= one.last)
