"""Gathers trees of which the right answer is known: the examples of checks, and labelled cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from orchestrator.contract.checks import Shows
from orchestrator.domain.finding import Status
from orchestrator.planning.roster import built_in

from .judging import Judgement, judged
from .labels import Files
from .reading import Corpus, LaidCase

Side = Literal["clean", "flagged"]


@dataclass(frozen=True)
class Known:
    """A tree, the criteria that are asked of it, and the side on which it stands."""

    name: str
    source: Literal["example", "case", "release"]
    side: Side
    criteria: tuple[str, ...]
    files: Files

    @cached_property
    def judgement(self) -> Judgement:
        """What is said of its criteria as it is."""
        return judged(self.files, self.criteria)

    @property
    def wanted(self) -> Status:
        """The status that its side asks for."""
        return Status.PASS if self.side == "clean" else Status.FAIL


def examples(about: tuple[str, ...] = ("",)) -> list[Known]:
    """
    Those of checks that can pass, on the clean side, and of those that can fail, on the flagged one.

    Args:
        about: How the criteria begin that are asked of them.
    """
    found = []
    for check in (check for agent in built_in() for check in agent.checks):
        criteria = tuple(criterion for criterion in check.criteria if criterion.startswith(about))
        sides: tuple[tuple[Side, Shows], ...] = (("clean", Shows.PASS), ("flagged", Shows.FAIL))
        for side, shows in sides:
            if criteria and shows in check.shows:
                for number, example in enumerate(getattr(check, side)):
                    name = f"{check.id}[{side} {number}]"
                    found.append(Known(name, "example", side, criteria, example.files))
    return found


def cases(corpus: Corpus) -> list[Known]:
    """The cases of *corpus* of which a pass or a failure is expected."""
    sides: dict[str, Side] = {"pass": "clean", "fail": "flagged"}
    return [_known(laid, sides[laid.case.expected]) for laid in corpus.cases if laid.case.expected in sides]


def _known(laid: LaidCase, side: Side) -> Known:
    return Known(laid.name, "case", side, (laid.case.criterion,), laid.files)


def releases(corpus: Corpus) -> list[Known]:
    """Those of *corpus*, once for what is shown in them and once for what is broken."""
    sides: dict[str, Side] = {"shown": "clean", "broken": "flagged"}
    found = []
    for release in corpus.releases:
        labels = release.labels.labels
        for word, side in sides.items():
            criteria = tuple(criterion for criterion, label in labels.items() if label.label == word)
            found.append(Known(f"{release.name} ({word})", "release", side, criteria, release.files))
    return found


def by_criterion(trees: Iterable[Known]) -> dict[str, list[Known]]:
    """*trees* by each of the criteria that are asked of them."""
    found: dict[str, list[Known]] = defaultdict(list)
    for tree in trees:
        for criterion in tree.criteria:
            found[criterion].append(tree)
    return dict(sorted(found.items()))
