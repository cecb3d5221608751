"""Weighs hits whose amounts are names: what they come to stands in their module, or in one that it takes them from."""

from __future__ import annotations

from typing import NamedTuple

from ...domain.fact import Source
from ..inforce.amounts import amounting, fill, names
from ..inforce.constants import module_at, numbers, taken
from ..inforce.force import Force
from ..stages import is_file_elsewhere, stage_of_file
from ..tree import SourceFile

MAX_WAITING = 5_000
_MAX_MODULES = 5_000
_SETTINGS = ("settings", "config", "conf", "constants")
"""Under these names frameworks hand out what a module of that name says."""


class Waiting(NamedTuple):
    """A hit whose line names its amounts."""

    number: int
    place: Source
    text: str
    span: tuple[int, int]
    force: Force
    imported: bool = False
    """It only takes in what is set up elsewhere in its file, and comes to nothing with that."""


class Weighed:
    """The numbers of a tree's modules, and the hits that wait for them."""

    def __init__(self) -> None:
        self._numbers: dict[str, dict[str, float]] = {}
        self._taken: dict[str, dict[str, tuple[str, str]]] = {}
        self._paths: set[str] = set()
        self._waiting: list[Waiting] = []

    def add(self, source: SourceFile) -> None:
        """Take in what a module of the program gives names."""
        if source.file.role not in ("source", "config") or source.file.language not in _LANGUAGES:
            return
        self._paths.add(source.path)
        if len(self._numbers) < _MAX_MODULES and (found := numbers(source.text, source.path)):
            self._numbers[source.path] = found

    def waits(self, source: SourceFile, waiting: Waiting) -> bool:
        """Whether *waiting* has to wait for names, which is then taken in."""
        named = waiting.imported or names(waiting.text)
        if source.path not in self._paths or not named or len(self._waiting) >= MAX_WAITING:
            return False
        if source.path not in self._taken:
            self._taken[source.path] = taken(source.text, source.path)
        self._waiting.append(waiting)
        return True

    def settled(self) -> list[tuple[Waiting, Force]]:
        """Each of those that waited, with what becomes of it."""
        forces = [waiting.force if waiting.imported else self._force(waiting) for waiting in self._waiting]
        off = {(w.number, w.place.path): f for w, f in zip(self._waiting, forces, strict=True) if f.amount}
        return [
            (w, off.get((w.number, w.place.path), f) if w.imported and f else f)
            for w, f in zip(self._waiting, forces, strict=True)
        ]

    def _force(self, waiting: Waiting) -> Force:
        path = waiting.place.path
        known = {name: value for name in names(waiting.text) if (value := self._value(path, name)) is not None}
        if not known:
            return waiting.force
        text, span = fill(waiting.text, known, waiting.span)
        weighed = amounting(text, *span)
        return waiting.force if weighed else weighed

    def _value(self, path: str, name: str) -> float | None:
        """What *name* comes to in the module at *path*."""
        first, _, rest = name.partition(".")
        own = self._numbers.get(path, {})
        if not rest and name in own:
            return own[name]
        if first not in self._taken[path]:
            return None
        module, there = self._taken[path][first]
        if not rest:
            file = module_at(path, module, self._paths)
            return self._numbers.get(file or "", {}).get(there)
        inner = module if not there else f"{module.rstrip('.')}.{there}" if not module.endswith(".") else module + there
        for one in (inner, module):
            file = module_at(path, one, self._paths)
            if file is not None and rest in self._numbers.get(file, {}):
                return self._numbers[file][rest]
        return self._of_settings(rest) if first in _SETTINGS else None

    def _of_settings(self, name: str) -> float | None:
        """What all settings for production say of *name*, where they agree."""
        said = {
            found[name]
            for path, found in self._numbers.items()
            if name in found and _is_settings(path) and not is_file_elsewhere(path)
            if stage_of_file(path) in (None, "production")
        }
        return said.pop() if len(said) == 1 else None


def _is_settings(path: str) -> bool:
    parts = path.removesuffix(".py").split("/")
    return any(part in _SETTINGS for part in parts[-2:])


_LANGUAGES = frozenset({"python", "javascript", "typescript"})
