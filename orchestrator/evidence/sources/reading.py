"""Reads a tree and searches its history at the same time, once, when the first answer is asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from ...domain.fact import Fact
from ...domain.signal import Signal
from ...logs import logger
from .. import extract
from ..facts.changes import Changes
from ..facts.history import History
from ..facts.secrets import SecretHistory, Secrets
from ..history import history
from ..past.child import Search
from ..past.request import asked_of
from ..reader import made
from ..scanner.apart import SCANNING
from ..since import changes
from ..snapshot import Snapshot
from ..trial import TRIAL

_log = logger("evidence")
Progress = Callable[[int, int], None]
Learn = Callable[[Snapshot, Secrets, SecretHistory], None]


class Reading:
    """
    The one pass over a tree and its history.

    Args:
        snapshot: What is read.
        signals: What to look for in source text.
        paths: Single files that agents ask for.
        learn: Takes in what the tree keeps secret, before anybody hears of any fact.
        progress: Called with (files read, files to read) now and then.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        signals: Sequence[Signal],
        paths: Sequence[str],
        learn: Learn,
        progress: Progress | None = None,
    ) -> None:
        self._snapshot = snapshot
        self._signals = signals
        self._paths = paths
        self._learn = learn
        self._progress = progress
        self._facts: dict[type[Fact], Fact] | None = None
        self._search = Search()

    async def fact(self, kind: type[Fact]) -> Fact:
        """What was read; the first to ask has it read."""
        if self._facts is None:
            try:
                self._facts = await asyncio.to_thread(self._read)
            finally:
                self._search.end()
                TRIAL.end()
                SCANNING.end()
        return self._facts[kind]

    async def learned(self, secrets: Fact, earlier: Fact) -> None:
        """Have what the tree keeps secret taken in where its facts were recorded by an earlier life of the run."""
        if self._facts is None:
            assert isinstance(secrets, Secrets)  # facts are kept by their own type
            assert isinstance(earlier, SecretHistory)  # likewise
            try:
                await asyncio.to_thread(self._learn, self._snapshot, secrets, earlier)
            finally:
                SCANNING.end()

    def _read(self) -> dict[type[Fact], Fact]:
        snapshot = self._snapshot
        _log.info("reading the tree", files=len(snapshot.tree.entries), signals=len(self._signals))
        self._search.begin(asked_of(snapshot))
        facts = extract.extract(snapshot.tree, self._signals, self._paths, self._progress)
        facts[History] = made(History, lambda: history(snapshot))
        facts[Changes] = made(Changes, lambda: changes(snapshot))
        secrets, earlier = facts[Secrets], self._search.result()
        assert isinstance(secrets, Secrets)  # facts are kept by their own type
        facts[SecretHistory] = earlier
        self._learn(snapshot, secrets, earlier)
        return facts
