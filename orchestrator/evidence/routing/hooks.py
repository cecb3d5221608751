"""Knows what stands before the routes of each router, and which of it is asked before one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from .guards import Guards
from .reaching import WILD, reaches, segments
from .summary import Mount

Key = tuple[str, str]
"""A router: the module that makes it, and its name there."""
_PARAMETER = re.compile(r"^[:{\[<$].{0,80}$")
_ANY = ":"
_MOST = 200
"""Patterns with a wildcard on one router that are looked at; people write a handful."""


class Call(NamedTuple):
    """One request to a router: its method and path there, and when it is settled what answers it."""

    framework: str
    method: str
    path: str
    module: str
    order: int


class _Hook(NamedTuple):
    path: str
    mount: Mount


class Hooks:
    """
    The guards that stand before all that hangs on a router, or before some of it.

    Args:
        guards: The guards of the tree.
    """

    def __init__(self, guards: Guards) -> None:
        self._guards = guards
        self._waiting: dict[tuple[Key, str, bool], list[_Hook]] = {}
        self._settled: dict[tuple[Key, str, bool], list[_Hook]] = {}

    def add(self, key: Key, path: str, mount: Mount) -> None:
        """Take in that the module at *path* puts the guards of *mount* before what hangs on *key*."""
        wild = mount.reach not in ("", "/") and WILD.search(mount.reach)
        place = "*" if wild else _plain(mount.reach)
        self._waiting.setdefault((key, place, mount.whole or bool(wild)), []).append(_Hook(path, mount))

    def stand_before(self, key: Key, call: Call) -> bool:
        """Whether one of the guards on *key* is asked before *call* is answered."""
        for hook in self._at(key, call):
            mount = hook.mount
            if mount.order and not (mount.order < call.order if hook.path == call.module else hook.path == key[0]):
                continue
            if mount.method in ("", call.method):
                return True
        return False

    def _at(self, key: Key, call: Call) -> Iterator[_Hook]:
        """The guards before the path of *call*."""
        yield from self._of(key, _plain(call.path), whole=False)
        parts = _plain(call.path).split("/")
        for end in range(len(parts) + 1):
            yield from self._of(key, "/".join(parts[:end]), whole=True)
        for hook in self._of(key, "*", whole=True)[:_MOST]:
            if reaches(hook.mount.reach, call.path, hook.mount.whole):
                yield hook

    def _of(self, key: Key, place: str, *, whole: bool) -> list[_Hook]:
        """What stands before *place* and is a guard, told once."""
        at = (key, place, whole)
        if at not in self._settled:
            waiting = self._waiting.get(at)
            if waiting is None:
                return []
            self._settled[at] = [one for one in waiting if self._guards.any(one.path, one.mount.guards)]
        return self._settled[at]


def _plain(path: str) -> str:
    """*path* with one slash between its parts, and one sign for each that stands for anything."""
    return "/".join(_ANY if _PARAMETER.search(part) else part for part in segments(path))
