"""Knows the types of resources that one purpose asks for, whatever cloud they are of, and where each says what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from ..domain.fact import Source
from ..evidence.facts.infrastructure import Block, Infrastructure
from ..vocabulary import Row, Said, words
from .settings import Computed, Setting, reached, said


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
        rows = [row for row in self.words.rows if not kinds or row.kind in kinds]
        types = [row.word for row in rows if "*" not in row.word]
        if len(types) < len(rows):
            present = sorted({block.type for block in infrastructure.blocks if block.block == "resource"})
            types += [name for name in present if (row := self._row(name)) in rows and name != row.word]
        return infrastructure.of(*types)

    def some(self, infrastructure: Infrastructure, *kinds: str) -> list[Block]:
        """
        Resources of these types, for who needs one of them and says nothing of all.

        Of which others it cannot be told, takes nothing from one that is there; where none is, all were sought.
        """
        found = [b for b in infrastructure.some if b.block == "resource" and b in self]
        return [b for b in found if not kinds or self.kind(b) in kinds] or self.among(infrastructure, *kinds)

    def __contains__(self, block: object) -> bool:
        return isinstance(block, Block) and self._row(block.type) is not None

    def kind(self, block: Block) -> str:
        """Which kind of them *block* is; empty where it is none of them, or they have but one kind."""
        row = self._row(block.type)
        return row.kind if row is not None else ""

    def says(self, block: Block, what: str) -> Setting:
        """What *block* says of *what*, as its row reads it, with its provider's default; unknown where it has none."""
        return said(block, self._said(block, what))

    def tells(self, block: Block, what: str) -> bool:
        """Whether *block* is of a type that says *what* at all."""
        return self._said(block, what) is not None

    def at(self, block: Block, what: str) -> tuple[str | int, ...]:
        """The keys that lead to *what* in *block*, by its first name; none where its type does not say it."""
        rule = self._said(block, what)
        keys = rule.at.partition("|")[0].split(".") if rule is not None and rule.at else []
        return tuple(int(key) if key.isdecimal() else key for key in keys)

    def place(self, block: Block, what: str) -> Source:
        """Where *block* says *what*; where it stands itself, if it does not."""
        rule = self._said(block, what)
        return block.at(*reached(block.body, rule.at)[1]) if rule is not None and rule.at else block.at()

    def spelt(self, block: Block, what: str) -> str:
        """How the attribute is called in which *block* says *what*, or would."""
        rule = self._said(block, what)
        keys = reached(block.body, rule.at)[1] if rule is not None and rule.at else ()
        return next((key for key in reversed(keys) if isinstance(key, str)), "")

    def value(self, block: Block, what: str) -> Any:
        """What is written of *what* in *block*, as it stands; None where nothing is."""
        return self.within(block, block.body, what)

    def parts(self, block: Block, what: str, part: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The parts of *block*, or of one *part* of it, that stand under *what*: a block or a list of them."""
        value = self.within(block, block.body if part is None else part, what)
        return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]

    def within(self, block: Block, part: Mapping[str, Any], what: str) -> Any:
        """What is written of *what* in a *part* of *block*; None where nothing is."""
        rule = self._said(block, what)
        value = reached(part, rule.at)[0] if rule is not None and rule.at else None
        return None if isinstance(value, Computed) else value

    def named(self, value: Any) -> list[str]:
        """The labels of resources of these types that *value* refers to, in its order."""
        if isinstance(value, str):
            return [found[2] for found in _REFERENCE.finditer(value[:_MOST]) if self._row(found[1]) is not None]
        if isinstance(value, dict):
            return [str(label) for key in ("!Ref", "Ref") if (label := value.get(key)) is not None]
        return []

    def _said(self, block: Block, what: str) -> Said | None:
        row = self._row(block.type)
        return row.says.get(what) if row is not None else None

    def _row(self, name: str) -> Row | None:
        if name not in self._known:
            self._known[name] = self.words.row(name)
        return self._known[name]

    @cached_property
    def _known(self) -> dict[str, Row | None]:
        return {}


_REFERENCE = re.compile(r"\b(?:data\.)?([a-z]\w*)\.([\w-]+)")
_MOST = 20_000
"""Characters of an expression in which references are looked for."""
