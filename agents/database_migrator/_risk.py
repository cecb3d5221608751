"""What one schema change does to a live table, and its undo."""

from __future__ import annotations

from collections.abc import Iterator

from orchestrator import Migration, Migrations, Operation, many

from ._types import rewrites


def blocks(operation: Operation) -> str:
    """What PostgreSQL locks while *operation* runs on a table with rows; empty where it locks for an instant only."""
    table = operation.table or "a table"
    if operation.kind in ("add_index", "add_unique") and operation.concurrently and operation.transaction:
        return f"builds an index on {table} CONCURRENTLY inside a transaction, which PostgreSQL refuses"
    if operation.kind == "add_index" and operation.concurrently is False:
        return f"builds an index on {table} without CONCURRENTLY, which blocks writes until it is done"
    if operation.kind == "add_unique" and not operation.concurrently:
        return f"makes {operation.column or 'columns'} of {table} unique at once, which blocks all access meanwhile"
    if operation.kind == "add_foreign_key" and operation.not_valid is False:
        return f"adds a foreign key to {table} without NOT VALID, which blocks writes while it checks every row"
    if operation.kind == "add_check" and operation.not_valid is False:
        return f"adds a check to {table} without NOT VALID, which blocks all access while it checks every row"
    if operation.kind == "set_not_null":
        return f"makes a column of {table} NOT NULL, which blocks all access while it reads every row"
    if operation.kind == "alter_type" and rewrites(operation.was.lower(), operation.type.lower()):
        return f"changes the type of {operation.column} of {table}, which blocks all access while each row is rewritten"
    return ""


def lock(operation: Operation) -> str:
    """The lock that *operation* is likely to take, in a few words for a plan."""
    if blocks(operation):
        return "blocks writes" if operation.kind != "add_check" else "blocks all access"
    return {
        "alter_type": "may rewrite the table",
        "set_not_null": "scans the table",
        "add_unique": "blocks writes",
        "run_sql": "depends on the rows",
        "run_code": "depends on the rows",
        "create_table": "none",
        "add_index": "none" if operation.concurrently else "depends on the tool",
        "other": "",
    }.get(operation.kind, "for an instant")


def on_live_tables(migration: Migration) -> Iterator[Operation]:
    """The operations of *migration* on tables that it has not made itself."""
    made: set[str] = set()
    for operation in migration.operations:
        table = operation.table.lower()
        if operation.kind == "create_table":
            made.add(table)
        elif not table or table not in made:
            yield operation


_UNDO = {
    "create_table": "drop table {table}",
    "drop_table": "create table {table} again; its rows are lost",
    "rename_table": "rename table {table} back",
    "add_column": "drop column {column} of {table}",
    "drop_column": "add column {column} to {table} again; its values are lost",
    "rename_column": "rename column {column} of {table} back",
    "alter_column": "restore column {column} of {table}",
    "alter_type": "restore the type of {column} of {table}",
    "set_not_null": "drop NOT NULL from {column} of {table}",
    "drop_default": "restore the default of {column} of {table}",
    "drop_object": "create {table} again",
    "rename_object": "rename {table} back",
    "replace_object": "replace {table} by what it was",
    "unknown": "undo the statement by hand",
    "add_index": "drop the index on {table}",
    "drop_index": "create the index on {table} again",
    "add_foreign_key": "drop the foreign key of {table}",
    "add_check": "drop the check of {table}",
    "add_unique": "drop the unique constraint of {table}",
    "drop_constraint": "add the constraint of {table} again",
    "run_sql": "undo the statement by hand",
    "run_code": "undo the code by hand",
}


def undo(operation: Operation) -> str:
    """What has to be done to take *operation* back."""
    text = _UNDO.get(operation.kind, "")
    return text.format(table=operation.table or "the table", column=operation.column or "the column")


def counted(newest: list[Migration], migrations: Migrations) -> str:
    """How many were looked at, in words."""
    if len(newest) == len(migrations.files):
        return many(len(newest), "migration") if len(newest) != 1 else "the only migration"
    return f"the {many(len(newest), 'newest|newest')} of {many(len(migrations.files), 'migration')}"
