"""One answer about a part, read from where it is declared, with the provider's default filled in."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from ..domain.fact import Source
from ..evidence.facts.infrastructure import Block, as_flag, as_number
from ..vocabulary import Said, words

SETTINGS = {
    "backups": "is backed up automatically",
    "retention": "days for which backups, or log lines, are kept",
    "pitr": "can be brought back to any moment",
    "encrypted": "is encrypted where it lies",
    "copied": "has copies of its backups in another region",
    "carried": "takes no connection that is not encrypted",
    "secure": "answers nobody over plain HTTP but with a redirect",
    "tls": "takes TLS from 1.2 on alone",
    "public": "can be reached by everybody",
    "guarded": "asks everybody who they are",
    "preflight": "answers nothing but what browsers ask before they send anything",
    "probed": "is asked for its health before it gets requests",
    "standby": "has a copy of itself elsewhere that takes over",
    "spread": "runs several times, over several zones",
    "measured": "is measured by its provider",
    "queries": "has its queries measured by its provider",
}
"""What can be said of a part, whatever its noun, by the name that rows of the vocabulary give it."""
_OLD_TLS = words("policies/old-tls")


@dataclass(frozen=True)
class Setting:
    """One answer about a part: None where it cannot be told; where it stands, and in which words."""

    value: bool | float | None
    at: Source
    because: str
    absent: bool = False
    """It is so because nothing was seen that makes it otherwise."""


def said(block: Block, rule: Said | None) -> Setting:
    """What *block* says about the setting that *rule* leads to."""
    if rule is None:
        return unknown(block)
    if rule.always is not None:
        return Setting(rule.always, block.at(), rule.because)
    value, keys = reached(block.body, rule.at)
    name = ".".join(str(key) for key in keys if isinstance(key, str))
    if isinstance(value, Computed):
        return Setting(None, block.at(*keys), f"{name} is computed")
    if isinstance(value, str) and _CHOSEN.search(value):
        return Setting(None, block.at(*keys), f"{name} = {_text(value)}")
    if rule.given:
        there = value not in (None, "", [], {})
        return Setting(there, block.at(*keys), f"{rule.at} is {'set' if there else 'not set'}")
    if value is None:
        default = _counted(rule.default, rule)
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
    sealed: Setting | None = None
    """Whether the backups are encrypted, where that is another matter than whether the data is."""

    @property
    def backups_encrypted(self) -> Setting:
        """Whether the backups are encrypted, as the data is; where there are none, nothing is shown of them."""
        if self.sealed is not None:
            return self.sealed
        if not self.encrypted.value or self.backups.value is True:
            return self.encrypted
        return Setting(None, self.backups.at, "no backups are shown")


class Computed:
    """Stands for what an expression decides."""


def reached(body: Any, path: str) -> tuple[Any, tuple[str | int, ...]]:
    """
    The value at the end of *path* in *body*, and the keys that lead there; of several nested blocks the first counts.

    Where *path* has several names of one thing, with ``|`` between them, it is the first that is written.
    """
    ways = [_reached(body, way) for way in path.split("|")]
    return next((way for way in ways if way[0] is not None), ways[0])


def _reached(body: Any, path: str) -> tuple[Any, tuple[str | int, ...]]:
    keys: tuple[str | int, ...] = ()
    value: Any = body
    for step in path.split("."):
        if step.isdecimal():
            continue
        if isinstance(value, list):
            value, keys = (value[0] if value else None), (*keys, 0)
        if value is not None and not isinstance(value, dict):
            return Computed(), keys
        named = _NAMED.fullmatch(step)
        keys = (*keys, named[1] if named else step)
        value = value.get(keys[-1]) if value is not None else None
        if named and value is not None:
            several = value if isinstance(value, list) else [value]
            found = [n for n, one in enumerate(several) if isinstance(one, dict) and one.get(named[2]) == named[3]]
            if not found and not all(isinstance(one, dict) for one in several):
                return Computed(), keys
            value = several[found[-1]] if found else None
    return value, keys


_NAMED = re.compile(r"(\w+)\[(\w+)=([\w.-]+)\]")


def _held(value: Any, rule: Said) -> bool | float | None:
    if rule.tls:
        return str(value) not in _OLD_TLS
    if rule.values:
        return rule.values.get(_text(value))
    numeric = rule.least is not None or rule.endless is not None or not isinstance(rule.default, bool | None)
    return _counted(as_number(value), rule) if numeric else as_flag(value)


def _counted(value: bool | float | None, rule: Said) -> bool | float | None:
    """What a number means by *rule*; anything else means itself."""
    if value is None or isinstance(value, bool):
        return value
    return value >= rule.least if rule.least is not None else math.inf if value == rule.endless else value


_CHOSEN = re.compile(r"(^|\$\{\s*)(var|local|module|data)\.|^\[.*\]$", re.DOTALL)
"""What an expression decides: of Terraform, or in the brackets that Azure's stand in."""


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return str(value).lower() if isinstance(value, bool) else str(value)[:80]


def unknown(block: Block) -> Setting:
    """Nothing is said about it."""
    return Setting(None, block.at(), "")
