"""Remembers what a stop may not break off, and what must be ended before this process exits."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable


class Stopped(KeyboardInterrupt):
    """The command was asked to stop, by Ctrl-C or another signal."""


class _Undivided(threading.local):
    """Counts, for each thread, how deep it is in what is done as a whole or not at all."""

    depth = 0

    def __enter__(self) -> None:
        self.depth += 1

    def __exit__(self, *_: object) -> None:
        self.depth -= 1


undivided = _Undivided()
"""While it lasts, no stop is raised in this thread; it is raised soon after."""

_ENDINGS: dict[object, Callable[[], None]] = {}


def registered(end: Callable[[], None]) -> object:
    """
    From now on *end* is called where this process is left without coming to an end; by any thread; be it quick.

    Returns:
        A token, to be forgotten when *end* has nothing to end any more.
    """
    token = object()
    _ENDINGS[token] = end
    return token


def forget(token: object) -> None:
    """Let go of what was registered under *token*."""
    _ENDINGS.pop(token, None)


def end_all() -> None:
    """End all that is registered; nothing of it stands in the way of the rest."""
    for end in list(_ENDINGS.values()):
        with contextlib.suppress(Exception):
            end()
