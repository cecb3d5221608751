"""Keeps by digest what the jobs of a run rest on: for whoever shares its memory the values, for others the bytes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from ..domain.fact import Fact
from ..evidence.shapes import written
from ..journal.event import canonical, digest
from ..journal.record import Record
from ..journal.steps import Steps

FINDINGS, SETTING = "findings", "setting"
"""Types of what is kept that are not facts."""
_FACT = re.compile(r"run#1:(?:fact|source):(.+):[0-9a-f]+")
"""The key of the step that a fact is recorded by."""


Named = tuple[str, str]
"""Type and digest: of two types, values that say nothing have the same bytes."""


class Shelf:
    """
    What jobs name by digest.

    :attr:`values` has each as it was made or read here; whoever reads the bytes must come to the same value.
    """

    def __init__(self) -> None:
        self.values: dict[Named, object] = {}
        self._bytes: dict[str, Callable[[], bytes]] = {}

    def put(self, kind: str, value: object, data: bytes) -> str:
        """Keep *value*, which is of *kind*, and the *data* that it is read from; returns the digest of these."""
        return self.refer(kind, value, digest(data), lambda: data)

    def refer(self, kind: str, value: object, name: str, read: Callable[[], bytes]) -> str:
        """Keep *value*, whose bytes with the digest *name* lie somewhere else, where *read* gets them."""
        self.values.setdefault((kind, name), value)
        self._bytes.setdefault(name, read)
        return name

    def read(self, name: str) -> bytes:
        """
        The bytes with the digest *name*.

        Raises:
            KeyError: They are not kept here.
        """
        return self._bytes[name]()


def shelve(shelf: Shelf, record: Record, facts: Mapping[type[Fact], Fact]) -> dict[str, str]:
    """Put *facts* on *shelf*, as *record* has them; returns the digest of each by its name."""
    steps = Steps(record)
    recorded = {found[1]: key for key in steps if (found := _FACT.fullmatch(key))}
    names: dict[str, str] = {}
    for kind, fact in facts.items():
        said = steps[recorded[kind.name]] if kind.name in recorded else None
        if said is not None and said.blob:
            names[kind.name] = shelf.refer(kind.name, fact, said.blob, _blob(record, said.blob))
        else:
            value = said.value if said is not None else written(fact)
            names[kind.name] = shelf.put(kind.name, fact, canonical(value))
    return names


def _blob(record: Record, name: str) -> Callable[[], bytes]:
    return lambda: record.blob(name)
