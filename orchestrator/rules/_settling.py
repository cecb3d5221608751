"""Settles by which workflow and which policy a release is judged, and what was loosened for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ..contract.agent import Agent
from ..domain.policy import STRICT, Loosened, Policy
from ..domain.policy_file import Looser, laid_over, looser, same_rules
from ..errors import WorkflowError
from ..workflow import graph
from ..workflow.graph import Workflow
from ..workflow.shipped import DEFAULT, workflows
from ._policies import Layer, lay
from ._shipped import policies
from ._workflows import weaker

_SHOWN = 6
"""Rows of what a workflow asks less that are told; the rest is counted."""


class Chosen(NamedTuple):
    """The workflow that somebody chose."""

    name: str
    """Of one that ships, or the path of a file."""
    data: bytes | None = None
    """The file; None for one that ships."""
    own: bool = False
    """Whether the reviewed tree chose it."""
    at: str = ""
    """Where it was chosen."""


class Ruled(NamedTuple):
    """What a release is judged by."""

    workflow: Workflow
    data: bytes
    """The workflow's file."""
    policy: Policy
    notes: tuple[str, ...]
    """What a reader must know of how the rules came about."""


def settle(
    chosen: Chosen,
    outside: Sequence[Layer],
    tree: Sequence[Layer],
    agents: Mapping[str, type[Agent]],
    areas: Sequence[str],
) -> Ruled:
    """
    Settle workflow and policy: from outside anything may be chosen, the reviewed tree may only tighten.

    Args:
        chosen: The workflow.
        outside: Rules from outside the reviewed tree, the stronger later.
        tree: Rules of the reviewed tree itself.
        agents: Every agent by id.
        areas: Ids of the areas that there are.

    Raises:
        WorkflowError: There is no such workflow, it cannot be run, it bears a name that is taken, or the tree chose one
            that asks less than what ships.
        ConfigError: A layer says what it may not; every such mistake.
    """
    shipped = {name: graph.load(data, f"workflows/{name}.yaml", agents) for name, data in workflows().items()}
    taken = {w.spec.rules.name: w.spec.rules for w in shipped.values()}
    taken |= {name: laid_over(STRICT, layer.said) for name, layer in policies().items()}
    if chosen.data is None:
        if chosen.name not in shipped:
            remedy = f"there are {', '.join(sorted(shipped))}, or name a .yaml file"
            raise WorkflowError(f"no workflow '{chosen.name}'", where=chosen.at, remedy=remedy)
        workflow, data, base = shipped[chosen.name], workflows()[chosen.name], shipped[chosen.name].spec.rules
    else:
        workflow, data = graph.load(chosen.data, chosen.name, agents), chosen.data
        base = _called(workflow, chosen, shipped, taken)
    standard = shipped[DEFAULT if chosen.own or chosen.data is not None else chosen.name]
    less = weaker(standard, workflow)
    if chosen.own:
        _hold(chosen, [*less, *looser(standard.spec.rules, base)])
    laid = lay(standard.spec.rules, base, chosen.name, outside, tree, taken, areas)
    rows = (*(Loosened(**row._asdict(), by=chosen.name) for row in less), *laid.policy.loosened)
    return Ruled(workflow, data, laid.policy.model_copy(update={"loosened": rows}), laid.notes)


def _called(workflow: Workflow, chosen: Chosen, shipped: Mapping[str, Workflow], taken: Mapping[str, Policy]) -> Policy:
    """The policy of a workflow that does not ship; neither it nor the workflow bears the name of one that does."""
    name, policy = workflow.spec.name, workflow.spec.rules
    if name in shipped and chosen.data != workflows()[name]:
        raise WorkflowError(
            f"the name '{name}' is taken: a workflow of this name ships, and this is another one",
            where=chosen.name,
            remedy="choose another `name:`",
        )
    if policy.name not in taken or same_rules(policy, taken[policy.name]):
        return policy
    raise WorkflowError(
        f"the policy's name '{policy.name}' is taken: it stands for the rules that ship under it, and these differ "
        "from them",
        where=chosen.name,
        remedy="choose another name, or leave it out",
    )


def _hold(chosen: Chosen, less: Sequence[Looser]) -> None:
    """Refuse a workflow of the reviewed tree that asks less than the one that ships."""
    if not less:
        return
    told = [f"{row.rule} ({row.here}; what ships: {row.shipped})" for row in less[:_SHOWN]]
    more = f" and {len(less) - _SHOWN} more" if len(less) > _SHOWN else ""
    raise WorkflowError(
        f"workflow '{chosen.name}' of the reviewed tree asks less than {DEFAULT}, which ships: {'; '.join(told)}{more}",
        where=chosen.at,
        remedy="a tree may only tighten the rules that it is reviewed by; who reviews it may choose: "
        "`gonogo review --workflow NAME`, or a file outside the repository",
    )
