"""Knows which modules of Python take everything of another one and set some of it anew, as settings do."""

from __future__ import annotations

import ast
import re
from typing import NamedTuple

from ...errors import FormatError
from .. import judged
from ..inforce.code.python import file_of
from ..inforce.force import IN_FORCE, Force, unknown, void
from ..stages import is_file_elsewhere, is_file_of_production
from ..tree import SourceFile

_STARRED = re.compile(rb"^from[ \t]+[\w.]+[ \t]+import[ \t]+\*", re.MULTILINE)


class _Heir(NamedTuple):
    """A module that takes everything of others, and the lines on which it sets names anew."""

    path: str
    taken: tuple[str, ...]
    names: dict[str, int]


class Inherited:
    """What is set in one module and set anew in those that take all of it."""

    def __init__(self) -> None:
        self._paths: set[str] = set()
        self._heirs: list[_Heir] = []
        self._by_path: dict[str, list[_Heir]] | None = None

    def add(self, source: SourceFile) -> None:
        """Take in what a module sets after it has taken everything of another one."""
        file = source.file
        if file.language != "python" or file.role != "source":
            return
        self._paths.add(file.path)
        if not _STARRED.search(source.data):
            return
        try:
            tree = judged.python(source).module.tree
        except FormatError:
            return  # the file is said to be unreadable by who looks for something in it
        taken: list[str] = []
        names: dict[str, int] = {}
        for node in tree.body:
            if isinstance(node, ast.ImportFrom) and any(alias.name == "*" for alias in node.names):
                taken.append("." * node.level + (node.module or ""))
            elif taken and isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                given = {target.id for target in targets if isinstance(target, ast.Name)}
                used = {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
                names.update(dict.fromkeys(given - used, node.lineno))
        self._heirs.append(_Heir(file.path, tuple(taken), names))

    def lasting(self, name: str, path: str) -> Force:
        """What becomes in production of *name*, which the module at *path* sets."""
        heirs = [heir for heir in self._of(path) if not is_file_elsewhere(heir.path)]
        heirs = [heir for heir in heirs if is_file_of_production(heir.path)] or heirs
        anew = [heir for heir in heirs if name in heir.names]
        if not anew:
            return IN_FORCE
        reason = f"is set anew in {anew[0].path} (line {anew[0].names[name]})"
        return void(reason) if len(anew) == len(heirs) else unknown(reason)

    def _of(self, path: str) -> list[_Heir]:
        """Who takes everything of the module at *path*."""
        if self._by_path is None:
            self._by_path = {}
            for heir in self._heirs:
                for module in heir.taken:
                    if found := file_of(heir.path, module, self._paths):
                        self._by_path.setdefault(found, []).append(heir)
        return self._by_path.get(path, [])
