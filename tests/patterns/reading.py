"""Reads the lines that lie beside it, and the patterns that the modules of the house hold."""

from __future__ import annotations

import dataclasses
import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NotRequired, TypedDict

import yaml

from orchestrator import Signal

HERE = Path(__file__).parent
DEEPEST = 5


class Lines(TypedDict):
    """What a pattern is held to."""

    how: NotRequired[Literal["match", "fullmatch"]]
    """What the house does with it, if it does not search."""
    finds: NotRequired[list[str]]
    leaves: NotRequired[list[str]]


def lines() -> dict[str, dict[str, Lines]]:
    """Path of a module, to name of a pattern, to its lines."""
    found: dict[str, dict[str, Lines]] = {}
    for file in sorted(HERE.glob("*.yaml")):
        found |= yaml.load(file.read_text(), yaml.CSafeLoader)  # the safe one, in C
    return found


def patterns(path: str) -> dict[str, re.Pattern[Any]]:
    """Every pattern that a name of the module at *path* holds, in tables and rows as well: ``_ROWS[2][1]``."""
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    module = importlib.import_module(name if name.startswith("orchestrator") else f"orchestrator.{name}")
    return {key: found for own, value in vars(module).items() for key, found in _within(own, value, 0)}


def _within(key: str, value: object, depth: int) -> Iterator[tuple[str, re.Pattern[Any]]]:
    if isinstance(value, re.Pattern):
        yield key, value
    elif isinstance(value, Signal):
        if value.pattern:
            yield key, re.compile(value.pattern, re.IGNORECASE)
    elif isinstance(value, str | bytes):
        try:
            yield key, re.compile(value)
        except re.error:
            return
    elif depth < DEEPEST:
        for part, inner in _parts(value):
            yield from _within(key + part, inner, depth + 1)


def _parts(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, tuple | list):
        yield from ((f"[{number}]", inner) for number, inner in enumerate(value))
    elif isinstance(value, dict):
        yield from ((f"[{name!r}]", inner) for name, inner in value.items())
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        yield from ((f".{part.name}", getattr(value, part.name)) for part in dataclasses.fields(value))


def matches(pattern: re.Pattern[Any], how: str, line: str) -> bool:
    """Whether *line* is found; patterns of bytes get it as it lies in a file."""
    look = getattr(pattern, how)
    return look(line.encode("latin-1") if isinstance(pattern.pattern, bytes) else line) is not None
