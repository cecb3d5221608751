"""Asks a check about a tree: what it says of it, and what of the judging went wrong there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from orchestrator.contract.checks import Check, Draft
from orchestrator.contract.testing import facts_for
from orchestrator.domain.fact import Fact
from orchestrator.evidence.reader import STUMBLED, UNFINISHED


class Answer(NamedTuple):
    """What a check says of a tree; nothing, and why, where it or a reader broke on it."""

    drafts: list[Draft]
    crash: str = ""


def answer(check: Check, files: Mapping[str, str]) -> Answer:
    """
    What *check* says of *files*.

    A reader that breaks takes a pass away as well as one that knows better: it is no answer that one may count.
    """
    try:
        facts = facts_for(check, files)
        drafts = list(check.run(facts))
    except Exception as error:  # noqa: BLE001  # whatever it is, it is counted, and the run goes on and fails in the end
        return Answer([], f"{type(error).__name__}: {error}")
    crash = next(iter(crashes(facts.values())), "")
    return Answer([] if crash else drafts, crash)


def crashes(facts: Iterable[Fact]) -> list[str]:
    """What a reader broke on, in its own words."""
    return [str(p) for fact in facts for p in fact.problems if p.reason.startswith(STUMBLED) or UNFINISHED in p.reason]
