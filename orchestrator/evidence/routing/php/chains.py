"""Reads routes that chains of calls declare, in groups within groups: Laravel's, Lumen's and Slim's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ...inforce.code.syntax import part
from ..turning import function, refuses
from ..units import OWN
from ..untold import Untold
from .names import Chain, Link, Names

if TYPE_CHECKING:
    from tree_sitter import Node

_BASES = re.compile(r"^(?:Route|\$(?:router|app|group|routes?|api|r))$")
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "options", "any", "match", "map", "view", "redirect"})
_VERBS |= {"permanentRedirect", "fallback", "inertia"}
_SHOWS = frozenset({"view", "inertia", "redirect", "permanentRedirect"})
"""What only shows a page or leads to another, by whatever method it is asked."""
_RESOURCES = frozenset({"resource", "apiResource", "resources", "apiResources", "singleton", "apiSingleton"})
_ACTIONS: dict[str, tuple[str, str]] = {
    "index": ("GET", ""),
    "create": ("GET", "/create"),
    "store": ("POST", ""),
    "show": ("GET", "/{}"),
    "edit": ("GET", "/{}/edit"),
    "update": ("PUT", "/{}"),
    "destroy": ("DELETE", "/{}"),
}
_SINGLE = frozenset({"show", "edit", "update"})
_PAGES = frozenset({"create", "edit"})
_AROUND = frozenset({"prefix", "middleware", "withoutMiddleware", "controller", "can", "add", "scopeBindings"})
_SILENT = re.compile(
    r"^(?:bind|model|pattern|patterns|macro|has|current\w*|is|input|name|getRoutes|substitute\w*|getCurrent\w*|"
    r"middlewareGroup|aliasMiddleware|addRoutingMiddleware|addErrorMiddleware|addBodyParsingMiddleware|run|setBasePath|"
    r"add|getContainer|getRouteCollector|domain|namespace|as|singularResourceParameters|resourceVerbs|withoutMiddleware|"
    r"middleware|prefix|where\w*|bound|singleton|register|make|configure|instance|routes|useStoragePath|withFacades|"
    r"withEloquent|routeMiddleware|version|handle\w*|detectEnvironment|extend|mixin|missing|scopeBindings|scoped)$"
)
"""What is asked of a router and declares no routes."""
_REQUIRES = frozenset(
    {"require_expression", "require_once_expression", "include_expression", "include_once_expression"}
)
_FILE = re.compile(r"(?:^|/)((?:[\w.-]{1,80}/){0,5}[\w.-]{1,80}\.php)$")
_PLACE = re.compile(r"(?:^|/)routes/.{1,200}\.php$|(?:^|/)routes\.php$")
_CLOSURES = frozenset({"anonymous_function", "arrow_function"})
_DEPTH = 20
_MOST = 5_000


class Around(NamedTuple):
    """What is around a route."""

    prefix: str = ""
    before: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    controller: str = ""


class Chained(NamedTuple):
    """One route: who answers it, and what stands before it."""

    method: str
    path: str
    line: int
    around: Around
    controller: str = ""
    action: str = ""
    itself: bool = False
    """The function that answers it turns those away who may not pass."""
    calls: tuple[str, ...] = ()


class Included(NamedTuple):
    """Another file whose routes are taken in."""

    file: str
    around: Around


@dataclass(slots=True)
class Chains:
    """The routes of one file."""

    framework: str = "laravel"
    routes: list[Chained] = field(default_factory=list)
    included: list[Included] = field(default_factory=list)
    untold: list[Untold] = field(default_factory=list)
    before_all: list[str] = field(default_factory=list)


def chains(names: Names) -> Chains:
    """The routes that the calls of a file declare."""
    data = names.program.syntax.data
    is_slim = b"Slim\\" in data or b"RouteCollectorProxy" in data
    found = Chains("slim" if is_slim else "laravel")
    place = _PLACE.search(names.program.summary.path) is not None
    if is_slim or place or b"Route::" in data or b"withRouting" in data or b"Router" in data:
        _Reader(names, found, place=place, variables=is_slim or place or b"Router" in data).all(
            names.program.syntax.root, Around(), 0
        )
    return found


class _Reader:
    def __init__(self, names: Names, found: Chains, *, place: bool, variables: bool) -> None:
        self._names = names
        self._program = names.program
        self._found = found
        self._place = place
        self._variables = variables

    def all(self, node: Node, around: Around, depth: int) -> None:
        """Take down what *node* and all within it declares; what a group holds is within the group."""
        if depth >= _DEPTH or len(self._found.routes) > _MOST:
            self._found.untold.append(Untold(self._program.line(node), "what is nested so deeply"))
            return
        stack = [node]
        while stack and len(self._found.routes) <= _MOST:
            here = stack.pop()
            if here.type in _REQUIRES:
                self._include(self._names.text(_last(here)), around, here)
                continue
            chain = self._names.chain(here)
            if chain is None or not self._is_router(chain) or not self._chain(chain, here, around, depth):
                stack += reversed(here.named_children)

    def _is_router(self, chain: Chain) -> bool:
        if chain.base in ("Auth", "Application", "$app") and chain.all("routes", "withRouting"):
            return True
        if chain.base == "$this" and self._found.framework == "slim":
            return False
        return bool(_BASES.search(chain.base)) and (chain.base == "Route" or self._variables)

    def _chain(self, chain: Chain, node: Node, around: Around, depth: int) -> bool:
        """Take down what *chain* declares; whether it is one that declares something."""
        if chain.all("withRouting"):
            if chain.links[-1].verb == "withRouting":
                self._routing(chain.links[-1])
            return False
        if chain.base == "Auth":
            self._logins(node, around)
            return True
        links = [link for link in chain.links if link.verb in (*_VERBS, *_RESOURCES, "group")]
        if not links:
            self._other(chain, node)
            return False
        here, declares = self._within(chain, around), links[0]
        if chain.links[0].verb == "redirect" and len(chain.links[0].alone) < 2:
            return False
        if declares.verb == "group":
            self._group(declares, here, depth)
        elif declares.verb in _RESOURCES:
            self._resource(chain, declares, here)
        else:
            self._route(declares, here)
        return True

    def _other(self, chain: Chain, node: Node) -> None:
        first = chain.links[0]
        if chain.base.startswith("$") and first.verb == "add" and self._program.counts(node):
            self._found.before_all += [one for one in self._names.terms(*first.alone[:1]) if one]
        elif self._place and chain.base == "Route" and not _SILENT.search(first.verb) and self._program.counts(node):
            self._found.untold.append(Untold(self._program.line(node), f"Route::{first.verb}"))

    def _within(self, chain: Chain, around: Around) -> Around:
        """*around*, with what the calls of *chain* put around what it declares."""
        for link in chain.all(*_AROUND):
            if link.verb == "prefix":
                around = around._replace(prefix=_below(around.prefix, self._names.text(_first(link)) or ""))
            elif link.verb == "controller":
                around = around._replace(controller=self._names.class_of(_first(link)))
            elif link.verb == "withoutMiddleware":
                around = around._replace(without=(*around.without, *self._names.terms(*link.alone)))
            elif link.verb == "can":
                around = around._replace(before=(*around.before, "can"))
            else:
                around = around._replace(before=(*around.before, *self._standing(link)))
        return around

    def _standing(self, link: Link) -> list[str]:
        """What *link* puts before routes."""
        closed = [OWN for node in link.alone if node.type in _CLOSURES and refuses(self._program, part(node, "body"))]
        return closed + [one for one in self._names.terms(*link.alone) if one]

    def _options(self, node: Node, around: Around) -> Around:
        """*around*, with what the options *node* of a group or a route say."""
        for key, value in self._names.entries(node):
            if key == "prefix":
                around = around._replace(prefix=_below(around.prefix, self._names.text(value) or ""))
            elif key == "middleware":
                split = [one for said in self._names.terms(value) for one in said.split("|")]
                around = around._replace(before=(*around.before, *filter(None, split)))
            elif key == "controller":
                around = around._replace(controller=self._names.class_of(value))
        return around

    def _group(self, link: Link, around: Around, depth: int) -> None:
        for node in link.alone:
            if node.type == "array_creation_expression":
                around = self._options(node, around)
            elif node.type in _CLOSURES:
                body = part(node, "body")
                if body is not None:
                    self.all(body, around, depth + 1)
            elif (path := self._names.text(node)) is not None and not path.endswith(".php"):
                around = around._replace(prefix=_below(around.prefix, path))
            else:
                self._include(self._names.text(_argument(self._names, node)), around, node)

    def _include(self, path: str | None, around: Around, node: Node) -> None:
        if node.type in _REQUIRES and path is None:
            path = self._names.text(_argument(self._names, _last(node) or node))
        found = _FILE.search(path) if path is not None else None
        if found is not None and self._program.counts(node):
            self._found.included.append(Included(found[1].removeprefix("../"), around))
        elif found is None and node.type not in _REQUIRES and self._program.counts(node):
            self._found.untold.append(Untold(self._program.line(node), "group"))

    def _routing(self, link: Link) -> None:
        """Take down which files hold the routes of an application, as its settings say."""
        prefix = self._names.text(link.named.get("apiPrefix"))
        for name, around in (
            ("web", Around(before=("web",))),
            ("api", Around("/api" if prefix is None else _below("", prefix), ("api",))),
        ):
            given = link.named.get(name)
            for node in [given] if given is not None else []:
                listed = [one for _, one in self._names.entries(node)] or [node]
                for one in listed:
                    self._include(self._names.text(_argument(self._names, one)), around, one)

    def _route(self, link: Link, around: Around) -> None:
        alone = list(link.alone)
        methods = [link.verb.upper()]
        if link.verb in ("match", "map"):
            methods = [one.upper() for one in self._names.terms(*alone[:1])] or ["ANY"]
            alone = alone[1:]
        elif link.verb in _SHOWS:
            methods, alone = ["GET"], alone[:1]
        elif link.verb in ("any", "fallback"):
            methods, alone = ["ANY"], alone if link.verb == "any" else []
        path = "/*" if link.verb == "fallback" else self._names.text(alone[0]) if alone else None
        if path is None:
            self._untold(link)
            return
        answer = alone[1] if len(alone) > 1 else None
        if answer is not None and answer.type == "array_creation_expression":
            around = self._options(answer, around)
        for method in methods:
            self._add(link, method, _below(around.prefix, path) or "/", around, answer)

    def _untold(self, link: Link) -> None:
        if (self._place or self._found.routes) and self._program.counts(link.node):
            self._found.untold.append(Untold(self._program.line(link.node), link.verb))

    def _add(self, link: Link, method: str, path: str, around: Around, answer: Node | None) -> None:
        if not self._program.counts(part(link.node, "name") or link.node, route=True):
            return
        controller, action = self._answers(answer, around)
        itself, calls = False, tuple[str, ...]()
        if answer is not None and answer.type in _CLOSURES:
            does = function(self._program, answer)
            itself, calls = does.itself, does.calls
        self._found.routes.append(Chained(method, path, self._line(link), around, controller, action, itself, calls))

    def _line(self, link: Link) -> int:
        return self._program.line(part(link.node, "name") or link.node)

    def _answers(self, node: Node | None, around: Around) -> tuple[str, str]:
        """The class and the method that answer."""
        if node is None:
            return "", ""
        if node.type == "array_creation_expression":
            pairs = self._names.entries(node)
            uses = next((one for key, one in pairs if key == "uses"), None)
            if uses is not None:
                return self._answers(uses, around)
            held = [one for key, one in pairs if not key]
            return (self._names.class_of(held[0]), self._names.text(held[1]) or "") if len(held) > 1 else ("", "")
        if name := self._names.class_of(node):
            return name, "__invoke"
        said = self._names.text(node) or ""
        for sign in ("@", "::", ":"):
            if sign in said:
                return self._names.full(said.partition(sign)[0]), said.rpartition(sign)[2]
        return around.controller, said

    def _resource(self, chain: Chain, link: Link, around: Around) -> None:
        pairs = [(self._names.text(_first(link)), link.alone[1])] if len(link.alone) > 1 else []
        if link.verb in ("resources", "apiResources"):
            pairs = [(key, node) for key, node in self._names.entries(_first(link))]
        if not pairs:
            self._untold(link)
        options = dict(self._names.entries(link.alone[2])) if len(link.alone) > 2 else {}
        only = self._names.terms(*(node for one in chain.all("only") for node in one.alone), options.get("only"))
        but = self._names.terms(*(node for one in chain.all("except") for node in one.alone), options.get("except"))
        for path, node in pairs:
            if not path:
                self._untold(link)
                continue
            steps = path.strip("/").split(".")
            at = "".join(f"/{one}/{{{_parameter(one)}}}" for one in steps[:-1]) + "/" + steps[-1]
            single = "ingleton" in link.verb
            for action, (method, below) in _ACTIONS.items():
                left = (single and action not in _SINGLE) or (link.verb.startswith("api") and action in _PAGES)
                if left or (only and action not in only) or action in but:
                    continue
                end = below.replace("/{}", "") if single else below.format("{" + _parameter(steps[-1]) + "}")
                whole = _below(around.prefix, at + end)
                if self._program.counts(part(link.node, "name") or link.node, route=True):
                    self._found.routes.append(
                        Chained(method, whole, self._line(link), around, self._names.class_of(node), action)
                    )

    def _logins(self, node: Node, around: Around) -> None:
        """Take down the logins of ``Auth::routes()``; what else it declares depends on its options."""
        if self._program.counts(node, route=True):
            for method, path in (("GET", "/login"), ("POST", "/login"), ("POST", "/logout")):
                self._found.routes.append(
                    Chained(method, _below(around.prefix, path), self._program.line(node), around)
                )


def _first(link: Link) -> Node | None:
    return link.alone[0] if link.alone else None


def _last(node: Node) -> Node | None:
    return node.named_children[-1] if node.named_children else None


def _argument(names: Names, node: Node) -> Node | None:
    """What the call *node* is given first: ``base_path('routes/web.php')``; what is no call is itself."""
    if node.type != "function_call_expression":
        return node
    alone, _ = names.given(node)
    return alone[0] if alone else None


def _below(prefix: str, path: str) -> str:
    inner = path.strip("/")
    return f"{prefix.rstrip('/')}/{inner}" if inner else prefix


def _parameter(name: str) -> str:
    last = name.rpartition("/")[2].replace("-", "_")
    return last[:-3] + "y" if last.endswith("ies") else last.removesuffix("s")
