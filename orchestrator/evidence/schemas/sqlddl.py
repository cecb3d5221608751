"""Reads tables from SQL: dumps, schema files, and SQL migrations, as they are after the last statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from ..ddl import Change, ColumnChange
from .parsed import ParsedColumn, ParsedTable


class Applied:
    """
    What is there after the statements that have been applied: tables, keyed by folder and name, and triggers.

    What is dropped, disabled or taken back is gone, whichever file it was in.
    """

    def __init__(self) -> None:
        self.tables: dict[tuple[str, str], ParsedTable] = {}
        self._indexes: dict[tuple[str, str], ParsedTable] = {}
        self._rules: dict[tuple[str, str], dict[str, tuple[int, str, int]]] = {}
        """By folder and table, then by name: the how manieth it is, its path and line."""
        self._tables_of: dict[tuple[str, str], str] = {}
        self._made = 0

    @property
    def rules(self) -> list[tuple[str, int]]:
        """Path and line of each trigger and exclusion constraint, in the order in which they were made."""
        return [(path, line) for _, path, line in sorted(r for on in self._rules.values() for r in on.values())]

    def apply(self, changes: Iterable[Change], path: str, folder: str | None = None) -> None:
        """Apply the changes of the file at *path*, which is one of those of *folder*; of its own if that is None."""
        folder = path.rpartition("/")[0] if folder is None else folder
        for change in changes:
            key = (folder, change.table.lower())
            if change.kind == "create_table":
                self.tables.setdefault(key, _table(change, path))
            elif change.kind in ("rebuild_table", "remake_table"):
                self.tables[key] = _table(change, path)
            elif change.kind == "drop_table":
                self.tables.pop(key, None)
                self._rules.pop(key, None)
            elif change.kind == "drop_index" and not change.table:
                table = self._indexes.pop((folder, change.detail.lower()), None)
                if table is not None:
                    table.forget(change.detail)
            elif change.kind in ("other", "unknown", "replace_object") or change.detail == "EXCLUDE":
                self._rule(change, path, folder)
            elif key in self.tables:
                _alter(self.tables[key], change)
                if change.kind == "add_index" and change.detail:
                    self._indexes[folder, change.detail.lower()] = self.tables[key]

    def _rule(self, change: Change, path: str, folder: str) -> None:
        name = change.table.lower()
        if change.detail == "CREATE TRIGGER":
            self._tables_of[folder, name] = change.references.lower()
            self._add((folder, change.references.lower()), name, path, change.line)
        elif change.detail == "EXCLUDE":
            self._add((folder, name), f"exclude {self._made}", path, change.line)
        elif change.detail == "DROP TRIGGER":
            on = change.references.lower() or self._tables_of.get((folder, name), "")
            self._rules.get((folder, on), {}).pop(name, None)
        elif change.detail.upper() == "DISABLE TRIGGER":
            disabled = change.column.lower()
            if disabled in ("all", "user"):
                self._rules.pop((folder, name), None)
            else:
                self._rules.get((folder, name), {}).pop(disabled, None)

    def _add(self, key: tuple[str, str], name: str, path: str, line: int) -> None:
        self._made += 1
        self._rules.setdefault(key, {})[name] = self._made, path, line


def _table(change: Change, path: str) -> ParsedTable:
    table = ParsedTable(change.table, path, change.line, "clickhouse" if change.detail == "CLICKHOUSE" else "sql")
    for column in change.columns:
        _declare(table, column)
    for constraint in change.constraints:
        if constraint.detail and constraint.kind == "add_unique" and len(constraint.columns) == 1:
            _apart(table, constraint.columns[0].title)
        _alter(table, constraint)
    return table


def _apart(table: ParsedTable, title: str) -> None:
    """Tell a unique column from one that only a constraint with a name makes unique, so that it can be dropped."""
    column = table.find(title)
    if column is not None and not column.primary:
        column.unique = column.indexed = False


def _declare(table: ParsedTable, declared: ColumnChange) -> None:
    """A column with its own constraints, under the names that PostgreSQL gives them."""
    column = ParsedColumn(
        declared.title, declared.type, declared.line, declared.nullable, declared.unique, declared.primary
    )
    column.references, column.on_delete = declared.references, declared.on_delete
    column.indexed = declared.unique or declared.primary
    table.add(column)
    table.checks += declared.checked
    name = f"{table.title}_{declared.title}".lower()
    if declared.checked:
        table.named[f"{name}_check"] = partial(_uncheck, table)
    if declared.unique:
        table.named[f"{name}_key"] = partial(_apart, table, declared.title)
    if declared.references:
        table.named[f"{name}_fkey"] = partial(_untie, [column])


def _alter(table: ParsedTable, change: Change) -> None:
    titles = [c.title for c in change.columns]
    found = [column for title in titles if (column := table.find(title)) is not None]
    if change.kind == "add_column":
        for declared in change.columns:
            _declare(table, declared)
    elif change.kind == "drop_column":
        for title in titles:
            table.columns.pop(title.lower(), None)
    elif change.kind in ("drop_constraint", "drop_index"):
        table.forget(change.detail)
    elif change.kind == "add_check":
        table.checks += 1
        _remember(table, change, "check", partial(_uncheck, table))
    elif change.kind in ("add_index", "add_unique"):
        before = [(column, column.indexed, column.unique, column.with_others) for column in found]
        unique = change.unique or change.kind == "add_unique"
        table.index(titles, unique)
        _remember(table, change, "key" if unique else "idx", partial(_unindex, table, unique, before))
        if change.detail == "PRIMARY KEY":
            for column_found in found:
                column_found.nullable = False
                column_found.primary = column_found.primary or len(titles) == 1
    elif change.kind == "add_foreign_key":
        for column_found in found:
            column_found.references, column_found.on_delete = change.references or "?", change.on_delete
        _remember(table, change, "fkey", partial(_untie, found))
    elif change.kind == "set_not_null":
        for column_found in found:
            column_found.nullable = False
    elif change.kind == "alter_type":
        for declared in change.columns:
            if declared.type and (retyped := table.find(declared.title)) is not None:
                retyped.type = declared.type
    elif change.kind == "alter_column" and change.detail.upper().startswith("DROP NOT NULL"):
        for column_found in found:
            column_found.nullable = True


def _remember(table: ParsedTable, change: Change, kind: str, undo: Callable[[], None]) -> None:
    """Keep how to take a constraint back, under the name that it has or that PostgreSQL gives it."""
    named = change.detail if change.detail not in ("", "PRIMARY KEY", "EXCLUDE") else ""
    titles = [column.title for column in change.columns]
    if kind == "check" and len(titles) != 1:
        titles = []
    table.named[(named or "_".join([table.title, *titles, kind])).lower()] = undo


def _uncheck(table: ParsedTable) -> None:
    table.checks -= 1


def _unindex(table: ParsedTable, unique: bool, before: list[tuple[ParsedColumn, bool, bool, bool]]) -> None:
    table.indexes -= not unique
    table.unique_sets -= unique
    for column, indexed, alone, with_others in before:
        column.indexed, column.unique, column.with_others = indexed, alone, with_others


def _untie(columns: list[ParsedColumn]) -> None:
    for column in columns:
        column.references = column.on_delete = ""
