"""Reads migrations of Knex, Sequelize, TypeORM, node-pg-migrate, MikroORM and migrate-mongo."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..ddl import ColumnChange, read_sql
from ..tree import SourceFile
from . import knex
from . import lines as by_line
from .called import Called, Calls, Code, Value, flat
from .parsed import MAX_OPERATIONS, ParsedMigration, Step, steps_of

_FOLDER = re.compile(r"(^|/)(\w+[-_.])?(migrations?|migrate)/", re.IGNORECASE)
_ENDING = re.compile(r"\.[cm]?[jt]s$")
_TOOLS = (
    ("typeorm", re.compile(r"MigrationInterface|\bQueryRunner\b")),
    ("sequelize", re.compile(r"queryInterface|\bS(?:equelize)?\.[A-Z]{3,}|\.sequelize\b", re.IGNORECASE)),
    ("node-pg-migrate", re.compile(r"\bpgm\b")),
    ("knex", re.compile(r"\bknex\b|\.schema\s*\.", re.IGNORECASE)),
    ("mikro-orm", re.compile(r"extends\s+Migration\b|addSql\(")),
    ("sequelize", re.compile(r"\.\s*(?:removeColumn|changeColumn|describeTable)\(")),
    ("migrate-mongo", re.compile(r"\bdb\s*\.\s*collection\(|\(\s*db\s*,?\s*(client)?\s*\)")),
)
_KINDS = {
    "createTable": "create_table",
    "createTableIfNotExists": "create_table",
    "createTableLike": "create_table",
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
    "createIndices": "add_index",
    "removeIndex": "drop_index",
    "dropIndex": "drop_index",
    "createForeignKey": "add_foreign_key",
    "createUniqueConstraint": "add_unique",
    "createCheckConstraint": "add_check",
    "addConstraint": "add_check",
    "createConstraint": "add_check",
    "removeConstraint": "drop_constraint",
    "dropConstraint": "drop_constraint",
    "dropForeign": "drop_constraint",
    "dropForeignKey": "drop_constraint",
    "dropUniqueConstraint": "drop_constraint",
    "dropView": "drop_object",
    "dropViewIfExists": "drop_object",
    "dropMaterializedView": "drop_object",
    "dropType": "drop_object",
    "dropFunction": "drop_object",
    "dropSchema": "drop_object",
    "dropAllTables": "drop_table",
    "renameType": "rename_object",
    "renameTypeValue": "rename_object",
    "renameView": "rename_object",
}
_RAW = frozenset({"raw", "query", "sql", "addSql", "execute"})
_ROWS = frozenset({
    "updateMany", "bulkInsert", "bulkDelete", "bulkUpdate", "deleteMany", "insertMany", "insert", "update", "del",
    "delete", "increment", "decrement", "updateOne", "deleteOne", "insertOne", "save", "truncate", "clearTable",
    "batchInsert", "upsert", "replaceOne", "bulkWrite", "remove",
})  # fmt: skip
_ASKS_NOTHING = frozenset({
    "hasTable", "hasColumn", "describeTable", "showAllTables", "select", "where", "from", "find", "findOne", "first",
    "startTransaction", "commitTransaction", "commit", "rollback", "transaction", "createSchema", "createExtension",
    "createSchemaIfNotExists", "createType", "addTypeValue", "createView", "createFunction", "createSequence",
    "noTransaction",
    "collection", "getTable", "getTables", "hasIndex", "manager", "withSchema", "now", "func", "literal", "then",
    "catch", "startSession", "endSession", "toArray", "count", "orderBy", "whereNull", "whereNotNull", "limit", "pluck",
})  # fmt: skip
_OBJECTS = {"dropType": "TYPE", "dropFunction": "FUNCTION", "dropSchema": "SCHEMA", "renameType": "TYPE"}


def wants(path: str) -> bool:
    return bool(_ENDING.search(path) and _FOLDER.search(path)) and not path.endswith(".d.ts")


def read(source: SourceFile) -> ParsedMigration | None:
    """
    The migration of a module with an ``up``; None where it has none or belongs to no known tool.

    Raises:
        FormatError: Its syntax cannot be read.
    """
    name = source.file.name.rpartition(".")[0]
    tool = next((tool for tool, pattern in _TOOLS if pattern.search(source.text)), "")
    if not tool or "up" not in source.text or not re.search(r"\d", name):
        return None
    calls = Calls(source)
    if not calls.line("up"):
        return None
    migration = ParsedMigration(source.path, tool, name, calls.line("up"), written=_date(name))
    migration.note = by_line.note(source.lines, ("//", "/*", "*"))
    migration.down_line = calls.line("down")
    own = set(calls.parameters("up"))
    migration.steps = [step for called in calls.of("up") for step in _steps(called, tool, own)][:MAX_OPERATIONS]
    own = set(calls.parameters("down"))
    migration.back = [step for called in calls.of("down") for step in _steps(called, tool, own)]
    migration.reversible = not migration.steps or _does(calls)
    return migration


def _does(calls: Calls) -> bool:
    """Whether the way back does more than to refuse."""
    own = set(calls.parameters("down"))
    return any(_touches(called, own) for called in calls.of("down"))


def _touches(called: Called, own: set[str]) -> bool:
    roots = {called.owner.partition(".")[0].partition("(")[0], called.name}
    below = [*called.inner, *(called.block or ())]
    return bool(roots & {*own, "this"}) or any(_touches(one, own) for one in below)


def _date(name: str) -> str:
    found = re.search(r"\b(20\d\d)[-_]?(\d\d)[-_]?(\d\d)", name)
    return "-".join(found.groups()) if found else ""


def _steps(called: Called, tool: str, own: set[str]) -> Iterator[Step]:
    root = called.owner.partition(".")[0].partition("(")[0].strip()
    for link in (called, *called.chain):
        if tool == "knex" and link.name in ("table", "alterTable") and link.block is not None:
            yield from knex.altered(link)
            continue
        if link.name in _RAW and (link.owner or link.name == "addSql"):
            yield from _sql(link)
        elif link.name in _KINDS and link.owner:
            yield from _kind(link, tool)
            continue
        elif link.name in _ROWS and link.owner:
            yield Step("run_code", line=link.line, detail=link.name)
        elif link is called and _strange(called, root, own):
            yield Step("unknown", line=link.line, detail=f"{link.name}()")
        for one in (*link.inner, *(link.block or ())):
            yield from _steps(one, tool, own)


def _strange(called: Called, root: str, own: set[str]) -> bool:
    """Whether nobody here knows what is done to the database that the migration is given."""
    handed_on = any(isinstance(value, Code) and value in own for value in called.given)
    known = called.name in _ASKS_NOTHING or bool(called.after & (_ROWS | _ASKS_NOTHING))
    return (root in own and not known) or (handed_on and called.name not in own and not known)


def _sql(called: Called) -> Iterator[Step]:
    text = next((word for word in called.words), "")
    yield from steps_of(read_sql(text, called.line)) if text else [Step("run_sql", line=called.line)]


def _kind(called: Called, tool: str) -> Iterator[Step]:
    name, words, line = called.name, called.words, called.line
    kind, table = _KINDS[name], _table(called)
    step = Step(kind, table, line=line, detail=_OBJECTS.get(name, "VIEW") if kind.endswith("_object") else "")
    if kind == "create_table":
        step.columns = knex.columns(called) if called.block is not None else _declared(called, line)
        yield step
    elif kind == "drop_column":
        for title in words[1:] or [""]:
            yield Step(kind, table, title, line)
    elif kind == "rename_column":
        yield Step(kind, table, words[1] if len(words) > 1 else "", line, detail=words[2] if len(words) > 2 else "")
    elif kind == "rename_table":
        yield Step(kind, table, line=line, detail=words[1] if len(words) > 1 else "")
    elif kind in ("add_column", "alter_type"):
        yield from _columns(called, kind, table, tool)
    else:
        yield _rule(step, called)


def _table(called: Called) -> str:
    first = called.given[0] if called.given else ""
    if isinstance(first, dict):
        first = first.get("tableName") or first.get("name") or ""
    return first if isinstance(first, str) and not isinstance(first, Code) else ""


def _declared(called: Called, line: int) -> list[ColumnChange]:
    """The columns of ``createTable(name, {title: {type, …}})`` and of ``new Table({columns: [{name, …}]})``."""
    given = called.named.get("columns")
    rows: list[tuple[str, Value]] = [
        (str(row.get("name", "")), row) for row in (given if isinstance(given, list) else ()) if isinstance(row, dict)
    ]
    objects = [value for value in called.given[1:2] if isinstance(value, dict)]
    rows += [(title, declared) for one in objects for title, declared in one.items()]
    return [_column(title, value, line) for title, value in rows]


def _column(title: str, said: Value, line: int) -> ColumnChange:
    column = ColumnChange(title, line=line, nullable=True)
    if not isinstance(said, dict):
        column.type = _type(said)
        return column
    column.type = _type(said.get("type"))
    closed = said.get("allowNull") is False or said.get("notNull") is True or said.get("isNullable") is False
    column.primary = any(said.get(word) is True for word in ("primaryKey", "isPrimary"))
    column.nullable = not (closed or column.primary)
    column.default = any(said.get(word) is not None for word in ("defaultValue", "default")) or column.primary
    column.unique = said.get("unique") is True or said.get("isUnique") is True
    return column


def _type(said: Value) -> str:
    text = said if isinstance(said, str) else ""
    return text.rpartition(".")[2].lower() if isinstance(said, Code) and "(" not in text else text.lower()


def _columns(called: Called, kind: str, table: str, tool: str) -> Iterator[Step]:
    """What is added or declared anew: one column with its properties, or several of them by their titles."""
    objects = [value for value in called.given if isinstance(value, dict)]
    said: dict[str, Value] = objects[-1] if objects else {}
    title = called.words[1] if len(called.words) > 1 else ""
    nested = not title and tool == "node-pg-migrate"
    rows = list(said.items()) if nested else [(title or str(said.get("name", "")), said)]
    for name, value in rows or [(title, None)]:
        column = _column(name, value, called.line)
        step = Step(kind, table, name, called.line, type=column.type, unique=column.unique)
        if kind == "add_column":
            unsaid = tool == "typeorm" and "isNullable" not in said
            step.nullable, step.default = None if unsaid else column.nullable, column.default
            yield step
            continue
        told = isinstance(value, dict) and bool({"allowNull", "notNull", "isNullable"} & value.keys())
        step.nullable = column.nullable if told else None
        if isinstance(value, dict) and value.get("default", "") is None:
            yield Step("drop_default", table, name, called.line)
        if not step.type:
            step.kind = "alter_column"
        yield step


def _rule(step: Step, called: Called) -> Step:
    said = called.named
    fields = next((said[word] for word in ("fields", "columnNames", "columns") if said.get(word)), None)
    step.column = ", ".join(called.listed(1) if fields is None else flat([fields]))
    if step.kind == "add_index":
        unique = any(said.get(word) is True for word in ("unique", "isUnique"))
        step.kind, step.concurrently = ("add_unique" if unique else "add_index"), said.get("concurrently") is True
    elif called.name in ("addConstraint", "createConstraint"):
        told = " ".join([*map(str, said), *map(str, said.values()), *called.words]).lower()
        step.kind = (
            "add_foreign_key"
            if "foreign" in told or "references" in told
            else ("add_unique" if "unique" in told or "primary" in told else "add_check")
        )
    elif step.kind.startswith(("drop_", "rename_")):
        step.column = ""
    return step
