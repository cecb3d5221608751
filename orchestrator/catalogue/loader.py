"""Reads the catalogue from its eight files, one per area."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

from ..domain.criterion import Area, Catalogue, Criterion, Section, Severity
from ..domain.profile import Profile
from ..errors import CatalogueError
from ..formats.yaml import load
from . import condition


@cache
def catalogue() -> Catalogue:
    """The 261 criteria that ship with gonogo, in the order of the framework."""
    folder = resources.files(__package__)
    names = sorted(f.name for f in folder.iterdir() if f.name.endswith(".yaml"))
    return Catalogue(areas=tuple(_area(load((folder / name).read_bytes(), unique_keys=True).body) for name in names))


@cache
def is_grave(criterion: str) -> bool:
    """Whether *criterion* is one of the catalogue's that are critical or high; users' own are for them to weigh."""
    known = catalogue()
    return criterion in known and known[criterion].severity in (Severity.CRITICAL, Severity.HIGH)


def extended(base: Catalogue, own: Iterable[Criterion]) -> Catalogue:
    """
    *base* with users' own criteria added, one area per prefix.

    Raises:
        CatalogueError: An id is taken, or uses a prefix of the catalogue's own areas.
    """
    added: dict[str, list[Criterion]] = {}
    taken = {area.id for area in base.areas}
    for criterion in own:
        if criterion.id in base or criterion.area in taken:
            raise CatalogueError(
                f"criterion '{criterion.id}' uses a prefix of the catalogue",
                remedy=f"choose a prefix other than {', '.join(sorted(taken))}",
            )
        added.setdefault(criterion.area, []).append(criterion)
    areas = [
        Area(
            id=area,
            title=area,
            goal="",
            sections=(Section(id=area, title=area, criteria=tuple(sorted(criteria, key=lambda c: c.sort_key))),),
        )
        for area, criteria in sorted(added.items())
    ]
    return Catalogue(areas=(*base.areas, *areas))


def _area(body: Any) -> Area:
    sections = []
    for section in body["sections"]:
        outer = section.get("applies", "")
        criteria = tuple(
            Criterion(
                area=body["area"],
                section=section["id"],
                applies=_joined(outer, raw.get("applies", "")),
                **{key: value for key, value in raw.items() if key != "applies"},
            )
            for raw in section["criteria"]
        )
        sections.append(Section(id=section["id"], title=section["title"], criteria=criteria))
    for section in sections:
        for criterion in section.criteria:
            condition.holds(criterion.applies, _NOBODY)
    return Area(id=body["area"], title=body["title"], goal=body["goal"], sections=tuple(sections))


def _joined(outer: str, inner: str) -> str:
    parts = [f"({part})" if " or " in part and outer and inner else part for part in (outer, inner) if part]
    return " and ".join(parts)


_NOBODY = Profile()
