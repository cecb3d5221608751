"""Reads migrations of Knex, Sequelize, TypeORM, node-pg-migrate and migrate-mongo."""

from __future__ import annotations

import re

from ..ddl import read_sql
from ..tree import SourceFile
from . import lines as by_line
from .parsed import MAX_OPERATIONS, ParsedMigration, Step, steps_of

_FOLDER = re.compile(r"(^|/)(\w+[-_.])?(migrations?|migrate)/", re.IGNORECASE)
_ENDING = re.compile(r"\.[cm]?[jt]s$")
_HEAD = (
    r"^\s*(?:module\.)?(?:exports\.|export\s+)?(?:public\s+)?(?:static\s+)?(?:async\s+)?"
    r"(?:const\s+|function\s+|\*\s*)?(?:async\s+)?[\"']?"
)
_UP = re.compile(_HEAD + r"up[\"']?\s*[:=(<]")
_DOWN = re.compile(_HEAD + r"down[\"']?\s*[:=(<]")
_TOOLS = (
    ("typeorm", re.compile(r"MigrationInterface|\bQueryRunner\b")),
    ("sequelize", re.compile(r"queryInterface", re.IGNORECASE)),
    ("node-pg-migrate", re.compile(r"\bpgm\b")),
    ("knex", re.compile(r"\bknex\b", re.IGNORECASE)),
    ("mikro-orm", re.compile(r"extends\s+Migration\b|addSql\(")),
    ("migrate-mongo", re.compile(r"\bdb\s*\.\s*collection\(|\(\s*db\s*,?\s*(client)?\s*\)")),
)
_CALL = re.compile(
    r"\.\s*(createTable|createTableIfNotExists|dropTable|dropTableIfExists|renameTable|addColumns?|removeColumn|dropColumns?|"
    r"renameColumn|changeColumn|alterColumn|addIndex|createIndex|removeIndex|dropIndex|addConstraint|createConstraint|"
    r"createForeignKey|removeConstraint|dropConstraint|dropForeign|raw|query|sql|addSql|table|alterTable|updateMany|bulkInsert|"
    r"bulkDelete|bulkUpdate|deleteMany|insertMany|createCollection)\s*(?:<[^>(]{0,80}>)?\("
)
_DOES = re.compile(r"\bawait\b|\b(?:queryRunner|queryInterface|knex|pgm|schema|db|trx|this)\s*\??\.\s*\w+|addSql\(")
_KINDS = {
    "createTable": "create_table",
    "createTableIfNotExists": "create_table",
    "createCollection": "create_table",
    "dropTable": "drop_table",
    "dropTableIfExists": "drop_table",
    "renameTable": "rename_table",
    "addColumn": "add_column",
    "addColumns": "add_column",
    "removeColumn": "drop_column",
    "dropColumn": "drop_column",
    "dropColumns": "drop_column",
    "renameColumn": "rename_column",
    "changeColumn": "alter_type",
    "alterColumn": "alter_type",
    "addIndex": "add_index",
    "createIndex": "add_index",
    "removeIndex": "drop_index",
    "dropIndex": "drop_index",
    "createForeignKey": "add_foreign_key",
    "removeConstraint": "drop_constraint",
    "dropConstraint": "drop_constraint",
    "dropForeign": "drop_constraint",
}
_RAW = ("raw", "query", "sql", "addSql")
_ROWS = ("updateMany", "bulkInsert", "bulkDelete", "bulkUpdate", "deleteMany", "insertMany")
_IN_TABLE = re.compile(r"\b\w{1,20}\s*\.\s*(\w+)\s*\(\s*(?:[\"'`](\w+)[\"'`])?(.{0,400})$")
_NO_COLUMN = frozenset({"primary", "comment", "timestamps", "dropTimestamps", "increments", "bigIncrements"})


def wants(path: str) -> bool:
    return bool(_ENDING.search(path) and _FOLDER.search(path)) and not path.endswith(".d.ts")


def read(source: SourceFile) -> ParsedMigration | None:
    """The migration of a module with an ``up``; None where it has none or belongs to no known tool."""
    text, lines = source.text, source.lines
    start, body = by_line.section(lines, _UP, _DOWN)
    tool = next((name for name, pattern in _TOOLS if pattern.search(text)), "")
    if not start or not tool:
        return None
    name = source.file.name.rpartition(".")[0]
    if not re.search(r"\d", name):
        return None
    migration = ParsedMigration(source.path, tool, name, start, written=_date(name))
    migration.note = by_line.note(lines, ("//", "/*", "*"))
    migration.down_line, down = by_line.section(lines, _DOWN, _UP)
    code = "\n".join(line for line in down if not line.strip().startswith(("//", "*", "/*")))
    migration.steps = _steps(body, start, tool)
    migration.reversible = bool(_DOES.search(code)) or not (migration.steps or _DOES.search("\n".join(body)))
    return migration


def _date(name: str) -> str:
    found = re.search(r"\b(20\d\d)[-_]?(\d\d)[-_]?(\d\d)", name)
    return "-".join(found.groups()) if found else ""


def _steps(body: list[str], first: int, tool: str) -> list[Step]:
    steps: list[Step] = []
    until = 0
    for call in by_line.calls(body, first, _CALL):
        if len(steps) >= MAX_OPERATIONS:
            break
        if call.line < until and call.name not in _RAW:
            continue
        if call.name in ("table", "alterTable"):
            if "=>" in call.text or "function" in call.text:
                steps.extend(_altered(call))
                until = call.line + call.text.count("\n")
            continue
        made = _step(call, tool)
        if made and made[0].kind == "create_table":
            until = call.line + call.text.count("\n")
        steps.extend(made)
    return steps


def _step(call: by_line.Call, tool: str) -> list[Step]:
    name, line, text = call.name, call.line, call.text
    if name in _RAW:
        sql = by_line.strings(text)
        return steps_of(read_sql(sql[0], line)) if sql else [Step("run_sql", line=line)]
    if name in _ROWS:
        return [Step("run_code", line=line, detail=name)]
    said = by_line.words(text)
    step = Step(
        _KINDS.get(name, "other"), said[0] if said else "", line=line, detail=name if name not in _KINDS else ""
    )
    if step.kind in ("add_column", "drop_column", "rename_column", "alter_type"):
        step.column = said[1] if len(said) > 1 else ""
    if step.kind == "add_column":
        step.nullable = not re.search(r"allowNull\s*:\s*false|notNull\s*:\s*true|isNullable\s*:\s*false", text)
        if tool == "typeorm" and "isNullable" not in text:
            step.nullable = None
        step.default = bool(re.search(r"defaultValue\s*:|\bdefault\s*:", text))
    elif step.kind in ("add_index", "drop_index"):
        step.concurrently = bool(re.search(r"concurrently\s*:\s*true", text))
    elif name in ("addConstraint", "createConstraint"):
        lowered = text.lower()
        step.kind = "add_foreign_key" if "foreign" in lowered else "add_unique" if "unique" in lowered else "add_check"
    return [step]


def _altered(call: by_line.Call) -> list[Step]:
    """The columns of a Knex ``table('x', t => {…})`` block."""
    said = by_line.words(call.text)
    table = said[0] if said else ""
    steps: list[Step] = []
    for number, text in enumerate(call.text.split("\n")):
        found = _IN_TABLE.search(text[:600])
        if not found:
            continue
        method, title, rest = found.group(1), found.group(2) or "", found.group(3)
        step = Step("add_column", table, title, call.line + number)
        if method in ("dropColumn", "dropColumns", "renameColumn", "dropIndex", "dropForeign"):
            step.kind = _KINDS[method]
        elif method == "setNullable" or method == "dropNullable":
            step.kind = "set_not_null" if method == "dropNullable" else "alter_column"
        elif method in ("index", "unique", "foreign"):
            step.kind = {"index": "add_index", "unique": "add_unique", "foreign": "add_foreign_key"}[method]
            step.column, step.concurrently = "", False if method == "index" else None
        elif ".alter(" in rest:
            step.kind, step.type = "alter_type", method
        elif method in _NO_COLUMN or not title:
            continue
        else:
            step.type, step.nullable = method, "notNullable" not in rest
            step.default = "defaultTo(" in rest
        steps.append(step)
    return steps
