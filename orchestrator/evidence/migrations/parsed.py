"""One migration file as its reader understood it, before its neighbours are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..ddl import Change, ColumnChange

MAX_OPERATIONS = 1_000
"""So many operations of one file are kept; a file with more is said to have been read in part."""


@dataclass(slots=True)
class Step:
    """One operation under construction; ``columns`` are the columns that a new table begins with."""

    kind: str
    table: str = ""
    column: str = ""
    line: int = 0
    nullable: bool | None = None
    default: bool | None = None
    concurrently: bool | None = None
    not_valid: bool | None = None
    reversible: bool | None = None
    detail: str = ""
    type: str = ""
    was: str = ""
    transaction: bool | None = None
    unique: bool = False
    """Whether a column is declared so."""
    tolerant: bool = False
    """Whether it drops nothing where there is nothing to drop."""
    columns: list[ColumnChange] = field(default_factory=list)

    def fields(self) -> dict[str, Any]:
        """What becomes an operation."""
        return {name: getattr(self, name) for name in self.__slots__ if name not in _SETTLED}


_SETTLED = ("columns", "unique", "tolerant")
"""What has had its say once the neighbours of a migration are known."""


@dataclass(slots=True)
class ParsedMigration:
    """One migration file; ``direction`` is ``down`` for a file that only undoes another."""

    path: str
    framework: str
    id: str
    line: int = 1
    steps: list[Step] = field(default_factory=list)
    reversible: bool | None = None
    down_line: int = 0
    after: tuple[str, ...] = ()
    note: str = ""
    written: str = ""
    direction: str = "up"
    pair: str = ""
    """What a file and the file that undoes it have in common."""
    back: list[Step] = field(default_factory=list)
    """What its way back does, which tells what a column was."""
    undone: list[Change] = field(default_factory=list)
    """What the file itself rolls back."""


def steps_of(changes: list[Change], reversible: bool | None = None) -> list[Step]:
    """Changes read from SQL as steps; rows that are changed in a long run of statements become one step."""
    steps: list[Step] = []
    for change in changes:
        column = change.columns[0] if len(change.columns) == 1 else None
        step = Step(change.kind, change.table, change.column, change.line, reversible=reversible, detail=change.detail)
        step.concurrently, step.not_valid = change.concurrently, change.not_valid
        step.transaction, step.tolerant = change.transaction, change.tolerant
        if change.kind in ("other", "unknown", "replace_object") and change.references:
            step.table = change.references
        if change.kind == "add_index" and change.unique:
            step.kind = "add_unique"
        if change.kind == "add_column" and column is not None:
            step.nullable, step.default, step.type = column.nullable, column.default, column.type
            if column.references:
                step.detail = f"REFERENCES {column.references}"
            step.unique = column.unique
        elif change.kind in ("create_table", "rebuild_table", "remake_table"):
            step.columns = change.columns
        elif change.kind == "alter_type" and column is not None:
            step.type, step.nullable = column.type, column.nullable
        elif change.kind == "alter_column" and column is not None:
            step.nullable, step.default = column.nullable, column.default or None
        last = steps[-1] if steps else None
        if last and step.kind == last.kind == "run_sql" and (step.table, step.detail) == (last.table, last.detail):
            continue
        steps.append(step)
    return steps
