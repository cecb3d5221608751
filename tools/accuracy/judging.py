"""Judges a tree that is given as path to text, in this process: what a review of it would say, without its record."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from orchestrator import profiling
from orchestrator.catalogue import condition
from orchestrator.catalogue.loader import catalogue
from orchestrator.contract.agent import Agent, Brief, Quotes
from orchestrator.contract.testing import facts_of
from orchestrator.domain.assessment import Assessment
from orchestrator.domain.derived import read_by
from orchestrator.domain.fact import Fact, Source
from orchestrator.domain.finding import Finding, Status
from orchestrator.domain.release import Release
from orchestrator.domain.signal import Signal
from orchestrator.engine.quoting import lines_of
from orchestrator.evidence.snapshot import Snapshot
from orchestrator.evidence.tree import MemoryTree
from orchestrator.judging.absence import by_grounds
from orchestrator.judging.merging import merge
from orchestrator.planning.roster import built_in
from tools.shells import crashes

from .labels import Files

RELEASE = Release(name="release", version="1", source="directory")
LAST = "exactly-right"
"""The agent that reads again what all others have found."""


@dataclass(frozen=True)
class Judgement:
    """What is said of each criterion, and what of the judging broke."""

    by: Mapping[str, Assessment]
    crash: str = ""

    def __getitem__(self, criterion: str) -> Assessment:
        return self.by[criterion]

    def status(self, criterion: str) -> Status:
        return self.by[criterion].status


def judged(files: Files, criteria: Iterable[str] | None = None) -> Judgement:
    """
    What all agents say of *files*, merged as a review merges it.

    The tree is its own whole history, of one commit, and nothing outside it is asked.

    Args:
        files: Path to text.
        criteria: Which of them are asked for: only the checks that judge them run, and what agents say without a check
            is not heard. All of them, and all that agents say, where None.
    """
    wanted = None if criteria is None else frozenset(criteria)
    facts = facts_of(files, _signals(wanted))
    broken = crashes(facts.values())
    brief = _brief(files, facts)
    findings = asyncio.run(_said(brief, wanted, broken))
    profile = brief.profile
    told: dict[str, list[Finding]] = {}
    for finding in findings:
        told.setdefault(finding.criterion, []).append(finding)
    merged = {
        criterion.id: merge(
            criterion,
            told.get(criterion.id, ()),
            not_applicable=condition.not_applicable(criterion.applies, profile),
            today=date.min,
        )
        for criterion in catalogue()
        if wanted is None or criterion.id in wanted
    }
    return Judgement(merged, next(iter(broken), ""))


def at_a_place(assessment: Assessment) -> bool:
    """Whether a failure rests on something that is there, and not on an absence alone."""
    return any(f.status is Status.FAIL and f.location is not None and not by_grounds(f) for f in assessment.findings)


def _brief(files: Files, facts: Mapping[type[Fact], Fact]) -> Brief:
    tree = MemoryTree(files)
    snapshot = Snapshot(RELEASE, tree, len(files), (), None)

    async def quote(places: Sequence[Source]) -> Quotes:
        wanted = sorted({(place.path, place.line) for place in places if place.line > 0})
        return {at: line for at, line in zip(wanted, lines_of(snapshot, wanted), strict=True) if line is not None}

    return Brief(
        release=RELEASE,
        profile=profiling.profile(facts),
        criteria=(),
        facts=facts,
        texts={},
        quote=quote,
        rehearse=False,
    )


async def _said(brief: Brief, wanted: frozenset[str] | None, broken: list[str]) -> list[Finding]:
    """All that agents find, the one that reads again after the others; what breaks is added to *broken*."""
    found: list[Finding] = []
    for agent in sorted(_agents(), key=lambda agent: agent.id == LAST):
        owned = catalogue().matching(agent.criteria)
        applicable = tuple(c for c in owned if not condition.not_applicable(c.applies, brief.profile))
        asked = replace(brief, agent=agent.id, criteria=applicable, findings=tuple(found), exhibits=[], crashes=[])
        if wanted is None:
            found += await agent().review(asked)
        elif checks := [check for check in agent.checks if not wanted.isdisjoint(check.criteria)]:
            found += await asked.judge(checks)
        broken += [f"{crash.check}: {crash.error}" for crash in asked.crashes]
    return found


@cache
def _agents() -> tuple[type[Agent], ...]:
    return built_in()


@cache
def _signals(wanted: frozenset[str] | None) -> tuple[Signal, ...]:
    """What source text is searched for: what is asked for by the checks of *wanted*, and what tells the profile."""
    signals = [*profiling.SIGNALS]
    for agent in _agents():
        signals += agent.reads if wanted is None else ()
        for check in agent.checks:
            if wanted is None or not wanted.isdisjoint(check.criteria):
                signals += [*check.reads, *(signal for kind in check.facts for signal in read_by(kind))]
    return tuple({signal.id: signal for signal in signals}.values())
