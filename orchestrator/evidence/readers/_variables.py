"""Resolves Terraform's variables and locals, as far as the files of one folder decide them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping
from typing import Any

_REFERENCE = re.compile(r"(?:\$\{\s*)?(var|local)\.([A-Za-z_][\w-]*)\s*\}?$")
_MAX_TEXT = 200
_MAX_ENTRIES = 40
_BUDGET = 1_000_000
"""Characters that resolving may add over the whole tree."""


class Variables:
    """What ``var.x`` and ``local.x`` stand for in each folder; a value that something may override is not known."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str, str], Any] = {}
        self._loaded: dict[tuple[str, str], Any] = {}
        self._overridden: set[str] = set()
        self._passed: set[tuple[str, str]] = set()
        self._left = _BUDGET

    def declare(self, path: str, kind: str, label: str, body: Mapping[str, Any]) -> None:
        """Take in a ``variable`` or ``locals`` block."""
        folder = posixpath.dirname(path)
        if kind == "variable" and "default" in body:
            self._known[(folder, "var", label)] = body["default"]
        elif kind == "locals":
            for name, value in body.items():
                self._known[(folder, "local", name)] = value

    def load(self, path: str, values: Mapping[str, Any]) -> None:
        """Take in a file that Terraform reads by itself in its own folder, such as ``terraform.tfvars``."""
        for name, value in values.items():
            self._loaded[(posixpath.dirname(path), name)] = value

    def override(self, values: Iterable[str]) -> None:
        """Take in the names that some environment sets; it cannot be told for which folder, so for all."""
        self._overridden.update(values)

    def override_by_modules(self, modules: Iterable[tuple[str, str, Mapping[str, Any]]]) -> None:
        """Take in what calls of local modules, as (path, source, arguments), pass to the folders they name."""
        for path, source, arguments in modules:
            if source.startswith(("./", "../")):
                folder = posixpath.normpath(posixpath.join(posixpath.dirname(path), source))
                folder = "" if folder == "." else folder
                self._passed.update((folder, name) for name in arguments)

    def resolve(self, path: str, body: dict[str, Any]) -> None:
        """Replace references in *body*, in place, wherever their value is known."""
        folder = posixpath.dirname(path)
        todo: list[Any] = [body]
        while todo:
            value = todo.pop()
            entries = list(value.items()) if isinstance(value, dict) else list(enumerate(value))
            for key, inner in entries:
                if isinstance(inner, dict | list):
                    todo.append(inner)
                elif isinstance(inner, str) and "." in inner:
                    value[key] = self._value(folder, inner)

    def _value(self, folder: str, text: str) -> Any:
        """What *text* stands for; itself where it is not a reference or its value is not known."""
        value: Any = text
        for _ in range(5):
            match = _REFERENCE.match(value) if isinstance(value, str) and len(value) <= _MAX_TEXT else None
            if match is None:
                break
            known = self._look_up(folder, match[1], match[2])
            if known is _UNKNOWN:
                return text
            value = known
        size = _size(value)
        if value is text or size < 0 or size > self._left or (isinstance(value, str) and _REFERENCE.match(value)):
            return text
        self._left -= size
        return dict(value) if isinstance(value, dict) else list(value) if isinstance(value, list) else value

    def _look_up(self, folder: str, kind: str, name: str) -> Any:
        if kind == "var":
            if name in self._overridden or (folder, name) in self._passed:
                return _UNKNOWN
            if (folder, name) in self._loaded:
                return self._loaded[(folder, name)]
        return self._known.get((folder, kind, name), _UNKNOWN)


_UNKNOWN = object()


def _size(value: Any) -> int:
    """How many characters *value* adds; below zero where it is too large or too deep to be put in place."""
    if isinstance(value, dict | list):
        inner = [*value, *value.values()] if isinstance(value, dict) else value
        sizes = [-1 if isinstance(v, dict | list) else _size(v) for v in inner[: 2 * _MAX_ENTRIES + 1]]
        return -1 if len(inner) > 2 * _MAX_ENTRIES or min(sizes, default=0) < 0 else sum(sizes) + 2
    length = len(value) if isinstance(value, str) else 8
    return length if length <= _MAX_TEXT else -1
