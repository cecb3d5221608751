"""Reads routes that decorators and calls declare, as Flask, FastAPI, Starlette, aiohttp and Tornado have them."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..inforce.code.python.syntax import named
from .summary import Counts, Declared, Mount, Summary, Term, Terms
from .terms import Function, before, class_of, is_open, listed, terms

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "all", "any"})
_HANDLERS = ("view_func", "endpoint", "handler", "app")
_HOOKS = frozenset({"before_request", "before_app_request", "middleware", "on_request"})
_EVERYWHERE = "*"
"""The router whose guards stand before all others of the program."""
_ALIKE = {"starlette": "fastapi"}


def decorated(summary: Summary, node: Function, within: ast.ClassDef | None, framework: str, counts: Counts) -> None:
    """Take in the routes that the decorators of *node* declare, and that it stands before others."""
    found = [(at, call) for at, call in enumerate(node.decorator_list) if isinstance(call, ast.Call)]
    found = [(at, call) for at, call in found if _is_route(summary, call)]
    for decorator in node.decorator_list:
        name = named(decorator)
        owner, _, last = name.rpartition(".")
        if last in _HOOKS and owner and counts(decorator, route=False):
            summary.mounts.append(Mount(_hooked(last, owner), "", guards=(Term(node.name, "call"),)))
    if not found:
        return
    inside = class_of(within, within.name, counts).terms if within is not None else ()
    below = node.decorator_list[max(at for at, _ in found) + 1 :]
    guards = (*terms(below, "decorator"), *before(node, counts), *inside)
    opens = any(is_open(part) for part in node.decorator_list)
    for _, call in found:
        if counts(call):
            declare(summary, call, named(call.func).rpartition(".")[0], framework, "", guards, opens)


def _hooked(hook: str, owner: str) -> str:
    return _EVERYWHERE if hook == "before_app_request" else owner


def _is_route(summary: Summary, node: ast.Call) -> bool:
    """Whether the decorator *node* declares a route."""
    if not isinstance(node.func, ast.Attribute):
        return False
    path = text(node.args[0] if node.args else _keyword(node, "path", "rule"))
    if path is None:
        return False
    if node.func.attr in ("route", "api_route", "view"):
        return True
    known = named(node.func.value) in summary.routers
    return node.func.attr in _VERBS and (path.startswith(("/", "*")) or (known and not path))


def declare(
    summary: Summary,
    call: ast.Call,
    router: str,
    framework: str,
    handler: str,
    guards: Terms,
    opens: bool = False,
) -> None:
    """Take in the route that *call* declares."""
    path = text(call.args[0] if call.args else _keyword(call, "path", "rule")) or ""
    known = summary.routers.get(router)
    verb = named(call.func).rpartition(".")[2]
    alike = _ALIKE.get(framework, framework) or ("fastapi" if verb in _VERBS else "flask")
    summary.routes.append(
        Declared(
            router=router,
            method=_method(verb, _keyword(call, "methods")),
            path=path,
            framework=alike if known is None or known.framework == "fastapi" else known.framework,
            line=call.lineno,
            handler=handler,
            guards=(*dependencies(call), *guards),
            opens=opens,
        )
    )


def called(summary: Summary, call: ast.Call, framework: str, counts: Counts) -> None:
    """Take in a route, or that a router hangs on another, which *call* says."""
    name = named(call.func)
    owner, _, last = name.rpartition(".")
    first = call.args[0] if call.args else None
    if last in ("include_router", "register_blueprint", "add_subapp", "mount", "register_router") and owner:
        below = next((named(part) for part in call.args if not isinstance(part, ast.Constant) and named(part)), "")
        prefix = keyword_text(call, "prefix", "url_prefix") or (
            text(first) or "" if last in ("add_subapp", "mount") else ""
        )
        if below and counts(call, route=False):
            summary.mounts.append(Mount(owner, below, prefix, dependencies(call)))
    elif last == "add_middleware" and first is not None and named(first):
        summary.mounts.append(Mount(owner, "", guards=(Term(named(first), "type"),)))
    elif last in ("before_request", "before_app_request") and first is not None and owner and named(first):
        summary.mounts.append(Mount(_hooked(last, owner), "", guards=(Term(named(first), "call"),)))
    elif last in ("add_url_rule", "add_api_route", "add_route") and text(first) is not None and counts(call):
        handler = _handler(call)
        declare(summary, call, owner, framework, handler.name, handler.guards)
    elif last.startswith("add_") and last.endswith("resource") and first is not None and counts(call):
        for part in call.args[1:]:
            if (path := text(part)) is not None:
                summary.routes.append(Declared(owner, "ANY", path, "flask", call.lineno, named(first)))
    elif last == "register" and "router" in owner.lower() and (path := text(first)) is not None and counts(call):
        handler_name = named(call.args[1]) if len(call.args) > 1 else ""
        summary.routes.append(Declared(owner, "ANY", path, "django", call.lineno, handler_name))
    elif _is_aiohttp(owner, last, framework) and (path := text(first)) is not None and counts(call):
        verb = last.removeprefix("add_")
        handler_name = named(call.args[1]) if len(call.args) > 1 else ""
        router = owner.removesuffix(".router") if owner.endswith(".router") else ""
        summary.routes.append(Declared(router, _method(verb, None), path, "aiohttp", call.lineno, handler_name))


def _is_aiohttp(owner: str, last: str, framework: str) -> bool:
    if framework != "aiohttp":
        return False
    return (owner.endswith("router") and last.startswith("add_") and last[4:] in _VERBS) or (
        owner == "web" and last in _VERBS
    )


def paired(summary: Summary, node: ast.Tuple, counts: Counts) -> None:
    """Take in one of Tornado's routes: ``(r"/orders", OrdersHandler)``."""
    if len(node.elts) < 2 or not isinstance(node.elts[1], (ast.Name, ast.Attribute)):
        return
    path = text(node.elts[0])
    if path is not None and path.startswith("/") and counts(node):
        summary.routes.append(Declared("", "ANY", path, "tornado", node.lineno, named(node.elts[1])))


class Handler:
    """Who answers, and what is put around it: ``login_required(views.orders)``."""

    def __init__(self, name: str, guards: Terms) -> None:
        self.name = name
        self.guards = guards


def handler_of(node: ast.expr | None) -> Handler:
    """Who answers, as *node* says it."""
    wrappers: list[Term] = []
    for _ in range(10):
        if not isinstance(node, ast.Call):
            break
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("as_view", "as_handler"):
            return Handler(named(node.func.value), tuple(wrappers))
        wrappers += terms([node], "decorator")
        inner = [part for part in node.args if isinstance(part, (ast.Name, ast.Attribute, ast.Call))]
        node = inner[0] if inner else None
    return Handler(named(node), tuple(wrappers))


def _handler(call: ast.Call) -> Handler:
    given = _keyword(call, *_HANDLERS[:1]) or next(
        (part for part in call.args[1:] if isinstance(part, (ast.Name, ast.Attribute, ast.Call))), None
    )
    return handler_of(given or _keyword(call, *_HANDLERS[1:]))


def dependencies(call: ast.Call) -> Terms:
    """What *call* puts before the routes that it makes or takes in."""
    given = _keyword(call, "dependencies")
    return listed(given, "depends") if given is not None else ()


def keyword_text(call: ast.Call, *names: str) -> str:
    """The text of the first of the arguments *names* that has one."""
    return next((found for name in names if (found := text(_keyword(call, name)))), "")


def text(node: ast.expr | None, depth: int = 0) -> str | None:
    """The text that *node* is, as far as it is written there; None where it is none."""
    if depth > 20:
        return None
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_part(value) for value in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = text(node.left, depth + 1), text(node.right, depth + 1)
        return None if left is None and right is None else (left or "") + (right or "")
    if isinstance(node, ast.Call) and len(node.args) == 1 and not node.keywords:
        return text(node.args[0], depth + 1)
    return None


def _part(value: ast.expr) -> str:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    return f"{{{named(value.value)}}}" if isinstance(value, ast.FormattedValue) else ""


def _keyword(call: ast.Call, *names: str) -> ast.expr | None:
    return next((k.value for name in names for k in call.keywords if k.arg == name), None)


def _method(verb: str, methods: ast.expr | None) -> str:
    """The one method, ANY for several."""
    if verb.upper() in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"):
        return verb.upper()
    names = list(_texts(methods.elts)) if isinstance(methods, (ast.List, ast.Tuple, ast.Set)) else []
    return names[0].upper() if len(names) == 1 else "ANY"


def _texts(nodes: Sequence[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if (found := text(node)) is not None:
            yield found
