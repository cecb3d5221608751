"""Reads migrations of Laravel, Phinx and Doctrine."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..ddl import ColumnChange, read_sql
from ..tree import SourceFile
from . import lines as by_line
from .called import Called, Calls
from .parsed import MAX_OPERATIONS, ParsedMigration, Step, steps_of

_FOLDER = re.compile(r"(^|/)(database/migrations|db/migrations|migrations)/.*\.php$", re.IGNORECASE)
_DOES = re.compile(r"Schema::|DB::|addSql\(|->(?:dropTable|drop|table|execute|removeColumn)\(|->save\(")
_DROPS = {
    "dropColumn": "drop_column",
    "dropColumns": "drop_column",
    "removeColumn": "drop_column",
    "dropMorphs": "drop_column",
    "dropTimestamps": "drop_column",
    "dropTimestampsTz": "drop_column",
    "dropSoftDeletes": "drop_column",
    "dropRememberToken": "drop_column",
    "dropConstrainedForeignId": "drop_column",
    "dropForeignIdFor": "drop_column",
    "dropIndex": "drop_index",
    "removeIndex": "drop_index",
    "removeIndexByName": "drop_index",
    "dropUnique": "drop_constraint",
    "dropPrimary": "drop_constraint",
    "dropForeign": "drop_constraint",
    "dropForeignKey": "drop_constraint",
    "dropFullText": "drop_index",
    "dropSpatialIndex": "drop_index",
}
_TITLES = {
    "dropTimestamps": "created_at",
    "dropTimestampsTz": "created_at",
    "dropSoftDeletes": "deleted_at",
    "dropRememberToken": "remember_token",
}
_RULES = {
    "index": "add_index",
    "fullText": "add_index",
    "spatialIndex": "add_index",
    "rawIndex": "add_index",
    "unique": "add_unique",
    "foreign": "add_foreign_key",
    "addForeignKey": "add_foreign_key",
    "addIndex": "add_index",
}
_ASKS_NOTHING = frozenset({
    "charset", "engine", "collation", "comment", "primary", "temporary", "id", "increments", "bigIncrements",
    "timestamps", "timestampsTz", "softDeletes", "softDeletesTz", "rememberToken", "renameIndex",
})  # fmt: skip
_ROWS = frozenset(
    {"update", "insert", "delete", "table", "select", "transaction", "truncate", "upsert", "insertOrIgnore"}
)
_ONLY_ASKS = re.compile(r"get|list|has|is|exists|find|fetch|introspect")
_PHINX = frozenset({"update", "save", "create"})


def wants(path: str) -> bool:
    return bool(_FOLDER.search(path))


def read(source: SourceFile) -> ParsedMigration | None:
    """
    The migration of a PHP class; None where it is none.

    Raises:
        FormatError: Its syntax cannot be read.
    """
    text = source.text
    if "Migration" not in text:
        return None
    doctrine = "AbstractMigration" in text and "addSql" in text
    tool = "doctrine" if doctrine else "laravel" if "Schema::" in text else "php"
    calls = Calls(source)
    method = "up" if calls.line("up") else "change"
    if not calls.line(method):
        return None
    name = source.file.name.removesuffix(".php")
    dated = re.search(r"(20\d\d)_?(\d\d)_?(\d\d)", name)
    written = "-".join(dated.groups()) if dated else ""
    migration = ParsedMigration(source.path, tool, name, calls.line(method), written=written)
    migration.note = by_line.note(source.lines, ("//", "/*", "*"), ("run the migrations", "reverse the migrations"))
    described = re.search(r"getDescription\(\)[^{]{0,60}\{\s*return\s*['\"]([^'\"]{3,160})", text)
    migration.note = described.group(1) if described else migration.note
    migration.down_line = calls.line("down")
    migration.steps = [s for called in calls.of(method) for s in _steps(called)][:MAX_OPERATIONS]
    if method == "change":
        migration.reversible = None
    else:
        migration.back = [s for called in calls.of("down") for s in _steps(called)]
        back = "\n".join(calls.statements("down"))
        migration.reversible = not migration.steps or bool(_DOES.search(back))
    return migration


def _steps(called: Called) -> Iterator[Step]:
    links = (called, *called.chain)
    phinx = called.name == "table" and called.owner == "$this"
    if phinx:
        yield from _of_phinx(called)
        return
    for link in links:
        owner = link.owner.partition("::")[0].partition("->")[0]
        if (
            link.name == "addSql"
            or (owner == "DB" and link.name in ("statement", "unprepared"))
            or link.name == "execute"
        ):
            sql = next(iter(link.words), "")
            yield from steps_of(read_sql(sql, link.line)) if sql else [Step("run_sql", line=link.line)]
        elif owner == "DB":
            if link is called and link.name in _ROWS:
                yield Step("run_code", next(iter(link.words), "") if link.name == "table" else "", line=link.line)
        elif owner == "Schema":
            yield from _of_schema(link)
            continue
        elif link is called and owner == "$this" and link.name not in ("abortIf", "skipIf", "warnIf", "write"):
            yield Step("unknown", line=link.line, detail=f"{link.name}()")
        for one in (*link.inner, *(link.block or ())):
            yield from _steps(one)


def _of_schema(called: Called) -> Iterator[Step]:
    name, words, line = called.name, called.words, called.line
    table = words[0] if words else ""
    if name == "create":
        columns = list(_in_block(called, table))
        made = Step("create_table", table, line=line)
        for step in columns:
            if step.kind == "add_column" and step.column:
                column = ColumnChange(step.column, step.type, step.line, nullable=step.nullable)
                column.default, column.unique = bool(step.default), step.unique
                made.columns.append(column)
        yield made
    elif name == "table":
        yield from _in_block(called, table)
    elif name in ("drop", "dropIfExists"):
        yield Step("drop_table", table, line=line)
    elif name == "rename":
        yield Step("rename_table", table, line=line, detail=words[1] if len(words) > 1 else "")
    elif name in ("dropColumns", "dropColumn"):
        for title in words[1:] or [""]:
            yield Step("drop_column", table, title, line)
    elif not name.startswith(("has", "get", "connection", "enable", "disable", "without", "when", "defaultString")):
        yield Step("unknown", table, line=line, detail=f"Schema::{name}()")


def _in_block(called: Called, table: str) -> Iterator[Step]:
    """The statements of a ``function (Blueprint $table) {…}``; what they call on others may do anything to it."""
    for one in called.block or ():
        if called.is_told(one):
            yield from _in_table(one, table)
        elif one.owner.startswith("$") and not _ONLY_ASKS.match(one.name):
            yield Step("unknown", table, line=one.line, detail=f"{one.name}()")


def _in_table(called: Called, table: str) -> Iterator[Step]:
    """One statement on a table."""
    name, words, line = called.name, called.words, called.line
    if not called.owner.startswith("$"):
        return
    if name in _DROPS:
        titles = (words or [_TITLES.get(name, "")]) if _DROPS[name] == "drop_column" else [""]
        for title in titles:
            yield Step(_DROPS[name], table, title, line)
    elif name == "renameColumn":
        yield Step("rename_column", table, words[0] if words else "", line, detail=words[1] if len(words) > 1 else "")
    elif name in ("drop", "dropIfExists", "rename"):
        yield Step("rename_table" if name == "rename" else "drop_table", table, line=line)
    elif name in _RULES:
        step = Step(_RULES[name], table, line=line, concurrently=False if _RULES[name] == "add_index" else None)
        step.column = ", ".join(called.listed(0))
        yield step
    elif name in _ASKS_NOTHING:
        return
    elif words:
        yield _column(called, table)
    else:
        yield Step("unknown", table, line=line, detail=f"{name}()")


def _column(called: Called, table: str) -> Step:
    sizes = [word for word in called.words[1:3] if word.isdigit()]
    kind = f"{called.name}({','.join(sizes)})" if sizes else called.name
    step = Step("add_column", table, called.words[0], called.line, type=kind)
    open_ = called.later("nullable")
    closed = open_ is None or open_.given[:1] == [False]
    step.unique = "unique" in called.after
    step.default = bool(called.after & {"default", "useCurrent", "storedAs", "virtualAs", "generatedAs"})
    step.nullable = not closed
    if "change" in called.after:
        step.kind, step.default = "alter_type", step.default or None
        step.nullable = step.nullable if open_ is not None else None
    return step


def _of_phinx(called: Called) -> Iterator[Step]:
    """``$this->table('x')->addColumn(…)->update()``."""
    table = next(iter(called.words), "")
    made = "create" in called.after
    if made:
        yield Step("create_table", table, line=called.line)
    for link in called.chain:
        words = link.words
        if link.name == "addColumn" and not made:
            step = Step("add_column", table, words[0] if words else "", link.line)
            step.type = words[1] if len(words) > 1 else ""
            step.nullable, step.default = link.named.get("null") is True, link.named.get("default") is not None
            yield step
        elif link.name == "changeColumn":
            yield Step(
                "alter_type", table, words[0] if words else "", link.line, type=words[1] if len(words) > 1 else ""
            )
        elif link.name == "drop":
            yield Step("drop_table", table, line=link.line)
        elif link.name == "rename":
            yield Step("rename_table", table, line=link.line)
        elif link.name == "addIndex":
            unique = link.named.get("unique") is True
            yield Step("add_unique" if unique else "add_index", table, ", ".join(words), link.line, concurrently=False)
        elif link.name not in _PHINX and not (made and link.name in ("addColumn", "addTimestamps")):
            yield from _in_table(Called(link.name, "$table", link.line, link.given, link.named), table)
