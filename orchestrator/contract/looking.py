"""Says what is worth a look: what would fail if a setting, or a folder's name, did not keep it out of force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..domain.fact import Fact, Source
from ..domain.finding import Status
from ..domain.ground import Absence
from ..domain.outcome import WORTH_A_LOOK, Exhibit
from ..errors import EvidenceUnavailable
from ..evidence.facts.code import Code
from ..evidence.facts.setaside import SetAside
from .checks import WORDED, Check, Draft, Shows

COLUMNS = ("Criterion", "What it would be", "Where", "Why it does not count")
NOTE = (
    "Nothing in this table costs a point or supports a pass: it is not in force, a setting decides whether it is, or "
    "no syntax bears it out."
)
WHY_WORDED = "it is a word on a line, and no syntax bears it out"
MAX_ROWS = 20


@dataclass(frozen=True, order=True)
class Look:
    """One thing that would fail a criterion."""

    criterion: str
    message: str
    where: str
    why: str

    @property
    def row(self) -> tuple[str, str, str, str]:
        return (self.criterion, self.message, self.where, self.why)


def looks(checks: Iterable[Check], facts: Mapping[type[Fact], Fact], applicable: Iterable[str]) -> Iterator[Look]:
    """What *checks* would fail of criteria that apply, each place once for each criterion."""
    wanted = frozenset(applicable)
    aside = facts.get(SetAside)
    code = facts.get(Code)
    seen: set[tuple[str, str]] = set()
    for check in checks:
        if Shows.FAIL not in check.shows or wanted.isdisjoint(check.criteria):
            continue
        for look in (*_behind_settings(check, code, facts), *_in_folders(check, aside, facts)):
            if look.criterion in wanted and (look.criterion, look.where) not in seen:
                seen.add((look.criterion, look.where))
                yield look


def worded(drafts: Iterable[Draft], applicable: Iterable[str]) -> Iterator[Look]:
    """What of *drafts* would fail a criterion that applies if it rested on more than a word on a line."""
    wanted = frozenset(applicable)
    for draft in drafts:
        place = next((ground for ground in draft.evidence if isinstance(ground, Source)), None)
        if draft.look and draft.criterion in wanted and place is not None:
            yield Look(draft.criterion, draft.message.removeprefix(WORDED), str(place), WHY_WORDED)


def stumbled(error: str) -> Look:
    """What stands in the table where nothing could be looked at, which is our mistake."""
    return Look("-", "nothing could be looked at", "-", error[:300])


def exhibit(found: Sequence[Look]) -> Exhibit | None:
    """The table of what was *found*; None where that is nothing."""
    if not found:
        return None
    kept = sorted(found)[:MAX_ROWS]
    more = f" {len(found) - MAX_ROWS:,} more are not shown." if len(found) > MAX_ROWS else ""
    return Exhibit(title=WORTH_A_LOOK, note=NOTE + more, columns=COLUMNS, rows=tuple(look.row for look in kept))


def _behind_settings(check: Check, code: Fact | None, facts: Mapping[type[Fact], Fact]) -> Iterator[Look]:
    """What would fail if a setting switched it on."""
    if not isinstance(code, Code) or Code not in check.facts:
        return
    reasons = {
        (place.path, place.line): next(
            (a.reason for a in hits.aside if (a.path, a.line) == (place.path, place.line)), "a setting decides about it"
        )
        for signal in check.reads
        if (hits := code.hits.get(signal.id)) is not None
        for place in hits.open
    }
    if not reasons:
        return
    for draft, place in _failures(check, {**facts, Code: code.supposing(check.reads)}):
        if (reason := reasons.get((place.path, place.line))) is not None:
            yield Look(draft.criterion or check.criteria[0], draft.message, str(place), reason)


def _in_folders(check: Check, aside: Fact | None, facts: Mapping[type[Fact], Fact]) -> Iterator[Look]:
    """What would fail if it lay somewhere else."""
    if not isinstance(aside, SetAside) or not aside.paths:
        return
    outside = {kind: fact for kind, fact in facts.items() if not kind.recorded or fact.produced is not None}
    for draft, place in _failures(check, {**outside, **aside.facts}):
        lies = aside.lies_at(place)
        if lies is not None:
            folder = lies.path[: len(lies.path) - len(place.path)]
            said = draft.message.replace(place.path, lies.path)
            why = f"{folder} is set aside by its name"
            yield Look(draft.criterion or check.criteria[0], said, str(lies), why)


def _failures(check: Check, facts: Mapping[type[Fact], Fact]) -> Iterator[tuple[Draft, Source]]:
    """What *check* fails for something that is there, with the first place; nothing where it lacks a fact."""
    try:
        said = list(check.run(facts))
    except (EvidenceUnavailable, KeyError):
        return
    for draft in said:
        places = [ground for ground in draft.evidence if isinstance(ground, Source)]
        absent = any(isinstance(ground, Absence) for ground in draft.evidence)
        if draft.status is Status.FAIL and places and not absent:
            for place in places:
                yield draft, place
