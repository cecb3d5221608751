"""Parsed documents that remember the line of each of their entries."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .fact import Source
from .model import Model


class Located(Model):
    """
    A document (or part of one) as plain values, with the line of every entry.

    ``body`` holds what JSON can hold. ``lines`` maps a pointer such as ``/spec/template/0`` to a line from 1.
    """

    path: str
    line: int = 1
    body: Any = None
    lines: dict[str, int] = {}

    def get(self, *keys: str | int, default: Any = None) -> Any:
        """The value under *keys*, or *default* where any step is missing or of another shape."""
        value: Any = self.body
        for key in keys:
            mapped = isinstance(value, dict) and key in value
            listed = isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value)
            if not mapped and not listed:
                return default
            value = value[key]
        return value

    def section(self, *keys: str | int) -> dict[str, Any]:
        """The mapping under *keys*; empty where there is none."""
        value = self.get(*keys)
        return value if isinstance(value, dict) else {}

    def items(self, *keys: str | int) -> list[Any]:
        """The list under *keys*; empty where there is none."""
        value = self.get(*keys)
        return value if isinstance(value, list) else []

    def at(self, *keys: str | int) -> Source:
        """The position of the entry under *keys*; the nearest enclosing entry when it is not there itself."""
        for end in range(len(keys), -1, -1):
            line = self.lines.get(pointer(keys[:end]))
            if line:
                return Source(path=self.path, line=line)
        return Source(path=self.path, line=self.line)

    def walk(self) -> Iterator[tuple[tuple[str | int, ...], Any]]:
        """Every entry as (keys, value), parents first."""
        stack: list[tuple[tuple[str | int, ...], Any]] = [((), self.body)]
        while stack:
            keys, value = stack.pop()
            yield keys, value
            if isinstance(value, dict):
                stack.extend(((*keys, k), v) for k, v in reversed(value.items()))
            elif isinstance(value, list):
                stack.extend(((*keys, i), v) for i, v in reversed(list(enumerate(value))))


def pointer(keys: tuple[str | int, ...]) -> str:
    """The JSON pointer of *keys*; empty for the document itself."""
    return "".join(f"/{str(key).replace('~', '~0').replace('/', '~1')}" for key in keys)
