"""Turns a workflow into a graph that can be walked, or refuses it with the place of the mistake."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heapify, heappop, heappush

from ..errors import CyclicWorkflow, UnknownAgent, WorkflowError
from ..formats.model import nearest, place, read_model
from ..formats.yaml import Parsed
from .model import NodeSpec, PhaseSpec, WorkflowSpec


@dataclass(frozen=True)
class Node:
    """One node of the DAG, named ``phase/agent``."""

    id: str
    agent: str
    phase: str
    spec: NodeSpec
    needs: tuple[str, ...]


@dataclass(frozen=True)
class Workflow:
    """A checked workflow: its specification, its nodes in topological order, and what follows on each."""

    spec: WorkflowSpec
    nodes: dict[str, Node]
    followers: Mapping[str, tuple[str, ...]] = field(repr=False, compare=False)
    """The nodes that need each node."""

    def phase(self, phase: str) -> PhaseSpec:
        return next(p for p in self.spec.phases if p.id == phase)

    def phase_needs(self, phase: str) -> tuple[str, ...]:
        """The phases that *phase* waits for."""
        return _phase_needs(self.spec)[phase]


def load(data: bytes, path: str, agents: Collection[str]) -> Workflow:
    """
    Read and check the workflow in *data*.

    Args:
        data: The YAML file.
        path: Its name in messages.
        agents: Ids of the agents that exist.

    Raises:
        WorkflowError: Unknown keys, agents or phases, cycles, nodes that nothing leads to; with line and column.
    """
    spec, parsed = read_model(WorkflowSpec, data, path, WorkflowError)
    _check_names(spec, parsed, path, agents)
    workflow = build(spec)
    _check_shape(workflow, parsed, path)
    return workflow


def build(spec: WorkflowSpec) -> Workflow:
    """The graph of *spec*, which has been checked."""
    nodes = _nodes(spec)
    followers: dict[str, list[str]] = {id_: [] for id_ in nodes}
    for node in nodes.values():
        for need in node.needs:
            followers.setdefault(need, []).append(node.id)
    kept = {id_: tuple(others) for id_, others in followers.items()}
    ordered = _ordered(nodes, kept)
    return Workflow(spec=spec, nodes={n: nodes[n] for n in (nodes if ordered is None else ordered)}, followers=kept)


def _ordered(nodes: Mapping[str, Node], followers: Mapping[str, tuple[str, ...]]) -> list[str] | None:
    """The ids of *nodes*, each behind all that it needs, in the order of the alphabet otherwise; None in a circle."""
    missing = {node.id: len(node.needs) for node in nodes.values()}
    ready = [id_ for id_, count in missing.items() if not count]
    heapify(ready)
    found: list[str] = []
    while ready:
        found.append(heappop(ready))
        for follower in followers[found[-1]]:
            missing[follower] -= 1
            if not missing[follower]:
                heappush(ready, follower)
    return found if len(found) == len(nodes) else None


def _nodes(spec: WorkflowSpec) -> dict[str, Node]:
    waits = _phase_needs(spec)
    ids = {phase.id: tuple(f"{phase.id}/{n.agent}" for n in phase.nodes) for phase in spec.phases}
    nodes = {}
    for phase in spec.phases:
        before = tuple(node for earlier in waits[phase.id] for node in ids[earlier])
        for node in phase.nodes:
            inside = tuple(f"{phase.id}/{need}" for need in node.needs)
            id_ = f"{phase.id}/{node.agent}"
            nodes[id_] = Node(id_, node.agent, phase.id, node, tuple(dict.fromkeys(inside + before)))
    return nodes


def _phase_needs(spec: WorkflowSpec) -> dict[str, tuple[str, ...]]:
    found = {}
    for number, phase in enumerate(spec.phases):
        default = (spec.phases[number - 1].id,) if number else ()
        found[phase.id] = default if phase.needs is None else phase.needs
    return found


def _check_names(spec: WorkflowSpec, parsed: Parsed, path: str, agents: Collection[str]) -> None:
    phases = [phase.id for phase in spec.phases]
    for p, phase in enumerate(spec.phases):
        if phases.count(phase.id) > 1:
            raise WorkflowError(f"phase '{phase.id}' is listed twice", where=place(parsed, path, "phases", p, "id"))
        for n, need in enumerate(phase.needs or ()):
            if need not in phases:
                where = place(parsed, path, "phases", p, "needs", n)
                raise WorkflowError(
                    f"phase '{phase.id}' needs phase '{need}', which does not exist",
                    where=where,
                    remedy=_meant(need, phases),
                )
        own = [node.agent for node in phase.nodes]
        if phase.on_failure and phase.on_failure not in agents:
            raise _unknown_agent(
                spec, phase.id, phase.on_failure, agents, place(parsed, path, "phases", p, "on_failure")
            )
        for n, node in enumerate(phase.nodes):
            where = place(parsed, path, "phases", p, "nodes", n, "agent")
            if node.agent not in agents:
                raise _unknown_agent(spec, phase.id, node.agent, agents, where)
            if own.count(node.agent) > 1:
                raise WorkflowError(f"phase '{phase.id}' names agent '{node.agent}' twice", where=where)
            for k, need in enumerate(node.needs):
                if need not in own:
                    raise WorkflowError(
                        f"'{node.agent}' needs '{need}', which is not in phase '{phase.id}'",
                        where=place(parsed, path, "phases", p, "nodes", n, "needs", k),
                        remedy=_meant(need, own),
                    )


def _check_shape(workflow: Workflow, parsed: Parsed, path: str) -> None:
    spec, followers = workflow.spec, workflow.followers
    if _ordered(workflow.nodes, followers) is None:
        names = _cycle(followers)
        raise CyclicWorkflow(
            f"workflow '{spec.name}' has a cycle: {' needs '.join([*names, names[0]])}",
            where=_node_place(spec, parsed, path, names[0]),
            remedy="remove one of these `needs`",
        )
    first = spec.phases[0]
    roots = {f"{first.id}/{node.agent}" for node in first.nodes}
    lost = sorted(followers.keys() - _reached(roots, followers))
    if lost:
        raise WorkflowError(
            f"nothing leads to '{lost[0]}': the workflow starts at phase '{first.id}'",
            where=_node_place(spec, parsed, path, lost[0]),
            remedy="let its phase need an earlier one",
        )


def _cycle(followers: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Nodes of which each needs the next one, and the last one the first."""
    import networkx  # here, since it takes longer to import than all else to do, and hardly anybody has a circle

    return [edge[0] for edge in reversed(networkx.find_cycle(networkx.DiGraph(followers)))]


def _reached(roots: Iterable[str], followers: Mapping[str, tuple[str, ...]]) -> set[str]:
    """*roots*, and all that follows on them."""
    found: set[str] = set()
    waiting = list(roots)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting.extend(followers[node])
    return found


def _node_place(spec: WorkflowSpec, parsed: Parsed, path: str, node: str) -> str:
    phase, _, agent = node.partition("/")
    p = next(n for n, s in enumerate(spec.phases) if s.id == phase)
    n = next(n for n, s in enumerate(spec.phases[p].nodes) if s.agent == agent)
    if spec.phases[p].nodes[n].needs:
        return place(parsed, path, "phases", p, "nodes", n, "needs")
    return place(parsed, path, "phases", p, "nodes", n)


def _unknown_agent(spec: WorkflowSpec, phase: str, agent: str, agents: Collection[str], where: str) -> UnknownAgent:
    close = nearest(agent, sorted(agents))
    return UnknownAgent(
        f"phase '{phase}' of workflow '{spec.name}' names agent '{agent}', which nobody provides",
        where=where,
        remedy=(f"did you mean '{close}'? " if close else "") + f"`gonogo agents` lists all {len(agents)}",
    )


def _meant(word: str, known: Collection[str]) -> str:
    close = nearest(word, sorted(known))
    return f"did you mean '{close}'?" if close else f"known here: {', '.join(sorted(known))}"
