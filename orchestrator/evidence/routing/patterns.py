"""Reads routes that stand in lists: Django's URL patterns and settings, Starlette's routes."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

from ..inforce.code.python.syntax import named
from .declaring import handler_of, text
from .summary import Declared, Mount, Summary, Term, Terms
from .terms import terms

_ENTRIES = frozenset({"path", "re_path", "url", "Route", "Mount", "WebSocketRoute"})
_URLS = re.compile(r"(^|/)urls(\.py|/)|urls\w*\.py$")
_MOST = 5_000
_DEPTH = 10
Counts = Callable[[ast.AST], bool]


def listed(summary: Summary, node: ast.Assign | ast.AnnAssign | ast.AugAssign, framework: str, counts: Counts) -> None:
    """Take in the routes of the list that *node* gives a name to, or what settings put before all routes."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    names = [named(target) for target in targets]
    if not names or not names[0] or node.value is None:
        return
    if names[0] in ("MIDDLEWARE", "REST_FRAMEWORK"):
        _settings(summary, names[0], node.value)
        return
    starlette = framework in ("starlette", "fastapi")
    if not (starlette or framework == "django" or _URLS.search(summary.path)):
        return
    for part in _lists(node.value):
        _entries(summary, part, names[0], "fastapi" if starlette else "django", "", (), counts, 0)


def _lists(node: ast.expr) -> list[ast.List | ast.Tuple]:
    """The lists in *node*, which may be added to each other, or handed to ``Starlette(routes=[…])`` and its like."""
    found: list[ast.List | ast.Tuple] = []
    stack = [node]
    while stack and len(found) < 100:
        part = stack.pop()
        if isinstance(part, (ast.List, ast.Tuple)):
            found.append(part)
        elif isinstance(part, ast.BinOp):
            stack += [part.right, part.left]
        elif isinstance(part, ast.Call):
            stack += [k.value for k in part.keywords if k.arg == "routes"]
            stack += part.args[:5] if named(part.func).endswith("patterns") else []
    return found


def _entries(
    summary: Summary,
    items: ast.List | ast.Tuple,
    router: str,
    framework: str,
    prefix: str,
    guards: Terms,
    counts: Counts,
    depth: int,
) -> None:
    """Take in the routes among *items*."""
    for item in items.elts[:_MOST]:
        if not isinstance(item, ast.Call) or named(item.func).rpartition(".")[2] not in _ENTRIES or not item.args:
            continue
        path = text(item.args[0])
        if path is None or not counts(item):
            continue
        view = (
            item.args[1]
            if len(item.args) > 1
            else next((k.value for k in item.keywords if k.arg in ("view", "endpoint", "routes", "app")), None)
        )
        inside, wrappers = _included(view)
        whole = prefix + path
        if isinstance(inside, (ast.List, ast.Tuple)) and depth < _DEPTH:
            _entries(summary, inside, router, framework, whole, (*guards, *wrappers), counts, depth + 1)
        elif isinstance(inside, ast.Constant):
            summary.includes.append(Mount(router, str(inside.value), whole, (*guards, *wrappers), item.lineno, True))
        elif inside is not None and named(inside) and not named(inside).endswith("site.urls"):
            below = named(inside)
            whole_router = below.removesuffix(".urls") if below.endswith(".urls") else below
            summary.mounts.append(Mount(router, whole_router, whole, (*guards, *wrappers), item.lineno, True))
        else:
            handler = handler_of(view)
            own = (Term("admin_required", "decorator"),) if named(view).endswith("admin.site.urls") else handler.guards
            method = _methods(item)
            summary.routes.append(
                Declared(router, method, whole, framework, item.lineno, handler.name, (*guards, *own))
            )


def _methods(item: ast.Call) -> str:
    given = next((k.value for k in item.keywords if k.arg == "methods"), None)
    names = [text(part) for part in given.elts] if isinstance(given, (ast.List, ast.Tuple, ast.Set)) else []
    return names[0].upper() if len(names) == 1 and names[0] else "ANY"


def _included(view: ast.expr | None) -> tuple[ast.expr | None, Terms]:
    """What *view* takes in, if it does (a list, a module, something by its name), and what is around it."""
    around: list[Term] = []
    for _ in range(5):
        if isinstance(view, (ast.List, ast.Tuple)):
            return view, tuple(around)
        if not isinstance(view, ast.Call):
            return None, ()
        if named(view.func).rpartition(".")[2] == "include" and view.args:
            inside = view.args[0]
            inside = inside.elts[0] if isinstance(inside, ast.Tuple) and inside.elts else inside
            return inside, tuple(around)
        around += terms([view], "decorator")
        view = next((part for part in view.args if isinstance(part, (ast.Call, ast.List))), None)
    return None, ()


def _settings(summary: Summary, name: str, value: ast.expr) -> None:
    """Take in what Django's settings put before all views, or before those of the REST framework."""
    words = [part.value for part in ast.walk(value) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    if name == "MIDDLEWARE":
        summary.global_guards += [Term("django", "base") for word in words if "LoginRequired" in word]
        return
    if "DEFAULT_PERMISSION_CLASSES" in words and isinstance(value, ast.Dict):
        for key, given in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "DEFAULT_PERMISSION_CLASSES":
                classes = [p.value for p in ast.walk(given) if isinstance(p, ast.Constant) and isinstance(p.value, str)]
                if classes and not any("AllowAny" in one or "ReadOnly" in one for one in classes):
                    summary.global_guards.append(Term("rest_framework", "permission"))
