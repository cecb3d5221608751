"""The cloud resources that Terraform, CloudFormation and Azure's languages declare."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Set
from functools import cached_property
from typing import Annotated, Any, ClassVar

from ...domain.fact import EVERYTHING, MAX_ASIDE, Fact, Source
from ...domain.located import Located
from ...domain.model import AddedLater


class Block(Located):
    """
    One block of Terraform, or one resource of CloudFormation or Azure.

    ``body`` maps attributes to values; a nested block is a list of mappings under its name (Terraform allows several).
    Literals are plain values; an expression is a string as written, such as ``var.days`` or ``${aws_kms_key.k.arn}``.
    In Terraform, an expression is its value where that is known in production; a block that modules, ``count`` or
    ``for_each`` make in several forms is there once for each. Of a CloudFormation resource, ``body`` holds the
    properties, with ``DeletionPolicy`` and its like beside them; of one of Azure, ``properties`` stand within it, and
    what cannot be worked out is in brackets, as a template in JSON has it.
    """

    tool: str = "terraform"
    """terraform, cloudformation, or azure: Bicep, or a template in JSON."""
    block: str = "resource"
    """resource, data, module, provider, variable, output, terraform, locals."""
    type: str = ""
    """``aws_db_instance`` or ``AWS::RDS::DBInstance``; the source of a module; the name of a provider."""
    label: str = ""
    copies: Annotated[int, AddedLater()] = 1
    """How many of it are made, as far as that is known: by ``count``, ``for_each``, and calls of its module."""

    @property
    def address(self) -> str:
        """What people call it: ``aws_db_instance.main``, ``module.db``, ``Orders (AWS::DynamoDB::Table)``."""
        if self.tool in _BY_NAME:
            return f"{self.label} ({self.type})"
        return f"{self.type}.{self.label}" if self.block == "resource" else f"{self.block}.{self.label}"

    @property
    def scope(self) -> str:
        """
        How far its name goes: the folder of a Terraform file, the file of a template.

        What another scope calls by that name is another thing.
        """
        return self.path if self.tool in _BY_NAME else self.path.rpartition("/")[0]

    def nested(self, *keys: str) -> list[dict[str, Any]]:
        """The nested blocks under *keys*; empty where there are none."""
        value = self.get(*keys)
        if isinstance(value, dict):
            return [value]
        return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []

    def flag(self, *keys: str | int) -> bool | None:
        """True or False where the value under *keys* says so (also as text); None where it is missing or computed."""
        return as_flag(self.get(*keys))

    def number(self, *keys: str | int) -> float | None:
        """The number under *keys* (also as text); None where it is missing or computed."""
        return as_number(self.get(*keys))


_BY_NAME = frozenset({"cloudformation", "azure"})
"""Tools that call a resource by one name, whatever its type."""


def as_flag(value: Any) -> bool | None:
    """A literal boolean, also written as text, as providers convert it; None for anything else."""
    text = str(value).lower() if isinstance(value, bool | str) else ""
    return {"true": True, "1": True, "false": False, "0": False}.get(text)


def as_number(value: Any) -> float | None:
    """A literal number, also written as text; None for anything else."""
    if isinstance(value, str) and len(value) < 20 and value.strip().replace(".", "", 1).isdecimal():
        return float(value)
    numeric = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if numeric and abs(value) < 1e15 else None


ANYTHING = "anything"
"""What could be a resource of any type: it matters to whoever looks for all of something."""
PROGRAM = "program"
"""What makes resources of any type when it runs."""
_OF_TERRAFORM = frozenset({"", "data", "module", "provider", "variable", "output", "locals", "terraform"})
"""What is asked for by who asks for no resource: only Terraform has it, and it makes nothing."""
_TOGETHER = "|"
"""Stands between the types that somebody asked for at once."""


class Infrastructure(Fact):
    """Every block of Terraform and every resource of CloudFormation, SAM or Azure, outside tests and examples."""

    name: ClassVar[str] = "infrastructure"
    by_name: ClassVar[bool] = True

    blocks: tuple[Block, ...] = ()
    files: int = 0
    """How many files were parsed."""

    def of(self, *types: str) -> list[Block]:
        """The resources of *types*, which are different names of one thing for who asks for them at once."""
        self.sought.update(types)
        if len(types) > 1:
            self.sought.add(_TOGETHER.join(("", *types, "")))
        found = [place for kind in dict.fromkeys(types) for place in self._by_type.get(kind, ())]
        return [self.blocks[place] for place in sorted(found)]

    @property
    def every(self) -> tuple[Block, ...]:
        """All blocks, of whatever kind."""
        self.sought.add(EVERYTHING)
        return self.blocks

    @property
    def some(self) -> list[Block]:
        """Resources and modules, for who needs one of them and says nothing of all."""
        self.sought.add("")
        return [*self._by_block.get("resource", ()), *self._by_block.get("module", ())]

    @property
    def resources(self) -> list[Block]:
        self.sought.add(EVERYTHING)
        return list(self._by_block.get("resource", ()))

    @property
    def modules(self) -> list[Block]:
        self.sought.add("module")
        return list(self._by_block.get("module", ()))

    @property
    def data(self) -> list[Block]:
        """What Terraform reads and does not make."""
        self.sought.add("data")
        return list(self._by_block.get("data", ()))

    def labelled(self, block: str, label: str) -> list[Block]:
        """The blocks of one kind (``data``, ``module``) that carry *label*."""
        self.sought.add(block)
        return list(self._by_label.get((block, label), ()))

    def of_kind(self, block: str) -> list[Block]:
        """The blocks of one kind: ``provider``, ``variable``, ``locals``."""
        self.sought.add(block)
        return list(self._by_block.get(block, ()))

    def has(self, kind: str) -> bool:
        """Whether anything of *kind* is in force, or of what was asked for together with it."""
        if kind in self._by_type or kind in self._by_block:
            return True
        named = f"{_TOGETHER}{kind}{_TOGETHER}"
        together = {k for asked in self.sought if named in asked for k in asked.split(_TOGETHER)}
        return not together.isdisjoint(self._by_type)

    def _matters(self, about: tuple[str, ...]) -> bool:
        return super()._matters(about) or (
            not self.sought <= _OF_TERRAFORM and not {ANYTHING, PROGRAM}.isdisjoint(about)
        )

    def makes(self, place: Source) -> bool:
        """
        Whether *place* belongs to something that is made, as far as it lies in a file of Terraform or Bicep.

        Of other files nothing is known, and they are not doubted. Where so much is set aside that not all of it is
        kept, nothing is said to be made.
        """
        if not place.path.endswith((".tf", ".bicep")):
            return True
        if len(self.aside) >= MAX_ASIDE:
            return False
        starts = self._starts.get(place.path, [])
        at = bisect_right(starts, (place.line, True)) - 1
        return at >= 0 and starts[at][1]

    def users(self, block: Block) -> Set[str]:
        """The types of the resources and modules of the same file that name the id of *block*."""
        return self._users.get((block.path, block.address), frozenset())

    @cached_property
    def _by_type(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for place, block in enumerate(self.blocks):
            if block.block == "resource":
                found.setdefault(block.type, []).append(place)
        return found

    @cached_property
    def _starts(self) -> dict[str, list[tuple[int, bool]]]:
        """By file, where each thing begins that is declared there, and whether it is made."""
        found: dict[str, list[tuple[int, bool]]] = {}
        for block in self.blocks:
            found.setdefault(block.path, []).append((block.line, block.block in ("resource", "module", "data")))
        for aside in self.aside:
            found.setdefault(aside.path, []).append((aside.line, False))
        return {path: sorted(starts) for path, starts in found.items()}

    @cached_property
    def _by_block(self) -> dict[str, list[Block]]:
        found: dict[str, list[Block]] = {}
        for block in self.blocks:
            found.setdefault(block.block, []).append(block)
        return found

    @cached_property
    def _by_label(self) -> dict[tuple[str, str], list[Block]]:
        found: dict[tuple[str, str], list[Block]] = {}
        for block in self.blocks:
            found.setdefault((block.block, block.label), []).append(block)
        return found

    @cached_property
    def _users(self) -> dict[tuple[str, str], set[str]]:
        found: dict[tuple[str, str], set[str]] = {}
        for block in self.blocks:
            if block.block in ("resource", "module"):
                for address in _IDS.findall(str(block.body)):
                    found.setdefault((block.path, address), set()).add(block.type)
        return found


_IDS = re.compile(r"\b([a-z][a-z0-9]*_\w+\.[\w-]+)\.id\b")
