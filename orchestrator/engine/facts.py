"""Fetches facts through the door: extracted in one pass at first, read back ever after."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from ..domain.fact import Fact
from ..domain.signal import Signal
from ..evidence import extract
from ..evidence.facts.history import History
from ..evidence.facts.secrets import SecretHistory, Secrets
from ..evidence.history import history
from ..evidence.past.child import Search
from ..evidence.past.request import asked_of
from ..evidence.reader import made
from ..evidence.shapes import read_back, written
from ..evidence.snapshot import Snapshot
from ..journal.event import canonical, digest
from ..journal.step import Door
from ..logs import logger
from .learning import learn

_log = logger("evidence")
Progress = Callable[[int, int], None]


async def collect(
    door: Door,
    snapshot: Snapshot | None,
    tree: str,
    signals: Sequence[Signal],
    paths: Sequence[str],
    progress: Progress | None = None,
) -> dict[type[Fact], Fact]:
    """
    Every fact about a tree, by type.

    Args:
        door: Where each fact is a step of its own.
        snapshot: What to extract from; None when everything must be in the record.
        tree: Digest of the tree.
        signals: What to look for in source text.
        paths: Single files that agents ask for.
        progress: Called with (files read, files to read) now and then.
    """
    pass_ = _Pass(snapshot, signals, paths, progress)
    input_ = asked(tree, signals, paths)
    facts: dict[type[Fact], Fact] = {}
    kinds: tuple[type[Fact], ...] = (*extract.kinds(), History, SecretHistory)
    for kind in kinds:
        value = await door.step("run", 1, f"fact:{kind.name}", input_, pass_.of(kind))
        facts[kind] = read_back(kind, value)
    if snapshot is not None and not pass_.made:
        secrets, earlier = facts[Secrets], facts[SecretHistory]
        assert isinstance(secrets, Secrets)  # facts are kept by their own type
        assert isinstance(earlier, SecretHistory)  # likewise
        await asyncio.to_thread(learn, snapshot, secrets, earlier)
    return facts


def asked(tree: str, signals: Sequence[Signal], paths: Sequence[str]) -> dict[str, Any]:
    """What the facts of a tree depend on; it is the input of each one's step."""
    return {
        "tree": tree,
        "signals": digest(canonical([s.model_dump(mode="json") for s in signals])),
        "paths": list(paths),
    }


class _Pass:
    """The one pass over the tree and its history, made when the first fact is missing from the record."""

    def __init__(
        self, snapshot: Snapshot | None, signals: Sequence[Signal], paths: Sequence[str], progress: Progress | None
    ) -> None:
        self._snapshot = snapshot
        self._signals = signals
        self._paths = paths
        self._progress = progress
        self._facts: dict[type[Fact], Fact] | None = None
        self._search = Search()

    @property
    def made(self) -> bool:
        return self._facts is not None

    def of(self, kind: type[Fact]) -> Callable[[], Any]:
        async def fetch() -> Any:
            if self._facts is None:
                try:
                    self._facts = await asyncio.to_thread(self._extract)
                finally:
                    self._search.end()
            return written(self._facts[kind])

        return fetch

    def _extract(self) -> dict[type[Fact], Fact]:
        snapshot = self._snapshot
        if snapshot is None:
            raise AssertionError("facts were asked for without a tree to read")
        _log.info("reading the tree", files=len(snapshot.tree.entries), signals=len(self._signals))
        self._search.begin(asked_of(snapshot))
        facts = extract.extract(snapshot.tree, self._signals, self._paths, self._progress)
        facts[History] = made(History, lambda: history(snapshot))
        secrets, earlier = facts[Secrets], self._search.result()
        assert isinstance(secrets, Secrets)  # facts are kept by their own type
        facts[SecretHistory] = earlier
        learn(snapshot, secrets, earlier)
        for kind, fact in facts.items():
            for problem in fact.problems:
                _log.info("a file could not be made sense of", fact=kind.name, problem=str(problem))
        return facts
