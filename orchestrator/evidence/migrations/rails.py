"""Reads Rails' migrations."""

from __future__ import annotations

import re

from ...errors import FormatError
from ..ddl import ColumnChange, read_sql
from ..tree import SourceFile
from . import lines as by_line
from .parsed import MAX_OPERATIONS, ParsedMigration, Step, steps_of

_PATH = re.compile(r"(^|/)db/(\w+_)?migrate/(?:[^/]+/)*(\d+)_(\w+)\.rb$")
_CLASS = re.compile(r"^\s*class\s+\S+\s*<\s*\S*Migration")
_METHOD = re.compile(r"^\s*def\s+(?:self\.)?(change|up|down)\b")
_ANY_METHOD = re.compile(r"^(\s*)def\s")
_CALL = re.compile(
    r"(?:^|[\s.])(create_table|create_join_table|drop_table|rename_table|add_column|add_columns|remove_column|remove_columns|"
    r"rename_column|change_column|change_column_null|change_column_default|add_index|add_concurrent_index|remove_index|"
    r"add_foreign_key|add_concurrent_foreign_key|remove_foreign_key|add_check_constraint|remove_check_constraint|add_reference|"
    r"add_references|add_belongs_to|remove_reference|remove_belongs_to|add_timestamps|remove_timestamps|execute|enable_extension|"
    r"disable_extension|validate_foreign_key|validate_check_constraint|create_virtual_table|change_table|update_all|delete_all|"
    r"find_each|drop_join_table|rename_index|add_unique_constraint|add_exclusion_constraint)\b[ (]"
)
_KINDS = {
    "create_join_table": "create_table",
    "create_virtual_table": "create_table",
    "drop_join_table": "drop_table",
    "add_columns": "add_column",
    "add_timestamps": "add_column",
    "add_references": "add_column",
    "add_reference": "add_column",
    "add_belongs_to": "add_column",
    "remove_column": "drop_column",
    "remove_columns": "drop_column",
    "remove_reference": "drop_column",
    "remove_belongs_to": "drop_column",
    "remove_timestamps": "drop_column",
    "change_column": "alter_type",
    "change_column_default": "alter_column",
    "add_concurrent_index": "add_index",
    "remove_index": "drop_index",
    "add_concurrent_foreign_key": "add_foreign_key",
    "remove_foreign_key": "drop_constraint",
    "remove_check_constraint": "drop_constraint",
    "add_check_constraint": "add_check",
    "add_exclusion_constraint": "add_check",
    "add_unique_constraint": "add_unique",
    "update_all": "run_code",
    "delete_all": "run_code",
    "find_each": "run_code",
}
_INDEX_LATER = re.compile(r"algorithm:\s*:concurrently|add_concurrent_")
_BY_NAME_ONLY = re.compile(r"remove_index[ (]+[:\"']\w+[\"']?\s*,\s*name:")
_NOT_NULL = re.compile(r"null:\s*false")
_DEFAULT = re.compile(r"default:\s*(?!nil\b)\S")
_COLUMN = re.compile(r"^\s*t\.(\w+)\s*\(?\s*[:\"'](\w+)[\"']?(.*)$")
_HEREDOC = re.compile(r"<<[-~]?['\"]?([A-Z_]{2,30})['\"]?")


def wants(path: str) -> bool:
    return bool(_PATH.search(path))


def read(source: SourceFile) -> ParsedMigration:
    """
    The migration of a file under ``db/migrate``.

    Raises:
        FormatError: It defines neither ``change`` nor ``up``.
    """
    found = _PATH.search(source.path)
    version = found.group(3) if found else ""
    lines = source.lines
    if not any(_CLASS.search(line[:300]) for line in lines):
        raise FormatError("no class here inherits from a Migration")
    methods = _methods(lines)
    name = "change" if "change" in methods else "up"
    if name not in methods:
        raise FormatError("neither change nor up is defined")
    first, body = methods[name]
    written = f"{version[:4]}-{version[4:6]}-{version[6:8]}" if len(version) == 14 else ""
    migration = ParsedMigration(
        source.path, "rails", f"{version}_{found.group(4)}" if found else "", first, written=written
    )
    migration.note = by_line.note(lines, ("#",))
    migration.steps = _steps(body, first, name == "change")
    if name == "change":
        migration.reversible = all(step.reversible is not False for step in migration.steps)
    else:
        migration.down_line, down = methods.get("down", (0, []))
        code = [
            line.strip()
            for line in down[1:]
            if line.strip() and not line.strip().startswith("#") and line.strip() != "end"
        ]
        migration.reversible = bool(code) and not any("IrreversibleMigration" in line for line in code)
    return migration


def _methods(lines: list[str]) -> dict[str, tuple[int, list[str]]]:
    """Name of each of change, up and down to its first line and its lines."""
    starts = [(n, m.group(1)) for n, line in enumerate(lines) if (m := _METHOD.match(line[:200]))]
    others = [n for n, line in enumerate(lines) if _ANY_METHOD.match(line[:200])]
    found = {}
    for start, name in starts:
        end = next((n for n in others if n > start), len(lines))
        found[name] = (start + 1, lines[start:end])
    return found


def _steps(body: list[str], first: int, change: bool) -> list[Step]:
    steps: list[Step] = []
    text = "\n".join(body)
    safe = "reversible do" in text or "up_only" in text
    within_create = 0
    for call in by_line.calls(body, first, _CALL):
        if len(steps) >= MAX_OPERATIONS or call.line <= within_create:
            continue
        for step in _step(call, body, first, change and not safe):
            steps.append(step)
            if step.kind == "create_table" and " do" in call.text:
                within_create = _fill(step, body, call.line - first, first)
    return steps


def _fill(step: Step, body: list[str], start: int, first: int) -> int:
    """Read the columns of a ``create_table … do |t|`` block; the line of its last one."""
    indent = len(body[start]) - len(body[start].lstrip())
    for number in range(start + 1, len(body)):
        line = body[number]
        if line.strip() == "end" and len(line) - len(line.lstrip()) <= indent:
            return first + number
        found = _COLUMN.match(line[:500])
        if found:
            nullable = not _NOT_NULL.search(found.group(3))
            step.columns.append(ColumnChange(found.group(2), found.group(1), first + number, nullable=nullable))
    return first + len(body)


def _step(call: by_line.Call, body: list[str], first: int, change: bool) -> list[Step]:
    name, line, text = call.name, call.line, call.text
    if name == "execute":
        sql = _sql(text, body, line - first)
        reversible = False if change else None
        return steps_of(read_sql(sql, line), reversible) or [Step("run_sql", line=line, reversible=reversible)]
    said = by_line.words(text.partition(name)[2] if name in text.partition("\n")[0] else text)
    step = Step(_KINDS.get(name, name), said[0] if said else "", line=line, reversible=True if change else None)
    column = said[1] if len(said) > 1 else ""
    if (
        step.kind in ("add_column", "drop_column", "rename_column", "alter_type", "alter_column")
        or name == "change_column_null"
    ):
        step.column = "created_at" if name.endswith("timestamps") else column
    if step.kind == "add_column":
        step.type = said[2] if len(said) > 2 and name == "add_column" else ""
        step.nullable, step.default = not _NOT_NULL.search(text), bool(_DEFAULT.search(text))
    elif name == "change_column":
        step.type = said[2] if len(said) > 2 else ""
        step.reversible = False if change else None
    elif name == "change_column_null":
        closing = bool(re.search(r",\s*false\b", text))
        step.kind, step.nullable = ("set_not_null" if closing else "alter_column"), not closing
    elif name == "change_column_default":
        step.reversible = ("from:" in text) if change else None
    elif step.kind in ("add_index", "drop_index"):
        step.concurrently = bool(_INDEX_LATER.search(text)) or name == "add_concurrent_index"
        if change and _BY_NAME_ONLY.search(text) and "column:" not in text:
            step.reversible = False
    elif step.kind in ("add_foreign_key", "add_check"):
        step.not_valid = bool(re.search(r"validate:\s*false", text)) or name == "add_concurrent_foreign_key"
    elif name == "remove_column" and change:
        step.reversible = len(said) > 2
    elif name in ("drop_table", "remove_columns") and change:
        step.reversible = " do" in text or "type:" in text
    if name in ("update_all", "delete_all", "find_each"):
        step.table, step.detail, step.reversible = "", name, False if change else None
    elif step.kind not in _CONTRACT:
        step.kind, step.detail = "other", name
    return [step]


_CONTRACT = frozenset({
    "create_table", "drop_table", "rename_table", "add_column", "drop_column", "rename_column", "alter_column",
    "alter_type", "set_not_null", "add_index", "drop_index", "add_foreign_key", "add_check", "add_unique",
    "drop_constraint", "run_sql", "run_code",
})  # fmt: skip


def _sql(text: str, body: list[str], number: int) -> str:
    heredoc = _HEREDOC.search(text)
    if heredoc:
        end = next((n for n in range(number + 1, len(body)) if body[n].strip() == heredoc.group(1)), len(body))
        return "\n" + "\n".join(body[number + 1 : end])
    return ";".join(by_line.strings(text))
