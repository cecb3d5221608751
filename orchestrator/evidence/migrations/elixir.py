"""Reads Ecto's migrations."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
_TEXT = r'(?:~[sS])?(?:"""(?P<{0}_block>.*?)"""|"(?P<{0}>(?:[^"\\\\]|\\\\.)*+)")'
_EXECUTE = re.compile(rf"execute[ (]\s*{_TEXT.format('forth')}(?:,\s*{_TEXT.format('back')})?", re.DOTALL)
_ON_ONE_LINE = re.compile(r"\s*(?:alter|create)[ (]+table\(.{1,300}?\bdo:\s*(.+)$")
_MOST_LINES = 200
"""Of one statement."""


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
        migration.reversible = _together(migration.steps)
    else:
        migration.reversible = any(_LINE.match(line[:500]) for line in down[1:]) or not migration.steps
    return migration


def _steps(body: list[str], first: int, change: bool) -> list[Step]:
    steps: list[Step] = []
    table = ""
    creating: Step | None = None
    after = 0
    for number, text in _lines(body):
        found = _LINE.match(text[:600])
        if not found or number < after or len(steps) >= MAX_OPERATIONS:
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
            call = "\n".join(body[number : number + _MOST_LINES]).lstrip()
            told = _EXECUTE.match(call)
            steps.extend(_executed(told, first + number, change) if told else [Step("run_sql", line=first + number)])
            after = number + 1 + (told[0].count("\n") if told else 0)
            continue
        steps.append(step)
    return steps


def _lines(body: list[str]) -> Iterator[tuple[int, str]]:
    """The lines of *body* with their numbers from 0; ``alter table(:a), do: add(:b, :text)`` as two of them."""
    for number, text in enumerate(body):
        yield number, text
        if inside := _ON_ONE_LINE.match(text[:600]):
            yield number, inside[1]


def _together(steps: list[Step]) -> bool | None:
    """Whether Ecto can reverse all *steps*; None where that of one cannot be told."""
    said = {step.reversible for step in steps}
    return False if False in said else None if None in said else True


def _executed(call: re.Match[str], line: int, change: bool) -> list[Step]:
    """The steps of a statement that stands in the call which runs it."""
    forth, back = (call[name] or call[f"{name}_block"] or "" for name in ("forth", "back"))
    steps = steps_of(read_sql(forth, line))
    for step in steps:
        step.reversible = (bool(back.strip()) or _only_asks(step)) if change else None
    return steps


def _only_asks(step: Step) -> bool:
    return step.kind == "run_sql" and step.detail == "SELECT"
