"""Says where an interrupted run stands: which nodes are finished, and which attempt the others have next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ..engine.coordinator import tries_again
from ..engine.task import NodeResult
from ..workflow.graph import Workflow
from ..workflow.model import NodeSpec
from .state import RunState


class Standing(NamedTuple):
    """How far the nodes of a run are: those that are finished, and the next attempts of the others."""

    finished: Mapping[str, NodeResult]
    """Node to its result; it is not redone."""
    attempts: Mapping[str, int]
    """Node that was begun and is not finished to the number of the attempt that it has next."""


NEW = Standing({}, {})
"""A run that has just begun."""


def standing(state: RunState, workflow: Workflow) -> Standing:
    """
    How far the nodes of the run of *state* are.

    An attempt that was begun and never finished has the same number again: whoever may have it already is asked for the
    same job. One that failed and may be repeated, or was lost, is followed by the next.
    """
    finished: dict[str, NodeResult] = {}
    attempts: dict[str, int] = {}
    for node in state.attempts.keys() | state.ended.keys():
        begun, over = state.attempts.get(node, 0), state.over.get(node, 0)
        spec = workflow.nodes[node].spec if node in workflow.nodes else NodeSpec(agent=node, required=False)
        ended = state.ended.get(node)
        if begun > over:
            attempts[node] = begun
        elif ended is not None and not tries_again(ended[1], over, spec):
            finished[node] = ended[1]
        else:
            attempts[node] = over + 1
    return Standing(finished, attempts)
