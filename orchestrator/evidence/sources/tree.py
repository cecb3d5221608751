"""Lists what the pass over the reviewed tree answers, reader by reader."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from ...domain.fact import Fact
from .. import extract
from .source import FactSource, Subject


def asked(subject: Subject) -> dict[str, Any]:
    """What the facts of a tree depend on."""
    return {"tree": subject.release.tree, "signals": subject.looked_for, "paths": list(subject.paths)}


def read(kind: type[Fact]) -> Callable[[Subject], Awaitable[Fact]]:
    """What collects the fact *kind* in the one pass over tree and history."""

    async def collect(subject: Subject) -> Fact:
        if subject.reading is None:
            raise AssertionError("facts were asked for without a tree to read")
        return await subject.reading.fact(kind)

    return collect


SOURCES = tuple(
    FactSource(kind, asked, read(kind), of="tree", looks_at="the reviewed tree") for kind in extract.kinds()
)
