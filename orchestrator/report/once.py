"""Tells a fact once that fails several criteria: the gravest of them stands for the others, which it names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from ..domain.assessment import Assessment
from ..domain.result import Result
from .select import listed

NAMED = 3


class Told(NamedTuple):
    """A failing criterion, and the neighbours of it that fail at the same places."""

    assessment: Assessment
    also: tuple[str, ...] = ()

    @property
    def too(self) -> str:
        """``; fails SEC-2.1.5 too``, to be said after what is wrong; empty where it is alone."""
        return f"; fails {listed(self.also, NAMED)} too" if self.also else ""


def once(document: Result, rows: Iterable[Assessment]) -> list[Told]:
    """
    *rows*, those left out that an earlier one speaks for.

    A failure is spoken for where its criterion is a neighbour of the earlier one, and all of its places are among those
    of that one: what it says of other places is told by itself. Points and verdicts know nothing of this.
    """
    told: list[tuple[Assessment, list[str]]] = []
    for row in rows:
        ours = _places(row)
        known = document.criteria.get(row.criterion)
        near = known.neighbours if known else ()
        for earlier, also in told:
            if ours and earlier.criterion in near and ours <= _places(earlier):
                also.append(row.criterion)
                break
        else:
            told.append((row, []))
    return [Told(row, tuple(also)) for row, also in told]


def _places(assessment: Assessment) -> frozenset[str]:
    """Where a criterion fails; nothing where one of its failures is about no place that is known."""
    failing = [finding.at for finding in assessment.findings if finding.status == assessment.status]
    return frozenset(at for places in failing for at in places) if all(failing) else frozenset()
