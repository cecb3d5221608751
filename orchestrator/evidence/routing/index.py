"""Leads from a name in one module to what it is in another one of the same tree."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping
from typing import NamedTuple

from ..inforce.code.python import file_of
from .summary import Definition, Router, Summary, Terms

_DEPTH = 8


Find = Callable[[str, str, Container[str]], str | None]


class Place(NamedTuple):
    """Where something is defined."""

    path: str
    definition: Definition


class Index:
    """
    The modules of a tree.

    Args:
        summaries: What was read of each.
        find: Finds the file of a module by its name, as the one at a path imports it.
    """

    def __init__(self, summaries: Iterable[Summary], find: Find = file_of) -> None:
        self._modules: Mapping[str, Summary] = {summary.path: summary for summary in summaries}
        self._find = find
        self._decorated = {
            name: Place(summary.path, found)
            for summary in self._modules.values()
            for name, found in summary.definitions.items()
            if name.startswith("decorated#")
        }

    def definition(self, path: str, name: str) -> Place | None:
        """The function or class that the module at *path* calls *name*; None where it lies outside of the tree."""
        where = self.place(path, name)
        if where is None:
            return None
        module, local = where
        found = self._modules[module].definitions.get(local)
        return Place(module, found) if found is not None else self._method(module, local)

    def _method(self, path: str, name: str) -> Place | None:
        """The method that is meant by *name*, a part of what a class of the tree has made."""
        first, _, method = name.partition(".")
        for one in self._modules[path].assigned.get(first, ())[:1] if method and first != "self" else ():
            where = self.place(path, f"{one.name}.{method}") if one.name.partition(".")[0] != first else None
            if where is not None and (found := self._modules[where[0]].definitions.get(where[1])) is not None:
                return Place(where[0], found)
        return None

    def decorated(self, name: str) -> Place | None:
        """What an app is told to do under *name*, whatever the app itself is called."""
        return self._decorated.get("decorated#" + name.rpartition(".")[2])

    def parameter(self, path: str, name: str, number: int) -> tuple[str, str] | None:
        """The argument of the function *name* that has *number*, scoped, and the module of the function."""
        where = self.place(path, name)
        given = self._modules[where[0]].parameters.get(where[1], ()) if where is not None else ()
        return (where[0], given[number]) if where is not None and number < len(given) and given[number] else None

    def returned(self, path: str, name: str) -> tuple[str, str] | None:
        """The router that the function *name* hands back, and the module of the function."""
        where = self.place(path, name)
        back = self._modules[where[0]].returned.get(where[1]) if where is not None else None
        return (where[0], back) if where is not None and back is not None else None

    def shares(self, path: str, name: str) -> bool:
        """Whether the plugin *name* stands before what it hangs on as well."""
        where = self.place(path, name)
        return where is not None and where[1] in self._modules[where[0]].shared

    def made(self, path: str, name: str) -> tuple[str, Terms] | None:
        """What made what the module at *path* calls *name*, and the module that says so."""
        where = self.place(path, name)
        if where is None:
            return None
        module, local = where
        for part in (local, local.partition(".")[0]):
            if part in self._modules[module].assigned:
                return module, self._modules[module].assigned[part]
        return None

    def router(self, path: str, name: str) -> tuple[str, Router] | None:
        """The router that the module at *path* calls *name*, and the module that makes it."""
        where = self.place(path, name)
        if where is None:
            return None
        module, local = where
        found = self._modules[module].routers.get(local)
        return (module, found) if found is not None else None

    def leads(self, path: str, name: str) -> bool:
        """Whether *name* is a module of the tree, or a router or list in one of them."""
        where = self.place(path, name)
        if where is None:
            return False
        return where[0] != path or name.partition(".")[0] not in self._modules[path].imported

    def is_inside(self, path: str, name: str) -> bool:
        """Whether the module at *path* takes *name* from a module of the tree, or defines its first part itself."""
        where = self.place(path, name)
        return where is not None and where[0] != path

    def place(self, path: str, name: str, depth: int = 0) -> tuple[str, str] | None:
        """The module that gives *name* a meaning, and its name there; None where that lies outside of the tree."""
        summary = self._modules.get(path)
        if summary is None or depth > _DEPTH:
            return None
        first, _, rest = name.partition(".")
        if first == "self" or first in summary.definitions or first in summary.routers:
            return path, name
        if first not in summary.imported:
            return self._starred(summary, name, depth) or (path, name)
        module, there = summary.imported[first]
        parts = [*filter(None, (there, *rest.split(".")))]
        if self._find is not file_of:
            below = self.module(path, module)
            return None if below is None else self._exported(below, parts, depth + 1)
        for cut in range(len(parts), -1, -1):
            inner = ".".join(parts[:cut])
            joined = f"{module}{inner}" if module.endswith(".") else f"{module}.{inner}".rstrip(".")
            below = self.module(path, joined)
            if below is not None:
                left = ".".join(parts[cut:])
                return self.place(below, left, depth + 1) if left else (below, "")
        return None

    def _exported(self, path: str, parts: list[str], depth: int) -> tuple[str, str] | None:
        """What the module at *path* lets others have under the names *parts*."""
        given = self._modules[path]
        while len(parts) > 1 and parts[0] == "default" and (parts[1] == "default" or "default" not in given.exported):
            parts = parts[1:]
        if not parts or parts == ["default"]:
            local = given.exported.get("default", "")
        elif parts[0] in given.exported:
            local = ".".join([given.exported[parts[0]], *parts[1:]])
            if parts[0] == "default" and parts[1] in given.exported:
                local = ".".join([given.exported[parts[1]], *parts[2:]])
        elif (found := self._starred(given, ".".join(parts), depth)) is not None:
            return found
        else:
            local = ".".join([*filter(None, [given.exported.get("default", "")]), *parts])
        return (self.place(path, local, depth + 1) if local and depth <= _DEPTH else None) or (path, local)

    def _starred(self, summary: Summary, name: str, depth: int) -> tuple[str, str] | None:
        """Where *name* comes from, if it is among what *summary* takes from elsewhere without saying so."""
        for module in summary.starred:
            below = self.module(summary.path, module)
            found = self.place(below, name, depth + 1) if below else None
            if found is not None and self._says(*found):
                return found
        return None

    def _says(self, path: str, name: str) -> bool:
        found = self._modules[path]
        first = name.partition(".")[0]
        given = (found.definitions, found.routers, found.assigned)
        return any(first in names or name in names for names in given)

    def module(self, path: str, name: str) -> str | None:
        """The file of the module *name* as the one at *path* imports it."""
        return self._find(path, name, self._modules)
