"""Holds a way back against the way forth, change by change."""

from __future__ import annotations

from collections.abc import Sequence

from .parsed import Step

_ROUTINES = frozenset({"CREATE FUNCTION", "CREATE PROCEDURE"})


def undoes(back: Sequence[Step], forth: Sequence[Step]) -> bool | None:
    """Whether *back* takes back what *forth* does to the schema; None where nobody can tell what it does."""
    if not any(step.kind in _TAKEN_BACK_BY or step.kind == "run_sql" for step in forth):
        made = {_routine(step) for step in forth}
        return any(not _routine(step) or _routine(step) in made for step in back)
    made_here = {step.table.lower() for step in forth if step.kind == "create_table"}
    told = {(step.kind, step.table.lower()) for step in back}
    kinds = {step.kind for step in back}
    open_ends = [
        step
        for step in forth
        if step.kind in _TAKEN_BACK_BY
        and (step.kind == "create_table" or step.table.lower() not in made_here)
        and not _taken_back(step, told, kinds)
    ]
    changes = [step for step in back if (step.kind, step.detail) not in (("run_sql", "SELECT"), ("run_sql", "WITH"))]
    if changes and not open_ends:
        return None if all(map(_is_call, changes)) and any(map(_is_call, forth)) else True
    return None if any(map(_opaque, back)) else False


def _opaque(step: Step) -> bool:
    return step.kind in ("run_code", "unknown") or (step.kind == "run_sql" and step.detail in ("DO", "CALL", ""))


def _is_call(step: Step) -> bool:
    """Whether *step* runs a procedure of the database, whose text is not here."""
    return step.kind == "run_sql" and step.detail in ("CALL", "EXEC", "EXECUTE")


def _taken_back(step: Step, told: set[tuple[str, str]], kinds: set[str]) -> bool:
    table = step.table.lower()
    if any((kind, table) in told for kind in ("drop_table", "create_table", "rename_table", "rebuild_table")):
        return True
    ways = _TAKEN_BACK_BY[step.kind]
    if step.kind in _UNDONE_BY_NAME:
        return bool(ways & kinds)
    return any((kind, table) in told for kind in ways)


_SHAPE = frozenset({"alter_type", "alter_column", "set_not_null", "drop_default"})
_RULES = frozenset({"drop_constraint", "drop_index", "drop_column"})
_TAKEN_BACK_BY: dict[str, frozenset[str]] = {
    "create_table": frozenset({"drop_table", "drop_object"}),
    "drop_table": frozenset({"create_table"}),
    "rename_table": frozenset({"rename_table"}),
    "add_column": frozenset({"drop_column"}),
    "drop_column": frozenset({"add_column"}),
    "rename_column": frozenset({"rename_column"}),
    "alter_type": _SHAPE,
    "set_not_null": _SHAPE,
    "drop_default": _SHAPE,
    "add_index": _RULES,
    "add_unique": _RULES,
    "add_foreign_key": _RULES,
    "add_check": _RULES,
    "drop_index": frozenset({"add_index", "add_unique"}),
    "drop_object": frozenset({"other", "replace_object"}),
    "rename_object": frozenset({"rename_object"}),
}
"""What of a way back takes back each kind of change."""
_UNDONE_BY_NAME = ("rename_table", "add_index", "drop_index", "drop_object", "rename_object")
"""What SQL takes back without naming the table, or under another name."""


def _routine(step: Step) -> str:
    return step.detail if step.kind == "other" and step.detail in _ROUTINES else ""
