"""Finds the strings and comments of a Python module by its signs alone, also where it cannot be parsed."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property

from ._strings import Span

_LITERAL = re.compile(
    rb"#[^\n]*|[rRbBfFuU]{0,2}(?:"
    rb'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:"""|\Z)|"[^"\\\n]*(?:\\.[^"\\\n]*)*(?:["\n]|\Z)|'
    rb"'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:'''|\Z)|'[^'\\\n]*(?:\\.[^'\\\n]*)*(?:['\n]|\Z))",
    re.DOTALL,
)


class Literals:
    """
    The strings and comments of a module; they are quickly found, and mostly that is all that is asked for.

    Args:
        data: The module.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data

    @cached_property
    def _all(self) -> list[Span]:
        return [found.span() for found in _LITERAL.finditer(self._data)]

    def within(self, start: int, end: int) -> list[Span]:
        """Those that have a part between *start* and *end*, in their order."""
        at = max(0, bisect_right(self._all, (start, 1 << 62)) - 1)
        found = []
        while at < len(self._all) and self._all[at][0] < end:
            if self._all[at][1] > start:
                found.append(self._all[at])
            at += 1
        return found

    def is_comment(self, literal: Span) -> bool:
        """Whether *literal* is a comment."""
        return self._data.startswith(b"#", literal[0])

    def is_docstring(self, literal: Span) -> bool:
        """Whether *literal* stands alone after the head of a class or function, or at the top."""
        if self._data[literal[0] : literal[0] + 5].lstrip(b"rRuUbBfF")[:3] not in (b'"""', b"'''"):
            return False
        before = self._data[max(0, literal[0] - 400) : literal[0]].rstrip(b" \t")
        if before.strip() and not before.endswith(b"\n"):
            return False
        head = before.rstrip()
        return not head or (head.endswith(b":") and not head.endswith((b'":', b"':")))
