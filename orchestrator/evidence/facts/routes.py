"""The HTTP surface: which routes the source declares."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model


class Route(Model):
    """One declared route."""

    method: str
    """GET, POST, … or ANY."""
    path: str
    framework: str
    file: str
    line: int
    guarded: bool | None = None
    """True where a guard (decorator, middleware, dependency) is visible, False where the route is declared public;
    None where neither can be told: a guard may stand elsewhere."""

    @property
    def source(self) -> Source:
        return Source(path=self.file, line=self.line)


class Routes(Fact):
    """Every route declared in source, and every OpenAPI document."""

    name: ClassVar[str] = "routes"

    routes: tuple[Route, ...] = ()
    specifications: tuple[Source, ...] = ()
    frameworks: tuple[str, ...] = ()

    def above(self, middleware: Iterable[Source]) -> list[Route]:
        """
        The routes that stand above a *middleware* which only what is declared below it goes through.

        Those that machines ask are left out, as are lines that put nothing before others (``app.use(…)``).
        """
        applied: dict[str, int] = {}
        for place in middleware:
            if _APPLIED.match(place.text):
                applied.setdefault(place.path, place.line)
        return [r for r in self.routes if r.line < applied.get(r.file, 0) and not _OF_MACHINES.match(r.path)]


_APPLIED = re.compile(r"\w{1,30}\.use\(")
_OF_MACHINES = re.compile(r"/(?:health\w*|livez?|readyz?|ping|metrics|up|status)?/?$", re.IGNORECASE)
