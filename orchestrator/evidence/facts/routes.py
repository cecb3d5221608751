"""The HTTP surface: which routes the source declares."""

from __future__ import annotations

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
