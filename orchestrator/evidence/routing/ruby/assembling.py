"""Puts the routes of Ruby together: each with the controller that answers it, and what stands before that."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ...facts.routes import Route
from ..units import OWN, Filter, Units
from .drawing import Drawn, Included
from .reading import RubyFile
from .sinatra import assembled_apps

LIBRARY = re.compile(
    r"^(?:authenticate_\w{1,40}!|require_login|require_authentication|doorkeeper_authorize!|authorize!|authorize|"
    r"authenticate!|load_and_authorize_resource|authorize_resource|http_basic_authenticate_with|"
    r"authenticate_or_request_with_http_(?:basic|token|digest)|request_http_(?:basic|token)_authentication|"
    r"authorize_request|require_user|authenticate_request!?|protected!|login_required)$"
)
"""What Rails, Devise, Doorkeeper, CanCan, Pundit, Sorcery and Clearance turn those away with who may not pass."""
_PUBLIC = "config/routes"
_DEPTH = 5


def assembled_ruby(files: Sequence[RubyFile]) -> Iterator[Route]:
    """The routes of all *files*, in their order."""
    tree = _Tree(files)
    for file in files:
        if file.drawn.whole and not file.drawn.engine:
            yield from tree.routes(file, Included("", "", "", False), 0)
    mounted = tree.mounted
    for file in files:
        if file.drawn.engine and file.drawn.engine not in mounted:
            yield from tree.routes(file, Included("", "", "", False), 0)
    yield from assembled_apps([app for file in files for app in file.apps], tree.units)


class _Tree:
    """The controllers of a tree, and the files that routes are drawn in."""

    def __init__(self, files: Sequence[RubyFile]) -> None:
        self.units = Units((unit for file in files for unit in file.classes.units), LIBRARY)
        self.mounted: set[str] = set()
        self._filters: dict[str, list[Filter]] = {}
        self._macros = {name: puts for file in files for name, puts in file.classes.macros.items()}
        self._files = files
        self._lower: dict[str, str] = {}
        self._told: dict[tuple[str, str], bool | None] = {}
        for file in files:
            for name, found in file.classes.filters.items():
                self._filters.setdefault(name, []).extend(found)
            for unit in file.classes.units:
                self._lower.setdefault(unit.name.lower(), unit.name)

    def routes(self, file: RubyFile, around: Included, depth: int) -> Iterator[Route]:
        """The routes of *file*, drawn in where *around* says."""
        for drawn in file.drawn.routes:
            yield self._route(file, drawn, around)
        for inside in file.drawn.included if depth < _DEPTH else ():
            whole = Included(
                inside.name,
                around.prefix + inside.prefix,
                "/".join(filter(None, (around.module, inside.module))),
                around.behind or inside.behind,
            )
            found = [one for one in self._files if _is_meant(one, inside)]
            self.mounted.update(one.drawn.engine for one in found if inside.is_engine)
            for one in found:
                yield from self.routes(one, whole, depth + 1)
            if inside.is_engine and not found:
                behind = True if whole.behind else None
                path = "/" + whole.prefix.strip("/")
                yield Route(
                    method="ANY", path=path, framework="rails", file=file.path, line=inside.line, guarded=behind
                )

    def _route(self, file: RubyFile, drawn: Drawn, around: Included) -> Route:
        controller = "/".join(filter(None, (around.module, drawn.controller))) if drawn.controller else ""
        guarded = True if drawn.behind or around.behind else self._guarded(controller, drawn)
        path = around.prefix + (drawn.path if drawn.path != "/" or not around.prefix else "")
        return Route(
            method=drawn.method, path=path, framework="rails", file=file.path, line=drawn.line, guarded=guarded
        )

    def _guarded(self, controller: str, drawn: Drawn) -> bool | None:
        name = self._controller(controller, singular=drawn.singular)
        if not name:
            return None
        key = (name, drawn.action)
        if key not in self._told:
            self._told[key] = self._before(*key)
        return self._told[key]

    def _controller(self, path: str, *, singular: bool) -> str:
        """The class of the controller that routes call *path*; that of one thing has the name of many."""
        lower = path.replace("_", "").replace("/", "::").lower()
        many = [lower + "s", lower + "es", lower.removesuffix("y") + "ies"] if singular else []
        found = (self._lower.get(one + "controller") for one in (*many, lower))
        return next((one for one in found if one), "")

    def _before(self, name: str, action: str) -> bool | None:
        """Whether what stands before *action* of the class *name* turns those away who may not pass."""
        standing: list[str] = []
        skipped = False
        for unit in reversed(self.units.line_of(name)):
            for one in self._said(unit.name):
                if (one.only and action not in one.only) or action in one.but:
                    continue
                if one.skips:
                    was = one.name in standing and self._is_guard(name, one.name)
                    skipped = skipped or (was and one.sure)
                    standing = [other for other in standing if other != one.name]
                elif one.sure:
                    standing.append(one.name)
        if any(self._is_guard(name, one) for one in standing) or self.units.checks(name, action):
            return True
        return False if skipped else None

    def _said(self, name: str) -> Iterator[Filter]:
        """What the class *name* says of what stands before its actions, by itself or by what it calls for that."""
        for one in self._filters.get(name, []):
            if not one.calls:
                yield one
            elif one.name in self._macros:
                for put in self._macros[one.name]:
                    yield put._replace(only=put.only or one.only, but=(*put.but, *one.but), sure=put.sure and one.sure)
            elif LIBRARY.search(one.name):
                yield one

    def _is_guard(self, name: str, function: str) -> bool:
        return function == OWN or self.units.turns_away(name, function)


def _is_meant(file: RubyFile, inside: Included) -> bool:
    if inside.is_engine:
        return bool(inside.name) and file.drawn.engine == inside.name
    return file.path.endswith(f"{_PUBLIC}/{inside.name}.rb")
