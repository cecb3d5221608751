"""This is where the one door stands that every effect goes through, live, resumed or replayed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from ..errors import ReplayDivergence
from .event import canonical, digest
from .writer import Journal

STEP = "StepDone"


class Door:
    """
    Answers a step from the record where it is there, else does it and writes the answer down.

    Args:
        journal: Where answers are written; None when nothing may be done (replay).
        recorded: Answers by key, from an earlier life of the same run.
    """

    def __init__(self, journal: Journal | None, recorded: Mapping[str, Callable[[], Any]] | None = None) -> None:
        self._journal = journal
        self._recorded = recorded or {}

    async def step(
        self, node: str, attempt: int, purpose: str, input_: object, do: Callable[[], Awaitable[Any]]
    ) -> Any:
        """
        The answer to one effect.

        Args:
            node: Who asks; ``run`` for what belongs to no node.
            attempt: Which attempt of the node asks, from 1.
            purpose: What for: ``facts``, ``quote``, ``model`` …
            input_: What the answer depends on, as JSON; with node, attempt and purpose it is the key.
            do: Does it; the answer must be JSON.

        Raises:
            ReplayDivergence: The record has no answer and nothing may be done.
        """
        key = f"{node}#{attempt}:{purpose}:{digest(canonical(input_))[7:23]}"
        if key in self._recorded:
            return self._recorded[key]()
        if self._journal is None:
            raise ReplayDivergence(f"step '{key}' was asked for and is not in the record")
        packed = self._journal.packed(await do())
        self._journal.append(STEP, node, {"key": key, **packed})
        await self._journal.durable()
        return packed["value"] if "value" in packed else _reread(self._journal, packed)


def _reread(journal: Journal, packed: dict[str, Any]) -> Any:
    """What was written, so that a live run judges the same redacted value that a replay will."""
    from .record import Record

    return Record(journal.folder).value(packed)
