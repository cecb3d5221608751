"""Reads tables from SQL: dumps, schema files, and SQL migrations applied one after the other."""

from __future__ import annotations

from collections.abc import Iterable

from ..ddl import Change, ColumnChange
from .parsed import ParsedColumn, ParsedTable


def apply(changes: Iterable[Change], path: str, tables: dict[tuple[str, str], ParsedTable]) -> list[tuple[str, int]]:
    """
    Apply the changes of the file at *path* to *tables*, which are keyed by folder and name.

    Returns:
        The kind and line of each trigger and exclusion constraint it creates.
    """
    folder = path.rpartition("/")[0]
    rules: list[tuple[str, int]] = []
    for change in changes:
        key = (folder, change.table.lower())
        if change.kind == "create_table":
            tables.setdefault(key, _table(change, path))
        elif change.kind == "drop_table":
            tables.pop(key, None)
        elif change.detail in ("CREATE TRIGGER", "EXCLUDE"):
            rules.append((change.detail, change.line))
        elif key in tables:
            _alter(tables[key], change)
    return rules


def _table(change: Change, path: str) -> ParsedTable:
    table = ParsedTable(change.table, path, change.line, "clickhouse" if change.detail == "CLICKHOUSE" else "sql")
    for column in change.columns:
        table.add(_column(column))
        table.checks += column.checked
    for constraint in change.constraints:
        _alter(table, constraint)
    return table


def _column(column: ColumnChange) -> ParsedColumn:
    found = ParsedColumn(column.title, column.type, column.line, column.nullable, column.unique, column.primary)
    found.references, found.on_delete = column.references, column.on_delete
    found.indexed = column.unique or column.primary
    return found


def _alter(table: ParsedTable, change: Change) -> None:
    titles = [c.title for c in change.columns]
    if change.kind == "add_column":
        for column in change.columns:
            table.add(_column(column))
            table.checks += column.checked
    elif change.kind == "drop_column":
        for title in titles:
            table.columns.pop(title.lower(), None)
    elif change.kind == "add_check":
        table.checks += 1
    elif change.kind == "add_index":
        table.index(titles, change.unique)
    elif change.kind == "add_unique":
        table.index(titles, unique=True)
        if change.detail == "PRIMARY KEY":
            for title in titles:
                column_found = table.find(title)
                if column_found is not None:
                    column_found.nullable = False
                    column_found.primary = column_found.primary or len(titles) == 1
    elif change.kind == "add_foreign_key":
        for title in titles:
            column_found = table.find(title)
            if column_found is not None:
                column_found.references, column_found.on_delete = change.references or "?", change.on_delete
    elif change.kind == "set_not_null":
        for title in titles:
            column_found = table.find(title)
            if column_found is not None:
                column_found.nullable = False
