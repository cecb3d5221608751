"""Turns branches: a condition negated, a guard dropped, ``and`` for ``or``, a function that is left too early."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ._edits import Edit, Module


def branches(module: Module) -> Iterator[Edit]:
    """Every branch that could be taken where it is not."""
    for node in module.nodes:
        if isinstance(node, ast.If | ast.IfExp) and not _about_types(node.test):
            yield module.edit("branch", node.test, f"(not ({module.said(node.test)}))")
            if isinstance(node, ast.If) and _is_guard(node) and not _names(node.test):
                yield module.edit("branch", node.test, "False")
        elif isinstance(node, ast.BoolOp):
            yield from _joined(module, node)
        elif isinstance(node, ast.comprehension):
            for condition in node.ifs:
                if not _names(condition):
                    yield module.edit("branch", condition, "True")
        elif isinstance(node, ast.FunctionDef):
            yield from _left_early(module, node)


def _about_types(test: ast.expr) -> bool:
    return isinstance(test, ast.Name) and test.id == "TYPE_CHECKING"


def _is_guard(node: ast.If) -> bool:
    leaves = isinstance(node.body[0], ast.Return | ast.Continue | ast.Break | ast.Raise)
    return len(node.body) == 1 and not node.orelse and leaves


def _names(test: ast.expr) -> bool:
    """Whether *test* gives a name to something, which would be missed for another reason."""
    return any(isinstance(inner, ast.NamedExpr) for inner in ast.walk(test))


def _joined(module: Module, node: ast.BoolOp) -> Iterator[Edit]:
    this, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    parts = [f"({module.said(value)})" for value in node.values]
    yield module.edit("branch", node, "(" + f" {other} ".join(parts) + ")")
    for number, value in enumerate(node.values):
        if not _names(value):
            yield module.edit("branch", node, "(" + f" {this} ".join(parts[:number] + parts[number + 1 :]) + ")")


def _left_early(module: Module, node: ast.FunctionDef) -> Iterator[Edit]:
    """The function left before a later statement of its own; a last ``return`` is left in peace."""
    said = node.body[1:] if ast.get_docstring(node, clean=False) is not None else node.body
    for statement in said[1:]:
        if not isinstance(statement, ast.Return | ast.FunctionDef | ast.Import | ast.ImportFrom):
            start, _ = module.span(statement)
            what = f"return before {module.said(statement)[:50]}"
            yield module.edit(
                "branch", statement, f"return None\n{' ' * statement.col_offset}", what, at=(start, start)
            )
