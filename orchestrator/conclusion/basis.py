"""Counts what a verdict rests on, and names what was loosened on the way to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from ..domain.assessment import Assessment
from ..domain.basis import Basis, Idle
from ..domain.criterion import Severity
from ..domain.finding import Status
from ..domain.person import RefusedWord, Statement
from ..domain.policy import Loosened
from ..domain.profile import Profile
from ..judging.deciding import attested_critical
from .judgement import Judgement
from .terms import Terms


def basis(judgement: Judgement, agreed: Terms, profile: Profile, config: str, today: date) -> Basis:
    """
    What the verdict of *judgement* rests on.

    Args:
        judgement: Every assessment.
        agreed: What the run was judged by.
        profile: What kind of software it was taken for.
        config: The configuration that declared parts of it.
        today: The day that decides expiry.
    """
    passed = [a for a in judgement.assessments if a.status is Status.PASS]
    attested = [a for a in judgement.assessments if a.status is Status.UNKNOWN and a.attestation and not a.waiver]
    waived = [a for a in judgement.assessments if a.waiver]
    people = {person for a in attested if a.attestation for person in _people(a.attestation)}
    return Basis(
        evidence=len(passed),
        attested=len(attested),
        people=len(people),
        waived=len(waived),
        **(_newer(judgement) if agreed.rules.hear else {}),
        loosened=(
            *agreed.policy.loosened,
            *_declared(profile, config),
            *_vouched(passed, agreed),
        ),
        idle=(
            *_denied(profile, config),
            *_idle(judgement, agreed, today),
            *map(_refused, agreed.refused),
            *judgement.idle,
        ),
    )


def _people(said: Statement) -> Iterable[str]:
    return [witness.person for witness in said.witnesses] or [said.owner]


def _newer(judgement: Judgement) -> dict[str, Any]:
    """What a basis says from derivation 5 on."""
    lowered = [
        a
        for a in judgement.assessments
        if a.status is Status.UNKNOWN
        and {f.source for f in a.findings if f.status is Status.UNKNOWN} == {"model"}
        and any(f.status is Status.PASS for f in a.findings)
    ]
    return {
        "attested_critical": attested_critical(judgement.assessments),
        "dismissed": sum(1 for a in judgement.assessments if a.dismissed),
        "lowered": len(lowered),
    }


def _refused(word: RefusedWord) -> Idle:
    """A word that did not cost what it must, with the mend."""
    return Idle(
        what=f"the {word.kind} of {word.criterion} by {word.by or 'nobody'} ({word.where})",
        why=f"{word.why}: {word.mend}" if word.mend else word.why,
    )


def _declared(profile: Profile, config: str) -> Iterator[Loosened]:
    """Facts that somebody denies: criteria that rest on them do not apply then."""
    for name, fact in profile.facts.items():
        if fact.declared and fact.answer == "no" and fact.detected in ("yes", "unknown"):
            seen = fact.detected + (f" ({fact.sources[0]})" if fact.detected == "yes" and fact.sources else "")
            yield Loosened(rule=f"profile.{name}", shipped=f"detected: {seen}", here="no", by=config)


def _denied(profile: Profile, config: str) -> Iterator[Idle]:
    """Facts that the reviewed tree denies although they were seen in it."""
    for name, fact in profile.facts.items():
        if fact.denied:
            seen = f"it was seen at {fact.sources[0]}" if fact.sources else fact.because
            why = f"{seen}; who reviews the tree can overrule that from outside: --config FILE"
            yield Idle(what=f"profile.{name}: no in {config}", why=why)


def _vouched(passed: list[Assessment], agreed: Terms) -> Iterator[Loosened]:
    """Criteria that pass on nothing but the word of agents which the reviewed tree brought along."""
    own = set(agreed.trusted)
    ids = [a.criterion for a in passed if own.issuperset(f.agent for f in a.findings if f.status is Status.PASS)]
    if own and ids:
        names = ", ".join(ids[:3]) + (f" and {len(ids) - 3} more" if len(ids) > 3 else "")
        here = f"{names} on the word of {', '.join(agreed.trusted)}"
        yield Loosened(rule="agents", shipped="none of the reviewed tree", here=here, by="--trust")


def _idle(judgement: Judgement, agreed: Terms, today: date) -> Iterator[Idle]:
    """Waivers of critical criteria that would open the gate under a policy that lets them."""
    if agreed.policy.critical_waivers:
        return
    stuck = {
        a.criterion
        for a in judgement.assessments
        if a.severity is Severity.CRITICAL and a.status in (Status.FAIL, Status.UNKNOWN)
    }
    for waiver in agreed.waivers:
        if waiver.criterion in stuck and not waiver.expired_on(today):
            why = f"policy '{agreed.policy.name}' lets nobody waive a critical criterion"
            yield Idle(what=f"the waiver of {waiver.criterion} by {waiver.owner}", why=why)
