"""Reads how many connections pools may open, and how many servers take."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orchestrator import Block, Code, Infrastructure, Kubernetes, Source, as_number

from ._database_signals import LIMITED


@dataclass(frozen=True)
class Number:
    """A number and where it is written."""

    number: int
    at: Source
    by_itself: bool = False
    """It bounds all clients together, as that of a pooler does."""


_SIZE = re.compile(
    r"(?:\bpool_?size|maximum_?-?pool_?-?size|max(?:imum)? pool size|max_?pool_?size|connection_?limit|"
    r"pool_max_conns|default_pool_size|MaxOpenConns|MaxConns|\.max_connections|jdbc[./]max-size|"
    r"\bpool['\"]?\s?[:=]\s?[({].{0,80}?\bmax(?:_size|Size)?|new (?:pg\.)?Pool\(.{0,80}?\bmax|"
    r"new PrismaPg\(.{0,160}?\bmax)"
    r"[^\d\w,;]{1,6}(?P<number>\d{1,6})\b(?!\s?\*)"
    r"|^\s*pool:\s*(?P<plain>\d{1,6})\s*$|\bcfg\.MaxConns,.{0,40}=\s?(?P<first>\d{1,6})",
    re.IGNORECASE,
)
_OVERFLOW = re.compile(r"max_overflow\W{1,4}(\d{1,5})", re.IGNORECASE)
_ALCHEMY_SIZE = re.compile(r"create_(?:async_)?engine|max_overflow", re.IGNORECASE)
_BY_DEFAULT = 10
"""How many more connections SQLAlchemy opens where nobody says otherwise."""


def sizes_of(hits: Iterable[Source]) -> tuple[list[Number], list[Source]]:
    """The sizes of pools, and the places that set one which is not told."""
    sizes: list[Number] = []
    untold: list[Source] = []
    for hit in hits:
        if hit.text.startswith("max_connections") and not hit.path.endswith("database.yml"):
            continue  # it is of a server
        found = _SIZE.search(hit.text)
        if found is None:
            if not _IMAGE.search(hit.text):
                untold.append(hit)
            continue
        size = int(found["number"] or found["plain"] or found["first"])
        overflow = _OVERFLOW.search(hit.text)
        if overflow:
            size += int(overflow[1])
        elif _ALCHEMY_SIZE.search(hit.text):
            size += _BY_DEFAULT
        sizes.append(Number(size, hit, by_itself="default_pool_size" in hit.text))
    poolers = [size for size in sizes if size.by_itself]
    return poolers or sizes, [] if poolers else untold


_IMAGE = re.compile(r"image:|resource \"|Type:", re.IGNORECASE)


def by_file(sizes: list[Number]) -> list[Number]:
    """The largest of each file: settings of one file are alternatives."""
    largest: dict[str, Number] = {}
    for size in sizes:
        if size.at.path not in largest or largest[size.at.path].number < size.number:
            largest[size.at.path] = size
    return list(largest.values())


def limits_of(code: Code, infrastructure: Infrastructure, kubernetes: Kubernetes) -> list[Number]:
    """The limits of servers, wherever they are written."""
    blocks = [*infrastructure.some, *infrastructure.of_kind("locals")]
    return [*_limits(code), *_of_blocks(blocks), *_of_resources(kubernetes)]


_LIMIT = re.compile(r"max_connections['\"]?\s?[:=]\s?['\"]?(\d{2,6})\b")
_LEAST = 15
"""No server takes fewer; such a number is of a client."""


def _limits(code: Code) -> Iterator[Number]:
    """The limits of servers that are written in one line."""
    for hit in code[LIMITED].first:
        found = _LIMIT.search(hit.text)
        if found and int(found[1]) >= _LEAST and not hit.path.endswith("database.yml"):
            yield Number(int(found[1]), hit)


def _of_blocks(blocks: Iterable[Block]) -> Iterator[Number]:
    """The limits of servers that infrastructure code sets."""
    for block in blocks:
        for mapping in mappings(block.body):
            if (mapping.get("name") == "max_connections" and (number := as_number(mapping.get("value")))) or (
                (number := as_number(mapping.get("max_connections"))) and number >= _LEAST
            ):
                yield Number(int(number), block.at())
        if "max_connections" in str(block.get("name")) and (number := as_number(block.get("properties", "value"))):
            yield Number(int(number), block.at())


def _of_resources(kubernetes: Kubernetes) -> Iterator[Number]:
    """The limits of servers that operators run."""
    for resource in kubernetes.every:
        for mapping in mappings(resource.body):
            number = as_number(mapping.get("max_connections"))
            if number and number >= _LEAST:
                yield Number(int(number), resource.at())


def mappings(value: object, depth: int = 0) -> Iterator[dict[str, object]]:
    """Every mapping within *value*, itself included."""
    if depth > 12:
        return
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from mappings(part, depth + 1)
    elif isinstance(value, list):
        for part in value[:200]:
            yield from mappings(part, depth + 1)
