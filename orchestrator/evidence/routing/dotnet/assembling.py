"""Puts the routes of ASP.NET together: groups, controllers, and the policies of a program."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import replace

from ...facts.routes import Route
from ..assembling import assembled
from ..marks import Type, filled, is_told, shown
from ..summary import Declared, Summary
from ..terms import ITSELF
from ..untold import Untold
from .controllers import Types
from .unit import Unit

_ALL = "*"
_CONTROLLERS = "*controllers"


def routes(summaries: Sequence[Summary]) -> Iterator[Route]:
    """The routes of all files of C#."""
    units = [one for one in summaries if isinstance(one, Unit)]
    constants = {name: texts for unit in units for name, texts in unit.constants.items()}
    named: dict[str, list[Type]] = {}
    for unit in units:
        for type_ in unit.types:
            named.setdefault(type_.name, []).append(type_)
    types = Types(named, frozenset(name for unit in units for name in unit.refusing), constants)
    every = Summary(_ALL)
    several: set[str] = set()
    for unit in units:
        _map(unit, types)
        unit.routes = [_told(unit, one, constants) for one in unit.routes]
        several |= {name for name in unit.parameters if name in every.parameters}
        for name, given in unit.parameters.items():
            every.parameters[name] = given
        every.routers.update(unit.routers)
        every.definitions.update({name: found for name, found in unit.definitions.items() if name in unit.parameters})
        unit.definitions = {name: found for name, found in unit.definitions.items() if name not in unit.parameters}
        unit.parameters, unit.routers, unit.starred = {}, {}, [_ALL]
    for name in several:
        every.parameters.pop(name)  # which of them is meant, nobody can tell
    opened = {name for unit in units for name in unit.opened}
    everywhere = [_folder(unit.path) for unit in units if unit.everywhere]
    controllers = [_folder(unit.path) for unit in units if unit.controllers]
    for unit in units:
        behind = any(_is_below(unit.path, folder) for folder in everywhere)
        of_controllers = behind or any(_is_below(unit.path, folder) for folder in controllers)
        unit.routes = [
            replace(
                one,
                opens=one.opens or one.router in opened,
                guards=(*one.guards, ITSELF)
                if (of_controllers if one.router == _CONTROLLERS else behind)
                else one.guards,
            )
            for one in unit.routes
        ]
    return assembled([*units, every], _file)


def _map(unit: Unit, types: Types) -> None:
    """Add the routes of the controllers of *unit*."""
    for one in unit.mapped:
        for path, told in types.paths(one):
            if not told:
                unit.untold.append(Untold(one.line, "a route", f"hangs on a path that cannot be told, {path}"))
            guards = (ITSELF,) if types.guards(one.type, one.method.marks) else ()
            opens = types.opens(one.type, one.method.marks)
            unit.routes.append(Declared(_CONTROLLERS, one.verb, path, "aspnet", one.line, "", guards, opens))


def _told(unit: Unit, one: Declared, constants: dict[str, tuple[str, ...]]) -> Declared:
    if is_told(one.path):
        return one
    path = filled(one.path, constants)[0]
    if not is_told(path):
        unit.untold.append(Untold(one.line, "a route", f"hangs on a path that cannot be told, {shown(path)}"))
    return replace(one, path=shown(path))


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _is_below(path: str, folder: str) -> bool:
    return not folder or path.startswith(folder + "/")


def _file(path: str, module: str, known: Container[str]) -> str | None:
    return _ALL if module in known and path != module else None
