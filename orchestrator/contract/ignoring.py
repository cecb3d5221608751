"""Lets the tree's own inline ignores take a failure back to unknown, and never to anything better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ..domain.fact import Fact, Source
from ..domain.finding import Status
from ..domain.outcome import Exhibit
from ..evidence.facts.ignores import Ignored, Ignores
from ..evidence.facts.secrets import Secrets
from ..evidence.facts.sinks import Sinks
from .checks import Check, Counted, Draft, unsure

IGNORED = "Ignored by the tree"
"""What a finding begins with whose failure the reviewed tree asked tools not to see."""
MAX_ROWS = 40


def heeded(drafts: Iterable[Draft], check: Check, facts: Mapping[type[Fact], Fact]) -> Iterator[Draft]:
    """
    *drafts* of *check*, those failures unsure that the tree ignores at each of their places.

    Such a failure is told, passes nothing and opens nothing. One that rests on more than the places that can be seen
    stands as it is: an ignore is about a line, and about what its tool would say of that line.
    """
    ignores = facts.get(Ignores)
    for draft in drafts:
        if draft.status is not Status.FAIL or not isinstance(ignores, Ignores) or not ignores.found:
            yield draft
            continue
        yield _heeded(draft, _about(check), ignores)


def _heeded(draft: Draft, about: frozenset[str], ignores: Ignores) -> Draft:
    places = [item for item in (draft.at, *draft.evidence) if isinstance(item, Source)]
    asked = {(place.path, place.line): _asked(place, about, ignores) for place in places}
    found = [one for one in asked.values() if one is not None]
    if not found:
        return draft
    rests_on_more = any(not isinstance(item, Source | Counted) for item in draft.evidence) or draft.extent is not None
    if rests_on_more or len(found) < len(asked):
        words = f"{len(found)} of its places {'is' if len(found) == 1 else 'are'} ignored by the tree"
        return replace(draft, message=f"{draft.message}; {words}, which takes nothing from it")
    first = found[0]
    more = f" and {len(found) - 1:,} more like it" if len(found) > 1 else ""
    words = f"{first.source} says `{first.said}` to {first.tool}{more}"
    text = f"{IGNORED}, which passes nothing: {words} ({draft.message})"
    return unsure(text, *places, criterion=draft.criterion)


def _asked(place: Source, about: frozenset[str], ignores: Ignores) -> Ignored | None:
    return next((one for one in ignores.reaching(place.path, place.line) if about.intersection(one.about)), None)


def _about(check: Check) -> frozenset[str]:
    """What a failure of *check* is about, in the words of requests."""
    if Secrets in check.facts:
        return frozenset({"security", "credential"})
    if Sinks in check.facts:
        return frozenset({"security", "injection"})
    if check.id.startswith("security-validator."):
        return frozenset({"security", "infrastructure", "container"})
    return frozenset({"infrastructure", "container"})


def exhibit(agent: str, ignores: Fact | None, drafts: Iterable[Draft]) -> Exhibit | None:
    """The table of what the tree asks tools not to see of what *agent* says; None where that is nothing."""
    if not isinstance(ignores, Ignores):
        return None
    rows = [
        (draft.criterion, str(draft.at or ""), draft.message.partition(": ")[2][:300])
        for draft in drafts
        if draft.status is Status.UNKNOWN and draft.message.startswith(IGNORED)
    ]
    for one in ignores.lists if agent == _LISTS_BY else ():
        place = Source(path=one.path, line=one.line)
        rows.append(("-", str(place), f"a list for {one.tool}, which is heeded nowhere"))
    if not rows:
        return None
    more = f" {len(rows) - MAX_ROWS:,} more are not shown." if len(rows) > MAX_ROWS else ""
    columns = ("Criterion", "Where", "What")
    return Exhibit(title=IGNORED, note=_NOTE + more, columns=columns, rows=tuple(rows[:MAX_ROWS]))


_LISTS_BY = "security-validator"
"""Whose table names the lists of the tree, which are for every tool."""
_NOTE = (
    "The reviewed tree asks tools not to see these. That passes nothing and opens nothing: what fails there is unknown "
    "until it is mended, or set aside from outside the tree."
)
