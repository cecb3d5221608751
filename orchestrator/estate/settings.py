"""One answer about a part, read from where it is declared, with the provider's default filled in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..domain.fact import Source
from ..evidence.facts.infrastructure import Block, as_flag, as_number
from ..vocabulary import Said


@dataclass(frozen=True)
class Setting:
    """One answer about a part: None where it cannot be told; where it stands, and in which words."""

    value: bool | float | None
    at: Source
    because: str


def said(block: Block, rule: Said | None) -> Setting:
    """What *block* says about the setting that *rule* leads to."""
    if rule is None:
        return unknown(block)
    if rule.always is not None:
        return Setting(rule.always, block.at(), rule.because)
    value, keys = _reached(block, rule.at)
    name = ".".join(str(key) for key in keys if isinstance(key, str))
    if isinstance(value, _Computed):
        return Setting(None, block.at(*keys), f"{name} is computed")
    if rule.given:
        there = value not in (None, "", [], {})
        return Setting(there, block.at(*keys), f"{rule.at} is {'set' if there else 'not set'}")
    if value is None:
        default = _held(rule.default, rule)
        says = f"no {rule.at}" if rule.default is None else f"no {rule.at}: the default is {_text(rule.default)}"
        return Setting(default, block.at(*keys), says)
    return Setting(_held(value, rule), block.at(*keys), f"{name} = {_text(value)}")


@dataclass(frozen=True)
class Keeping:
    """How data is kept."""

    backups: Setting
    """Whether it is backed up automatically."""
    retention: Setting
    """Days for which the backups stay."""
    pitr: Setting
    """Whether it can be brought back to any moment of these days."""
    encrypted: Setting
    copied: Setting
    """Whether copies of the backups lie in another region."""

    @property
    def backups_encrypted(self) -> Setting:
        """Whether the backups are encrypted, as the data is; where there are none, nothing is shown of them."""
        if self.encrypted.value is False or self.backups.value is True:
            return self.encrypted
        return Setting(None, self.backups.at, "no backups are shown")


class _Computed:
    """Stands for what an expression decides."""


def _reached(block: Block, path: str) -> tuple[Any, tuple[str | int, ...]]:
    """The value at the end of *path*, and the keys that lead there; of several nested blocks the first counts."""
    keys: tuple[str | int, ...] = ()
    value: Any = block.body
    for name in path.split("."):
        if isinstance(value, list):
            value, keys = (value[0] if value else None), (*keys, 0)
        if value is not None and not isinstance(value, dict):
            return _Computed(), keys
        keys = (*keys, name)
        value = value.get(name) if value is not None else None
    return value, keys


def _held(value: Any, rule: Said) -> bool | float | None:
    if rule.values:
        return value if isinstance(value, bool) else rule.values.get(str(value))
    if rule.least is not None:
        number = as_number(value)
        return None if number is None else number >= rule.least
    if isinstance(rule.default, bool) or rule.default is None:
        return as_flag(value)
    return as_number(value)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)[:80]


def unknown(block: Block) -> Setting:
    """Nothing is said about it."""
    return Setting(None, block.at(), "")
