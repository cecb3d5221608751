"""Reads what one module of Python says of routes and guards."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from ...formats.python import children
from ..inforce.code.python.syntax import named
from . import declaring, patterns
from .summary import Counts, Definition, Router, Summary, Term
from .terms import Function, class_of, function_of, in_type, term, terms

_ROUTERS = {
    "APIRouter": "fastapi",
    "FastAPI": "fastapi",
    "Flask": "flask",
    "Blueprint": "flask",
    "Quart": "quart",
    "Sanic": "sanic",
    "Starlette": "fastapi",
    "Router": "fastapi",
    "RouteTableDef": "aiohttp",
    "Application": "aiohttp",
    "DefaultRouter": "django",
    "SimpleRouter": "django",
    "Api": "flask",
    "Namespace": "flask",
    "NinjaAPI": "django",
}
_FRAMEWORKS = ("fastapi", "starlette", "flask", "quart", "sanic", "aiohttp", "django", "tornado")
_MOST = 300_000


def read(path: str, tree: ast.Module, counts: Counts) -> Summary:
    """
    What the module at *path* says.

    Args:
        path: Where it stands.
        tree: Its syntax.
        counts: Whether a node is in force; what is not declares nothing.
    """
    summary = Summary(path)
    nodes = list(_nodes(tree))
    for node, within in nodes:
        if type(node) in _NAMING:
            _learn(summary, node, within, counts)
    for statement in tree.body:
        _replace(summary, statement)
    framework = next((name for name in _FRAMEWORKS if _imports(summary, name)), "")
    for node, within in nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            declaring.decorated(summary, node, within, framework, counts)
        elif isinstance(node, ast.Call):
            declaring.called(summary, node, framework, counts)
        elif isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            patterns.listed(summary, node, framework, counts)
            summary.logins_off = summary.logins_off or (_switches_off(node) and counts(node, route=False))
        elif isinstance(node, ast.Tuple) and framework == "tornado":
            declaring.paired(summary, node, counts)
    return summary


_NAMING = frozenset(
    {ast.ImportFrom, ast.Import, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign}
)
"""What gives something a name."""


def _nodes(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.ClassDef | None]]:
    """Every node, in the order of the file, and the class that it lies in."""
    stack: list[tuple[ast.AST, ast.ClassDef | None]] = [(tree, None)]
    seen = 0
    while stack and seen < _MOST:
        node, within = stack.pop()
        seen += 1
        yield node, within
        inner = node if isinstance(node, ast.ClassDef) else within
        stack += [(part, inner) for part in reversed(children(node))]


def _learn(summary: Summary, node: ast.AST, within: ast.ClassDef | None, counts: Counts) -> None:
    """Take in what *node* gives a name to."""
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
        summary.imported.update({alias.asname or alias.name: (module, alias.name) for alias in node.names})
        summary.starred += [module for alias in node.names if alias.name == "*"]
    elif isinstance(node, ast.Import):
        for alias in node.names:
            summary.imported[alias.asname or alias.name.partition(".")[0]] = (
                alias.name if alias.asname else alias.name.partition(".")[0],
                "",
            )
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        _define(summary, node, within, counts)
    elif isinstance(node, ast.ClassDef):
        summary.definitions.setdefault(node.name, class_of(node, node.name, counts))
    elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
        for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
            if name := named(target):
                _assign(summary, name, node.value)


def _define(summary: Summary, node: Function, within: ast.ClassDef | None, counts: Counts) -> None:
    if within is None:
        summary.definitions.setdefault(node.name, function_of(node, node.name, counts))
        return
    method = function_of(node, f"{within.name}.{node.name}", counts)
    summary.definitions.setdefault(method.name, method)
    summary.definitions.setdefault(f"self.{node.name}", method)


def _replace(summary: Summary, statement: ast.stmt) -> None:
    """Forget a function that a later *statement* puts something else in the place of, which does not call it."""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
        return
    used = {named(node) for node in ast.walk(statement.value) if isinstance(node, (ast.Name, ast.Attribute))}
    for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
        before = summary.definitions.get(named(target))
        if before is not None and before.line < statement.lineno and before.name not in used:
            summary.definitions[before.name] = Definition(before.name, statement.lineno)


def _assign(summary: Summary, name: str, value: ast.expr) -> None:
    if isinstance(value, ast.Call):
        made_by = named(value.func)
        last = made_by.rpartition(".")[2]
        framework = _ROUTERS.get(last) or ("fastapi" if last.endswith("Router") else "")
        if framework:
            prefix = declaring.keyword_text(value, "prefix", "url_prefix")
            own = () if last in _ROUTERS else (Term(made_by, "type"),)
            summary.routers[name] = Router(name, framework, prefix, (*declaring.dependencies(value), *own))
            return
        wrapped = [arg for arg in value.args[:5] if isinstance(arg, (ast.Name, ast.Attribute))]
        optional = term(value, "call")
        made = [*([optional] if optional else []), *(terms(wrapped, "type"))]
        summary.assigned[name] = tuple(made)
    elif isinstance(value, (ast.Subscript, ast.Name, ast.Attribute)) and (found := in_type(value)):
        summary.assigned[name] = tuple(Term(one.name, one.way, one.optional) for one in found)


def _switches_off(node: ast.Assign | ast.AnnAssign | ast.AugAssign) -> bool:
    """Whether *node* sets ``LOGIN_DISABLED``."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    keys = [one.slice if isinstance(one, ast.Subscript) else one for one in targets]
    said = [one.value if isinstance(one, ast.Constant) else named(one) for one in keys]
    return "LOGIN_DISABLED" in said and isinstance(node.value, ast.Constant) and node.value.value is True


def _imports(summary: Summary, name: str) -> bool:
    return any(module.split(".")[0].startswith(name) for module, _ in summary.imported.values() if module)
