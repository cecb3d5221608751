"""Merges files of overrides into the blocks that they change, and finds blocks that are declared twice."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from ....formats.hcl import HclBlock

_OVERRIDE = re.compile(r"(^|_)override\.(tf|tofu)(\.json)?$")
_ONCE = frozenset({"resource", "data", "module", "ephemeral"})


@dataclass
class Written:
    """A block, the file that it stands in, and what is wrong with it."""

    path: str
    block: HclBlock
    doubt: str = ""
    """Why Terraform would refuse it: what follows its name."""

    @property
    def folder(self) -> str:
        return posixpath.dirname(self.path)

    @property
    def key(self) -> tuple[str, ...]:
        """What tells it apart from others of its folder."""
        alias = str(self.block.body.get("alias", "")) if self.block.kind == "provider" else ""
        return self.folder, self.block.kind, *self.block.labels, alias


@dataclass
class _Known:
    blocks: dict[tuple[str, ...], Written] = field(default_factory=dict)


def overridden(written: Iterable[Written]) -> list[Written]:
    """The blocks of *written* in their order, with overrides merged into them; what is merged is none of its own."""
    kept: list[Written] = []
    later: list[Written] = []
    for one in written:
        (later if _OVERRIDE.search(posixpath.basename(one.path)) else kept).append(one)
    first: dict[tuple[str, ...], Written] = {}
    for one in kept:
        before = first.setdefault(one.key, one)
        if before is not one and one.block.kind in _ONCE:
            one.doubt = f"is declared twice, also at {before.path}:{before.block.line}"
            before.doubt = before.doubt or f"is declared twice, also at {one.path}:{one.block.line}"
    for one in sorted(later, key=lambda one: one.path):
        if one.block.kind in ("locals", "terraform", "output"):
            kept.append(one)
        elif one.key in first:
            _merge(first[one.key].block, one.block)
        else:
            one.doubt = "overrides a block that is not there"
            kept.append(one)
    return kept


def _merge(block: HclBlock, other: HclBlock) -> None:
    """Put what *other* sets into *block*; nested blocks replace all those of their name."""
    for name, value in other.body.items():
        block.body[name] = value
        start = f"/{name}"
        for place in [p for p in block.lines if p == start or p.startswith(f"{start}/")]:
            del block.lines[place]  # its line is one of another file
