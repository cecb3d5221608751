"""Says which turn is next: of those that may start, the one that the longest path still hangs on."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Mapping
from dataclasses import dataclass

from ..workflow.graph import Workflow
from ..workflow.model import NodeSpec


@dataclass
class Turn:
    """A node that may start, and the attempt that it is to have."""

    node: str
    agent: str
    phase: str
    spec: NodeSpec
    rank: int
    """Nodes on the longest path from it, itself included."""
    attempt: int = 1
    lost: int = 0
    """How many of its attempts were lost with whoever had them."""


def ranks(workflow: Workflow) -> dict[str, int]:
    """Node to how many nodes lie on the longest path from it to an end, itself included."""
    found: dict[str, int] = {}
    for node in reversed(list(workflow.nodes)):
        found[node] = 1 + max((found[follower] for follower in workflow.followers[node]), default=0)
    return found


class Queues:
    """
    Turns that wait for a place, a queue for each resource; those of one rank in the order in which they came.

    Args:
        limits: Resource to how many turns it takes at once.
    """

    def __init__(self, limits: Mapping[str, int]) -> None:
        self._free = dict(limits)
        self._ready: dict[str, list[tuple[int, int, Turn]]] = {name: [] for name in limits}
        self._paused: list[tuple[float, int, str, Turn]] = []
        self._numbers = itertools.count()

    def __bool__(self) -> bool:
        """Whether any turn waits."""
        return bool(self._paused) or any(self._ready.values())

    def push(self, resource: str, turn: Turn, after: float = 0.0) -> None:
        """Have *turn* wait for a place, and not before the time *after*."""
        if after:
            heapq.heappush(self._paused, (after, next(self._numbers), resource, turn))
        else:
            heapq.heappush(self._ready[resource], (-turn.rank, next(self._numbers), turn))

    def pop(self, now: float) -> list[Turn]:
        """Every turn that there is a place for; each place is taken until it is set :meth:`free`."""
        while self._paused and self._paused[0][0] <= now:
            _, _, resource, turn = heapq.heappop(self._paused)
            self.push(resource, turn)
        found = []
        for resource, ready in self._ready.items():
            while ready and self._free[resource] > 0:
                self._free[resource] -= 1
                found.append(heapq.heappop(ready)[-1])
        return found

    def free(self, resource: str) -> None:
        """Give back a place."""
        self._free[resource] += 1

    def next_pause(self) -> list[float]:
        """When the first pause is over; empty where there is none."""
        return [self._paused[0][0]] if self._paused else []
