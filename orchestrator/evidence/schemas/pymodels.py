"""Reads tables from Django and SQLAlchemy models, from their syntax alone."""

from __future__ import annotations

import ast

from .. import judged
from ..migrations.python import argument, called, is_false, is_true, text_of
from ..tree import SourceFile
from .parsed import ParsedColumn, ParsedTable

_KEYS = ("ForeignKey", "ParentalKey", "OneToOneField", "TreeForeignKey")
_INTEGRAL = ("PositiveIntegerField", "PositiveSmallIntegerField", "PositiveBigIntegerField")


def recognises(source: SourceFile) -> bool:
    """Whether it is worth parsing: a quick look at the bytes."""
    data = source.data
    if b"migrations.Migration" in data or b"down_revision" in data:
        return False
    return b"= models." in data or b"mapped_column(" in data or b"__tablename__" in data or b"Column(" in data


def read(source: SourceFile) -> list[ParsedTable]:
    """Every model class and association table of a module."""
    judge = judged.python(source)
    module = judge.module.tree
    own = {name for name in ("models", "Column", "Table", "db") if judge.is_own(name)}
    own_column = _imports_column(module)
    tables: list[ParsedTable] = []
    by_class: dict[str, ParsedTable] = {}
    for node in module.body if not own else ():
        if judge.reaches(judge.module.span(node)[0]).is_void:
            continue
        if isinstance(node, ast.ClassDef):
            table = _django(node, source.path) or _sqlalchemy(node, source.path, own_column)
            if table is not None:
                tables.append(table)
                by_class[node.name] = table
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and _is(node.value, "Table"):
            table = _association(node.value, source.path)
            if table is not None:
                tables.append(table)
        elif isinstance(node, (ast.Expr, ast.Assign)) and isinstance(node.value, ast.Call) and _is(node.value, "Index"):
            _outer_index(node.value, by_class)
    return tables


def _is(call: ast.Call, *names: str) -> bool:
    return called(call.func).rpartition(".")[2] in names


def _imports_column(module: ast.Module) -> bool:
    """Whether the bare name Column is SQLAlchemy's own, whose columns are nullable unless they say otherwise."""
    for node in module.body:
        if isinstance(node, ast.ImportFrom) and any(a.name == "Column" for a in node.names):
            return (node.module or "").startswith("sqlalchemy")
    return not any(
        isinstance(n, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "Column" for t in n.targets)
        for n in module.body
    )


def _django(cls: ast.ClassDef, path: str) -> ParsedTable | None:
    table = ParsedTable(cls.name, path, cls.lineno, "django")
    table.partial = any(called(base).rpartition(".")[2] != "Model" for base in cls.bases)
    for node in cls.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name):
            _django_field(table, node.targets[0].id, node.value)
        elif isinstance(node, ast.ClassDef) and node.name == "Meta":
            _django_meta(table, node)
    return table if table.columns else None


def _django_field(table: ParsedTable, title: str, call: ast.Call) -> None:
    owner, _, kind = called(call.func).rpartition(".")
    related = kind in _KEYS
    if not (related or (owner.endswith("models") and kind.endswith("Field"))) or kind.endswith("ManyToManyField"):
        return
    if owner.endswith(("forms", "serializers")):
        return
    column = ParsedColumn(title, kind, call.lineno, nullable=is_true(argument(call, "null")))
    column.primary = is_true(argument(call, "primary_key"))
    column.unique = is_true(argument(call, "unique")) or kind == "OneToOneField" or column.primary
    column.indexed = column.unique or is_true(argument(call, "db_index")) or kind == "SlugField"
    if related:
        target = argument(call, "to", 0)
        column.references = text_of(target) or (called(target) if target is not None else "") or "?"
        column.enforced = not is_false(argument(call, "db_constraint"))
        column.indexed = not is_false(argument(call, "db_index"))
        rule = argument(call, "on_delete", 1)
        column.on_delete = called(rule.func if isinstance(rule, ast.Call) else rule).rpartition(".")[2] if rule else ""
    table.checks += kind in _INTEGRAL
    table.add(column)


def _django_meta(table: ParsedTable, meta: ast.ClassDef) -> None:
    for node in meta.body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        name, items = node.targets[0].id, _items(node.value)
        if name == "abstract":
            table.partial = True
        elif name in ("unique_together", "index_together"):
            if items and not any(isinstance(i, (ast.List, ast.Tuple)) for i in items):
                items = [node.value]
            for item in items:
                table.index([text_of(e) for e in _items(item)], unique=name == "unique_together")
        elif name in ("constraints", "indexes"):
            for call in items:
                if isinstance(call, ast.Call):
                    _django_constraint(table, call)


def _django_constraint(table: ParsedTable, call: ast.Call) -> None:
    fields = [text_of(e).lstrip("-") for e in _items(argument(call, "fields"))]
    if _is(call, "CheckConstraint", "ExclusionConstraint"):
        table.checks += 1
    else:
        table.index(fields, unique=_is(call, "UniqueConstraint"))


def _items(node: ast.expr | None) -> list[ast.expr]:
    return list(node.elts) if isinstance(node, (ast.List, ast.Tuple, ast.Set)) else []


def _sqlalchemy(cls: ast.ClassDef, path: str, own_column: bool) -> ParsedTable | None:
    table = ParsedTable(cls.name, path, cls.lineno, "sqlalchemy")
    declared = False
    arguments: ast.expr | None = None
    for node in cls.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            title = node.targets[0].id
            if title == "__tablename__":
                table.title, declared = text_of(node.value) or table.title, True
            elif title == "__table_args__":
                arguments = node.value
            elif isinstance(node.value, ast.Call) and _is(node.value, "Column", "mapped_column"):
                _column(table, title, node.value, own_column or "." in called(node.value.func))
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and isinstance(node.value, ast.Call):
            _mapped(table, node.target.id, node.annotation, node.value, own_column)
    for item in _items(arguments):
        if isinstance(item, ast.Call):
            _table_argument(table, item)
    models = declared or any(called(b).endswith(("db.Model", "Base", "DeclarativeBase")) for b in cls.bases)
    return table if table.columns and models else None


def _mapped(table: ParsedTable, title: str, annotation: ast.expr, call: ast.Call, known: bool) -> None:
    """A column declared as ``name: Mapped[str | None] = mapped_column(…)``."""
    if not _is(call, "mapped_column", "Column"):
        return
    column = _column(table, title, call, known)
    written = ast.unparse(annotation)[:200] if _shallow(annotation) else ""
    if argument(call, "nullable") is None and not column.primary:
        column.nullable = "Optional[" in written or "None" in written


def _shallow(node: ast.expr) -> bool:
    return sum(1 for _ in ast.walk(node)) < 100


def _column(table: ParsedTable, title: str, call: ast.Call, known: bool) -> ParsedColumn:
    named = text_of(call.args[0]) if call.args and isinstance(call.args[0], ast.Constant) else ""
    kinds = [a for a in call.args if not isinstance(a, ast.Constant)]
    column = ParsedColumn(named or title, "", call.lineno)
    stated = argument(call, "nullable")
    column.primary = is_true(argument(call, "primary_key"))
    column.nullable = False if column.primary or is_false(stated) else True if is_true(stated) or known else None
    column.unique = is_true(argument(call, "unique"))
    column.indexed = column.unique or column.primary or is_true(argument(call, "index"))
    for kind in kinds:
        inner = kind if isinstance(kind, ast.Call) else None
        name = called(inner.func if inner else kind).rpartition(".")[2]
        if name == "ForeignKey" and inner:
            column.references = text_of(argument(inner, "column", 0)) or "?"
            column.on_delete = text_of(argument(inner, "ondelete")).upper()
        elif name == "CheckConstraint":
            table.checks += 1
        elif name and not column.type and name not in ("Sequence", "Identity", "Computed"):
            column.type = name
    table.add(column)
    return column


def _table_argument(table: ParsedTable, call: ast.Call) -> None:
    name = called(call.func).rpartition(".")[2]
    titles = [text_of(a) for a in call.args]
    if name == "UniqueConstraint":
        table.index(titles, unique=True)
    elif name == "Index":
        table.index(titles[1:], unique=is_true(argument(call, "unique")))
    elif name in ("CheckConstraint", "ExcludeConstraint"):
        table.checks += 1
    elif name == "ForeignKeyConstraint":
        for item in _items(argument(call, "columns", 0)):
            column = table.find(text_of(item))
            if column is not None:
                column.references, column.on_delete = "?", text_of(argument(call, "ondelete")).upper()
    elif name == "PrimaryKeyConstraint":
        table.index(titles, unique=True)


def _association(call: ast.Call, path: str) -> ParsedTable | None:
    table = ParsedTable(text_of(argument(call, "name", 0)), path, call.lineno, "sqlalchemy")
    for item in call.args[1:]:
        if isinstance(item, ast.Call) and _is(item, "Column"):
            _column(table, text_of(argument(item, "name", 0)), item, True)
        elif isinstance(item, ast.Call):
            _table_argument(table, item)
    return table if table.title and table.columns else None


def _outer_index(call: ast.Call, by_class: dict[str, ParsedTable]) -> None:
    names = [called(a) for a in call.args[1:]]
    owners = {n.partition(".")[0] for n in names if "." in n}
    if len(owners) == 1 and (table := by_class.get(owners.pop())):
        table.index([n.rpartition(".")[2] for n in names], unique=is_true(argument(call, "unique")))
