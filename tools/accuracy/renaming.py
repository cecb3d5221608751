"""The renaming test: a tree that is written differently, and does the same, is judged the same."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from orchestrator.domain.finding import Status

from .disguises import WAYS, Disguise
from .forked import AT_ONCE, each
from .judging import Judgement, judged
from .labels import Files
from .trees import Known
from .trials import Accepted, Attempt, Tried, drawn

ONE_IN = 50
FLIPS, CRASHED, LOST = "flips", "crashed", "becomes unknown"
DECIDED = (Status.PASS, Status.FAIL)
ABOUT = (
    "Every tree that decides a criterion, written differently: other names, other order, other line ends, other "
    "folders of the same role. A pass never becomes a failure, nor a failure a pass; that it becomes unknown, or does "
    "not apply any more, needs a reason that is written down. The target of all is 0."
)


def renaming(
    trees: Iterable[Known], accepted: tuple[Accepted, ...] = (), *, sample: bool = False, at_once: int = AT_ONCE
) -> Tried:
    """Write each of *trees* in each other way, or a sample of that."""
    tried = Tried("Renaming", ABOUT, (FLIPS, CRASHED, LOST), ONE_IN, accepted)
    for attempts in each(partial(_of_tree, sample=sample), list(trees), at_once):
        tried.add(attempts)
    return tried


def disguised(files: Files, way: Disguise) -> Files | None:
    """*files* in another way; None where there is no form for any of them."""
    texts = {path: text for path, text in files.items() if isinstance(text, str)}
    changes = way.make(texts)
    if not changes:
        return None
    whole = {**files, **changes}
    return {path: text for path, text in whole.items() if text is not None}


def _of_tree(tree: Known, sample: bool) -> list[Attempt]:
    found: list[Attempt] = []
    for way in WAYS:
        if sample and not drawn(f"{way.name} {tree.name}", ONE_IN):
            continue
        files = disguised(tree.files, way)
        if files is not None:
            found += _compared(tree, way.name, judged(files, tree.criteria))
    return found


def _compared(tree: Known, way: str, after: Judgement) -> Iterable[Attempt]:
    for criterion in tree.criteria:
        before = tree.judgement.status(criterion)
        if before is not tree.wanted:
            continue
        name = f"{criterion}: {tree.name}"
        status = after.status(criterion)
        if after.crash:
            yield Attempt(way, name, CRASHED, after.crash)
        elif status is before:
            yield Attempt(way, name)
        else:
            said = f"{before} → {status}: {after[criterion].reason}"
            yield Attempt(way, name, FLIPS if status in DECIDED else LOST, said)
