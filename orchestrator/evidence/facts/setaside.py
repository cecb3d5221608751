"""What stands in folders that are set aside, as it would be read if it were in force."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import ClassVar

from pydantic import JsonValue, ValidationError

from ...domain.fact import Fact, Source
from .manifests import Manifests


class SetAside(Fact):
    """
    The facts of all that is set aside, read as a tree of its own.

    They support nothing; what would fail in them is shown.
    """

    name: ClassVar[str] = "setaside"
    whole: ClassVar[bool] = False

    paths: dict[str, str] = {}
    """Where each of its files is read, without the folder that sets it aside, to where it lies."""
    left_out: int = 0
    """How many more there are, which are not read."""
    read: dict[str, dict[str, JsonValue]] = {}
    """The facts by their names, as they stand in a record."""

    @cached_property
    def facts(self) -> dict[type[Fact], Fact]:
        """The facts by their types; without those that this version does not know in this form."""
        found: dict[type[Fact], Fact] = {}
        for name, body in self.read.items():
            kind = Fact.known.get(name)
            if kind is None:
                continue
            try:
                found[kind] = kind.model_validate(body)
            except ValidationError:
                continue
        return found

    def in_builds(self, places: Iterable[Source]) -> list[Source]:
        """Where those of *places* lie whose folder has a build of its own: it may be a part called after its work."""
        manifests = self.facts.get(Manifests)
        built = manifests.files if isinstance(manifests, Manifests) else ()
        tops = {self.paths.get(m.path, "").removesuffix(m.path) for m in built if "/" not in m.path} - {""}
        found = [lies for place in places if (lies := self.lies_at(place)) is not None]
        return [lies for lies in found if lies.path.startswith(tuple(tops))]

    def lies_at(self, place: Source) -> Source | None:
        """Where in the reviewed tree that is which was read at *place*."""
        path = self.paths.get(place.path)
        return place.model_copy(update={"path": path}) if path else None
