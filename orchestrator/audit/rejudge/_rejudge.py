"""Judges a record again by the agents and checks of today, with no repository and no network."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from ... import __version__
from ...catalogue.loader import catalogue
from ...conclusion import state as reading
from ...conclusion.judgement import judge
from ...conclusion.state import RunState
from ...conclusion.terms import pinned, terms
from ...contract.agent import Agent
from ...domain.criterion import Area, Catalogue, Section
from ...domain.finding import Finding
from ...domain.profile import Profile
from ...engine.work import AgentWork
from ...errors import RecordBroken
from ...evidence.facts.files import Files
from ...evidence.facts.wanted import Wanted
from ...journal.event import digest
from ...journal.manifest import Checks
from ...journal.record import Record
from ...llm import prompts as prompting
from ...planning import roster
from ._changes import Rejudged, assessment_changes, finding_changes
from ._recorded import NobodyAsked, RecordedDoor, RecordedTexts, earlier_of, facts_of
from ._rules import compared
from ._same import same_code
from ._turns import Turns


def rejudge(record: Record, agents: Mapping[str, type[Agent]] | None = None) -> Rejudged:
    """
    Judge the recorded facts and quotes of *record* by today's agents, under its own catalogue, policy and profile.

    Args:
        record: A finished run.
        agents: By id; all that are installed where None.

    Returns:
        What differs, and whatever the record could not answer.

    Raises:
        RecordBroken: The record is damaged or unfinished.
    """
    state = reading.finished(record)
    if state.started is None or state.profile is None:
        raise RecordBroken("the run ended before there was anything to judge")
    if state.started.data["manifest"] != digest(record.manifest_bytes()):
        raise reading.replaced(record)
    known = roster.load() if agents is None else agents
    agreed = terms(record, state)
    recorded = facts_of(record, state)
    facts = dict(recorded.by_type)
    facts[Profile] = state.profile
    door = RecordedDoor(record, state)
    model = state.manifest.request.model
    turns = Turns(
        plan=agreed.nodes,
        state=state,
        agents=known,
        work=AgentWork(
            agents=known,
            catalogue=_with_todays(agreed.catalogue, known),
            release=state.manifest.release,
            profile=state.profile,
            facts=facts,
            texts=RecordedTexts(facts.get(Wanted), facts.get(Files)),
            door=door,
            earlier=earlier_of(record, state),
            model=NobodyAsked(model) if model else None,
            prompts=prompting.load() if model else {},
            only_absent=agreed.rules.only_absent,
        ),
        door=door,
    )
    same = same_code(state.manifest, known)
    rules = compared(state, agreed, facts, known, whole=not (recorded.missing or recorded.not_comparable))
    results = asyncio.run(turns.take())
    again = replace(state, ended={node: ("", result) for node, result in results.items()})
    then, today = judge(state, agreed), judge(again, agreed)
    return Rejudged(
        run=record.name,
        tool=state.manifest.tool,
        today=f"gonogo {__version__}",
        same_code=same,
        before=then.verdict.decision,
        after=today.verdict.decision,
        percent_before=then.verdict.score.percent,
        percent_after=today.verdict.score.percent,
        findings=finding_changes(_findings(state), _findings(again), _versions(record, state), known),
        assessments=assessment_changes(then, today),
        notes=(*(f"fact '{name}' is not in the record" for name in recorded.missing), *turns.notes, *_lost(door)),
        rules=rules.changes,
        facts=tuple(kind.name for kind in recorded.by_type if kind not in recorded.silent),
        not_comparable=recorded.not_comparable,
        trusted=rules.trusted,
    )


def _findings(state: RunState) -> list[Finding]:
    return [finding for _, result in state.ended.values() for finding in result.findings]


def _versions(record: Record, state: RunState) -> Mapping[str, str]:
    """Check to its version then; empty in records from before versions were pinned."""
    return pinned(record, state.manifest, Checks).root if state.manifest.pinned.checks else {}


def _with_todays(recorded: Catalogue, agents: Mapping[str, type[Agent]]) -> Catalogue:
    """The recorded criteria, and those that agents may speak of today; only the recorded ones are judged."""
    own = [*catalogue(), *(c for agent in agents.values() for c in agent.declares)]
    added = {c.id: c for c in own if c.id not in recorded}
    if not added:
        return recorded
    section = Section(id="today", title="today", criteria=tuple(added.values()))
    return Catalogue(areas=(*recorded.areas, Area(id="today", title="today", goal="", sections=(section,))))


def _lost(door: RecordedDoor) -> list[str]:
    if not door.missing:
        return []
    path, line = min(door.missing)
    more = f" and {len(door.missing) - 1:,} more lines were" if len(door.missing) > 1 else " was"
    return [f"{path}:{line}{more} not quoted then: what rests on it is unknown"]
