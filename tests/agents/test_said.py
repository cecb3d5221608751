"""What every check says of each of its examples, whole: words, places, counts, measures."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator.contract.checks import Check, Draft
from orchestrator.contract.testing import drafts_of
from orchestrator.domain.fact import Source
from orchestrator.planning.roster import built_in

CHECKS = {check.id: check for agent in built_in() for check in agent.checks}
FOLDER = Path(__file__).parent / "said"


def said(check: Check) -> str:
    """A block of lines: each example, and below it what the check says."""
    lines = [f"## {check.id}"]
    for kind in ("clean", "flagged", "silent"):
        for example in getattr(check, kind):
            lines += ["", f"{kind}: {example.title}"]
            lines += [line for draft in drafts_of(check, example.files) for line in _lines(draft)]
    return "\n".join(lines) + "\n"


def _lines(draft: Draft) -> Iterator[str]:
    yield f"  {draft.status.value} {draft.criterion}: {draft.message}"
    shown = [f"{e.path}:{e.line}" if isinstance(e, Source) else str(e) for e in draft.evidence]
    extent = f" of {'at least ' if draft.extent.at_least else ''}{draft.extent.places}" if draft.extent else ""
    yield f"    at {', '.join(shown) or 'no place'}{extent}"
    if draft.remedy:
        yield f"    remedy: {draft.remedy}"
    if draft.measure:
        yield f"    measure: {draft.measure.model_dump_json(exclude_defaults=True)}"
    if draft.confidence != "high":
        yield f"    confidence: {draft.confidence}"


def kept(agent: str) -> dict[str, str]:
    """Id of each check of *agent* to what it said when somebody last read it."""
    file = FOLDER / f"{agent}.txt"
    blocks = re.split(r"(?m)^(?=## )", file.read_text()) if file.exists() else []
    return {block.splitlines()[0].removeprefix("## "): block.rstrip("\n") + "\n" for block in blocks if block}


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_said(name: str) -> None:
    """
    A check says of its examples what it said when somebody last read it.

    ``UPDATE_SNAPSHOTS=1`` keeps the new words: read what changed before it is committed.
    """
    agent, now = name.partition(".")[0], said(CHECKS[name])
    if os.environ.get("UPDATE_SNAPSHOTS"):
        blocks = {known: block for known, block in kept(agent).items() if known in CHECKS} | {name: now}
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{agent}.txt").write_text("\n".join(blocks[key] for key in sorted(blocks)))

    assert kept(agent).get(name) == now


def test_nothing_is_kept_of_checks_that_are_gone() -> None:
    """
    Every block belongs to a check.
    """
    assert [] == [name for file in sorted(FOLDER.glob("*.txt")) for name in kept(file.stem) if name not in CHECKS]
