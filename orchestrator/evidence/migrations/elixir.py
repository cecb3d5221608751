"""Reads Ecto's migrations."""

from __future__ import annotations

import re

from ..ddl import ColumnChange, read_sql
from ..tree import SourceFile
from . import lines as by_line
from .parsed import MAX_OPERATIONS, ParsedMigration, Step, steps_of

_PATH = re.compile(r"(^|/)priv/\w+/migrations/(\d+)_(\w+)\.exs$")
_UP = re.compile(r"^\s*def\s+(up|change)\b")
_DOWN = re.compile(r"^\s*def\s+down\b")
_METHOD = re.compile(r"^\s*defp?\s")
_LINE = re.compile(
    r"^\s*(create(?:_if_not_exists)?|drop(?:_if_exists)?|alter|rename|add|remove|modify|execute|create_index)[ (]+"
    r"(table|index|unique_index|constraint)?(.{0,400})$"
)


def wants(path: str) -> bool:
    return bool(_PATH.search(path))


def read(source: SourceFile) -> ParsedMigration | None:
    """The migration of a module under ``priv/…/migrations``."""
    found = _PATH.search(source.path)
    start, body = by_line.section(source.lines, _UP, _METHOD)
    if not start or found is None:
        return None
    version = found.group(2)
    migration = ParsedMigration(source.path, "ecto", f"{version}_{found.group(3)}", start)
    migration.written = f"{version[:4]}-{version[4:6]}-{version[6:8]}" if len(version) == 14 else ""
    doc = re.search(r'@moduledoc\s+"{1,3}\s*([^"\n]{3,160})', source.text)
    migration.note = doc.group(1) if doc else by_line.note(source.lines, ("#",))
    change = "change" in body[0]
    migration.steps = _steps(body, start, change)
    migration.down_line, down = by_line.section(source.lines, _DOWN, _METHOD)
    if change:
        migration.reversible = all(s.reversible is not False for s in migration.steps)
    else:
        migration.reversible = any(_LINE.match(line[:500]) for line in down[1:]) or not migration.steps
    return migration


def _steps(body: list[str], first: int, change: bool) -> list[Step]:
    steps: list[Step] = []
    table = ""
    creating: Step | None = None
    for number, text in enumerate(body):
        found = _LINE.match(text[:600])
        if not found or len(steps) >= MAX_OPERATIONS:
            continue
        verb, what, rest = found.group(1).partition("_if")[0], found.group(2) or "", found.group(3)
        said = by_line.words(rest)
        title = said[0] if said else ""
        step = Step(
            "other", title, line=first + number, reversible=True if change else None, detail=f"{verb} {what}".strip()
        )
        if verb == "create" and what == "table":
            step.kind, creating = "create_table", step
        elif verb == "create" and "index" in what:
            step.kind, step.concurrently = "add_index", "concurrently: true" in text
        elif verb == "create" and what == "constraint":
            step.kind, step.not_valid = "add_check", "validate: false" in text
        elif verb == "drop":
            step.kind = {"table": "drop_table", "index": "drop_index", "unique_index": "drop_index"}.get(
                what, "drop_constraint"
            )
            step.reversible = False if change and step.kind != "drop_index" else step.reversible
        elif verb == "alter":
            table, creating = title, None
            continue
        elif verb == "rename":
            step.kind = "rename_column" if "to: :" in rest and len(said) > 1 else "rename_table"
            step.column = said[1] if step.kind == "rename_column" and len(said) > 1 else ""
        elif verb == "add":
            nullable = "null: false" not in rest
            if creating is not None:
                creating.columns.append(
                    ColumnChange(title, said[1] if len(said) > 1 else "", first + number, nullable=nullable)
                )
                continue
            step.kind, step.table, step.column = "add_column", table, title
            step.type, step.nullable, step.default = said[1] if len(said) > 1 else "", nullable, "default:" in rest
        elif verb == "remove":
            step.kind, step.table, step.column = "drop_column", table, title
            step.reversible = (len(said) > 1) if change else None
        elif verb == "modify":
            step.kind, step.table, step.column = "alter_type", table, title
            step.type = said[1] if len(said) > 1 else ""
            step.reversible = ("from:" in rest) if change else None
        elif verb == "execute":
            sql = by_line.strings(rest)
            reversible = (len(sql) > 1) if change and sql else None
            steps.extend(steps_of(read_sql(sql[0], first + number), reversible) if sql else [])
            continue
        steps.append(step)
    return steps
