"""Puts the routes of Elixir together: what they go through, and what stands before the actions that answer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...facts.routes import Route
from ..refusing import OTHER
from ..units import Filter, Unit, Units, shared
from .modules import ALL
from .reading import ElixirFile
from .scopes import Router, Scoped

LIBRARY = re.compile(r"^(?:basic_auth)$")
_BY_NAME = re.compile(
    r"^(?:Guardian\.Plug\.EnsureAuthenticated|Pow\.Plug\.RequireAuthenticated|Guardian\.Plug\.LoadAndEnsure\w*|"
    r"BasicAuth|Ueberauth\.Strategy\.\w{0,40}Required|Bodyguard\.Plug\.Authorize)$"
)
"""What the world's libraries turn those away with who show nothing."""
_DEPTH = 8


def assembled_elixir(files: Sequence[ElixirFile]) -> Iterator[Route]:
    """The routes of all *files*, in their order."""
    tree = _Tree(files)
    for file in files:
        for router in file.routers:
            for scoped in router.routes:
                yield Route(
                    method=scoped.method,
                    path=tree.prefix(router) + (scoped.path if scoped.path != "/" or not tree.prefix(router) else ""),
                    framework="phoenix",
                    file=file.path,
                    line=scoped.line,
                    guarded=True if tree.is_guarded(router, scoped) else None,
                )


class _Tree:
    def __init__(self, files: Sequence[ElixirFile]) -> None:
        units = [unit for file in files for unit in file.units]
        self._units = Units([*units, Unit(ALL, "", functions=shared(units))], LIBRARY)
        self._plugs = {name: plugs for file in files for name, plugs in file.plugs.items()}
        self._told: dict[tuple[str, str], bool] = {}
        self._forwarded = {
            module: scope.prefix
            for file in files
            for router in file.routers
            for module, scope in router.forwards
            if module
        }

    def prefix(self, router: Router) -> str:
        """The path under which another router hands on to *router*."""
        return self._forwarded.get(router.name, "").rstrip("/")

    def is_guarded(self, router: Router, scoped: Scoped) -> bool:
        """Whether a plug stands before *scoped* that turns those away who may not pass."""
        for name in scoped.scope.through:
            piped = router.pipelines.get(name, [Filter(name)])
            if any(self._is_guard(router.name, one.name) for one in piped):
                return True
        if not scoped.module:
            return False
        for one in self._plugs.get(scoped.module, []):
            asked = (not one.only or scoped.action in one.only) and scoped.action not in one.but
            if asked and self._is_guard(scoped.module, one.name):
                return True
        return self._units.checks(scoped.module, scoped.action)

    def _is_guard(self, within: str, name: str, depth: int = 0) -> bool:
        """Whether the plug *name*, put in the module *within*, turns those away who may not pass."""
        key = (within, name)
        if key not in self._told:
            self._told[key] = False  # what leads to itself is none
            self._told[key] = self._is_one(within, name, depth)
        return self._told[key]

    def _is_one(self, within: str, name: str, depth: int) -> bool:
        module, mark, asked = name.partition("#")
        if mark:
            return module in self._units and self._units.own(module, asked) and self._units.turns_away(module, asked)
        if not name[:1].isupper():
            return self._units.turns_away(within, name)
        if OTHER.search(name.rpartition(".")[2]):
            return False
        if name not in self._units:
            return _BY_NAME.search(name) is not None
        if self._units.own(name, "call"):
            return self._units.turns_away(name, "call")
        return depth < _DEPTH and any(self._is_guard(name, one.name, depth + 1) for one in self._plugs.get(name, []))
