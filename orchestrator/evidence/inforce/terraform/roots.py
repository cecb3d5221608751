"""Which folders of Terraform are applied by themselves, and how far those count that nobody uses."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping

from ..force import Force, unknown, void
from .modules import Calling, Folder, Uses, local_source

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
        return bool(needed) and any(above in self._folders for above in _above(path))

    def unused(self, uses: Uses) -> dict[str, Force]:
        """How far the blocks of each folder count that *uses* does not have."""
        found = {path: self._by_itself(path, uses) for path in self._folders if not uses.of(path)}
        doubtful = [path for path, force in found.items() if not force.is_void]
        for path in doubtful:
            for call in self._folders[path].calls:
                called = local_source(call) or ""
                if called in found and found[called].is_void:
                    found[called] = unknown("is in a module of which it cannot be told whether it is used")
                    doubtful.append(called)
        return found

    def _by_itself(self, path: str, uses: Uses) -> Force:
        """How far a folder counts, whoever of those that nobody uses may call it."""
        told = uses.never(path)
        if told is not None:
            return told
        if path in self._callers:
            return void("is in a module that only modules call which nobody uses")
        if self._lost:
            return unknown(f"{_UNCALLED} that could be read")
        if not self._remote.isdisjoint(_ends(path)):
            return unknown("is in a module that is called from elsewhere, in a version that cannot be told")
        if self._folders[path].provides:
            return unknown(f"{_UNCALLED}, and that may be run by itself")
        if not self.paths or not _MODULES.search(path):
            return unknown(_UNCALLED)
        return void(_UNCALLED)


def _above(path: str) -> Iterator[str]:
    """The folders in which *path* lies."""
    while path:
        path = posixpath.dirname(path)
        yield path


def _ends(path: str) -> Iterator[str]:
    """*path*, and what is left of it without its first folders."""
    while path:
        yield path
        path = path.partition("/")[2]
