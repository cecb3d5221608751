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
        found |= yaml.load(file.read_text(), yaml.CSafeLoader)
    return found


def keep(path: str, gone: set[tuple[str, str]]) -> None:
    """Strike out what is *gone* of the lines of the module at *path*."""
    file = next(file for file in HERE.glob("*.yaml") if f"\n{path}:\n" in f"\n{file.read_text()}")
    said = yaml.load(file.read_text(), yaml.CSafeLoader)
    left: dict[str, dict[str, object]] = {}
    for name, those in said.pop(path).items():
        kept = {
            part: [line for line in those.get(part, []) if (name, line) not in gone] for part in ("finds", "leaves")
        }
        if any(kept.values()):
            how = {"how": those["how"]} if "how" in those else {}
            left[name] = how | {part: group for part, group in kept.items() if group}
    said = dict(sorted((said | ({path: left} if left else {})).items()))
    file.write_text(yaml.dump(said, Dumper=yaml.CSafeDumper, sort_keys=False, allow_unicode=True, width=10_000))


Pattern = re.Pattern[Any] | Signal | str | bytes


def patterns(path: str) -> dict[str, Pattern]:
    """What may be a pattern among the values of the module at *path*, in tables and rows as well: ``_ROWS[2][1]``."""
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    try:
        module = importlib.import_module(name if name.startswith("orchestrator") else f"orchestrator.{name}")
    except ModuleNotFoundError:
        return {}
    return {key: found for own, value in vars(module).items() for key, found in _within(own, value, 0)}


def _within(key: str, value: object, depth: int) -> Iterator[tuple[str, Pattern]]:
    if isinstance(value, re.Pattern | Signal | str | bytes):
        yield key, value
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


def matches(pattern: Pattern, how: str, line: str) -> bool:
    """Whether *line* is found; patterns of bytes get it as it lies in a file."""
    flags = re.IGNORECASE if isinstance(pattern, Signal) else 0
    expression = pattern.pattern if isinstance(pattern, Signal) else pattern
    compiled = re.compile(expression, flags) if isinstance(expression, str | bytes) else expression
    return getattr(compiled, how)(line.encode("latin-1") if isinstance(compiled.pattern, bytes) else line) is not None
