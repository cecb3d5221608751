"""What one schema change does to the former release, which runs beside it until the new one has taken over."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from orchestrator import Migration, Operation

from ._risk import on_live_tables
from ._types import family, narrower

Break = tuple[str, bool]
"""Why the former release cannot run, and whether that is certain; an empty reason where it can."""
_NONE: Break = ("", False)
_IN_THE_APPLICATION = "default in the application only"


def met(migration: Migration) -> Iterator[Operation]:
    """
    The operations of *migration* that the former release meets.

    What is done to a column that the same migration adds it never sees, but for what it then has to know of every row.
    """
    added: set[tuple[str, str]] = set()
    for operation in on_live_tables(migration):
        table, columns = operation.table.lower(), operation.column.lower().split(", ")
        if operation.kind == "add_column":
            added.add((table, columns[0]))
        elif operation.kind not in _ASKED_OF_EVERY_ROW and any((table, column) in added for column in columns):
            continue
        yield operation


_ASKED_OF_EVERY_ROW = ("set_not_null", "drop_default")


def breaks(operation: Operation) -> Break:
    """
    Why the former release cannot run once *operation* has been applied; empty where it can.

    Returns:
        The reason, and whether it is certain.
    """
    judge = _JUDGES.get(operation.kind)
    return judge(operation, operation.table or "a table", operation.column or "a column") if judge else _NONE


def _adds(operation: Operation, table: str, column: str) -> Break:
    if operation.nullable is not False:
        return _NONE
    if operation.detail == _IN_THE_APPLICATION:
        return f"adds NOT NULL column {column} to {table}, whose default only the new release knows", False
    return _NONE if operation.default else (f"adds column {column} to {table}, NOT NULL without a default", True)


def _closes(operation: Operation, table: str, column: str) -> Break:
    text = f"makes column {column} of {table} NOT NULL while the former release may still write NULL"
    if column.lower() == "id":  # a key is given to each row by the database, unless the table has another one
        return f"{text}, unless it is its key", False
    return text, not operation.default


def _drops_default(operation: Operation, table: str, column: str) -> Break:
    if operation.nullable:
        return _NONE
    return f"drops the default of column {column} of {table}, on which the former release may rely", (
        operation.nullable is False
    )


def _makes_unique(operation: Operation, table: str, column: str) -> Break:
    if operation.detail == "PRIMARY KEY":
        return _NONE
    return f"makes {column} of {table} unique while the former release may still write a value twice", True


def _retypes(operation: Operation, table: str, column: str) -> Break:
    was, now = operation.was.lower(), operation.type.lower()
    text = f"changes column {column} of {table}" + (f" from {was} to {now}" if was and now else " to another type")
    families = family(was), family(now)
    if not all(families):
        return text, False
    if families[0] != families[1]:
        return text, families != ("int", "number")
    return (text, True) if narrower(was, now, families[0]) else _NONE


def _named(verb: str, certain: bool) -> Callable[[Operation, str, str], Break]:
    """What is done to a view, a routine, a type, a schema."""

    def judge(operation: Operation, table: str, column: str) -> Break:
        del table, column
        what = [operation.detail.partition(" ")[2].lower(), operation.table]
        return f"{verb} {' '.join(filter(None, what)) or 'something'}", certain

    return judge


def _does_what_nobody_knows(operation: Operation, table: str, column: str) -> Break:
    del table, column
    what = " ".join(filter(None, (operation.detail, operation.table)))
    return f"does what cannot be read here{f': {what}' if what else ''}", False


_JUDGES: dict[str, Callable[[Operation, str, str], Break]] = {
    "drop_table": lambda _, table, __: (f"drops table {table}", True),
    "rename_table": lambda _, table, __: (f"renames table {table}", True),
    "drop_column": lambda _, table, column: (f"drops column {column} of {table}", True),
    "rename_column": lambda _, table, column: (f"renames column {column} of {table}", True),
    "add_column": _adds,
    "set_not_null": _closes,
    "drop_default": _drops_default,
    "add_unique": _makes_unique,
    "add_check": lambda _, table, __: (f"adds a check to {table} that rows of the former release may not meet", True),
    "add_foreign_key": lambda _, table, column: (
        f"ties {column} of {table} to another table while the former release may write it without", False
    ),
    "alter_type": _retypes,
    "drop_object": _named("drops", certain=True),
    "rename_object": _named("renames", certain=True),
    "replace_object": _named("replaces", certain=False),
    "unknown": _does_what_nobody_knows,
}  # fmt: skip
