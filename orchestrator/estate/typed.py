"""Knows the types of resources that one purpose asks for, whatever cloud they are of, and where each says what."""

from __future__ import annotations

from functools import cached_property

from ..evidence.facts.infrastructure import Block, Infrastructure
from ..vocabulary import Row, words


class Typed:
    """
    The types of resources that one list of the vocabulary has: ``Typed("resources/dead-letters")``.

    Who judges them speaks of what they say by a neutral name; where that stands for each type is in its row.
    """

    def __init__(self, name: str) -> None:
        self._words = words(name)

    def among(self, infrastructure: Infrastructure) -> list[Block]:
        """All resources of these types."""
        return infrastructure.of(*self._words)

    def __contains__(self, block: object) -> bool:
        return isinstance(block, Block) and block.type in self._rows

    def kind(self, block: Block) -> str:
        """Which kind of them *block* is; empty where it is none of them, or they have but one kind."""
        row = self._rows.get(block.type)
        return row.kind if row is not None else ""

    def at(self, block: Block, what: str) -> tuple[str | int, ...]:
        """The keys that lead to *what* in *block*; none where its type does not say it."""
        row = self._rows.get(block.type)
        said = row.says.get(what) if row is not None else None
        keys = said.at.split(".") if said is not None and said.at else []
        return tuple(int(key) if key.isdecimal() else key for key in keys)

    @cached_property
    def _rows(self) -> dict[str, Row]:
        return {row.word: row for row in self._words.rows}
