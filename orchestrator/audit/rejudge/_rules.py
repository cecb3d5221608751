"""Compares what a record was judged by with what this code would have judged by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from ... import profiling
from ...catalogue.loader import catalogue, extended
from ...conclusion.state import RunState
from ...conclusion.terms import Terms
from ...contract.agent import Agent
from ...domain.criterion import Catalogue
from ...domain.fact import Fact
from ...domain.policy import STRICT, Policy
from ...domain.profile import Profile
from ...engine import facts as collecting
from ...errors import OrchestratorError
from ...evidence.sources import listed
from ...journal.event import digest
from ...journal.manifest import Planned, RunManifest
from ...journal.step import step_key
from ...planning.pinning import planned
from ...planning.plan import paths, signals
from ...redaction import redacted
from ...workflow import graph
from ...workflow.graph import Workflow
from ...workflow.shipped import workflows
from ._changes import RuleChange

NO_CONFIG = digest(b"")
_NAMED = 3
_BEFORE_THE_FIRST = timedelta(hours=1)
"""The most that lies between a run's name and its first event, where one process wrote both."""
_ALWAYS = (
    "the commit and the tree that run.json names, and that facts and quotes stand there: "
    "`gonogo verify RUN --repo PATH` reads them again",
    "every time in the record: only a signature's timestamp or an anchor tells when it was there",
)


class Rules(NamedTuple):
    """What differs, and what cannot be told from the record."""

    changes: tuple[RuleChange, ...]
    trusted: tuple[str, ...]


def compared(
    state: RunState,
    agreed: Terms,
    facts: Mapping[type[Fact], Fact],
    agents: Mapping[str, type[Agent]],
    *,
    whole: bool,
) -> Rules:
    """
    Hold what a run was judged by, and what its facts were read with, against today's code.

    Args:
        state: Its events.
        agreed: What it pinned.
        facts: As it has them.
        agents: Today's, by id.
        whole: Whether *facts* are all that there are, in the shape of today.
    """
    manifest = state.manifest
    own = manifest.digests.get("config") == NO_CONFIG
    rules = manifest.digests.get("rules", NO_CONFIG)
    changes = [*_catalogue(agreed.catalogue, agents), *_day(state)]
    trusted = [*_ALWAYS]
    workflow = workflow_of(manifest, agents)
    if workflow is None:
        trusted.append(
            f"nodes, policy and patterns of workflow '{manifest.workflow[:60]}', which is not one of today's"
        )
    else:
        changes += _plan(agreed, workflow)
        changes += _keys(state, workflow, agents)
        loosened = _policy(agreed.policy, workflow.spec.rules)
        changes += loosened if own and rules == NO_CONFIG else []
    if whole and state.profile is not None:
        changes += _profile(state.profile, facts, own=own)
    said = _said(agreed)
    if own and "words" not in manifest.digests and said:
        words = f"{said}, and no configuration was read"
        changes.append(RuleChange(what="statements", said=words))
    if own and (agreed.excluded or agreed.trusted):
        changes.append(
            RuleChange(what="statements", said="parts left out or agents brought along, and no configuration")
        )
    if not own:
        trusted.append(_of_configuration(agreed, state, workflow))
    elif rules != NO_CONFIG:
        trusted.append(
            f"the rules of {manifest.request.policy[:80] or 'a file'}, of which the record has the digest alone: "
            f"{_differing(agreed, workflow)}"
        )
    return Rules(tuple(changes), tuple(trusted))


def workflow_of(manifest: RunManifest, agents: Mapping[str, type[Agent]]) -> Workflow | None:
    """The workflow of the run, where it is one that ships and has not changed since."""
    shipped = workflows()
    data = shipped.get(manifest.workflow)
    if data is None or digest(data) != manifest.digests.get("workflow"):
        return None
    try:
        return graph.load(data, f"workflows/{manifest.workflow}.yaml", agents)
    except OrchestratorError:
        return None


def _said(agreed: Terms) -> str:
    """How many words of people the record has; empty for none."""
    kinds = ["waiver"] * len(agreed.waivers) + ["attestation"] * len(agreed.attestations)
    kinds += [word.kind for word in agreed.words]
    counts = {kind: kinds.count(kind) for kind in ("waiver", "attestation")}
    return " and ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items() if count)


def _of_configuration(agreed: Terms, state: RunState, workflow: Workflow | None) -> str:
    """What a configuration, of which the record has no more than the digest, is said to have settled."""
    facts = state.profile.facts if state.profile is not None else {}
    declared = [name for name, fact in facts.items() if fact.declared]
    return (
        f"what {state.manifest.config[:80] or 'a configuration'} said, of which the record has the digest alone: "
        f"{_said(agreed) or 'no words of people'}, "
        f"declared {_few(declared) or 'nothing'}, "
        f"{_differing(agreed, workflow)}"
    )


def _differing(agreed: Terms, workflow: Workflow | None) -> str:
    """How the policy of the run differs from the workflow's own."""
    base = workflow.spec.rules if workflow is not None else STRICT
    changed = [change.said for change in _policy(agreed.policy, base)]
    return f"policy {'; '.join(changed) or 'as the workflow has it'}"


def _catalogue(recorded: Catalogue, agents: Mapping[str, type[Agent]]) -> Iterator[RuleChange]:
    today = extended(catalogue(), [c for agent in agents.values() for c in agent.declares])
    today = Catalogue.model_validate(redacted(today.model_dump(mode="json")))
    then, now = ({c.id: c for c in said} for said in (recorded, today))
    said = [f"without {_few(sorted(now.keys() - then.keys()))}"] if now.keys() - then.keys() else []
    said += [f"with {_few(sorted(then.keys() - now.keys()))}"] if then.keys() - now.keys() else []
    for id_ in sorted(then.keys() & now.keys()):
        said += [f"{id_} {difference}" for difference in _fields(then[id_].model_dump(), now[id_].model_dump())]
    if not said and recorded != today:
        said = ["its areas or sections differ"]
    yield from _one("catalogue", said)


def _plan(agreed: Terms, workflow: Workflow) -> Iterator[RuleChange]:
    today = Planned.model_validate(redacted(planned(workflow)))
    then, now = ({n.node: n for n in nodes} for nodes in (agreed.nodes, today.nodes))
    said = [f"without {_few(sorted(now.keys() - then.keys()))}"] if now.keys() - then.keys() else []
    said += [f"with {_few(sorted(then.keys() - now.keys()))}"] if then.keys() - now.keys() else []
    for id_ in sorted(then.keys() & now.keys()):
        said += [f"{id_} {difference}" for difference in _fields(then[id_].model_dump(), now[id_].model_dump())]
    if agreed.phases != today.phases:
        said.append("its phases differ")
    yield from _one("workflow", said)


def _policy(recorded: Policy, today: Policy) -> list[RuleChange]:
    return list(_one("policy", list(_fields(recorded.model_dump(), today.model_dump()))))


def _profile(recorded: Profile, facts: Mapping[type[Fact], Fact], *, own: bool) -> Iterator[RuleChange]:
    """What the facts say of the software, but for what a configuration declared, where one was read."""
    bare = {kind: fact for kind, fact in facts.items() if kind is not Profile}
    declared: dict[str, str | bool] = {}
    denied = [] if own else [name for name, fact in recorded.facts.items() if fact.denied]
    if not own:
        declared |= {name: fact.answer for name, fact in recorded.facts.items() if fact.declared}
        declared |= dict.fromkeys(denied, "no")
    today = profiling.profile(bare, declared, own=bool(denied))
    today = Profile.model_validate(redacted(today.model_dump(mode="json")))
    said = [
        f"{name} recorded {was}, derived {now.answer}"
        for name, now in today.facts.items()
        if (was := recorded.answer(name)) != now.answer
    ]
    if recorded.kind != today.kind and own:
        said.append(f"kind recorded {recorded.kind[:40]}, derived {today.kind}")
    if not said and recorded.model_copy(update={"kind": today.kind}) != today:
        said = ["its answers give reasons other than those that follow from the facts"]
    yield from _one("profile", said)


def _keys(state: RunState, workflow: Workflow, agents: Mapping[str, type[Agent]]) -> Iterator[RuleChange]:
    """Facts that were asked for with another tree, other patterns or other files than run.json and this code say."""
    looked_for, files = signals(workflow, agents), paths(workflow, agents)
    other = [
        source.fact.name
        for source in listed()
        if source.of != "outside"
        and step_key("run", 1, source.purpose, collecting.asked(source, state.manifest.release, looked_for, files))
        not in state.steps
    ]
    if other:
        yield RuleChange(
            what="facts",
            said=f"{_few(other)}: not read of tree {state.manifest.release.tree[:19]} with the patterns of this code",
        )


def _day(state: RunState) -> Iterator[RuleChange]:
    """The day that words run out by is that of the first event; the run's name has it as well."""
    name, started = state.manifest.run, state.started
    try:
        named = datetime.strptime(name[:16], "%Y%m%dT%H%M%S%z")
    except ValueError:
        yield RuleChange(what="day", said=f"the run is called '{name[:16]}', which is not a time")
        return
    if started is None:
        return
    apart = datetime.fromisoformat(started.at) - named
    if apart < timedelta() or (apart > _BEFORE_THE_FIRST and not state.resumed):
        yield RuleChange(
            what="day", said=f"the run is named after {name[:16]}, and its first event is from {started.at[:19]}"
        )


def _fields(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name, value in now.items():
        if then.get(name) != value:
            yield f"{name} recorded {str(then.get(name))[:40]}, today {str(value)[:40]}"


def _one(what: Any, said: Sequence[str]) -> Iterator[RuleChange]:
    """One change for all that is *said*, of which the first few are told."""
    if said:
        more = f" and {len(said) - _NAMED:,} more" if len(said) > _NAMED else ""
        yield RuleChange(what=what, said=f"{'; '.join(said[:_NAMED])}{more}")


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    return f"{', '.join(names[:_NAMED])}{more}"
