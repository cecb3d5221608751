"""The nouns whose parts say all of themselves: buckets, queues, log stores, entries, identities."""

from __future__ import annotations

from typing import ClassVar

from .inventory import Listed


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


class Identities(Listed):
    """Everybody that something is allowed to, and what allows it: users, roles, keys, grants."""

    name: ClassVar[str] = "identities"
    noun: ClassVar[str] = "identities"
