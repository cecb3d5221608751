"""The rules by which a record becomes its result, told apart by the number of their derivation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ..domain.assessment import Assessment, Score, Verdict
from ..domain.criterion import Criterion
from ..domain.finding import Finding
from ..domain.outcome import Outcome
from ..domain.person import Attestation, Waiver, Word
from ..domain.policy import Policy
from ..judging import absence, deciding, hearing, merging, scoring
from ..sealed import judging as sealed

DERIVATION = 5
"""
Number of the rules of this version: merge, score, gate, status, fields of ``verdict.json``.

``run.json`` names the rules of its run, and every later version must come to the same ``verdict.json``. Whoever changes
what the rules make of a record that is there takes the next number, once for each set of changes that go out together,
and says in :data:`RULES` where it parts from the one before, which stays; tests/recorded holds a run of each. What only
new records can say needs no number, as long as old ones come to the same bytes; nor does HTML, which from 3 on is
rendered again only by the renderer that the manifest names.

1 wrote ``sha256:`` twice before the digests of evidence in the HTML report. Rules and templates of 1 and 2 are sealed
in `orchestrator/sealed`. From 3 on a verdict says what it rests on, and the record ends in the digests of what was
rendered. From 4 on a failure is one of absence only where its grounds say so. From 5 on a person's word counts as a
word, with who said it and how that is known, and what is attested is counted once.
"""


class Merge(Protocol):
    """Says how every finding on one criterion comes to its status."""

    def __call__(
        self,
        criterion: Criterion,
        findings: Iterable[Finding],
        *,
        not_applicable: str,
        waivers: Sequence[Waiver],
        attestations: Sequence[Attestation],
        critical_waivers: bool,
        only_absent: absence.OnlyAbsent,
        today: date,
    ) -> Assessment: ...


class Hear(Protocol):
    """Says what people's words on one criterion are worth."""

    def __call__(
        self,
        assessment: Assessment,
        words: Iterable[Word],
        policy: Policy,
        changed: Mapping[str, Sequence[str]],
        today: date,
    ) -> hearing.Heard: ...


@dataclass(frozen=True)
class Rules:
    """What derivations do in different ways; whatever is not in here is the same for all of them."""

    only_absent: absence.OnlyAbsent
    """Which failures are none where their criterion does not apply."""
    merge: Merge = merging.merge
    score: Callable[[Iterable[Assessment]], Score] = scoring.score
    decide: Callable[[Sequence[Assessment], Sequence[Outcome], Policy], Verdict] = deciding.decide
    says_basis: bool = True
    """Whether ``verdict.json`` says what the verdict rests on."""
    hear: Hear | None = None
    """What people's words are worth; None where they were statements that :attr:`merge` weighed."""
    counts_once: bool = False
    """Whether what is attested or waived is counted as that alone."""


def _sealed_merge(
    criterion: Criterion,
    findings: Iterable[Finding],
    *,
    not_applicable: str,
    waivers: Sequence[Waiver],
    attestations: Sequence[Attestation],
    critical_waivers: bool,  # noqa: ARG001  # a risk of any severity could be accepted then
    only_absent: absence.OnlyAbsent,  # noqa: ARG001  # the sealed rules have their own word for it
    today: date,
) -> Assessment:
    return sealed.merge(
        criterion,
        findings,
        not_applicable=not_applicable,
        waivers=waivers,
        attestations=attestations,
        today=today,
    )


_SEALED = Rules(
    only_absent=absence.by_place,
    merge=_sealed_merge,
    score=sealed.score,
    decide=sealed.decide,
    says_basis=False,
)

RULES: Mapping[int, Rules] = {
    1: _SEALED,
    2: _SEALED,
    3: Rules(only_absent=absence.by_place),
    4: Rules(only_absent=absence.by_grounds),
    DERIVATION: Rules(only_absent=absence.by_grounds, hear=hearing.hear, counts_once=True),
}
"""Every derivation that this version has; a record that names another one is not judged."""
