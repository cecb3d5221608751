"""Reads Flyway's migrations in Java and Kotlin: the SQL that stands in them; what else they do is not known."""

from __future__ import annotations

import re

from ..ddl import read_sql
from ..tree import SourceFile
from . import lines as by_line
from .parsed import MAX_OPERATIONS, ParsedMigration, Step, steps_of

_NAME = re.compile(r"(?:^|/)([VRU])(\d[\w.]*?)?__(\w+)\.(?:java|kt)$")
_RUNS = re.compile(
    r"\.\s*(execute|executeUpdate|executeQuery|executeBatch|addBatch|prepareStatement|update|batchUpdate|query)\s*\("
)
_CODE = re.compile(r"\b(?:BaseJavaMigration|JavaMigration)\b")


def wants(path: str) -> bool:
    return bool(_NAME.search(path))


def read(source: SourceFile) -> ParsedMigration | None:
    """The migration of a class; None where it is none of Flyway's."""
    found = _NAME.search(source.path)
    if found is None or not _CODE.search(source.text):
        return None
    direction = {"V": "up", "R": "repeatable", "U": "down"}[found.group(1)]
    migration = ParsedMigration(source.path, "flyway", f"{found.group(2) or 'R'}__{found.group(3)}")
    migration.direction, migration.reversible = direction, None
    migration.note = by_line.note(source.lines, ("//", "/*", "*"))
    for call in by_line.calls(source.lines, 1, _RUNS):
        if len(migration.steps) < MAX_OPERATIONS:
            migration.steps.extend(_steps(call))
    migration.steps = migration.steps or [Step("unknown", line=1, detail="code without SQL of its own")]
    return migration


def _steps(call: by_line.Call) -> list[Step]:
    sql = by_line.strings(call.text)
    if not sql:
        return [] if call.name == "executeBatch" or call.text == "()" else [Step("unknown", line=call.line)]
    return steps_of(read_sql("".join(sql), call.line)) or [Step("run_sql", line=call.line)]
