"""Reads what one file of Elixir says of routes, modules and plugs."""

from __future__ import annotations

from dataclasses import dataclass, field

from ...inforce.code.syntax import Syntax
from ..program import Program, Runs
from ..summary import Summary
from ..units import Filter, Unit
from ..untold import Untold
from .modules import modules
from .names import Names
from .scopes import Router, router


@dataclass(slots=True)
class ElixirFile:
    """All of it for one file."""

    path: str
    units: list[Unit] = field(default_factory=list)
    plugs: dict[str, list[Filter]] = field(default_factory=dict)
    routers: list[Router] = field(default_factory=list)

    @property
    def untold(self) -> list[Untold]:
        """Forms that may declare routes, and are not understood."""
        return [one for router in self.routers for one in router.untold]


def read_elixir(path: str, syntax: Syntax, runs: Runs) -> ElixirFile:
    """
    What the file at *path* says.

    Args:
        path: Where it stands.
        syntax: Its syntax.
        runs: What is in force of it; what is not declares nothing.
    """
    names = Names(Program(syntax, Summary(path), runs))
    file = ElixirFile(path)
    for module in modules(names):
        file.units.append(module.unit)
        found = router(names, module)
        if found is not None:
            file.routers.append(found)
        file.plugs.setdefault(module.unit.name, []).extend(module.plugs)
    return file
