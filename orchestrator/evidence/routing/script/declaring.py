"""Reads routes that calls declare, and what hangs on what: Express, Koa, Hono, Fastify and those that write alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ...inforce.code.syntax import part
from ..summary import Declared, Handed, Mount, Terms
from .learning import PACKAGES, making
from .module import FUNCTIONS, Script, arguments
from .terms import goes_on, guards, handler

if TYPE_CHECKING:
    from tree_sitter import Node

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "del", "head", "options", "all", "any"})
_HOOKS = frozenset({"onRequest", "preParsing", "preValidation", "preHandler", "onRoute"})
_ROUTER = re.compile(
    r"^(?:app|server|fastify|api|route|instance|scope|\w{0,30}[rR]outer|\w{0,30}Routes?|\w{0,30}App|express)(?:@\d+)?$"
)
"""How people call what routes hang on, where it is handed to them."""
_TAKES = re.compile(r"(?:^|\.)(?:then|catch|finally|subscribe|pipe|toPromise|json|expect|set|send|query)$")
_NO_HANDLER = frozenset({"object", "string", "template_string", "number", "await_expression", "true", "false", "null"})
_UNMOUNT = re.compile(r"\.(?:routes|middleware|fetch|handle|callback)$")
_INSIDE = (".", "@/", "~", "#", "src/")
"""How the name of a module of the same tree begins."""
_CHAIN = 300


class Owner(NamedTuple):
    """What a call hangs something on."""

    name: str
    sure: bool
    """It was made as a router in this module."""
    path: str = ""
    """The path that the chain of calls has named before."""


def declare(script: Script, framework: str) -> None:
    """Take in the routes of a module, and what stands before them."""
    for kind, node in script.typed:
        if kind != "call_expression" or script.is_packed(node):
            continue
        function = part(node, "function")
        if function is not None and function.type == "member_expression":
            verb = part(function, "property")
            inner = part(function, "object")
            if verb is not None and inner is not None:
                _called(script, node, inner, verb, framework)
        if function is not None:
            _hand(script, node)


def _called(script: Script, call: Node, inner: Node, verb: Node, framework: str) -> None:
    said = script.syntax.text(verb)
    if said not in _VERBS and said not in ("use", "route", "register", "addHook", "on", "useGlobalGuards"):
        return
    owner = _owner(script, inner)
    if owner is None:
        return
    given = arguments(call)
    order = 0 if framework == "fastify" else verb.start_byte + 1
    if said == "useGlobalGuards":
        if script.counts(verb):
            script.summary.mounts.append(Mount("*nestjs", "", guards=guards(script, given)))
    elif said == "addHook":
        hook = script.text(given[0]) if given else None
        if hook in _HOOKS and script.counts(verb):
            script.summary.mounts.append(Mount(owner.name, "", guards=guards(script, given[1:]), order=order))
    elif said in ("use", "register"):
        _use(script, call, verb, owner, given, framework, order)
    elif said == "route" and given and given[0].type == "object":
        _whole(script, verb, owner, given[0], order)
    elif said == "route" and len(given) > 1 and (path := script.text(given[0])) is not None:
        if script.counts(verb):
            script.summary.mounts.append(
                Mount(owner.name, _below(script, given[1]), path, line=script.line(verb), order=order)
            )
    elif said in _VERBS or (said == "on" and owner.sure):
        _route(script, call, verb, owner, given, framework, order)


def _owner(script: Script, node: Node) -> Owner | None:
    """What the chain of calls that ends in *node* hangs things on; None where it is nothing of that kind."""
    path = ""
    here: Node | None = node
    for _ in range(_CHAIN):
        if here is None:
            return None
        if (here.type == "call_expression" and making(script, here) is None) or _is_chained(here):
            function = part(here, "function")
            if function is None or function.type != "member_expression":
                return None
            last = part(function, "property")
            given = arguments(here)
            if last is not None and script.syntax.text(last) == "route" and len(given) == 1 and not path:
                path = script.text(given[0]) or ""
            here = part(function, "object")
            continue
        break
    if here is None:
        return None
    if making(script, here) is not None:
        return Owner(_given(script, here), True, path)
    name = script.scoped(script.name(here), here)
    if not name or name.startswith("require#"):
        return None
    if name in script.summary.routers:
        return Owner(name, True, path)
    first, _, rest = name.partition(".")
    imported = script.summary.imported.get(first)
    if imported is not None and not (imported[0].startswith(_INSIDE) or PACKAGES.search(imported[0])):
        return None
    made = script.summary.assigned.get(first.partition("@")[0])
    if made and not rest and imported is None:
        return None  # it is made by something that makes no routers
    called_so = name.rpartition(".")[2] if "@" not in name or rest else name
    return Owner(name, False, path) if _ROUTER.search(called_so) else None


def _is_chained(node: Node) -> bool:
    function = part(node, "function")
    return node.type == "call_expression" and function is not None and function.type == "member_expression"


def _given(script: Script, node: Node) -> str:
    """The name that is given to the chain of calls that begins with *node*."""
    above = node.parent
    for _ in range(_CHAIN):
        if above is None or above.type.endswith(("statement", "function", "block")):
            return ""
        if above.type == "variable_declarator":
            return script.scoped(script.name(part(above, "name")), above)
        if above.type == "assignment_expression":
            return script.name(part(above, "left"))
        above = above.parent
    return ""


def _route(script: Script, call: Node, verb: Node, owner: Owner, given: list[Node], framework: str, order: int) -> None:
    said = script.syntax.text(verb)
    if said == "on":
        if len(given) < 3:
            return
        said, given = (script.text(given[0]) or "all").lower(), given[1:]
    paths = [owner.path] if owner.path else _paths(script, given[0] if given else None)
    rest = given if owner.path else given[1:]
    if not owner.path and rest and framework == "koa" and script.text(rest[0]) is not None:
        paths, rest = _paths(script, rest[0]), rest[1:]  # the first one is the name of the route
    if not paths or not rest or (len(rest) == 1 and rest[0].type in _NO_HANDLER):
        return
    rooted = all(path.startswith(("/", "*")) for path in paths)
    if not owner.sure and (not rooted or (not owner.path and not _stands_alone(script, call))):
        return
    if framework == "express" and owner.sure and not rooted and not any(path == "" for path in paths):
        return
    if not script.counts(verb, route=True):
        return
    method = "DELETE" if said == "del" else "ANY" if said in ("all", "any") else said.upper()
    for path in paths[:20]:
        _add(script, owner, method, path, framework, verb, rest, order)


def _add(
    script: Script, owner: Owner, method: str, path: str, framework: str, verb: Node, rest: list[Node], order: int
) -> None:
    """Take in one route; a wildcard with nothing but guards is what stands before others."""
    before, last = rest[:-1], rest[-1]
    answers = () if last.type in FUNCTIONS and not goes_on(script, last) else guards(script, [last], "answer")
    stands_before = (*guards(script, before), *answers)
    named = script.name(last) if last.type in ("identifier", "member_expression", "call_expression") else ""
    if stands_before:
        only = "" if method == "ANY" else method
        script.summary.mounts.append(
            Mount(owner.name, "", guards=stands_before, order=order, reach=path or "/", method=only, whole=False)
        )
    if method == "ANY" and "*" in path and len(rest) == 1:
        return
    script.summary.routes.append(
        Declared(
            router=owner.name,
            method=method,
            path=path,
            framework=framework,
            line=script.line(verb),
            handler=named,
            guards=(*guards(script, before), *handler(script, last)),
            order=order,
            sure=owner.sure,
        )
    )


def _stands_alone(script: Script, call: Node) -> bool:
    """Whether nobody waits for what *call* gives, as one does for the answer to a request."""
    above, below = call.parent, call
    for _ in range(_CHAIN):
        if above is None:
            return True
        if above.type == "member_expression" and part(above, "object") == below:
            if _TAKES.search("." + script.syntax.text(part(above, "property") or above)):
                return False
        elif above.type == "call_expression" and part(above, "function") == below:
            pass
        else:
            return above.type == "expression_statement" or (
                above.type == "arrow_function" and part(above, "body") == below
            )
        below, above = above, above.parent
    return False


def _paths(script: Script, node: Node | None) -> list[str]:
    """The paths that *node* names: one, or several in a list; a pattern as it is written."""
    if node is None:
        return []
    if node.type == "array":
        return [path for one in node.named_children for path in _paths(script, one)]
    if node.type == "regex":
        return [script.syntax.text(node)]
    text = script.text(node)
    return [] if text is None else [text]


def _whole(script: Script, verb: Node, owner: Owner, options: Node, order: int) -> None:
    """Take in what one object says of a route, as Fastify has it."""
    said = script.entries(options)
    path = script.text(said.get("url") or said.get("path"))
    if path is None or not script.counts(verb, route=True):
        return
    named = said.get("method")
    one = script.text(named) if named is not None else None
    answers = said.get("handler")
    script.summary.routes.append(
        Declared(
            router=owner.name,
            method=(one or "ANY").upper(),
            path=path,
            framework="fastify",
            line=script.line(verb),
            handler=script.name(answers) if answers is not None and answers.type not in FUNCTIONS else "",
            guards=(*guards(script, [options]), *(handler(script, answers) if answers is not None else ())),
            order=order,
            sure=owner.sure,
        )
    )


def _use(script: Script, call: Node, verb: Node, owner: Owner, given: list[Node], framework: str, order: int) -> None:
    """Take in what stands before all that follows, and what hangs here."""
    if not given or not script.counts(verb):
        return
    prefixes, rest = [""], given
    if (paths := _paths(script, given[0])) or given[0].type == "regex":
        prefixes, rest = paths, given[1:]
    if script.name(call).endswith(".register"):
        prefixes = [script.text(script.entries(given[-1]).get("prefix")) or ""]
        rest = given[:1]
    summary = script.summary
    line = script.line(verb)
    for prefix in prefixes[:20]:
        before: Terms = ()
        for one in _flat(rest):
            below = _below(script, one)
            for router, inner in _mounted(script, one, below):
                summary.mounts.append(Mount(owner.name, router, _clean(prefix + inner), before, line, order=order))
            if one.type in FUNCTIONS and framework == "fastify" and (own := script.parameters(one)):
                summary.mounts.append(Mount(owner.name, own[0], prefix, before, line, order=order))
            elif below and framework == "fastify":
                summary.handed.append(Handed(below, 0, owner.name, prefix, before, order))
            elif below:
                summary.handed.append(Handed(below, -1, owner.name, prefix, before, order))
            if framework != "fastify":
                before = (*before, *guards(script, [one]))
        if before and not prefix.startswith("/^"):
            whole = framework != "hono" or not prefix
            summary.mounts.append(
                Mount(owner.name, "", guards=before, line=line, order=order, reach=prefix, whole=whole)
            )


def _flat(nodes: list[Node]) -> Iterator[Node]:
    for node in nodes:
        if node.type == "array":
            yield from node.named_children
        else:
            yield node


def _mounted(script: Script, node: Node, below: str) -> Iterator[tuple[str, str]]:
    """The routers that *node* hangs somewhere, each with the prefix that it says itself: ``mount("/api", api)``."""
    if below:
        yield below, ""
    if node.type == "call_expression" and script.name(node) == "mount":
        given = arguments(node)
        prefix = script.text(given[0]) if given else None
        if inner := _below(script, given[-1]) if given else "":
            yield inner, prefix or ""


def _below(script: Script, node: Node) -> str:
    """The name of the router that *node* is."""
    if node.type not in ("identifier", "member_expression", "call_expression", "new_expression"):
        return ""
    return _UNMOUNT.sub("", script.scoped(script.name(node), node))


def _clean(prefix: str) -> str:
    return prefix.removesuffix("/*").removesuffix("*")


def _hand(script: Script, call: Node) -> None:
    """Take in that *call* hands a router to a function, which may hang routes on it."""
    name = script.name(call)
    if not name or name.rpartition(".")[2] in _VERBS | {"use", "register", "route", "addHook", "listen", "mount"}:
        return
    for number, one in enumerate(arguments(call)[:5]):
        if one.type == "identifier":
            given = script.scoped(script.name(one), one)
            if (given in script.summary.routers or _ROUTER.search(given)) and script.counts(call):
                script.summary.handed.append(Handed(name, number, given, order=call.start_byte + 1))
