"""Which folders of Terraform are applied by themselves, and how far those count that nobody uses."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from ..force import Force, unknown, void
from .modules import MAX_DEPTH, Calling, Folder, Uses, local_source

_MODULES = re.compile(r"(^|/)(?:(?:terraform|tf)[-_])?modules?(/|$)", re.IGNORECASE)
_UNCALLED = "is in a module that no module block calls"


class Roots:
    """
    The root modules of a tree.

    A folder is one if only there Terraform is run: it has a backend, values that are loaded, a file of Terragrunt. So
    is one that no module block calls, unless it lies among modules, or needs values that nobody gives it below another.

    Args:
        folders: All folders with blocks, by path.
        told: Paths of folders that another tool has applied.
        lost: Whether a module block may stand where the files could not be read.
    """

    def __init__(self, folders: Mapping[str, Folder], told: Collection[str] = (), lost: bool = False) -> None:
        self._folders = folders
        self._lost = lost
        self._callers: dict[str, set[str]] = {}
        self._remote: set[str] = set()
        for path, folder in folders.items():
            for call in folder.calls:
                self._note(path, call)
        self._told = frozenset(told)
        self.paths = [path for path in sorted(folders) if self._is_root(path)]

    def _note(self, path: str, call: Calling) -> None:
        target = local_source(call)
        if target is not None:
            self._callers.setdefault(target, set()).add(path)
        elif isinstance(source := call.body.get("source"), str) and "//" in source:
            self._remote.add(source.rpartition("//")[2].partition("?")[0].strip("/"))

    def _is_root(self, path: str) -> bool:
        folder = self._folders[path]
        if folder.applied:
            return True
        if path in self._callers or path in self._told:
            return False
        return not path or not (_MODULES.search(path) or (self._needs(path) and not folder.provides))

    def _needs(self, path: str) -> bool:
        """Whether a folder below another needs values that no file gives it, as a module does."""
        needed = [body for body in self._folders[path].variables.values() if "default" not in body]
        above = any(path.startswith(f"{other}/") if other else True for other in self._folders if other != path)
        return bool(needed) and above

    def unused(self, path: str, uses: Uses) -> Force:
        """How far the blocks of the folder *path* count, which *uses* does not have."""
        return self._unused(path, uses, frozenset())

    def _unused(self, path: str, uses: Uses, seen: frozenset[str]) -> Force:
        told = uses.never(path)
        callers = [caller for caller in sorted(self._callers.get(path, set()) - seen - {path}) if not uses.of(caller)]
        above = [self._unused(caller, uses, seen | {path}) for caller in callers] if len(seen) < MAX_DEPTH else []
        if any(not force.is_void for force in above):
            return unknown("is in a module of which it cannot be told whether it is used")
        if told is not None:
            return told
        if path in self._callers:
            return void("is in a module that only modules call which nobody uses")
        if self._lost:
            return unknown(f"{_UNCALLED} that could be read")
        if any(f"/{path}".endswith(f"/{name}") for name in self._remote if name):
            return unknown("is in a module that is called from elsewhere, in a version that cannot be told")
        if self._folders[path].provides:
            return unknown(f"{_UNCALLED}, and that may be run by itself")
        if not self.paths or not _MODULES.search(path):
            return unknown(_UNCALLED)
        return void(_UNCALLED)
