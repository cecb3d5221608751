"""The masking test: what is broken, beside what is well, never passes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from orchestrator.domain.finding import Status

from .beside import beside
from .forked import AT_ONCE, each
from .judging import at_a_place, judged
from .labels import Files
from .trees import Known, by_criterion
from .trials import Accepted, Attempt, Tried, drawn

ONE_IN = 40
PASSES, CRASHED, HIDDEN = "passes", "crashed", "becomes unknown"
ABOUT = (
    "Every tree that breaks a criterion beside every tree that keeps it, in one release: it never passes. A failure of "
    "absence is none beside what was absent. That a failure becomes unknown is counted, and is no fault of its own. "
    "The target of the others is 0."
)


def masking(
    trees: Iterable[Known], accepted: tuple[Accepted, ...] = (), *, sample: bool = False, at_once: int = AT_ONCE
) -> Tried:
    """Lay each flagged one of *trees* beside each clean one of its criterion, or a sample of these pairs."""
    tried = Tried("Masking", ABOUT, (PASSES, CRASHED, HIDDEN), ONE_IN, accepted, frozenset({HIDDEN}))
    groups = list(by_criterion(trees).items())
    for attempts in each(partial(_of_criterion, sample=sample), groups, at_once):
        tried.add(attempts)
    return tried


def _of_criterion(group: tuple[str, Sequence[Known]], sample: bool) -> list[Attempt]:
    criterion, trees = group
    found = []
    for bad in (tree for tree in trees if tree.side == "flagged"):
        for good in (tree for tree in trees if tree.side == "clean"):
            way, name = f"{bad.source} beside {good.source}", f"{criterion}: {bad.name} beside {good.name}"
            if (not sample or drawn(f"{way} {name}", ONE_IN)) and (attempt := _pair(criterion, bad, good, way, name)):
                found.append(attempt)
    return found


def _pair(criterion: str, bad: Known, good: Known, way: str, name: str) -> Attempt | None:
    """What becomes of the pair; None where the trees do not say what they are for, or cannot lie in one release."""
    if good.judgement.status(criterion) is not Status.PASS or not _is_broken(bad, criterion):
        return None
    laid = beside(good.files, bad.files)
    if laid is None or (laid.moved and not _still(criterion, bad, laid.second)):
        return None
    both = judged(laid.files, [criterion])
    if both.crash:
        return Attempt(way, name, CRASHED, both.crash)
    status = both.status(criterion)
    if status is Status.PASS:
        return Attempt(way, name, PASSES, both[criterion].reason)
    hidden = status is Status.UNKNOWN and bad.judgement.status(criterion) is Status.FAIL
    return Attempt(way, name, HIDDEN if hidden else "", both[criterion].reason if hidden else "")


def _is_broken(tree: Known, criterion: str) -> bool:
    """
    Whether something is there that breaks the criterion.

    A failure of absence is mended by whatever is beside it. What a reader calls broken and nobody finds counts.
    """
    status = tree.judgement.status(criterion)
    if status is Status.FAIL:
        return at_a_place(tree.judgement[criterion])
    return tree.source == "case"


def _still(criterion: str, tree: Known, moved: Files) -> bool:
    """Whether *tree* says the same by itself where it was moved to."""
    return judged(moved, [criterion]).status(criterion) is tree.judgement.status(criterion)
