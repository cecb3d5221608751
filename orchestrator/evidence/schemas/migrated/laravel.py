"""Reads the tables that migrations of Laravel and Doctrine make."""

from __future__ import annotations

from collections.abc import Iterator

from ...ddl import Change, ColumnChange, read_sql
from ...migrations.called import Called, Calls
from ...tree import SourceFile

_KEYS = frozenset({"id", "increments", "bigIncrements", "uuid_id", "ulid_id"})
_TIES = frozenset({"foreignId", "foreignUuid", "foreignUlid"})
_NO_COLUMN = frozenset({"comment", "engine", "charset", "collation", "temporary", "renameIndex", "renameColumn"})
_RULES = {
    "cascadeOnDelete": "CASCADE",
    "restrictOnDelete": "RESTRICT",
    "nullOnDelete": "SET NULL",
    "noActionOnDelete": "NO ACTION",
}


def framework(source: SourceFile) -> str:
    """Whose migration it is."""
    return "laravel" if "Schema::" in source.text else "doctrine"


def changes(source: SourceFile) -> list[Change]:
    """What ``up`` does, in order."""
    if "Migration" not in source.text or not ("Schema::" in source.text or "addSql" in source.text):
        return []
    calls = Calls(source)
    return [change for called in calls.of("up") for change in _changes(called)]


def _changes(called: Called) -> Iterator[Change]:
    owner = called.owner.partition("::")[0].partition("->")[0]
    words = called.words
    if called.name == "addSql" or (owner == "DB" and called.name in ("statement", "unprepared")):
        yield from read_sql(next(iter(words), ""), called.line)
    elif owner == "Schema" and words:
        table = words[0]
        if called.name == "create":
            made = Change("create_table", table, called.line)
            later: list[Change] = []
            for change in _in_block(called, table):
                if change.kind == "add_column":
                    made.columns.extend(change.columns)
                else:
                    later.append(change)
            yield made
            yield from later
        elif called.name == "table":
            yield from _in_block(called, table)
        elif called.name in ("drop", "dropIfExists"):
            yield Change("drop_table", table, called.line)
    else:
        for one in (*called.inner, *(called.block or ())):
            yield from _changes(one)


def _in_block(called: Called, table: str) -> Iterator[Change]:
    """What a ``function (Blueprint $table) {…}`` does to its table."""
    for one in called.block or ():
        if called.is_told(one):
            yield from _in_table(one, table)


def _in_table(called: Called, table: str) -> Iterator[Change]:
    name, words, line = called.name, called.words, called.line
    after = {link.name: link for link in called.chain}
    if name in _KEYS:
        yield _added(table, ColumnChange(words[0] if words else "id", "bigint", line, nullable=False, primary=True))
    elif name in ("timestamps", "timestampsTz"):
        for title in ("created_at", "updated_at"):
            yield _added(table, ColumnChange(title, "timestamp", line, nullable=True))
    elif name in ("softDeletes", "softDeletesTz"):
        yield _added(table, ColumnChange("deleted_at", "timestamp", line, nullable=True))
    elif name in ("unique", "index", "primary"):
        titles = [ColumnChange(title) for title in called.listed(0)]
        kind = "add_index" if name == "index" else "add_unique"
        named = called.listed(1)[:1]
        detail = "PRIMARY KEY" if name == "primary" else (named or ["_".join([table, *called.listed(0), name])])[0]
        yield Change(kind, table, line, titles, unique=name != "index", detail=detail)
    elif name == "foreign":
        on = after.get("on")
        yield _tied(table, called.listed(0), (on.words[:1] or [""])[0] if on else "", after, line)
    elif name.startswith("drop"):
        yield from _dropped(called, table)
    elif words and name not in _NO_COLUMN:
        yield from _column(called, table, after)


def _column(called: Called, table: str, after: dict[str, Called]) -> Iterator[Change]:
    title, line = called.words[0], called.line
    if "change" in after:
        opens = "nullable" in after and after["nullable"].given[:1] != [False]
        detail = "DROP NOT NULL" if opens else ""
        yield Change("alter_column" if opens else "set_not_null", table, line, [ColumnChange(title)], detail=detail)
        return
    column = ColumnChange(title, called.name, line)
    column.type += " unsigned" if called.name.startswith("unsigned") or "unsigned" in after else ""
    column.nullable = "nullable" in after and after["nullable"].given[:1] != [False]
    column.unique, column.primary = "unique" in after, "primary" in after
    if "constrained" in after and called.name in _TIES:
        named = after["constrained"].words[:1]
        column.references = named[0] if named else title.removesuffix("_id") + "s"
        column.on_delete = _rule(after)
    yield _added(table, column)
    if "references" in after and "on" in after:
        yield _tied(table, [title], (after["on"].words[:1] or [""])[0], after, line)
    if "index" in after:
        yield Change("add_index", table, line, [ColumnChange(title)], detail=f"{table}_{title}_index")


def _tied(table: str, titles: list[str], target: str, after: dict[str, Called], line: int) -> Change:
    change = Change("add_foreign_key", table, line, [ColumnChange(title) for title in titles], references=target)
    change.detail = "_".join([table, *titles, "foreign"])
    change.on_delete = _rule(after)
    return change


def _rule(after: dict[str, Called]) -> str:
    if "onDelete" in after:
        return (after["onDelete"].words[:1] or [""])[0].upper()
    return next((_RULES[name] for name in after if name in _RULES), "")


def _dropped(called: Called, table: str) -> Iterator[Change]:
    name, line = called.name, called.line
    titles = called.listed(0)
    if name in ("dropColumn", "dropColumns"):
        yield Change("drop_column", table, line, [ColumnChange(title) for title in called.words])
    elif name == "dropConstrainedForeignId":
        yield Change("drop_column", table, line, [ColumnChange(title) for title in titles])
    elif name in ("dropForeign", "dropUnique", "dropIndex"):
        kind = {"dropForeign": "foreign", "dropUnique": "unique", "dropIndex": "index"}[name]
        listed = called.given[:1] and isinstance(called.given[0], list)
        detail = "_".join([table, *titles, kind]) if listed else (titles or [""])[0]
        yield Change("drop_constraint", table, line, detail=detail)


def _added(table: str, column: ColumnChange) -> Change:
    return Change("add_column", table, column.line, [column])
