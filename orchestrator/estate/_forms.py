"""Reads settings that take more than one attribute to tell."""

from __future__ import annotations

from typing import Any

from ..evidence.facts.infrastructure import Block, as_flag
from .settings import Setting


def days_of(block: Block, key: str, default: int | None) -> Setting:
    if block.get(key) is None:
        says = f"no {key}" + ("" if default is None else f": the default is {default}")
        return Setting(default, block.at(), says)
    return Setting(block.number(key), block.at(key), f"{key} = {block.get(key)}")


def switch(block: Block, key: str, default: bool | None) -> Setting:
    if block.get(key) is None:
        return Setting(default, block.at(), f"no {key}")
    return Setting(block.flag(key), block.at(key), f"{key} = {str(block.get(key)).lower()}")


def inside(block: Block, path: tuple[str, ...], key: str, default: bool) -> Setting:
    """A switch in a nested block, of which the first counts."""
    keys: list[str | int] = []
    for name in path:
        keys += [name] if isinstance(block.get(*keys, name), dict) else [name, 0]
    inner = block.get(*keys)
    if not isinstance(inner, dict):
        text = block.get(path[0])
        computed = isinstance(text, str) or isinstance(inner, str)
        return Setting(None if computed else default, block.at(*keys), f"no {path[-1]}")
    if inner.get(key) is None:
        return Setting(default, block.at(*keys), f"{path[-1]} does not set {key}")
    return Setting(as_flag(inner[key]), block.at(*keys, key), f"{path[-1]}.{key} = {str(inner[key]).lower()}")


def deep(block: Block, path: tuple[str, ...]) -> dict[str, Any]:
    value: Any = block.body
    for name in path:
        value = (dicts(value.get(name)) or [{}])[0]
    return value if isinstance(value, dict) else {}


def dicts(value: Any) -> list[dict[str, Any]]:
    return [v for v in (value if isinstance(value, list) else [value]) if isinstance(v, dict)]


def always(block: Block, says: str) -> Setting:
    return Setting(True, block.at(), says)
