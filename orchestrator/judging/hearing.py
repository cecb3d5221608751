"""What people say of a criterion to what it is worth: from derivation 5 on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from ..domain.assessment import Assessment
from ..domain.basis import Idle
from ..domain.criterion import Severity
from ..domain.finding import Finding, Status
from ..domain.person import Attestation, Statement, Waiver, Witness, Word
from ..domain.policy import Policy

S = TypeVar("S", bound=Statement)
WEIGHTY = (Severity.CRITICAL, Severity.HIGH)
"""Severities for which a name on a list may not be enough."""


class Heard(NamedTuple):
    """A criterion with the words that count for it, and those that do not."""

    assessment: Assessment
    idle: tuple[Idle, ...] = ()


def hear(
    assessment: Assessment,
    words: Iterable[Word],
    policy: Policy,
    changed: Mapping[str, Sequence[str]],
    today: date,
) -> Heard:
    """
    Let those of *words* count that may; none of them outvotes a failure or adds to a pass.

    Args:
        assessment: A criterion as the findings alone leave it.
        words: What people say, of any criterion.
        policy: Says how many people it takes and how they must be known.
        changed: Person to the files that he changed in this release.
        today: The day that decides whether a word has run out.
    """
    ours = [word for word in words if word.kind != "disposition" and word.criterion == assessment.criterion]
    if not ours or assessment.status not in (Status.FAIL, Status.UNKNOWN):
        return Heard(assessment)
    over = [word for word in ours if word.until < today]
    lasting = [word for word in ours if word.until >= today]
    weighed = [(word, _vain(word, assessment, policy, changed)) for word in lasting]
    told = [idle(word, why) for word, why in weighed if why]
    sound = [word for word, why in weighed if not why]
    need = policy.people_for_critical if assessment.severity is Severity.CRITICAL else 1
    said: dict[str, Statement | None] = {}
    for kind, model in (("attestation", Attestation), ("waiver", Waiver)):
        people = by_person(word for word in sound if word.kind == kind)
        said[kind] = _together(model, people, need) if len(people) >= need else None
        if 0 < len(people) < need:
            many = f"{len(people)} of the {need} people that a word on a critical criterion takes"
            told += [idle(word, f"no more than {many}") for word in people]
    if said["attestation"] is not None:
        said["waiver"] = None
    ended = "".join(f"; the {word.kind} of {word.person} expired on {word.until.isoformat()}" for word in over)
    update = {**said, "reason": assessment.reason + ended}
    return Heard(assessment.model_copy(update=update), tuple(told))


def _vain(word: Word, assessment: Assessment, policy: Policy, changed: Mapping[str, Sequence[str]]) -> str:
    """Why *word* counts for nothing here; empty where it may count."""
    critical = assessment.severity is Severity.CRITICAL
    if word.kind == "attestation" and assessment.status is Status.FAIL:
        return "the criterion fails by what was found, and no word outvotes that"
    if word.kind == "waiver" and critical and not policy.critical_waivers:
        return f"policy '{policy.name}' lets nobody waive a critical criterion"
    if why := unknown_speaker(word, assessment.severity, policy):
        return why
    own = set(changed.get(word.person, ()))
    if critical and (touched := sorted(own.intersection(_places(assessment.findings)))):
        return f"{word.person} changed {touched[0]} in this release, and nobody vouches for his own change"
    return ""


def unknown_speaker(word: Word, severity: Severity, policy: Policy) -> str:
    """That nobody can tell who speaks *word*, where a criterion of *severity* takes more than a name on a list."""
    if policy.verified_words and severity in WEIGHTY and not word.verified:
        return f"nothing but a list says that this is {word.person}; a {severity} criterion takes a signature"
    return ""


def _places(findings: Iterable[Finding]) -> set[str]:
    """The files that *findings* speak of."""
    said = [(finding.location, *(ground.location for ground in finding.evidence)) for finding in findings]
    return {location.path for places in said for location in places if location is not None}


def by_person(words: Iterable[Word]) -> list[Word]:
    """For each person the word that lasts longest, the longest first."""
    found: dict[str, Word] = {}
    for word in sorted(words, key=lambda word: (-word.until.toordinal(), word.person, word.where)):
        found.setdefault(word.person, word)
    return list(found.values())


def _together(model: type[S], words: Sequence[Word], need: int) -> S:
    """What *words* of different people come to: it lasts as long as *need* of them stand behind it."""
    return model(
        criterion=words[0].criterion,
        owner=", ".join(word.person for word in words),
        reason=words[0].said,
        link=words[0].link,
        expires=words[need - 1].until,
        witnesses=tuple(Witness(**{name: getattr(word, name) for name in Witness.model_fields}) for word in words),
    )


def idle(word: Word, why: str) -> Idle:
    """That *word* counts for nothing, and *why*."""
    about = f"{word.criterion} at {word.place}" if word.place else word.criterion
    return Idle(what=f"the {word.kind} of {about} by {word.person} ({word.where})", why=why)
