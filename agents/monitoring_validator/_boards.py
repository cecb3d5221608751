"""Gathers dashboards of all kinds, and tells what their panels are about by the series that they ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from orchestrator import Dashboard, Dashboards, Infrastructure

from ._alarms import WATCHING

CPU = re.compile(r"cpu|nano_?cores|node_load\d", re.IGNORECASE)
MEMORY = re.compile(r"mem(?:ory)?(?:[_ .A-Z]|$)|memory|working_?set|\brss\b", re.IGNORECASE)
DISK = re.compile(
    r"disk|filesystem|container_fs|ephemeral_?storage|tmp_used|volume_(?:stats|used|free)|fs_usage|fs_(?:used|free|avail)",
    re.IGNORECASE,
)
NETWORK = re.compile(
    r"network|(?<![a-z])net(?:_|work|dev|\.)|(?<![a-z])(?:rx|tx)_?bytes|bytes_?(?:sent|recv|received)|NetworkIn|NetworkOut",
    re.IGNORECASE,
)
_OF_STORES = re.compile(
    r"sql|rds|postgres|pg_|mongo|redis|database|storage_percent|elasticache|dynamodb|cosmos", re.IGNORECASE
)
_NO_DISK = re.compile(
    r"run_googleapis_com|run\.googleapis\.com|LambdaInsights|AWS/Lambda|azure.{0,20}functions", re.IGNORECASE
)
"""Platforms that run containers or functions, which have no disk but their memory."""
CONNECTIONS = re.compile(
    r"connections?(?:[_ \"'{,)\]]|$)|num_?backends|sessions?_count|stat_activity|threads_connected|(?:db|pool|conn)\w*_"
    r"(?:active|used|idle|in_use|open)|DatabaseConnections|ecto\w*(?:queue|idle|pool)|hikaricp|go_sql_\w*open",
    re.IGNORECASE,
)
QUERIES = re.compile(
    r"stat_statements|quer(?:y|ies)_?\w*(?:time|duration|latency|seconds|ms|exec)|slow_?quer|execution_?time|"
    r"(?:read|write|commit|select|dml)_?latency|SuccessfulRequestLatency|statement\w*_(?:seconds|time|duration)|"
    r"db\w*_(?:duration|latency|seconds)|ecto\w*query|mean_exec|insights_aggregate|total_time|query_?store|blk_read_time",
    re.IGNORECASE,
)
WITHOUT_CONNECTIONS = re.compile(r"dynamodb|firestore|datastore\.googleapis|cosmos|table_?storage", re.IGNORECASE)


def boards(dashboards: Dashboards, infrastructure: Infrastructure) -> list[Dashboard]:
    """The dashboards of files, and those of Azure's portal; each with a panel at least."""
    portal = [block for block in infrastructure.some if WATCHING.kind(block) == "board"]
    made = [
        Dashboard(
            title=str(block.label)[:200],
            path=block.path,
            line=block.line,
            system="azure",
            panels=len(metrics),
            expressions=tuple(metrics),
        )
        for block in portal
        if (metrics := list(dict.fromkeys(_metrics(block.body))))
    ]
    return [*(d for d in dashboards.made(infrastructure) if d.panels), *made]


def _metrics(value: Any, depth: int = 16) -> Iterable[str]:
    """The names of what the charts of a portal's dashboard show, with what they are of; queries of logs as they are."""
    if isinstance(value, dict) and depth:
        name = value.get("name")
        if isinstance(name, str) and ("resourceMetadata" in value or "aggregationType" in value):
            yield f"{_of(value.get('resourceMetadata'))} {name}".strip()[:500]
        for key, inner in value.items():
            if key in ("query", "Query") and isinstance(inner, str):
                yield inner[:500]
            else:
                yield from _metrics(inner, depth - 1)
    elif isinstance(value, list) and depth:
        for inner in value:
            yield from _metrics(inner, depth - 1)


def _of(resource: Any) -> str:
    return str(resource.get("id") or "")[:100] if isinstance(resource, dict) else ""


def of_machines(board: Dashboard) -> bool:
    """Whether a dashboard shows CPU, memory, disk and network of what runs the programs."""
    mine = [e for e in board.expressions if not _OF_STORES.search(e)]
    kinds = [any(kind.search(e) for e in mine) for kind in (CPU, MEMORY, DISK, NETWORK)]
    return all(kinds) or (kinds[0] and kinds[1] and kinds[3] and any(_NO_DISK.search(e) for e in mine))


def of_database(board: Dashboard) -> bool:
    """Whether a dashboard shows a database's connections, if it has any, and how long it takes to answer."""
    if not any(QUERIES.search(e) for e in board.expressions):
        return False
    return of_connections(board) or any(WITHOUT_CONNECTIONS.search(e) for e in board.expressions)


def of_connections(board: Dashboard) -> bool:
    return any(CONNECTIONS.search(e) for e in board.expressions)


_FOLDED = re.compile(r"[^a-z0-9]+")
_ENDING = re.compile(r"_(?:total|count|sum|bucket|seconds|milliseconds|ms|cents|created)$")


def charted(name: str, board: Dashboard) -> bool:
    """Whether a panel asks for the series that a program calls *name*, with whatever a library adds to it."""
    folded = _ENDING.sub("", _FOLDED.sub("_", name.lower()).strip("_"))
    if len(folded) < _LEAST:
        return False
    sought = re.compile(rf"(?:^|_){re.escape(folded)}(?:_|$)")
    return any(sought.search(_FOLDED.sub("_", expression.lower())) for expression in board.expressions)


_LEAST = 4
