"""Sets aside the findings that people have looked at and say are none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from ..domain.assessment import Assessment
from ..domain.basis import Idle
from ..domain.criterion import Criterion, Severity
from ..domain.dismissal import Dismissal, Spot
from ..domain.finding import Finding, Status
from ..domain.person import Witness, Word
from ..domain.policy import Policy
from .hearing import by_person, idle, unknown_speaker


class Sifted(NamedTuple):
    """What is left of the findings on a criterion, what was set aside, and the words that set nothing aside."""

    findings: tuple[Finding, ...]
    dismissed: tuple[Dismissal, ...] = ()
    idle: tuple[Idle, ...] = ()


def sift(
    criterion: Criterion,
    findings: Iterable[Finding],
    words: Iterable[Word],
    policy: Policy,
    changed: Mapping[str, Sequence[str]],
    today: date,
) -> Sifted:
    """
    Take out of *findings* what people say is none: a failure, or a doubt about a place. It passes nothing.

    A finding goes when enough people speak of each of its places; one that rests on anything else than places that are
    all known stays, and so does every pass.

    Args:
        criterion: What all of *findings* are about.
        findings: What was found.
        words: What people say, of any criterion.
        policy: Says how many people it takes and how they must be known.
        changed: Person to the files that he changed in this release.
        today: The day that decides whether a word has run out.
    """
    found = tuple(findings)
    ours = [word for word in words if word.kind == "disposition" and word.criterion == criterion.id]
    if not ours:
        return Sifted(found)
    weighed = [(word, _vain(word, criterion, policy, changed, today)) for word in ours]
    vain = [idle(word, why) for word, why in weighed if why]
    sound: dict[tuple[str, str], list[Word]] = {}
    for word, why in weighed:
        if not why:
            sound.setdefault((word.check, word.place), []).append(word)
    people = {about: by_person(said) for about, said in sound.items()}
    need = policy.people_for_critical if criterion.severity is Severity.CRITICAL else 1
    kept: list[Finding] = []
    dismissed: list[Dismissal] = []
    used: set[tuple[str, str]] = set()
    for finding in found:
        about = [(finding.check, place) for place in finding.at] if finding.status is not Status.PASS else []
        used.update(about)
        if about and all(len(people.get(one, ())) >= need for one in about):
            dismissed.append(_dismissal(finding, [people[one] for one in about], need))
        else:
            kept.append(finding)
    for (check, place), said in people.items():
        if (check, place) not in used:
            vain += [idle(word, f"{check} finds nothing at {place}") for word in said]
        elif len(said) < need:
            why = f"no more than {len(said)} of the {need} people that it takes on a critical criterion"
            vain += [idle(word, why) for word in said]
    return Sifted(tuple(kept), tuple(dismissed), tuple(vain))


def told(assessment: Assessment, dismissed: tuple[Dismissal, ...]) -> Assessment:
    """*assessment* with what was *dismissed*, which its reason names where nothing is left to say."""
    if not dismissed:
        return assessment
    update: dict[str, Any] = {"dismissed": dismissed}
    if not assessment.findings and assessment.status is Status.UNKNOWN:
        people = ", ".join(witness.person for witness in dismissed[0].witnesses)
        more = f" and {len(dismissed) - 1} more" if len(dismissed) > 1 else ""
        update["reason"] = f"{people} set aside: {dismissed[0].finding.message}{more}; {assessment.reason}"
    return assessment.model_copy(update=update)


def _vain(word: Word, criterion: Criterion, policy: Policy, changed: Mapping[str, Sequence[str]], today: date) -> str:
    """Why *word* sets nothing aside; empty where it may."""
    if word.until < today:
        return f"it expired on {word.until.isoformat()}"
    if why := unknown_speaker(word, criterion.severity, policy):
        return why
    spot = Spot.read(word.place)
    if spot is not None and criterion.severity is Severity.CRITICAL and spot.path in changed.get(word.person, ()):
        return f"{word.person} changed {spot.path} in this release, and nobody clears his own change"
    return ""


def _dismissal(finding: Finding, said: Sequence[Sequence[Word]], need: int) -> Dismissal:
    """*finding* with those who speak of any of its places; it holds as long as enough of them speak of each."""
    first = {word.person: word for words in reversed(said) for word in words}
    witnesses = [Witness(**{name: getattr(word, name) for name in Witness.model_fields}) for word in first.values()]
    return Dismissal(
        finding=finding,
        witnesses=tuple(sorted(witnesses, key=lambda witness: witness.person)),
        until=min(words[need - 1].until for words in said),
    )
