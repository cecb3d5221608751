"""Answers to numbers: how often failures and passes are right, how often they are found, and how sure one may be."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from orchestrator.contract.checks import Check, Shows
from orchestrator.domain.finding import Status

from .answers import Answer

CONFIDENCES = ("high", "medium", "low")


class Share(NamedTuple):
    """So many of so many."""

    part: int
    whole: int

    @property
    def rate(self) -> float | None:
        """Their quotient; None of nothing."""
        return self.part / self.whole if self.whole else None

    def __str__(self) -> str:
        return "–" if self.rate is None else f"{self.rate:.3f} ({self.part:,} of {self.whole:,})"


@dataclass(frozen=True)
class Score:
    """How well one side, failures or passes, was told."""

    right: int
    said: int
    found: int
    sought: int

    @property
    def precision(self) -> Share:
        """Of those that were said, those that are right."""
        return Share(self.right, self.said)

    @property
    def recall(self) -> Share:
        """Of those that a reader expects, those that were said."""
        return Share(self.found, self.sought)


@dataclass(frozen=True)
class Scores:
    """Both sides of some answers."""

    answers: int
    holding: int
    decided: int
    failures: Score
    passes: Score


def scores(answers: Iterable[Answer]) -> Scores:
    """
    The scores of *answers*.

    Those of which a reader says only what they are not (*not pass*, *not fail*) count for precision, and for no recall.
    """
    every = [answer for answer in answers if not answer.crash]

    def side(status: Status, wanted: str) -> Score:
        said = [a for a in every if a.got is status]
        sought = [a for a in every if a.expected == wanted]
        return Score(sum(a.holds for a in said), len(said), sum(a.got is status for a in sought), len(sought))

    return Scores(
        len(every),
        sum(a.holds for a in every),
        sum(a.decided for a in every),
        side(Status.FAIL, "fail"),
        side(Status.PASS, "pass"),
    )


def by(name: Callable[[Answer], str], answers: Iterable[Answer]) -> dict[str, Scores]:
    """The scores of *answers*, grouped by *name*."""
    groups: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        groups[name(answer)].append(answer)
    return {group: scores(groups[group]) for group in sorted(groups)}


def calibration(answers: Iterable[Answer]) -> dict[str, Share]:
    """Confidence to the share of wrong ones among the findings that brought a criterion to a pass or a failure."""
    said, wrong = Counter[str](), Counter[str]()
    for answer in answers:
        if answer.decided and not answer.crash:
            for told in answer.deciding:
                said[told.confidence] += 1
                wrong[told.confidence] += not answer.holds
    return {confidence: Share(wrong[confidence], said[confidence]) for confidence in CONFIDENCES}


@dataclass(frozen=True)
class Caught:
    """What one check catches of what is broken, and what it leaves alone of what is not."""

    faults: Share
    controls: Share


def caught(checks: Iterable[Check], answers: Iterable[Answer]) -> dict[str, Caught]:
    """
    For each of *checks* that can fail something: which broken trees of its criteria it fails, and which others not.

    A tree is broken where a reader expects a failure, and a control where he expects a pass or says that it is none.
    """
    of: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        if not answer.crash:
            of[answer.criterion].append(answer)
    found = {}
    for check in sorted(checks, key=lambda check: check.id):
        if Shows.FAIL not in check.shows:
            continue
        asked = [answer for criterion in check.criteria for answer in of[criterion]]
        broken = [_fails(check.id, a) for a in asked if a.expected == "fail"]
        sound = [not _fails(check.id, a) for a in asked if a.expected in ("pass", "not fail", "na")]
        found[check.id] = Caught(Share(sum(broken), len(broken)), Share(sum(sound), len(sound)))
    return found


def _fails(check: str, answer: Answer) -> bool:
    return any(said.check == check and said.status is Status.FAIL for said in answer.told)


@dataclass(frozen=True)
class OfReleases:
    """How complete releases were read: always *unknown* must not win."""

    shown_passes: Share
    broken_fails: Share
    partial_passes: Share
    partial_fails: Share
    faults_fail: Share
    """Seeded faults that are found, of those whose clean twin does not fail."""


def of_releases(answers: Iterable[Answer]) -> OfReleases:
    """The shares that are asked of releases, over *answers*."""
    every = list(answers)

    def share(label: str, status: Status) -> Share:
        those = [a for a in every if a.origin == "release" and a.kind == label]
        return Share(sum(a.got is status for a in those), len(those))

    sound = {a.name for a in every if a.origin == "twin" and a.holds}
    faults = [a for a in every if a.origin == "fault" and a.name in sound]
    return OfReleases(
        share("shown", Status.PASS),
        share("broken", Status.FAIL),
        share("partial", Status.PASS),
        share("partial", Status.FAIL),
        Share(sum(a.got is Status.FAIL for a in faults), len(faults)),
    )
