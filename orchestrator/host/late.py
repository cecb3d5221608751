"""Makes patterns ready when they are first needed: most of those that a command imports it never asks."""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


class Late:
    """
    Stands for a pattern, and is compiled when it is first asked for anything.

    Args:
        pattern: As :func:`re.compile` takes it.
        flags: Likewise.
    """

    def __init__(self, pattern: str | bytes, flags: int = 0) -> None:
        self.pattern = pattern
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """What the pattern has by this *name*, found at once from now on."""
        if name.startswith("_"):
            raise AttributeError(name)
        found = getattr(re.compile(self.pattern, self._flags), name)
        setattr(self, name, found)
        return found


def late(said: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """
    What :func:`re.compile` gives, without its cost until it is needed.

    For patterns that a module keeps to itself and asks by their methods: ``re`` itself takes no such pattern. A mistake
    in one is found by the test that asks each of them.
    """
    return cast("re.Pattern[AnyStr]", Late(said, flags))
