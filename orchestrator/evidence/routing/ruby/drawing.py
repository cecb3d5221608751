"""Reads the routes that Rails draws: resources, scopes, namespaces, and what stands around them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ...inforce.code.syntax import part
from ..program import Program, walk
from ..untold import Untold
from .literals import Given, body, constant, given, is_told, text, texts, verb

if TYPE_CHECKING:
    from tree_sitter import Node

_PLACE = re.compile(r"(?:^|/)config/routes(?:\.rb$|/.{1,200}\.rb$)")
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "options", "head", "match", "root"})
_RESOURCES: dict[str, tuple[str, str]] = {
    "index": ("GET", ""),
    "create": ("POST", ""),
    "new": ("GET", "/new"),
    "edit": ("GET", "{}/edit"),
    "show": ("GET", "{}"),
    "update": ("PATCH", "{}"),
    "destroy": ("DELETE", "{}"),
}
_AROUND = frozenset(
    {
        *("constraints", "defaults", "with_options", "nested", "shallow", "devise_scope", "as", "concern", "direct"),
        *("resolve", "localized", "controller", "on", "draw", "default_url_options", "default_url_options="),
    }
)
"""What changes neither the path nor who may pass, or is read elsewhere."""
_STATEMENTS = frozenset({"program", "body_statement", "block_body", "then"})
_LOGINS = (("GET", "sign_in"), ("POST", "sign_in"), ("DELETE", "sign_out"))
_DEPTH = 20
_MOST = 5_000


class Drawn(NamedTuple):
    """One route: who answers it, and whether it is drawn within what only lets those pass who may."""

    method: str
    path: str
    line: int
    controller: str = ""
    """As routes name it: ``admin/users``."""
    action: str = ""
    behind: bool = False
    singular: bool = False


class Included(NamedTuple):
    """Another file, or an engine, that is drawn in: under a path, in a module, and within what."""

    name: str
    prefix: str
    module: str
    behind: bool
    line: int = 0
    is_engine: bool = False


@dataclass(slots=True)
class Drawing:
    """The routes of one file."""

    routes: list[Drawn] = field(default_factory=list)
    included: list[Included] = field(default_factory=list)
    untold: list[Untold] = field(default_factory=list)
    engine: str = ""
    """The engine whose routes they are; empty of the program's own."""
    whole: bool = False
    """It is drawn by itself, and not only where another file draws it in."""


class _Where(NamedTuple):
    """What is around a route."""

    prefix: str = ""
    module: str = ""
    controller: str = ""
    collection: str = ""
    member: str = ""
    behind: bool = False
    action: bool = False
    """Paths here are named as their actions are."""
    singular: bool = False
    depth: int = 0


def draw(program: Program, path: str) -> Drawing:
    """The routes of the file at *path*, if it is one that draws any."""
    drawing = Drawing()
    data = program.syntax.data
    if b"routes.draw" not in data and not _PLACE.search(path):
        return drawing
    pen = _Pen(program, drawing)
    for node in walk(program.syntax.root, _MOST):
        if node.type == "call" and program.syntax.text(part(node, "method") or node, 20) == "draw" and b".draw" in data:
            owner = program.syntax.text(part(node, "receiver") or node)
            if owner.endswith(".routes"):
                drawing.whole = True
                engine = owner.removesuffix(".routes")
                drawing.engine = engine if engine.endswith("Engine") else ""
                pen.all(body(node), _Where())
    if not drawing.whole and _PLACE.search(path):
        pen.all(program.syntax.root.named_children, _Where())
    return drawing


class _Pen:
    """Goes through what is drawn, and takes down the routes."""

    def __init__(self, program: Program, drawing: Drawing) -> None:
        self._program = program
        self._drawing = drawing
        self._methods = {
            program.syntax.text(name): node
            for node in walk(program.syntax.root, _MOST)
            if node.type == "method" and (name := part(node, "name")) is not None
        }
        self._concerns: dict[str, list[Node]] = {}

    def all(self, nodes: list[Node], where: _Where) -> None:
        """Take down what *nodes* draw."""
        if where.depth > _DEPTH or len(self._drawing.routes) > _MOST:
            self._drawing.untold += [Untold(self._program.line(one), "what is nested so deeply") for one in nodes[:1]]
            return
        for node in nodes:
            self._one(node, where._replace(depth=where.depth + 1))

    def _one(self, node: Node, where: _Where) -> None:
        name = verb(self._program, node)
        if not name:
            if node.type not in ("method", "comment", "class", "module", "lambda"):
                inner = body(node) if node.type == "call" else node.named_children
                self.all(inner, where)
            return
        said = given(self._program, node)
        if name in _VERBS:
            self._route(node, name, said, where)
        elif name in ("resources", "resource"):
            self._resources(node, said, where, singular=name == "resource")
        elif name in ("scope", "namespace", "controller"):
            self._scope(node, name, said, where)
        elif name in ("member", "collection", "new"):
            base = {"member": where.member, "collection": where.collection}.get(name, where.collection + "/new")
            self.all(body(node), where._replace(prefix=base, action=True))
        elif name in ("authenticate", "authenticated"):
            self.all(body(node), where._replace(behind=True))
        elif name == "concern" and said.alone:
            self._concerns[text(self._program, said.alone[0]) or ""] = body(node)
        elif name == "concerns":
            for one in said.alone:
                self._concern(texts(self._program, one), where)
        elif name == "mount":
            self._mount(node, said, where)
        elif name == "draw" and said.alone:
            inside = text(self._program, said.alone[0]) or ""
            self._drawing.included.append(Included(inside, where.prefix, where.module, where.behind))
        elif name == "devise_for":
            self._devise(node, said, where)
        elif name in self._methods and where.depth < _DEPTH:
            held = part(self._methods[name], "body")
            self.all(held.named_children if held is not None else [], where)
        else:
            self._other(node, name, where)

    def _other(self, node: Node, name: str, where: _Where) -> None:
        stands = node.type == "call" or (node.parent is not None and node.parent.type in _STATEMENTS)
        if name not in _AROUND and stands and self._program.counts(node):
            self._drawing.untold.append(Untold(self._program.line(node), name))
        self.all(body(node), where)

    def _concern(self, names: list[str], where: _Where) -> None:
        for name in names:
            self.all(self._concerns.get(name, []), where)

    def _scope(self, node: Node, name: str, said: Given, where: _Where) -> None:
        own = next((found for one in said.alone if (found := text(self._program, one)) is not None), "")
        path, module = text(self._program, said.named.get("path")), text(self._program, said.named.get("module"))
        controller = text(self._program, said.named.get("controller")) or where.controller
        if name == "controller":
            self.all(body(node), where._replace(controller=own))
            return
        if name == "namespace":
            path, module = (own if path is None else path), (own if module is None else module)
        self.all(
            body(node),
            where._replace(
                prefix=_below(where.prefix, own if path is None else path),
                module=_below(where.module, module or "").strip("/"),
                controller=controller,
                action=False,
            ),
        )

    def _resources(self, node: Node, said: Given, where: _Where, *, singular: bool) -> None:
        only, but = said.named.get("only"), said.named.get("except")
        if not is_told(self._program, only) or not is_told(self._program, but) or not said.alone:
            self._drawing.untold.append(Untold(self._program.line(node), "resources"))
        chosen, left = texts(self._program, only), texts(self._program, but)
        for one in said.alone:
            name = text(self._program, one)
            if name is None:
                self._drawing.untold.append(Untold(self._program.line(node), "resources"))
                continue
            path = text(self._program, said.named.get("path"))
            at = _below(where.prefix, name if path is None else path)
            key = text(self._program, said.named.get("param")) or "id"
            module = text(self._program, said.named.get("module")) or ""
            controller = text(self._program, said.named.get("controller")) or name
            inner = where._replace(
                module=_below(where.module, module).strip("/"),
                controller=controller,
                collection=at,
                member=at if singular else f"{at}/:{key}",
                prefix=at if singular else f"{at}/:{_singular(name)}_{key}",
                action=True,
                singular=singular,
            )
            for action, (method, below) in _RESOURCES.items():
                wanted = action in chosen if only is not None else action not in left
                if wanted and not (singular and action == "index"):
                    own = "" if singular else f"/:{key}"
                    self._add(node, method, at + below.format(own), inner, controller, action)
            self._concern(texts(self._program, said.named.get("concerns")), inner)
            self.all(body(node), inner)

    def _route(self, node: Node, name: str, said: Given, where: _Where) -> None:
        leads = said.leads or said.named.get("to")
        paths = [text(self._program, one) for one in said.alone] or ["/"]
        if name == "root":
            leads = leads or (said.alone[0] if said.alone else None)
            paths = ["/"]
        on = text(self._program, said.named.get("on"))
        if on in ("member", "collection"):
            where = where._replace(prefix=where.member if on == "member" else where.collection)
        via = [one.upper() for one in texts(self._program, said.named.get("via"))]
        methods = (via or ["ANY"]) if name == "match" else ["GET" if name == "root" else name.upper()]
        for path in paths:
            if path is None:
                self._drawing.untold.append(Untold(self._program.line(node), name))
                continue
            controller, action = self._answers(said, leads, path, where)
            for method in methods:
                whole = _below(where.prefix, path) or "/"
                self._add(node, "ANY" if method == "ALL" else method, whole, where, controller, action)

    def _answers(self, said: Given, leads: Node | None, path: str, where: _Where) -> tuple[str, str]:
        """The controller and the action that answer *path*."""
        told = text(self._program, leads) if leads is not None and leads.type != "constant" else None
        controller = text(self._program, said.named.get("controller")) or where.controller
        action = text(self._program, said.named.get("action")) or ""
        if told is not None and "#" in told:
            return told.partition("#")[0] or controller, told.partition("#")[2]
        if leads is not None and told is None:
            return "", ""
        if told is not None or action or (where.action and "/" not in path.strip("/")):
            return controller, told or action or path.strip("/")
        bare = path.strip("/").partition("(")[0]
        before, _, last = bare.rpartition("/")
        return (before or controller), last

    def _add(self, node: Node, method: str, path: str, where: _Where, controller: str, action: str) -> None:
        if not self._program.counts(node, route=True):
            return
        whole = controller[1:] if controller.startswith("/") else _below(where.module, controller).strip("/")
        at = "/" + path.strip("/")
        self._drawing.routes.append(
            Drawn(method, at, self._program.line(node), whole if controller else "", action.replace("-", "_"),
                  where.behind, where.singular)
        )  # fmt: skip

    def _mount(self, node: Node, said: Given, where: _Where) -> None:
        path = text(self._program, said.leads) or text(self._program, said.named.get("at"))
        engine = next((found for one in said.alone if (found := constant(self._program, one))), "")
        if path is None:
            self._drawing.untold.append(Untold(self._program.line(node), "mount"))
        elif self._program.counts(node, route=True):
            at, line = _below(where.prefix, path), self._program.line(node)
            self._drawing.included.append(Included(engine, at, "", where.behind, line, True))

    def _devise(self, node: Node, said: Given, where: _Where) -> None:
        """Take down the logins that Devise draws; what else it draws depends on the model."""
        for one in said.alone:
            name = text(self._program, one) or ""
            path = text(self._program, said.named.get("path"))
            if "sessions" not in texts(self._program, said.named.get("skip")):
                for method, last in _LOGINS:
                    at = _below(where.prefix, name if path is None else path)
                    self._add(node, method, _below(at, last), where, "", "")


def _below(prefix: str, path: str) -> str:
    inner = path.strip("/")
    return f"{prefix.rstrip('/')}/{inner}" if inner else prefix


def _singular(name: str) -> str:
    if name.endswith("ies"):
        return name[:-3] + "y"
    if name.endswith(("sses", "xes", "ches", "shes")):
        return name[:-2]
    return name.removesuffix("s")
