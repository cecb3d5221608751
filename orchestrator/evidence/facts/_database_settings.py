"""One answer about a database, read from a block with the provider's default filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...domain.fact import Source
from ..stages import is_elsewhere, is_file_elsewhere
from .infrastructure import Block, as_flag


@dataclass(frozen=True)
class Setting:
    """One answer about a database: None where it cannot be told; where it stands, and in which words."""

    value: bool | float | None
    at: Source
    because: str


@dataclass(frozen=True)
class ManagedDatabase:
    """A database that a cloud provider runs, with the provider's defaults filled in."""

    block: Block
    backups: Setting
    """Whether the provider makes automated backups."""
    retention: Setting
    """Days for which they are kept."""
    pitr: Setting
    """Whether it can be brought back to any moment of these days."""
    encrypted: Setting
    copied: Setting
    """Whether copies of its backups lie in another region."""

    @property
    def production(self) -> bool:
        """False where path or label name an environment that nobody's data depends on."""
        return not is_file_elsewhere(self.block.path) and not is_elsewhere(self.block.label)


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


def unknown(block: Block) -> Setting:
    return Setting(None, block.at(), "")
