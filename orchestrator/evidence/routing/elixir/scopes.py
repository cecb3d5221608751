"""Reads the routes of Phoenix: scopes within scopes, the pipelines that they go through, resources and live views."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ..units import Filter
from ..untold import Untold
from .modules import Module, mounted, plug
from .names import Names

if TYPE_CHECKING:
    from tree_sitter import Node

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "options", "head", "match", "connect", "trace"})
_RESOURCES: dict[str, tuple[str, str]] = {
    "index": ("GET", ""),
    "new": ("GET", "/new"),
    "create": ("POST", ""),
    "show": ("GET", "{}"),
    "edit": ("GET", "{}/edit"),
    "update": ("PATCH", "{}"),
    "delete": ("DELETE", "{}"),
}
_SILENT = frozenset(
    {
        *("plug", "use", "import", "alias", "require", "def", "defp", "defmacro", "socket", "defoverridable"),
        *("moduledoc", "if", "unless", "quote", "defmodule", "defdelegate", "defimpl", "for"),
    }
)
_DEPTH = 20


class Scope(NamedTuple):
    """What is around a route."""

    prefix: str = ""
    module: str = ""
    through: tuple[str, ...] = ()
    """Pipelines, and what they ask of live views."""


class Scoped(NamedTuple):
    """One route, and who answers it."""

    method: str
    path: str
    line: int
    scope: Scope
    module: str = ""
    action: str = ""


@dataclass(slots=True)
class Router:
    """The routes of one module, and its pipelines."""

    name: str
    routes: list[Scoped] = field(default_factory=list)
    pipelines: dict[str, list[Filter]] = field(default_factory=dict)
    forwards: list[tuple[str, Scope]] = field(default_factory=list)
    untold: list[Untold] = field(default_factory=list)


def router(names: Names, module: Module) -> Router | None:
    """The routes of *module*; None where it declares none."""
    body = names.body(module.node)
    verbs = {names.verb(one) for one in body}
    is_router = any(names.verb(one) == "use" and _uses_router(names, one) for one in body)
    if not is_router and not verbs & {"pipeline", "scope"}:
        return None
    found = Router(module.unit.name)
    _Reader(names, found).all(body, Scope(), 0)
    return found


def _uses_router(names: Names, node: Node) -> bool:
    return any("outer" in names.program.syntax.text(one) for one in names.given(node))


class _Reader:
    def __init__(self, names: Names, found: Router) -> None:
        self._names = names
        self._found = found

    def all(self, nodes: list[Node], scope: Scope, depth: int) -> None:
        """Take down what *nodes* declare."""
        if depth >= _DEPTH:
            line = self._names.program.line
            self._found.untold += [Untold(line(one), "what is nested so deeply") for one in nodes[:1]]
            return
        for node in nodes:
            verb = self._names.verb(node)
            if verb == "pipe_through":
                names = self._names.texts(next(iter(self._names.given(node)), None))
                if self._names.program.counts(node):
                    scope = scope._replace(through=(*scope.through, *names))
            elif verb:
                self._one(node, verb, scope, depth)

    def _one(self, node: Node, verb: str, scope: Scope, depth: int) -> None:
        held, options = self._names.given(node), self._names.options(node)
        first = self._names.text(held[0]) if held else None
        if verb == "pipeline" and first is not None:
            self._found.pipelines[first] = [
                put
                for one in self._names.body(node)
                if self._names.verb(one) == "plug" and self._names.program.counts(one)
                for put in plug(self._names, one)
            ]
        elif verb == "scope":
            inner = scope._replace(prefix=_below(scope.prefix, first or self._names.text(options.get("path")) or ""))
            module = next((self._names.module(one) for one in held if one.type == "alias"), "")
            module = module or self._names.module(options.get("alias"))
            self.all(self._names.body(node), inner._replace(module=_dotted(scope.module, module)), depth + 1)
        elif verb == "live_session":
            before = tuple(mounted(self._names, [options["on_mount"]] if "on_mount" in options else []))
            self.all(self._names.body(node), scope._replace(through=(*scope.through, *before)), depth + 1)
        elif verb == "resources":
            self._resources(node, first, scope, depth)
        elif verb in _VERBS or verb in ("live", "forward", "live_dashboard"):
            self._route(node, verb, scope)
        else:
            self._other(node, verb, scope, depth)

    def _other(self, node: Node, verb: str, scope: Scope, depth: int) -> None:
        if verb not in _SILENT and self._names.program.counts(node):
            self._found.untold.append(Untold(self._names.program.line(node), verb))
        if verb not in ("def", "defp", "defmacro", "quote", "defmodule"):
            self.all(self._names.body(node), scope, depth + 1)

    def _add(self, node: Node, method: str, path: str, scope: Scope, module: str, action: str) -> None:
        if self._names.program.counts(node, route=True):
            whole = _dotted(scope.module, module) if module else ""
            line = self._names.program.line(node)
            self._found.routes.append(Scoped(method, path or "/", line, scope, whole, action))

    def _route(self, node: Node, verb: str, scope: Scope) -> None:
        held = self._names.given(node)
        methods = [verb.upper()]
        if verb == "match":
            methods = [one.upper() for one in self._names.texts(held[0] if held else None)]
            methods = ["ANY"] if not methods or "*" in methods else methods
            held = held[1:]
        path = self._names.text(held[0]) if held else None
        if path is None:
            self._found.untold.append(Untold(self._names.program.line(node), verb))
            return
        module = next((self._names.module(one) for one in held[1:] if one.type == "alias"), "")
        module = module or self._names.module(self._names.options(node).get("to"))
        action = next((self._names.text(one) or "" for one in held[1:] if one.type == "atom"), "")
        if verb in ("forward", "live_dashboard"):
            methods = ["ANY"]
            self._found.forwards.append((module, scope._replace(prefix=_below(scope.prefix, path))))
        elif verb == "live":
            methods, action = ["GET"], "mount"
        for method in methods:
            self._add(node, method, _below(scope.prefix, path), scope, module, action)

    def _resources(self, node: Node, path: str | None, scope: Scope, depth: int) -> None:
        held, options = self._names.given(node), self._names.options(node)
        module = next((self._names.module(one) for one in held[1:] if one.type == "alias"), "")
        if path is None:
            self._found.untold.append(Untold(self._names.program.line(node), "resources"))
            return
        only, but = options.get("only"), options.get("except")
        chosen, left = self._names.texts(only), self._names.texts(but)
        single = "singleton" in options
        key = self._names.text(options.get("param")) or "id"
        at = _below(scope.prefix, path)
        for action, (method, below) in _RESOURCES.items():
            wanted = action in chosen if only is not None else action not in left
            if wanted and not (single and action == "index"):
                self._add(node, method, at + below.format("" if single else f"/:{key}"), scope, module, action)
        name = path.rstrip("/").rpartition("/")[2].removesuffix("s")
        inner = scope._replace(prefix=at if single else f"{at}/:{name}_{key}")
        self.all(self._names.body(node), inner, depth + 1)


def _below(prefix: str, path: str) -> str:
    inner = path.strip("/")
    return f"{prefix.rstrip('/')}/{inner}" if inner else prefix


def _dotted(above: str, name: str) -> str:
    return f"{above}.{name}" if above and name else above or name
