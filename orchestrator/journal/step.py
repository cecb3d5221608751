"""The one door that every effect goes through, live, resumed or replayed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from contextvars import Context
from typing import Any

from ..domain.effect import Do, Reconcile, Reconciled
from ..errors import ReplayDivergence, StepUndecided
from ..redaction import looks_secret, redacted
from .acts import DONE, SETTLED, STARTED, Begun, State
from .event import canonical, digest
from .kinds import Packed
from .record import Record
from .writer import Journal


class Door:
    """
    Answers a step from the record where it is there, else does it and writes the answer down.

    A step that only looks is safe to repeat: what was begun and has no answer is done again. One that acts on the world
    is not: see :meth:`act`.

    Args:
        journal: Where answers are written; None when nothing may be done (replay).
        recorded: Answers by key, from an earlier life of the same run.
        begun: Acting steps of an earlier life that have a beginning and no end, by key.
        settled: What a person says of those, by key.
    """

    def __init__(
        self,
        journal: Journal | None,
        recorded: Mapping[str, Callable[[], Any]] | None = None,
        begun: Mapping[str, Begun] | None = None,
        settled: Mapping[str, State] | None = None,
    ) -> None:
        self._journal = journal
        self._recorded = dict(recorded or {})
        self._begun = dict(begun or {})
        self._settled = settled or {}
        self._busy: dict[str, asyncio.Event] = {}

    async def step(self, node: str, attempt: int, purpose: str, input_: object, do: Do) -> Any:
        """
        The answer to an effect that is safe to repeat.

        Args:
            node: Who asks; ``run`` for what belongs to no node.
            attempt: Which attempt of the node asks, from 1.
            purpose: What for: ``facts``, ``quote``, ``model`` …
            input_: What the answer depends on, as JSON; with node, attempt and purpose it is the key.
            do: Does it; the answer must be JSON.

        Raises:
            ReplayDivergence: The record has no answer and nothing may be done.
        """
        key = self._key(f"{node}#{attempt}:{purpose}", input_)
        async with self._alone(key):
            if key in self._recorded:
                return self._recorded[key]()
            journal = self._live(key)
            return await self._answered(journal, key, node, await do())

    async def act(self, node: str, purpose: str, input_: object, do: Do, reconcile: Reconcile | None = None) -> Any:
        """
        The answer to an effect that acts on the world: it happens once in a run, whatever the attempt.

        That it begins is on disk before it does. Where it was begun and has no answer, because the process or the
        attempt ended in the middle, the world is asked whether it happened, else a person; it is never done again
        without an answer to that.

        Args:
            node: Who asks.
            purpose: What for: ``migrate``, ``shift-traffic`` …
            input_: What is done, as JSON; with node and purpose it is the key, and it stands in the record.
            do: Does it; the answer must be JSON.
            reconcile: Asks the world; None where it cannot be asked.

        Raises:
            StepUndecided: It was begun, and neither the world nor a person has said what became of it.
            ReplayDivergence: The record has no answer and nothing may be done.
        """
        key = self._key(f"{node}!{purpose}", input_)
        async with self._alone(key):
            if key in self._recorded:
                return self._recorded[key]()
            journal = self._live(key)
            if key in self._begun:
                found = await self._reconciled(journal, self._begun[key], reconcile)
                if found.state == "done":
                    return await self._answered(journal, key, node, found.value)
            event = {"key": key, "input": journal.packed(input_)}
            journal.append(STARTED, node, event)
            self._begun[key] = Begun(key, node, "just now")
            await journal.durable()
            return await self._answered(journal, key, node, await do())

    def _key(self, about: str, input_: object) -> str:
        """
        The key of a step.

        A record of an earlier version, which withheld less, has made it of more: what it has given back already was
        redacted by that version, so the key is found again by the input as it is.
        """
        key, earlier = f"{about}:{_short(input_)}", f"{about}:{_digits(canonical(input_))}"
        is_earlier = key not in self._recorded and key not in self._begun
        return earlier if is_earlier and (earlier in self._recorded or earlier in self._begun) else key

    async def _reconciled(self, journal: Journal, begun: Begun, reconcile: Reconcile | None) -> Reconciled:
        """What became of *begun*, as a person or the world says; it is on disk before anybody goes by it."""
        said = self._settled.get(begun.key)
        if said is not None:
            by, found = "person", Reconciled(said)
        elif reconcile is not None:
            by, found = "world", await reconcile()
        else:
            by, found = "nobody", Reconciled.undecided("it has no way to ask the world")
        if found.state == "undecided":
            raise StepUndecided(
                f"step '{begun.key}' acts on the world and was started ({begun.at}) but never finished: {found.reason}",
                where=f"run {journal.folder.name}, node {begun.node}",
                remedy=f"check whether it happened, then `gonogo resume {journal.folder} --step '{begun.key}=done'`; "
                "`=undone` instead does it again",
            )
        journal.append(SETTLED, begun.node, {"key": begun.key, "state": found.state, "by": by, "reason": found.reason})
        await journal.durable()
        return found

    async def _answered(self, journal: Journal, key: str, node: str, value: Any) -> Any:
        """*value* as it was written down: redacted, so that a live run judges the same value that a replay will."""
        said = journal.packed(value)
        packed = Packed.model_validate(said)
        journal.append(DONE, node, {"key": key, **said})
        self._begun.pop(key, None)
        self._recorded[key] = lambda: Record(journal.folder).value(packed)
        await journal.durable()  # whoever asked may be called off here; what was done is done all the same
        return self._recorded[key]()

    def _live(self, key: str) -> Journal:
        if self._journal is None:
            raise divergence(key, self._recorded)
        return self._journal

    @asynccontextmanager
    async def _alone(self, key: str) -> AsyncIterator[None]:
        """One at a time for *key*: who asks the same meanwhile waits for the answer."""
        while key in self._busy:
            await self._busy[key].wait()
        self._busy[key] = asyncio.Event()
        try:
            yield
        finally:
            self._busy.pop(key).set()


def step_key(node: str, attempt: int, purpose: str, input_: object) -> str:
    """The key of a step that only looks."""
    return f"{node}#{attempt}:{purpose}:{_short(input_)}"


def divergence(asked: str, recorded: Mapping[str, object]) -> ReplayDivergence:
    """The mistake of asking for *asked*; names what the record has in its place."""
    about = asked.rpartition(":")[0]
    instead = sorted(key for key in recorded if key.rpartition(":")[0] == about)
    return ReplayDivergence(
        f"step '{about}' was asked for with another input than the record has",
        where=f"asked {asked}, recorded {', '.join(instead) or 'nothing of this name'}",
        remedy="agents or rules have changed since; `gonogo replay --rejudge` says what they would find today",
    )


def _short(input_: object) -> str:
    """
    A digest of *input_* without what looks like a credential: a weak one could be guessed from it.

    Nothing else is heeded that a run withholds by: with another key, environment or contact it is the same step.
    """
    return Context().run(_plain, input_)


def _plain(input_: object) -> str:
    data = canonical(input_)
    return _digits(canonical(redacted(input_)) if looks_secret(data) else data)


def _digits(data: bytes) -> str:
    return digest(data)[7:23]
