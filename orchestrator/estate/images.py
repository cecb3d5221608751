"""Knows container images by the end of their name: what runs when they are started."""

from __future__ import annotations

import re
from functools import cache

from . import types
from .types import IMAGE, Known


@cache
def known(image: str) -> Known | None:
    """What is known of *image*, with or without registry, tag and digest."""
    parts = image.partition("@")[0].split("/")
    parts[-1] = parts[-1].partition(":")[0]
    return types.known("/".join(parts[-2:]), IMAGE) or types.known(parts[-1], IMAGE) or _built_upon(parts[-1])


def _built_upon(name: str) -> Known | None:
    """What an image of one's own is that is called after a server that it is built upon: ``postgres-pgbackrest``."""
    words = re.split(r"[-_.]", name.lower())
    if words[0] not in _SERVERS or _BESIDE.intersection(words):
        return None
    return types.known(words[0], IMAGE)


_SERVERS = ("postgres", "postgresql", "mysql", "mariadb", "mongo", "mongodb")
_BESIDE = frozenset(
    {
        "exporter",
        "backup",
        "backups",
        "dump",
        "operator",
        "client",
        "admin",
        "ui",
        "proxy",
        "pooler",
        "bouncer",
        "migrate",
    }
    | {"migrations", "init", "restore", "router", "shell", "tools", "web", "api", "mcp", "sync", "job", "cleanup"}
)
