"""Reads what a Knex migration does to one table: ``schema.alterTable('x', t => {…})``."""

from __future__ import annotations

from collections.abc import Iterator

from ..ddl import ColumnChange
from .called import Called
from .parsed import Step

_DROPS = {
    "dropColumn": "drop_column",
    "dropColumns": "drop_column",
    "dropTimestamps": "drop_column",
    "dropIndex": "drop_index",
    "dropUnique": "drop_constraint",
    "dropForeign": "drop_constraint",
    "dropPrimary": "drop_constraint",
    "dropChecks": "drop_constraint",
}
_RULES = {"index": "add_index", "unique": "add_unique", "foreign": "add_foreign_key", "check": "add_check"}
_ASKS_NOTHING = frozenset({"comment", "engine", "charset", "collate", "inherits", "primary", "queryContext"})
_MANY = {"timestamps": ("created_at", "updated_at"), "increments": ("id",), "bigIncrements": ("id",)}
_SIZED = frozenset({"string", "varchar", "char", "decimal", "float", "binary"})


def columns(create: Called) -> list[ColumnChange]:
    """The columns that a new table begins with."""
    found = []
    for step in altered(create):
        if step.kind == "add_column" and step.column:
            column = ColumnChange(step.column, step.type, step.line, nullable=step.nullable)
            column.default, column.unique = bool(step.default), step.unique
            found.append(column)
    return found


def altered(call: Called) -> Iterator[Step]:
    """The changes that the function makes which *call* is given."""
    table = next(iter(call.words), "")
    for called in call.block or ():
        if call.is_told(called):
            yield from _step(called, table)
        else:
            yield Step("unknown", table, line=called.line, detail=f"{called.name}()")


def _step(called: Called, table: str) -> Iterator[Step]:
    name, words, line = called.name, called.words, called.line
    if name in _DROPS:
        titles = words if _DROPS[name] == "drop_column" else [""]
        for title in titles or (["created_at"] if name == "dropTimestamps" else [""]):
            yield Step(_DROPS[name], table, title, line)
    elif name == "renameColumn":
        yield Step("rename_column", table, words[0] if words else "", line, detail=words[1] if len(words) > 1 else "")
    elif name == "dropNullable":
        yield Step("set_not_null", table, words[0] if words else "", line)
    elif name == "setNullable":
        yield Step("alter_column", table, words[0] if words else "", line, nullable=True)
    elif name in _RULES:
        yield Step(
            _RULES[name], table, ", ".join(called.listed(0)), line, concurrently=False if name == "index" else None
        )
    elif name in _ASKS_NOTHING:
        return
    elif name in _MANY:
        for title in _MANY[name]:
            yield Step("add_column", table, title, line, nullable=name == "timestamps", default=True)
    elif called.owner and words:
        yield _column(called, table)
    else:
        yield Step("unknown", table, line=line, detail=f"{name}()")


def _column(called: Called, table: str) -> Step:
    words, after = called.words, called.after
    sizes = [word for word in words[1:3] if word.isdigit()] if called.name in _SIZED else []
    kind = f"{called.name}({','.join(sizes)})" if sizes else called.name
    step = Step("add_column", table, words[0], called.line, type=kind)
    step.unique = "unique" in after
    step.default = "defaultTo" in after or None
    if "alter" in after:
        step.kind = "alter_type"
        step.nullable = False if "notNullable" in after else True if "nullable" in after else None
        return step
    step.nullable, step.default = not after & {"notNullable", "primary"}, bool(step.default)
    return step
