"""What was said of everything that is labelled, each answer beside the word that was expected."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from orchestrator.domain.assessment import Assessment
from orchestrator.domain.finding import Confidence, Status

from .judging import Judgement, judged
from .labels import EXPECTED, RIGHT, Expected
from .reading import LaidCase, LaidRelease

Origin = Literal["case", "release", "fault", "twin"]
Labelled = LaidCase | LaidRelease


@dataclass(frozen=True)
class Said:
    """What one check says of a criterion."""

    status: Status
    check: str
    confidence: Confidence
    message: str


@dataclass(frozen=True)
class Answer:
    """
    The status of one criterion of one tree, and what a reader expects.

    Args:
        name: Of the tree.
        origin: What the tree is; a ``twin`` is a release without any of its faults, asked about what they break.
        kind: How its author groups it.
        told: Who says what.
        crash: What of the judging broke; then it is no answer.
    """

    name: str
    origin: Origin
    kind: str
    criterion: str
    expected: Expected
    got: Status
    told: tuple[Said, ...] = ()
    crash: str = ""

    @property
    def of(self) -> str:
        """The case or the release that it belongs to."""
        return self.name.rpartition("/")[0] if self.origin in ("fault", "twin") else self.name

    @property
    def holds(self) -> bool:
        return not self.crash and self.got in RIGHT[self.expected]

    @property
    def decided(self) -> bool:
        return self.got in (Status.PASS, Status.FAIL)

    @property
    def fault(self) -> str:
        """What is wrong with it, in two words; nothing where it holds."""
        if self.crash:
            return "crashed"
        if self.holds:
            return ""
        if self.decided:
            return "wrong pass" if self.got is Status.PASS else "wrong failure"
        return {"fail": "missed failure", "pass": "missed pass"}.get(self.expected, "other word")

    @property
    def deciding(self) -> tuple[Said, ...]:
        """What brought the criterion to its status."""
        return tuple(said for said in self.told if said.status is self.got)

    @property
    def message(self) -> str:
        """The first of it; what broke, or that nobody speaks."""
        return self.crash or next((said.message for said in self.deciding), "nobody speaks of it")


def answers(thing: Labelled) -> tuple[Answer, ...]:
    """
    The answers about *thing*: one of a case; of a release one of each label, and two of each of its faults.

    The second one of a fault is about its clean twin, which must not fail what the fault breaks.
    """
    if isinstance(thing, LaidCase):
        case = thing.case
        return (_answer(thing.name, "case", case.group, case.criterion, case.expected, judged(thing.files)),)
    return tuple(_of_release(thing))


def _of_release(release: LaidRelease) -> Iterator[Answer]:
    whole = judged(release.files)
    for criterion, label in release.labels.labels.items():
        yield _answer(release.name, "release", label.label, criterion, EXPECTED[label.label], whole)
    for laid in release.faults:
        criterion = laid.fault.criterion
        yield _answer(laid.name, "fault", "seeded fault", criterion, "fail", judged(laid.files))
        yield _answer(laid.name, "twin", "clean twin", criterion, "not fail", whole)


def _answer(name: str, origin: Origin, kind: str, criterion: str, expected: Expected, judgement: Judgement) -> Answer:
    assessment: Assessment = judgement[criterion]
    told = tuple(Said(f.status, f.check, f.confidence, f.message) for f in assessment.findings)
    return Answer(name, origin, kind, criterion, expected, assessment.status, told, judgement.crash)
