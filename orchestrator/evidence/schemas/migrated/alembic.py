"""Reads the tables that Alembic's revisions make."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...ddl import Change, ColumnChange, read_sql
from ...migrations.python import argument, called, is_false, is_true, text_of
from ...tree import SourceFile

_PLACES = {"create_foreign_key": 1, "create_unique_constraint": 1, "create_check_constraint": 1, "drop_constraint": 1}


def changes(source: SourceFile) -> list[Change]:
    """What ``upgrade`` does, in the order of its lines."""
    try:
        module = ast.parse(source.text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    found: list[Change] = []
    for node in module.body:
        if isinstance(node, ast.FunctionDef) and node.name == "upgrade":
            batches = _batches(node)
            calls = [n for n in ast.walk(node) if isinstance(n, ast.Call)]
            for call in sorted(calls, key=lambda n: (n.lineno, n.col_offset)):
                found.extend(_changes(call, batches))
    return found


def _batches(function: ast.FunctionDef) -> dict[str, str]:
    found = {}
    for node in ast.walk(function):
        for item in node.items if isinstance(node, ast.With) else ():
            context = item.context_expr
            if isinstance(context, ast.Call) and called(context.func) == "op.batch_alter_table":
                name = item.optional_vars.id if isinstance(item.optional_vars, ast.Name) else ""
                found[name] = text_of(argument(context, "table_name", 0))
    return found


def _changes(call: ast.Call, batches: dict[str, str]) -> Iterator[Change]:
    owner, _, what = called(call.func).rpartition(".")
    line = call.lineno
    if what == "execute" and owner == "op":
        given = argument(call, "sqltext", 0)
        inner = given.args[0] if isinstance(given, ast.Call) and given.args else given
        yield from read_sql(text_of(inner), line)
        return
    if owner != "op" and owner not in batches:
        return
    shift = 1 if owner in batches else 0
    table = batches.get(owner) or text_of(argument(call, "table_name", 0))

    def word(name: str, position: int) -> str:
        return text_of(argument(call, name, position - shift))

    if what == "create_table":
        yield _made(call, table)
    elif what == "drop_table":
        yield Change("drop_table", table, line)
    elif what == "add_column":
        node = argument(call, "column", 1 - shift)
        if isinstance(node, ast.Call):
            yield Change("add_column", table, line, [_column(node)])
    elif what == "drop_column":
        yield Change("drop_column", table, line, [ColumnChange(word("column_name", 1))])
    elif what == "alter_column":
        title = [ColumnChange(word("column_name", 1))]
        nullable = argument(call, "nullable")
        if is_false(nullable):
            yield Change("set_not_null", table, line, title)
        elif is_true(nullable):
            yield Change("alter_column", table, line, title, detail="DROP NOT NULL")
    elif what == "create_index":
        unique = is_true(argument(call, "unique"))
        name = text_of(argument(call, "index_name", 0))
        on = batches.get(owner) or text_of(argument(call, "table_name", 1))
        yield Change("add_index", on, line, _titles(argument(call, "columns", 2 - shift)), unique=unique, detail=name)
    elif what == "drop_index":
        on = batches.get(owner) or text_of(argument(call, "table_name", 1))
        yield Change("drop_index", on, line, detail=text_of(argument(call, "index_name", 0)))
    elif what in _PLACES:
        yield from _constraint(call, what, batches.get(owner, ""), shift)


def _constraint(call: ast.Call, what: str, batch: str, shift: int) -> Iterator[Change]:
    name = text_of(argument(call, "constraint_name", 0))
    table = batch or text_of(argument(call, "source_table", 1)) or text_of(argument(call, "table_name", 1))
    if what == "drop_constraint":
        yield Change("drop_constraint", table, call.lineno, detail=name)
    elif what == "create_check_constraint":
        yield Change("add_check", table, call.lineno, detail=name)
    elif what == "create_unique_constraint":
        titles = _titles(argument(call, "columns", 2 - shift))
        yield Change("add_unique", table, call.lineno, titles, unique=True, detail=name)
    else:
        titles = _titles(argument(call, "local_cols", 3 - shift))
        tied = Change("add_foreign_key", table, call.lineno, titles, detail=name)
        tied.references = text_of(argument(call, "referent_table", 2 - shift))
        tied.on_delete = text_of(argument(call, "ondelete")).upper()
        yield tied


def _made(call: ast.Call, table: str) -> Change:
    made = Change("create_table", table, call.lineno)
    for node in call.args[1:]:
        if not isinstance(node, ast.Call):
            continue
        kind = called(node.func).rpartition(".")[2]
        given = [ColumnChange(text_of(a)) for a in node.args if text_of(a)]
        name = text_of(argument(node, "name"))
        if kind == "Column":
            made.columns.append(_column(node))
        elif kind == "PrimaryKeyConstraint":
            made.constraints.append(Change("add_unique", table, node.lineno, given, unique=True, detail="PRIMARY KEY"))
        elif kind == "UniqueConstraint":
            made.constraints.append(Change("add_unique", table, node.lineno, given, unique=True, detail=name))
        elif kind == "CheckConstraint":
            made.constraints.append(Change("add_check", table, node.lineno, detail=name))
        elif kind == "ForeignKeyConstraint":
            tied = Change("add_foreign_key", table, node.lineno, _titles(argument(node, "columns", 0)), detail=name)
            targets = _titles(argument(node, "refcolumns", 1))
            tied.references = targets[0].title.partition(".")[0] if targets else ""
            tied.on_delete = text_of(argument(node, "ondelete")).upper()
            made.constraints.append(tied)
    return made


def _column(node: ast.Call) -> ColumnChange:
    kind = node.args[1] if len(node.args) > 1 else argument(node, "type_")
    typed = kind.func if isinstance(kind, ast.Call) else kind
    column = ColumnChange(text_of(argument(node, "name", 0)), "", node.lineno)
    column.type = called(typed).rpartition(".")[2] if typed is not None else ""
    column.primary, column.unique = is_true(argument(node, "primary_key")), is_true(argument(node, "unique"))
    column.nullable = not is_false(argument(node, "nullable")) and not column.primary
    for one in node.args[1:]:
        if isinstance(one, ast.Call) and called(one.func).endswith("ForeignKey"):
            column.references = text_of(one.args[0] if one.args else None).rpartition(".")[0].rpartition(".")[2]
            column.on_delete = text_of(argument(one, "ondelete")).upper()
            if column.type == "ForeignKey":
                column.type = ""
        elif isinstance(one, ast.Call) and called(one.func).endswith("CheckConstraint"):
            column.checked = True
    return column


def _titles(node: ast.expr | None) -> list[ColumnChange]:
    return (
        [ColumnChange(text_of(e)) for e in node.elts if text_of(e)] if isinstance(node, (ast.List, ast.Tuple)) else []
    )
