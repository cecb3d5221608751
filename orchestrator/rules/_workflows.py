"""Compares a workflow with the one that ships: what it leaves out."""

from __future__ import annotations

from ..domain.policy_file import Looser
from ..workflow.graph import Workflow


def weaker(shipped: Workflow, own: Workflow) -> list[Looser]:
    """What *own* does not do that *shipped* does: agents, gates, and phases that wait for others; not its policy."""
    rows = []
    theirs = {phase.id: phase for phase in own.spec.phases}
    for phase in shipped.spec.phases:
        other = theirs.get(phase.id)
        if other is None:
            names = ", ".join(node.agent for node in phase.nodes)
            rows.append(Looser(f"phase '{phase.id}'", names, "left out"))
            continue
        nodes = {node.agent: node for node in other.nodes}
        for node in phase.nodes:
            here = nodes.get(node.agent)
            if here is None:
                rows.append(Looser(f"{phase.id}/{node.agent}", "asked", "left out"))
            elif node.required and not here.required:
                rows.append(Looser(f"{phase.id}/{node.agent}", "required", "not required"))
        if phase.gate is not None:
            limit, allowed = phase.gate.max_failed.critical, other.gate.max_failed.critical if other.gate else -1
            if limit >= 0 and not 0 <= allowed <= limit:
                here_said = f"{allowed}" if allowed >= 0 else "none"
                rows.append(Looser(f"gate of phase '{phase.id}'", f"{limit} failed critical", here_said))
        if other.demands != phase.demands:
            rows.append(Looser(f"phase '{phase.id}'", f"demands {phase.demands}", f"demands {other.demands}"))
        if early := sorted(_before(shipped, phase.id) - _before(own, phase.id)):
            rows.append(Looser(f"phase '{phase.id}'", f"waits for {', '.join(early)}", "does not wait"))
    return rows


def _before(workflow: Workflow, phase: str) -> set[str]:
    """The phases that *phase* waits for, however indirectly."""
    found: set[str] = set()
    waiting = list(workflow.phase_needs(phase))
    while waiting:
        earlier = waiting.pop()
        if earlier not in found:
            found.add(earlier)
            waiting.extend(workflow.phase_needs(earlier))
    return found
