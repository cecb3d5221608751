"""Gathers rules: of policies that ship, of files from outside, of the reviewed tree."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from .. import rules
from ..config import ConfigFile
from ..errors import ConfigError
from ..evidence.git import Git
from ..journal.event import digest
from .named import is_trees, read_named

_PIN = "@sha256:"
"""Stands between a file and the digest that it must have."""


class Ruling(NamedTuple):
    """A file with rules."""

    data: bytes
    layers: tuple[rules.Layer, ...]
    """What it says, after what it extends."""
    own: bool
    """Whether it is the reviewed tree's."""


def ruling(name: str, reviewed: Path, git: Git | None) -> Ruling:
    """The rules that *name* stands for: a policy that ships, a file, or a file and the digest that it must have."""
    shipped = rules.policies()
    if name in shipped:
        return Ruling(name.encode(), (shipped[name],), own=False)
    path, _, pinned = name.partition(_PIN)
    data = read_named(path, reviewed, ConfigError)
    if pinned and digest(data) != f"sha256:{pinned}":
        raise ConfigError(
            f"'{path}' has another digest than the one that is asked for", where=path, remedy=digest(data)
        )
    layer = rules.parse_policy(data, path)
    extends = getattr(layer.said, "extends", "")
    if extends and extends not in shipped:
        remedy = f"there are {', '.join(sorted(shipped))}"
        raise ConfigError(f"no policy '{extends}' ships", where=layer.at("extends"), remedy=remedy)
    said = (shipped[extends], layer) if extends else (layer,)
    return Ruling(data, said, is_trees(path, reviewed, git))


def layers(config: ConfigFile, policies: Sequence[Ruling]) -> tuple[list[rules.Layer], list[rules.Layer]]:
    """What is said from outside, the strongest last, and what the reviewed tree says itself."""
    said = [(rules.Layer(config.config, config.path, config.parsed), config.own)]
    said += [(layer, policy.own) for policy in policies for layer in policy.layers]
    return [layer for layer, inside in said if not inside], [layer for layer, inside in said if inside]
