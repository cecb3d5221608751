"""The nouns whose parts say all of themselves: buckets, queues, log stores, entries, identities."""

from __future__ import annotations

from typing import ClassVar

from .inventory import Listed, Part


class Buckets(Listed):
    """Every store of objects under names."""

    name: ClassVar[str] = "buckets"
    noun: ClassVar[str] = "buckets"


class Queues(Listed):
    """Every queue, topic, stream, broker and bus."""

    name: ClassVar[str] = "queues"
    noun: ClassVar[str] = "queues"


class LogStores(Listed):
    """Every store of log lines and audit records."""

    name: ClassVar[str] = "log_stores"
    noun: ClassVar[str] = "log-stores"


class Entries(Listed):
    """Everything that takes in what others send: balancers, listeners, gateways, sites, functions with an address."""

    name: ClassVar[str] = "entries"
    noun: ClassVar[str] = "entries"

    @property
    def unguarded(self) -> list[Part]:
        """Those in production that ask nobody who they are, but for what browsers ask before they send anything."""
        return [
            part
            for part in self.parts
            if part.production and part.says("guarded").value is False and not part.says("preflight").value
        ]


class Identities(Listed):
    """Everybody that something is allowed to, and what allows it: users, roles, keys, grants."""

    name: ClassVar[str] = "identities"
    noun: ClassVar[str] = "identities"
