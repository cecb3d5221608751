"""Knows the types of resources that one purpose asks for, whatever cloud they are of, and where each says what."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ..domain.fact import Source
from ..evidence.facts.infrastructure import Block, Infrastructure
from ..vocabulary import Row, Said, words
from .settings import Setting, said


class Typed:
    """
    The types of resources that one list of the vocabulary has: ``Typed("resources/dead-letters")``.

    Who judges them speaks of what they say by a neutral name; where that stands for each type is in its row.
    """

    def __init__(self, name: str) -> None:
        self.words = words(name)
        """The rows of the list, by which the version of a check that asks it is told."""

    def among(self, infrastructure: Infrastructure, *kinds: str) -> list[Block]:
        """All resources of these types; with *kinds*, those that are one of them."""
        return infrastructure.of(*(row.word for row in self.words.rows if not kinds or row.kind in kinds))

    def __contains__(self, block: object) -> bool:
        return isinstance(block, Block) and block.type in self._rows

    def kind(self, block: Block) -> str:
        """Which kind of them *block* is; empty where it is none of them, or they have but one kind."""
        row = self._rows.get(block.type)
        return row.kind if row is not None else ""

    def says(self, block: Block, what: str) -> Setting:
        """What *block* says of *what*, as its row reads it, with its provider's default; unknown where it has none."""
        return said(block, self._said(block, what))

    def at(self, block: Block, what: str) -> tuple[str | int, ...]:
        """The keys that lead to *what* in *block*; none where its type does not say it."""
        rule = self._said(block, what)
        keys = rule.at.split(".") if rule is not None and rule.at else []
        return tuple(int(key) if key.isdecimal() else key for key in keys)

    def place(self, block: Block, what: str) -> Source:
        """Where *block* says *what*; where it stands itself, if it does not."""
        return block.at(*self.at(block, what))

    def value(self, block: Block, what: str) -> Any:
        """What is written of *what* in *block*, as it stands; None where nothing is."""
        keys = self.at(block, what)
        return block.get(*keys) if keys else None

    def parts(self, block: Block, what: str) -> list[dict[str, Any]]:
        """The parts of *block* that stand under *what*, a block or a list of them."""
        value = self.value(block, what)
        return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]

    def within(self, block: Block, part: Mapping[str, Any], what: str) -> Any:
        """What is written of *what* in a *part* of *block*; None where nothing is."""
        value: Any = part
        for key in self.at(block, what):
            value = value.get(key) if isinstance(value, Mapping) else None
        return value

    def _said(self, block: Block, what: str) -> Said | None:
        row = self._rows.get(block.type)
        return row.says.get(what) if row is not None else None

    @cached_property
    def _rows(self) -> dict[str, Row]:
        return {row.word: row for row in self.words.rows}
