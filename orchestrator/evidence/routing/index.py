"""Leads from a name in one module of Python to what it is in another one of the same tree."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from .summary import Definition, Router, Summary, Terms

_DEPTH = 8


class Place(NamedTuple):
    """Where something is defined."""

    path: str
    definition: Definition


class Index:
    """
    The modules of a tree.

    Args:
        summaries: What was read of each.
    """

    def __init__(self, summaries: Iterable[Summary]) -> None:
        self._modules: Mapping[str, Summary] = {summary.path: summary for summary in summaries}

    def definition(self, path: str, name: str) -> Place | None:
        """The function or class that the module at *path* calls *name*; None where it lies outside of the tree."""
        where = self.place(path, name)
        if where is None:
            return None
        module, local = where
        found = self._modules[module].definitions.get(local)
        return Place(module, found) if found is not None else None

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
        for cut in range(len(parts), -1, -1):
            inner = ".".join(parts[:cut])
            joined = f"{module}{inner}" if module.endswith(".") else f"{module}.{inner}".rstrip(".")
            below = self.module(path, joined)
            if below is not None:
                left = ".".join(parts[cut:])
                return self.place(below, left, depth + 1) if left else (below, "")
        return None

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
        return first in found.definitions or first in found.routers or first in found.assigned

    def module(self, path: str, name: str) -> str | None:
        """The file of the module *name* as the one at *path* imports it."""
        folder = path.rpartition("/")[0]
        if name.startswith("."):
            dots = len(name) - len(name.lstrip("."))
            parts = folder.split("/") if folder else []
            parts = parts[: len(parts) - (dots - 1)] if dots > 1 else parts
            return self._file("/".join([*parts, *filter(None, name.lstrip(".").split("."))]))
        inside = name.replace(".", "/")
        while True:
            if found := self._file(f"{folder}/{inside}" if folder else inside):
                return found
            if not folder:
                return self._file(f"src/{inside}")
            folder = folder.rpartition("/")[0]

    def _file(self, stem: str) -> str | None:
        names = (f"{stem}.py", f"{stem}/__init__.py") if stem else ("__init__.py",)
        return next((name for name in names if name in self._modules), None)
