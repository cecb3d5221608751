"""Counts the credentials of a history, each once, and keeps the first of them."""

from __future__ import annotations

from ...errors import RepositoryUnreadable
from ..facts.secrets import Credential

KEPT = 200
MAX_COUNTED = 500_000

Key = tuple[str, str]


class Finds:
    """Counts distinct credentials and keeps the first in their order, whatever order they come in."""

    def __init__(self) -> None:
        self._live: dict[Key, bool] = {}
        self._kept: dict[Key, Credential] = {}

    def add(self, credential: Credential) -> None:
        """
        Count *credential* if it is a new one; of two places the better is kept.

        Raises:
            RepositoryUnreadable: There are more than can be counted.
        """
        key = (credential.kind, credential.digest)
        self._live[key] = self._live.get(key, False) or credential.confidence != "low"
        kept = self._kept.get(key)
        if kept is None or _order(credential) < _order(kept):
            self._kept[key] = credential
        if len(self._kept) > 10 * KEPT:
            self._kept = {(c.kind, c.digest): c for c in self.first()}
        if len(self._live) > MAX_COUNTED:
            raise RepositoryUnreadable(f"the history holds more than {MAX_COUNTED:,} credentials")

    def first(self) -> tuple[Credential, ...]:
        """Those that are told, the sure ones first."""
        return tuple(sorted(self._kept.values(), key=_order)[:KEPT])

    @property
    def total(self) -> int:
        return len(self._live)

    @property
    def live(self) -> int:
        """How many may open something."""
        return sum(self._live.values())


def _order(credential: Credential) -> tuple[bool, str, int, str, str, str, str]:
    source = credential.source
    return (
        credential.confidence == "low",
        source.path,
        source.line,
        credential.kind,
        credential.digest,
        credential.commit,
        credential.object,
    )
