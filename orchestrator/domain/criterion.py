"""One criterion of the catalogue, and the catalogue as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal

from .model import AddedLater, Model


class Severity(StrEnum):
    """How much a criterion weighs: critical 10 points, high 5, medium 2, low 1."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def points(self) -> int:
        return _POINTS[self]

    @property
    def rank(self) -> int:
        """0 for critical, 3 for low: sorts the worst first."""
        return _RANK[self]


_POINTS = {Severity.CRITICAL: 10, Severity.HIGH: 5, Severity.MEDIUM: 2, Severity.LOW: 1}
_RANK = {severity: rank for rank, severity in enumerate(Severity)}


class Criterion(Model):
    """One production-readiness criterion: what must hold, when it applies, and what can decide it."""

    id: str
    area: str
    section: str
    severity: Severity
    statement: str
    why: str
    applies: str = ""
    """A condition over profile facts; empty means always."""
    evidence: tuple[str, ...] = ()
    """Kinds of evidence that can decide it, most usual first."""
    person: Annotated[Literal["", "never", "beside", "alone"], AddedLater()] = ""
    """Whether a person's word can decide it: not at all, beside evidence, or by itself."""
    valid: Annotated[int | Literal["release"] | None, AddedLater()] = None
    """Days that evidence other than the tree's holds; or it must speak of this very release."""
    neighbours: Annotated[tuple[str, ...], AddedLater()] = ()
    """Criteria that one fact can fail together with it; a report tells such a fact once."""
    needs: str = ""
    remedy: str
    effort: float
    """Hours."""

    @property
    def word(self) -> Literal["never", "beside", "alone"]:
        """What a person's word is worth; a criterion that does not say so tells it by its kinds of evidence."""
        return self.person or ("alone" if "attestation" in self.evidence else "never")

    @property
    def sort_key(self) -> tuple[str, tuple[int, ...], str]:
        return criterion_order(self.id)


class Section(Model):
    """A group of criteria within an area, such as 5.2 Rollback."""

    id: str
    title: str
    criteria: tuple[Criterion, ...]


class Area(Model):
    """One of the eight areas, or a user's own."""

    id: str
    title: str
    goal: str
    sections: tuple[Section, ...]


class Catalogue(Model):
    """Every criterion a release is judged by, in the order of the framework."""

    areas: tuple[Area, ...]

    @cached_property
    def criteria(self) -> dict[str, Criterion]:
        return {c.id: c for area in self.areas for section in area.sections for c in section.criteria}

    def __iter__(self) -> Iterator[Criterion]:  # type: ignore[override]  # iterating a catalogue means its criteria
        return iter(self.criteria.values())

    def __len__(self) -> int:
        return len(self.criteria)

    def __getitem__(self, criterion: str) -> Criterion:
        return self.criteria[criterion]

    def __contains__(self, criterion: object) -> bool:
        return criterion in self.criteria

    def matching(self, patterns: tuple[str, ...]) -> tuple[Criterion, ...]:
        """The criteria that *patterns* (ids, or prefixes ending in ``*``) name, in catalogue order."""
        return tuple(c for c in self if any(matches(p, c.id) for p in patterns))


def matches(pattern: str, criterion: str) -> bool:
    """Whether *pattern*, an id or a prefix ending in ``*``, names *criterion*."""
    return criterion.startswith(pattern[:-1]) if pattern.endswith("*") else criterion == pattern


_AREA_ORDER = ("INF", "SEC", "PRF", "OBS", "DEP", "DAT", "CST", "CMP")


def criterion_order(criterion: str) -> tuple[str, tuple[int, ...], str]:
    """Sorts ids the way people read them: areas in framework order, numbers as numbers, users' own last."""
    prefix, _, rest = criterion.partition("-")
    area = f"{_AREA_ORDER.index(prefix)}" if prefix in _AREA_ORDER else f"~{prefix}"
    numbers = tuple(int(n) for n in rest.split(".") if n.isdecimal() and len(n) < 10)
    return area, numbers, criterion
