"""Reads Alembic's migrations."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from ...errors import FormatError
from ...redaction import cut
from .. import judged
from ..ddl import ColumnChange
from ..inforce.code.python import PythonJudge
from ..tree import SourceFile
from . import python
from .parsed import MAX_OPERATIONS, ParsedMigration, Step
from .python import argument, called, is_false, is_none, is_true, sql_steps, text_of

_DATE = re.compile(r"Create Date:\s*(\d{4}-\d\d-\d\d)")


def recognises(source: SourceFile) -> bool:
    return "down_revision" in source.text and "def upgrade" in source.text


def read(source: SourceFile) -> ParsedMigration | None:
    """The migration of a revision file; its downgrade counts when its body does anything."""
    judge = judged.python(source)
    module = judge.module.tree
    functions = {n.name: n for n in module.body if isinstance(n, ast.FunctionDef)}
    values = _assigned(module)
    upgrade, downgrade = functions.get("upgrade"), functions.get("downgrade")
    if upgrade is None:
        return None
    if judge.reached(upgrade).is_void or judge.is_own("op"):
        raise FormatError("what it would do is not in force", upgrade.lineno)
    if not isinstance(values.get("revision"), (ast.Constant, ast.Name)) or is_none(values["revision"]):
        raise FormatError("its revision is taken away, or was never given", upgrade.lineno)
    migration = ParsedMigration(source.path, "alembic", text_of(values.get("revision")), upgrade.lineno)
    before = values.get("down_revision")
    migration.after = tuple(
        text_of(e) for e in (before.elts if isinstance(before, (ast.Tuple, ast.List)) else [before]) if e
    )
    migration.after = tuple(a for a in migration.after if a)
    migration.note = python.note_of(module, source.lines)
    dated = _DATE.search(source.text[:2_000])
    migration.written = dated.group(1) if dated else ""
    migration.steps = [*_steps(upgrade, functions, judge), *_handed_on(module)]
    _tell_transactions(migration.steps, upgrade)
    migration.reversible = not _runs(upgrade, judge) or (downgrade is not None and _runs(downgrade, judge))
    if not migration.reversible and downgrade is not None and _rows_only(migration) and not _refuses(downgrade):
        migration.reversible = None
    migration.down_line = downgrade.lineno if downgrade else 0
    return migration


def _runs(function: ast.FunctionDef, judge: PythonJudge) -> bool:
    """Whether a body holds more than ``pass`` and its like before it is left."""
    kept = [node for node in function.body if not judge.reached(node).is_void and not _leaves(node)]
    return does_something(kept)


def _leaves(node: ast.stmt) -> bool:
    return isinstance(node, ast.Return) and (node.value is None or isinstance(node.value, ast.Constant))


def does_something(body: Sequence[ast.stmt]) -> bool:
    """Whether *body* holds more than docstring, ``pass``, ``...``, a raise, and branches that are never taken."""
    for node in body:
        if isinstance(node, (ast.Pass, ast.Raise)):
            continue
        if isinstance(node, ast.If) and not node.orelse and isinstance(node.test, ast.Constant) and not node.test.value:
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        return True
    return False


def _rows_only(migration: ParsedMigration) -> bool:
    """Whether it changes rows and no schema, so that a way back that does nothing may be meant."""
    return bool(migration.steps) and all(s.kind in ("run_sql", "run_code") for s in migration.steps)


def _refuses(function: ast.FunctionDef) -> bool:
    return any(isinstance(node, ast.Raise) for node in function.body)


def _assigned(module: ast.Module) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for node in module.body:
        if isinstance(node, ast.Assign):
            found.update({t.id: node.value for t in node.targets if isinstance(t, ast.Name)})
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value is not None:
            found[node.target.id] = node.value
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                found.pop(target.id if isinstance(target, ast.Name) else "", None)
    return found


def _steps(upgrade: ast.FunctionDef, functions: dict[str, ast.FunctionDef], judge: PythonJudge) -> list[Step]:
    """The operations of upgrade() and of the functions of the file that it calls, in the order of their lines."""
    steps: list[Step] = []
    seen = {"upgrade"}
    todo = [upgrade]
    batches: dict[str, str] = {}
    foreign = _foreign(judge.module.tree)
    while todo:
        function = todo.pop(0)
        alone = {id(n.value) for n in ast.walk(function) if isinstance(n, ast.Expr)}
        calls = [n for n in ast.walk(function) if isinstance(n, (ast.Call, ast.With))]
        for node in sorted(calls, key=lambda n: (n.lineno, n.col_offset)):
            if isinstance(node, ast.With):
                for item in node.items:
                    context = item.context_expr
                    batch = isinstance(context, ast.Call) and called(context.func) == "op.batch_alter_table"
                    if batch and isinstance(context, ast.Call) and isinstance(item.optional_vars, ast.Name):
                        batches[item.optional_vars.id] = text_of(argument(context, "table_name", 0))
                continue
            if judge.reached(node).is_void:
                continue
            name = called(node.func)
            if len(steps) < MAX_OPERATIONS:
                steps.extend(_operation(node, batches))
                if name.partition(".")[0] in foreign and id(node) in alone:
                    steps.append(Step("unknown", line=node.lineno, detail=cut(f"{name}()", 80)))
            if name in functions and name not in seen:
                seen.add(name)
                todo.append(functions[name])
    return steps


def _handed_on(module: ast.Module) -> list[Step]:
    """Where ``op`` itself is given to something, so that nobody can tell what that does with it."""
    asked = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Attribute)}
    loose = [n for n in ast.walk(module) if isinstance(n, ast.Name) and n.id == "op" and id(n) not in asked]
    return [Step("unknown", line=node.lineno, detail="op is handed on") for node in loose]


def _foreign(module: ast.Module) -> set[str]:
    """Names that a revision takes from elsewhere, and that may do anything to the schema when they are called."""
    found: set[str] = set()
    for node in module.body:
        if isinstance(node, ast.ImportFrom):
            root = (node.module or "").partition(".")[0]
            if node.level or root not in _LIBRARIES or node.module == "alembic.op":
                found.update(alias.asname or alias.name for alias in node.names)
        elif isinstance(node, ast.Import):
            names = [(alias.asname or alias.name.partition(".")[0], alias.name) for alias in node.names]
            found.update(name for name, module_ in names if module_.partition(".")[0] not in _LIBRARIES)
    return found


_LIBRARIES = frozenset({
    "__future__", "alembic", "collections", "contextlib", "csv", "datetime", "decimal", "enum", "functools",
    "geoalchemy2", "hashlib", "itertools", "json", "logging", "loguru", "math", "os", "pathlib", "pprint",
    "random", "re", "secrets", "sqlalchemy", "sqlalchemy_utils", "sqlmodel", "string", "structlog", "sys",
    "textwrap", "time", "typing", "uuid", "warnings",
})  # fmt: skip
"""What a revision may call without anybody's schema being touched."""


def _tell_transactions(steps: list[Step], upgrade: ast.FunctionDef) -> None:
    """Alembic runs a revision in one transaction, but for what stands in an ``autocommit_block``."""
    apart: set[int] = set()
    for node in ast.walk(upgrade):
        if isinstance(node, ast.With) and any(_leaves_transaction(item.context_expr) for item in node.items):
            apart.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    for step in steps:
        if step.concurrently:
            step.transaction = step.line not in apart


def _leaves_transaction(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "autocommit_block"


def _operation(call: ast.Call, batches: dict[str, str]) -> list[Step]:
    owner, _, what = called(call.func).rpartition(".")
    line = call.lineno
    if isinstance(call.func, ast.Attribute) and not owner:
        what = call.func.attr  # of what another call gives: ``op.get_bind().execute(…)``
    if what in ("execute", "exec_driver_sql") and isinstance(call.func, ast.Attribute) and owner not in batches:
        steps = sql_steps(argument(call, "sqltext", 0), line)
        return [s for s in steps if not s.detail.upper().startswith(("SELECT", "WITH"))]
    if owner != "op" and owner not in batches:
        return []
    shift = 1 if owner in batches else 0
    table = batches[owner] if shift else text_of(argument(call, "table_name", 0))

    def word(name: str, position: int) -> str:
        return text_of(argument(call, name, position - shift))

    if what == "create_table":
        return [Step("create_table", table, line=line, columns=[_column(a) for a in call.args if _is_column(a)])]
    if what == "drop_table":
        return [Step("drop_table", table, line=line)]
    if what == "rename_table":
        return [Step("rename_table", word("old_table_name", 0), line=line, detail=word("new_table_name", 1))]
    if what == "add_column":
        return [_added(call, table, argument(call, "column", 1 - shift))]
    if what == "drop_column":
        return [Step("drop_column", table, word("column_name", 1), line)]
    if what == "alter_column":
        return _altered(call, table, word("column_name", 1))
    if what in ("create_index", "drop_index"):
        step = Step(
            "add_index" if what == "create_index" else "drop_index", line=line, detail=word("index_name", 0 + shift)
        )
        step.table = batches.get(owner, text_of(argument(call, "table_name", 1)))
        step.concurrently = is_true(argument(call, "postgresql_concurrently"))
        if what == "create_index":
            step.column = _columns(argument(call, "columns", 2 - shift))
            step.kind = "add_unique" if is_true(argument(call, "unique")) else "add_index"
        return [step]
    if what in _CONSTRAINTS:
        kind, position = _CONSTRAINTS[what]
        not_valid = is_true(argument(call, "postgresql_not_valid"))
        table = batches.get(owner) or text_of(argument(call, "source_table", position)) or word("table_name", position)
        step = Step(kind, table, line=line, not_valid=not_valid, detail=text_of(argument(call, "constraint_name", 0)))
        if what in _ABOUT_COLUMNS:
            name, at = _ABOUT_COLUMNS[what]
            step.column = _columns(argument(call, name, at - shift))
        if what == "create_primary_key":
            step.detail = "PRIMARY KEY"
        return [step]
    if what == "bulk_insert":
        return [Step("run_sql", line=line, detail="INSERT")]
    return [] if what in _ASK_NOTHING or owner in batches else [Step("unknown", line=line, detail=f"op.{what}")]


_ABOUT_COLUMNS = {
    "create_unique_constraint": ("columns", 2),
    "create_foreign_key": ("local_cols", 3),
    "create_primary_key": ("columns", 2),
}
_ASK_NOTHING = frozenset({
    "get_bind", "get_context", "f", "inline_literal", "create_table_comment", "drop_table_comment", "batch_alter_table",
    "create_sequence", "create_schema", "implementation_for", "run_async",
})  # fmt: skip


def _columns(node: ast.expr | None) -> str:
    """The columns of an index or a constraint, as one text."""
    return ", ".join(text_of(e) for e in node.elts) if isinstance(node, (ast.List, ast.Tuple)) else ""


_CONSTRAINTS = {
    "create_foreign_key": ("add_foreign_key", 1),
    "create_unique_constraint": ("add_unique", 1),
    "create_check_constraint": ("add_check", 1),
    "create_primary_key": ("add_unique", 1),
    "create_exclude_constraint": ("add_check", 1),
    "drop_constraint": ("drop_constraint", 1),
}


def _is_column(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and called(node.func).rpartition(".")[2] == "Column"


def _column(node: ast.expr) -> ColumnChange:
    assert isinstance(node, ast.Call)
    kind = node.args[1] if len(node.args) > 1 else argument(node, "type_")
    primary = is_true(argument(node, "primary_key"))
    column = ColumnChange(text_of(argument(node, "name", 0)), _type(kind), node.lineno, primary=primary)
    column.nullable = not is_false(argument(node, "nullable")) and not primary
    column.default = argument(node, "server_default") is not None
    column.unique = is_true(argument(node, "unique"))
    return column


def _type(node: ast.expr | None) -> str:
    if isinstance(node, ast.Call):
        name = called(node.func).rpartition(".")[2]
        given = (*node.args[:2], *(argument(node, word) for word in ("length", "precision", "scale")))
        sizes = [str(a.value) for a in given if isinstance(a, ast.Constant) and isinstance(a.value, int)]
        return f"{name}({','.join(sizes)})" if sizes else name
    return called(node).rpartition(".")[2] if node is not None else ""


def _added(call: ast.Call, table: str, node: ast.expr | None) -> Step:
    step = Step("add_column", table, line=call.lineno)
    if node is not None and _is_column(node):
        assert isinstance(node, ast.Call)
        column = _column(node)
        step.column, step.type, step.nullable = column.title, column.type, column.nullable
        step.default, step.unique = column.default, column.unique
        if any(isinstance(a, ast.Call) and called(a.func).endswith("ForeignKey") for a in node.args):
            step.detail = "ForeignKey"
    return step


def _altered(call: ast.Call, table: str, column: str) -> list[Step]:
    line, steps = call.lineno, []
    renamed = argument(call, "new_column_name")
    if renamed is not None:
        steps.append(Step("rename_column", table, column, line, detail=text_of(renamed)))
    kind = argument(call, "type_")
    if kind is not None:
        was = _type(argument(call, "existing_type"))
        steps.append(Step("alter_type", table, column, line, type=_type(kind), was=was))
    default = argument(call, "server_default")
    if is_none(default) or is_false(default):
        steps.append(Step("drop_default", table, column, line))
    if is_false(argument(call, "nullable")):
        steps.append(Step("set_not_null", table, column, line, nullable=False))
    elif is_true(argument(call, "nullable")):
        steps.append(Step("alter_column", table, column, line, nullable=True))
    return steps or [Step("alter_column", table, column, line, default=True if default is not None else None)]
