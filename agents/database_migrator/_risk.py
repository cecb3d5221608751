"""What one schema change does to the former release and to a live table, and its undo."""

from __future__ import annotations

import re
from collections.abc import Iterator

from orchestrator import Migration, Migrations, Operation, many

_FAMILIES = {
    "text": "char varchar nvarchar nchar character string text mediumtext longtext tinytext clob citext unicode "
    "unicodetext charfield textfield emailfield urlfield slugfield richtextfield filepathfield varchar2 nvarchar2",
    "int": "int integer int2 int4 int8 tinyint smallint mediumint bigint serial bigserial smallserial integerfield "
    "biginteger smallinteger bigintegerfield smallintegerfield positiveintegerfield positivesmallintegerfield "
    "positivebigintegerfield autofield bigautofield long",
    "number": "numeric decimal float double real money float4 float8 floatfield decimalfield number",
    "bool": "bool boolean bit booleanfield nullbooleanfield",
    "time": "date datetime timestamp timestamptz time datetimefield datefield timefield datetime2 datetimeoffset",
    "json": "json jsonb jsonfield",
    "uuid": "uuid uuidfield uniqueidentifier",
    "binary": "bytea blob binary varbinary largebinary binaryfield mediumblob longblob",
}
_FAMILY = {word: family for family, words in _FAMILIES.items() for word in words.split()}
_RANKS = {"tinyint": 0, "small": 1, "int2": 1, "medium": 2, "big": 4, "int8": 4, "long": 4}
_SHORT = {"char", "varchar", "nvarchar", "character", "string", "charfield", "emailfield", "urlfield", "slugfield"}
_WORD = re.compile(r"[a-z_0-9]+")


def breaks(operation: Operation) -> tuple[str, bool]:
    """
    Why the former release cannot run once *operation* has been applied; empty where it can.

    Returns:
        The reason, and whether it is certain.
    """
    kind, table, column = operation.kind, operation.table or "a table", operation.column or "a column"
    if kind == "drop_table":
        return f"drops table {table}", True
    if kind == "rename_table":
        return f"renames table {table}", True
    if kind == "drop_column":
        return f"drops column {column} of {table}", True
    if kind == "rename_column":
        return f"renames column {column} of {table}", True
    if kind == "add_column" and operation.nullable is False and not operation.default:
        return f"adds column {column} to {table}, NOT NULL without a default", True
    if kind == "add_column" and operation.nullable is False and operation.detail == "default in the application only":
        return f"adds NOT NULL column {column} to {table}, whose default only the new release knows", False
    if kind == "set_not_null":
        return f"makes column {column} of {table} NOT NULL while the former release may still write NULL", False
    if kind == "alter_type":
        return _retyped(operation, table, column)
    return "", False


def _retyped(operation: Operation, table: str, column: str) -> tuple[str, bool]:
    was, now = operation.was.lower(), operation.type.lower()
    text = f"changes column {column} of {table}" + (f" from {was} to {now}" if was and now else " to another type")
    families = _family(was), _family(now)
    if not all(families):
        return text, False
    if families[0] != families[1]:
        return text, families != ("int", "number")
    narrower = families[0] in ("int", "text") and _size(now, families[0]) < _size(was, families[0])
    return (text, True) if narrower else ("", False)


def _family(kind: str) -> str:
    words = _WORD.findall(kind)
    return _FAMILY.get(words[0], "") if words else ""


def _size(kind: str, family: str) -> int:
    if family == "int":
        return next((rank for word, rank in _RANKS.items() if word in kind), 3)
    length = re.search(r"\((\d{1,9})", kind)
    if length:
        return int(length.group(1))
    return 255 if _WORD.findall(kind)[0] in _SHORT and kind.endswith("field") else 10**9


def blocks(operation: Operation) -> str:
    """What PostgreSQL locks while *operation* runs on a table with rows; empty where it locks for an instant only."""
    table = operation.table or "a table"
    if operation.kind == "add_index" and operation.concurrently is False:
        return f"builds an index on {table} without CONCURRENTLY, which blocks writes until it is done"
    if operation.kind == "add_foreign_key" and operation.not_valid is False:
        return f"adds a foreign key to {table} without NOT VALID, which blocks writes while it checks every row"
    if operation.kind == "add_check" and operation.not_valid is False:
        return f"adds a check to {table} without NOT VALID, which blocks all access while it checks every row"
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
    """The operations of *migration* on tables and columns that it has not created itself."""
    made: set[str] = set()
    added: set[tuple[str, str]] = set()
    for operation in migration.operations:
        table, column = operation.table.lower(), operation.column.lower()
        if operation.kind == "create_table":
            made.add(table)
            continue
        if (table and table in made) or (column and operation.kind != "add_column" and (table, column) in added):
            continue
        if operation.kind == "add_column":
            added.add((table, column))
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
