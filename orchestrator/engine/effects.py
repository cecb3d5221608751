"""Takes an agent's own effects through the door: what it asks, and what it does to the world."""

from __future__ import annotations

import re
from typing import Any

from ..domain.effect import Do, Reconcile
from ..errors import EvidenceUnavailable
from .doorway import StepDoor

_PURPOSE = re.compile(r"[a-z0-9][a-z0-9._/-]{0,79}")


class AgentEffects:
    """The door for one attempt of a node."""

    def __init__(self, door: StepDoor, node: str, attempt: int) -> None:
        self._door = door
        self._node = node
        self._attempt = attempt

    async def step(self, purpose: str, input_: object, do: Do) -> Any:
        return _had(await self._door.step(self._node, self._attempt, _own(purpose), input_, _telling(do)))

    async def act(self, purpose: str, input_: object, do: Do, reconcile: Reconcile | None = None) -> Any:
        return await self._door.act(self._node, _own(purpose), input_, do, reconcile)


def _own(purpose: str) -> str:
    """*purpose*, apart from those of the house."""
    if not _PURPOSE.fullmatch(purpose):
        raise ValueError(f"a purpose is a short name such as 'list-tags', not {purpose[:100]!r}")
    return f"own/{purpose}"


def _telling(do: Do) -> Do:
    """*do*, with an answer also where it could not look: a replay must hear the same."""

    async def told() -> dict[str, Any]:
        try:
            return {"answer": await do()}
        except EvidenceUnavailable as error:
            return {"unavailable": error.reason}

    return told


def _had(said: dict[str, Any]) -> Any:
    if "unavailable" in said:
        raise EvidenceUnavailable(said["unavailable"])
    return said["answer"]
