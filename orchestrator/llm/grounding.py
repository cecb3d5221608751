"""Holds a model's word to what stands in the tree: a quotation that is not there counts for nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Literal, NamedTuple

from ..domain.ground import File, Grounded
from ..domain.model import Model

MIN_QUOTE = 6
"""Characters of a quotation that is not the whole line; a bracket stands on every second one."""


class Objection(Model):
    """What a model holds against a criterion that passes; there is no word for a pass."""

    criterion: str
    claim: Literal["fail", "unknown"]
    path: str
    line: int
    quote: str
    why: str


class Objections(Model):
    """An answer to a second look; empty where nothing is to be said."""

    objections: tuple[Objection, ...]


class Weighed(NamedTuple):
    """An objection and the excerpt that it rests on; without one it was *dropped*, and that says why."""

    objection: Objection
    evidence: File | None
    dropped: str = ""


Shown = Mapping[tuple[str, int], File]


def shown(evidence: Iterable[Grounded]) -> dict[tuple[str, int], File]:
    """The excerpts of *evidence* that can be quoted from, by path and line."""
    return {
        (e.location.path, e.location.line): e
        for e in evidence
        if isinstance(e, File) and e.location is not None and e.location.line > 0 and e.excerpt.strip()
    }


def weigh(objections: Iterable[Objection], criteria: Collection[str], excerpts: Shown) -> list[Weighed]:
    """
    Say of each objection whether it counts.

    Args:
        objections: What the model says.
        criteria: The criteria that it was asked about.
        excerpts: The lines that it was shown, redacted as they were.
    """
    return [_weighed(o, criteria, excerpts) for o in dict.fromkeys(objections)]


def _weighed(objection: Objection, criteria: Collection[str], excerpts: Shown) -> Weighed:
    if objection.criterion not in criteria:
        return Weighed(objection, None, "it was not asked about this criterion")
    evidence = excerpts.get((objection.path, objection.line))
    if evidence is None:
        return Weighed(objection, None, "it was not shown this line")
    quote, line = objection.quote.strip(), evidence.excerpt.strip()
    if quote not in line:
        return Weighed(objection, None, "the quotation does not stand there")
    if len(quote) < MIN_QUOTE and quote != line:
        return Weighed(objection, None, "the quotation is too short to show anything")
    return Weighed(objection, evidence)
