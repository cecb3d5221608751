"""Tells in what environments differ that come from one definition: a store, its version, or a stack of one's own."""

from __future__ import annotations

import re

from orchestrator import Code, Infrastructure, Signal, Source, Typed, stage_of_file

_STORES = (
    r"(?:postgres\w*|pgvector|timescaledb|mysql|mariadb|mongo(?:db)?|redis|valkey|rabbitmq|kafka|nats|elasticsearch|"
    r"opensearch|clickhouse)"
)
IN_MEMORY = Signal(
    id="deployment.store-in-memory",
    pattern=r"\bjdbc:(?:h2|hsqldb|derby|sqlite):|\bsqlite3?:|:memory:|\bdb\.sqlite3\b",
    roles=("config", "infra", "other"),
)
STORE_IMAGE = Signal(
    id="deployment.store-image",
    pattern=rf"\b(?:value|image|imageName)['\"]?\s*:\s*['\"]?(?:[\w.-]+/)*{_STORES}:\d",
    roles=("config", "infra", "other"),
)
STORE_VERSION = Signal(
    id="deployment.store-version",
    pattern=rf"^\W{{0,3}}(?:engine|{_STORES}|db|database|cluster|kubernetes|runtime)_?version['\"]?\s*[:=]\s*['\"]?\d",
    roles=("config", "infra", "other"),
)
_IMAGE = re.compile(rf"(?:[\w.-]+/)*{_STORES}:[\w.-]+")
_SETTING = re.compile(r"(\w+)['\"]?\s*[:=]\s*['\"]?([\w.-]+)")
_LOWER = ("rehearsal", "development")
_FOR_ONE_MACHINE = re.compile(r"compose|docker|(^|/)\.|(^|/)(?:tests?|e2e|ci)/", re.IGNORECASE)


_WORKLOADS, _DATA = Typed("estate/workloads"), Typed("estate/data-stores")


def differing(code: Code, infrastructure: Infrastructure) -> Source | None:
    """Where another environment than production is given what production has not."""
    for hit in code[IN_MEMORY].first:
        if _is_lower(hit.path):
            return hit
    return _declared_alone(infrastructure) or _another_image(code) or _another_version(code)


def _is_lower(path: str) -> bool:
    return stage_of_file(path) in _LOWER and not _FOR_ONE_MACHINE.search(path)


def _declared_alone(infrastructure: Infrastructure) -> Source | None:
    """What infrastructure code declares for another environment alone, and of a type that nothing else is of."""
    declared = [block for block in infrastructure.some if block in _WORKLOADS or block in _DATA]
    others = {block.type for block in declared if not _is_lower(block.path)}
    alone = (block.at() for block in declared if _is_lower(block.path) and block.type not in others)
    return next(alone, None) if others else None


def _another_image(code: Code) -> Source | None:
    """Where an environment has an image of a store that no file of production, or of all, names."""
    named = [
        (hit, _IMAGE.findall(hit.text)) for hit in code[STORE_IMAGE].first if not _FOR_ONE_MACHINE.search(hit.path)
    ]
    ours = {image for hit, images in named if not _is_lower(hit.path) for image in images}
    return next((hit for hit, images in named if ours and _is_lower(hit.path) and not ours.issuperset(images)), None)


def _another_version(code: Code) -> Source | None:
    """Where an environment sets the version of a store to another one than production."""
    said = [(hit, found) for hit in code[STORE_VERSION].first if (found := _SETTING.search(hit.text))]
    ours = {found[1]: found[2] for hit, found in said if stage_of_file(hit.path) == "production"}
    lower = ((hit, ours.get(found[1], found[2]) != found[2]) for hit, found in said if _is_lower(hit.path))
    return next((hit for hit, differs in lower if differs), None)
