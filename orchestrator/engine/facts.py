"""Fetches facts through the door: collected from their sources at first, read back ever after."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any

from ..domain.fact import Fact
from ..domain.release import Release
from ..domain.signal import Signal
from ..domain.target import Contacts
from ..evidence.facts.secrets import SecretHistory, Secrets
from ..evidence.shapes import read_back, written
from ..evidence.snapshot import Snapshot
from ..evidence.sources import FactSource, Progress, Reading, Subject, listed
from ..journal.event import canonical, digest
from ..journal.step import Door
from ..logs import logger
from .learning import learn

_log = logger("evidence")
_AT_ONCE = 4
"""How many sources outside the tree are asked at the same time."""


async def collect(
    door: Door,
    snapshot: Snapshot,
    signals: Sequence[Signal],
    paths: Sequence[str],
    progress: Progress | None = None,
    *,
    folder: str = "",
    contacts: Contacts | None = None,
    environment: Mapping[str, str] | None = None,
    sources: Iterable[FactSource] | None = None,
) -> dict[type[Fact], Fact]:
    """
    Every fact about a release, by type.

    What the tree and its history say comes first, and what they keep secret is withheld before anything is recorded;
    then whatever is outside is asked.

    Args:
        door: Where each fact is a step of its own.
        snapshot: What is under review.
        signals: What to look for in source text.
        paths: Single files that agents ask for.
        progress: Called with (files read, files to read) now and then.
        folder: Where the reviewed files lie.
        contacts: What may be contacted.
        environment: Values of the variables that may be sent, by name.
        sources: Where facts come from; all that are listed where None.
    """
    reading = Reading(snapshot, signals, paths, learn, progress)
    subject = Subject(
        release=snapshot.release,
        looked_for=looked_for(signals),
        paths=paths,
        reading=reading,
        folder=folder,
        contacts=contacts or Contacts(),
        environment=environment or {},
    )
    known = listed() if sources is None else tuple(sources)
    facts: dict[type[Fact], Fact] = {}
    for source in known:
        if source.of != "outside":
            facts[source.fact] = await _fetched(door, source, subject)
    if {Secrets, SecretHistory} <= facts.keys():
        await reading.learned(facts[Secrets], facts[SecretHistory])
    outside = [source for source in known if source.of == "outside"]
    limit = asyncio.Semaphore(_AT_ONCE)

    async def ask(source: FactSource) -> Fact:
        async with limit:
            return await _fetched(door, source, subject)

    answers = await asyncio.gather(*(ask(source) for source in outside))
    return facts | {source.fact: fact for source, fact in zip(outside, answers, strict=True)}


def asked(source: FactSource, release: Release, signals: Sequence[Signal], paths: Sequence[str]) -> Any:
    """What the answer of *source*, which reads the tree or a clone, depends on."""
    return source.asks(Subject(release=release, looked_for=looked_for(signals), paths=paths))


def looked_for(signals: Sequence[Signal]) -> str:
    """Digest of all that is looked for in source text."""
    return digest(canonical([s.model_dump(mode="json") for s in signals]))


async def _fetched(door: Door, source: FactSource, subject: Subject) -> Fact:
    """The fact of *source* as it is recorded."""
    value = await door.step("run", 1, source.purpose, source.asks(subject), _collecting(source, subject))
    return read_back(source.fact, value)


def _collecting(source: FactSource, subject: Subject) -> Callable[[], Awaitable[Any]]:
    async def collect() -> Any:
        fact = await source.collect(subject)
        for problem in fact.problems:
            _log.info("a file could not be made sense of", fact=source.fact.name, problem=str(problem))
        return written(fact)

    return collect
