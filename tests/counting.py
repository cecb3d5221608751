"""Counts the work of a call: lines and calls of Python, and characters that C code goes through."""

from __future__ import annotations

import builtins
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import Any


@dataclass
class Work:
    """What was done: steps that Python took, and characters that C code searched, copied or wrote out in one call."""

    steps: int = 0
    scanned: int = 0


@contextmanager
def counted() -> Iterator[Work]:
    """Count what happens inside; characters are counted in modules of the agents and the readers only."""
    work = Work()

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        work.steps += 1
        return trace

    def profile(frame: FrameType, event: str, argument: Any) -> None:
        if event == "c_call":
            work.steps += 1
            subject = getattr(argument, "__self__", None)
            if isinstance(subject, str | bytes | list) and argument.__name__ in _SCANS:
                work.scanned += len(subject)

    with _watched(work):
        before = sys.gettrace(), sys.getprofile()
        sys.settrace(trace)
        sys.setprofile(profile)
        try:
            yield work
        finally:
            sys.settrace(before[0])
            sys.setprofile(before[1])


_SCANS = frozenset(
    ["count", "find", "index", "rfind", "split", "splitlines", "lower", "upper", "replace", "copy", "partition", "sort"]
)
_LOOKS = ("search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn")


@contextmanager
def _watched(work: Work) -> Iterator[None]:
    """The modules of the house with patterns, ``re`` and ``str`` that note how much goes through them."""
    changed: list[tuple[dict[str, Any], str, Any]] = []
    for name, module in list(sys.modules.items()):
        if name.startswith(("orchestrator.agents.", "orchestrator.evidence.")):
            space = vars(module)
            for key, value in list(space.items()):
                if isinstance(value, re.Pattern) or value is re:
                    changed.append((space, key, value))
                    space[key] = _Patterns(value, work)
            changed.append((space, "str", _NOTHING))
            space["str"] = _noting(work)
    try:
        yield
    finally:
        for space, key, value in changed:
            if value is _NOTHING:
                del space[key]
            else:
                space[key] = value


_NOTHING = object()


class _Patterns:
    """A compiled pattern, or all of ``re``, that notes how long the texts are that it looks through."""

    def __init__(self, real: Any, work: Work) -> None:
        self._real = real
        self._work = work

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        return self._noted(found, name) if name in _LOOKS else found

    def _noted(self, look: Callable[..., Any], name: str) -> Callable[..., Any]:
        position = (self._real is re) + name.startswith("sub")

        def noted(*given: Any, **named: Any) -> Any:
            self._work.scanned += len(given[position])
            return look(*given, **named)

        return noted


def _noting(work: Work) -> type[str]:
    """A ``str`` that notes how long the texts are that it makes of other things."""

    class Kind(type):
        def __instancecheck__(cls, instance: object) -> bool:
            return builtins.isinstance(instance, builtins.str)

        def __call__(cls, *given: Any, **named: Any) -> str:
            text = builtins.str(*given, **named)
            work.scanned += 0 if given and builtins.isinstance(given[0], builtins.str) else len(text)
            return text

    class Noting(builtins.str, metaclass=Kind):
        pass

    return Noting
