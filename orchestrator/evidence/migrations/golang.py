"""Reads schema changes that a Go program carries as SQL in its own source."""

from __future__ import annotations

import re

from ..ddl import Change, read_sql
from ..tree import SourceFile
from .parsed import MAX_OPERATIONS, ParsedMigration, steps_of

_PATH = re.compile(r"(^|/)(\w*migrat\w*\.go$|(\w+/)?migrations?/[^/]+\.go$)", re.IGNORECASE)
_DDL = re.compile(r"\b(create\s+(unique\s+)?(table|index)|alter\s+table|drop\s+(table|index))\b", re.IGNORECASE)
_RAW_STRING = re.compile(r"`([^`]*+)`|\"((?:[^\"\\\n]|\\.)*+)\"")
_GOOSE = re.compile(r"goose\.Add(?:Named)?Migration(?:NoTx)?(?:Context)?\((?:\"[^\"]*\",\s*)?\w+,\s*(\w+)\)")


def wants(path: str) -> bool:
    return bool(_PATH.search(path)) and not path.endswith("_test.go")


def read(source: SourceFile) -> ParsedMigration | None:
    """The schema changes in a file's string literals; None where it has none."""
    text = source.text
    registered = _GOOSE.search(text)
    if not registered and not _DDL.search(text):
        return None
    changes: list[Change] = []
    counted, line = 0, 1
    for found in _RAW_STRING.finditer(text):
        piece = found.group(1) or found.group(2) or ""
        if not _DDL.search(piece[:20_000]):
            continue
        line += text.count("\n", counted, found.start())
        counted = found.start()
        if len(changes) < MAX_OPERATIONS:
            changes.extend(c for c in read_sql(piece, line) if c.kind != "other")
    changes = [c for c in changes if c.kind != "run_sql"]
    if not changes and not registered:
        return None
    name = source.file.name.removesuffix(".go")
    migration = ParsedMigration(source.path, "goose" if registered else "go", name, changes[0].line if changes else 1)
    migration.steps = steps_of(changes)
    migration.reversible = registered.group(1) != "nil" if registered else None
    return migration
