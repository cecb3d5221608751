"""Reads the tables that Liquibase's change logs in XML, YAML and JSON make."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ...ddl import Change, ColumnChange, read_sql
from ...migrations.liquibase import change_sets
from ...tree import SourceFile

_TARGET = re.compile(r"(?:\w+\.)?(\w+)\s*\(")


def changes(source: SourceFile) -> list[Change]:
    """What the change sets of a log do, in order."""
    return [
        change
        for one in change_sets(source)
        for name, values, columns, line in one.changes
        for change in _changes(name, values, columns, line)
    ]


def _changes(name: str, values: dict[str, Any], columns: list[dict[str, Any]], line: int) -> Iterator[Change]:
    def said(*keys: str) -> str:
        return next((str(values[key]) for key in keys if values.get(key) is not None), "")

    table = said("tableName", "baseTableName")
    listed = [
        ColumnChange(title.strip()) for title in said("columnNames", "baseColumnNames").split(",") if title.strip()
    ]
    named = [ColumnChange(str(column.get("name", ""))) for column in columns]
    if name == "sql":
        yield from read_sql(said("sql"), line)
    elif name == "createTable":
        made = Change("create_table", table, line, [_column(column, line) for column in columns])
        keys = [c for c in made.columns if c.primary]
        if len(keys) > 1:  # a key of several columns makes none of them unique by itself
            for key in keys:
                key.primary = False
            made.constraints.append(Change("add_unique", table, line, [*map(_bare, keys)], detail="PRIMARY KEY"))
        yield made
    elif name == "addColumn":
        for column in columns:
            yield Change("add_column", table, line, [_column(column, line)])
    elif name == "dropColumn":
        yield Change("drop_column", table, line, named or [ColumnChange(said("columnName"))])
    elif name == "dropTable":
        yield Change("drop_table", table, line)
    elif name == "createIndex":
        unique = str(values.get("unique", "")).lower() == "true"
        yield Change("add_index", table, line, named, unique=unique, detail=said("indexName"))
    elif name == "dropIndex":
        yield Change("drop_index", table, line, detail=said("indexName"))
    elif name == "addUniqueConstraint":
        yield Change("add_unique", table, line, listed, unique=True, detail=said("constraintName"))
    elif name == "addPrimaryKey":
        yield Change("add_unique", table, line, listed, unique=True, detail="PRIMARY KEY")
    elif name == "addForeignKeyConstraint":
        tied = Change("add_foreign_key", table, line, listed, detail=said("constraintName"))
        tied.references = said("referencedTableName")
        tied.on_delete = said("onDelete").upper() or (
            "CASCADE" if str(values.get("deleteCascade", "")).lower() == "true" else ""
        )
        yield tied
    elif name == "addCheckConstraint":
        yield Change("add_check", table, line, detail=said("constraintName"))
    elif name in ("dropForeignKeyConstraint", "dropUniqueConstraint", "dropCheckConstraint"):
        yield Change("drop_constraint", table, line, detail=said("constraintName"))
    elif name in ("addNotNullConstraint", "dropNotNullConstraint"):
        closes = name.startswith("add")
        yield Change(
            "set_not_null" if closes else "alter_column",
            table,
            line,
            [ColumnChange(said("columnName"))],
            detail="" if closes else "DROP NOT NULL",
        )
    elif name == "modifyDataType":
        yield Change("alter_type", table, line, [ColumnChange(said("columnName"), said("newDataType"))])


def _bare(column: ColumnChange) -> ColumnChange:
    return ColumnChange(column.title)


def _column(values: dict[str, Any], line: int) -> ColumnChange:
    said = values.get("constraints")
    said = said if isinstance(said, dict) else {}

    def true(key: str) -> bool:
        return str(said.get(key, "")).lower() == "true"

    column = ColumnChange(str(values.get("name", "")), str(values.get("type", "")), line)
    column.primary, column.unique = true("primaryKey"), true("unique")
    column.nullable = str(said.get("nullable", "true")).lower() != "false" and not column.primary
    target = _TARGET.match(str(said.get("references", "")))
    column.references = target.group(1) if target else str(said.get("referencedTableName", "") or "")
    if column.references:
        cascades = said.get("deleteCascade")
        column.on_delete = "CASCADE" if true("deleteCascade") else "?" if cascades is not None else ""
    column.checked = bool(said.get("checkConstraint"))
    return column
