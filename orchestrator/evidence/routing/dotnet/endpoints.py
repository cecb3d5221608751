"""Reads the routes that calls declare in ASP.NET, and who may pass to them: minimal APIs, groups, policies."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..marks import is_told, rooted, shown
from ..program import walk
from ..summary import Declared, Definition, Handed, Mount, Router, Terms
from ..terms import ITSELF
from .csharp import Call, CSharp
from .unit import Unit

if TYPE_CHECKING:
    from tree_sitter import Node

_VERBS = {f"Map{verb.capitalize()}": verb for verb in ("GET", "POST", "PUT", "PATCH", "DELETE")}
_VERBS |= {"Map": "ANY", "MapMethods": "ANY"}
_FAST = {"Get": "GET", "Post": "POST", "Put": "PUT", "Patch": "PATCH", "Delete": "DELETE"}
_ROUTERS = re.compile(r"IEndpointRouteBuilder|RouteGroupBuilder|WebApplication\b|IVersionedEndpointRouteBuilder")
_CONTROLLERS = frozenset(
    {"MapControllers", "MapControllerRoute", "MapDefaultControllerRoute", "MapAreaControllerRoute"}
)
_DEMANDS = re.compile(r"RequireAuthenticatedUser|DefaultPolicy|RequireRole|RequireClaim")
_CHAIN = 60


class Chain(NamedTuple):
    """What a row of calls leads to: a router, and what is put before all that is hung on it there."""

    router: str
    prefix: str = ""
    guards: Terms = ()
    opens: bool = False
    steps: int = 0


def declare(file: CSharp, unit: Unit) -> None:
    """Take in the routes that calls in *file* declare, and what is put before them."""
    for node in file.nodes:
        if node.type in file.methods_:
            _method(file, unit, node)
        elif node.type == "variable_declarator" and len(node.named_children) > 1:
            _named(file, unit, node)
        elif node.type == "assignment_expression":
            _assigned(file, unit, node)
        elif node.type == "invocation_expression" and not file.is_packed(node):
            call = file.call(node)
            if call is not None:
                _called(file, unit, node, call)


def _method(file: CSharp, unit: Unit, node: Node) -> None:
    name = file.name(node)
    given = file.parameters(node)
    marked = {mark.name for mark in file.marks(node)}
    own = (ITSELF,) if "Authorize" in marked else ()
    unit.definitions.setdefault(name, Definition(name, file.line(node), terms=own, opens="AllowAnonymous" in marked))
    if any(_ROUTERS.search(kind) for _, kind in given):
        type_ = _type(file, node)
        for said in (name, f"{type_}.{name}"):
            unit.definitions.setdefault(said, Definition(said, file.line(node)))
            unit.parameters.setdefault(said, tuple(one for one, _ in given))
        unit.routers.update({one: Router(one, "aspnet") for one, kind in given if _ROUTERS.search(kind)})
    if name == "Configure" and not given:
        _fast(file, unit, node)


def _type(file: CSharp, node: Node) -> str:
    above = node.parent
    while above is not None and above.type not in file.types_:
        above = above.parent
    return file.name(above) if above is not None else ""


def _fast(file: CSharp, unit: Unit, method: Node) -> None:
    """Take in what an endpoint of FastEndpoints says: it is for those who are known, unless it says otherwise."""
    above = method.parent
    while above is not None and above.type not in file.types_:
        above = above.parent
    if above is None or not any(base.startswith("Endpoint") for base in file.bases(above)):
        return
    calls = [(node, call) for node in walk(method) if (call := file.call(node)) is not None and call.on is None]
    opens = any(call.name == "AllowAnonymous" and file.counts(node) for node, call in calls)
    for node, call in calls:
        if call.name in _FAST and call.given and file.counts(node, route=True):
            path = file.text(call.given[0])
            unit.routes.append(
                Declared(
                    "", _FAST[call.name], rooted(shown(path)), "aspnet", file.line(node), "", (ITSELF,), opens=opens
                )
            )


def _named(file: CSharp, unit: Unit, node: Node) -> None:
    """Take in that a name is given to a group: ``var api = app.MapGroup("/api").RequireAuthorization()``."""
    chain = _chain(file, node.named_children[-1])
    name = node.child_by_field_name("name")
    if chain is None or name is None or not chain.steps or not file.counts(node, route=True):
        return
    said = file.scoped(name)
    unit.routers[said] = Router(said, "aspnet")
    unit.mounts.append(Mount(chain.router, said, chain.prefix, chain.guards, file.line(node)))
    if chain.opens:
        unit.opened.add(said)


def _assigned(file: CSharp, unit: Unit, node: Node) -> None:
    """Take in the policy that is asked wherever no other one is."""
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None or not file.syntax.text(left).endswith("FallbackPolicy"):
        return
    if _DEMANDS.search(file.syntax.text(right, 2_000)) and file.counts(node):
        unit.everywhere = True


def _chain(file: CSharp, node: Node | None, depth: int = 0) -> Chain | None:
    if node is None or depth > _CHAIN:
        return None
    if node.type in ("identifier", "member_access_expression"):
        said = file.scoped(node)
        return Chain(said) if said else None
    call = file.call(node)
    if call is None or call.on is None:
        return None
    inner = _chain(file, call.on, depth + 1)
    if inner is None:
        return None
    if call.name == "MapGroup" and call.given:
        return inner._replace(
            prefix=_joined(inner.prefix, rooted(shown(file.text(call.given[0])))), steps=inner.steps + 1
        )
    if call.name == "RequireAuthorization":
        return inner._replace(guards=(*inner.guards, ITSELF))
    if call.name == "AllowAnonymous":
        return inner._replace(opens=True)
    return inner if inner.steps or call.name == "NewVersionedApi" else None


def _called(file: CSharp, unit: Unit, node: Node, call: Call) -> None:
    if call.name in _VERBS and call.on is not None and len(call.given) > 1:
        _route(file, unit, node, call)
    elif call.name in _CONTROLLERS:
        if any(name == "RequireAuthorization" for name in _after(file, node)) and file.counts(call.place):
            unit.controllers = True
    elif call.name == "SetFallbackPolicy":
        if any(_DEMANDS.search(file.syntax.text(one, 2_000)) for one in call.given) and file.counts(call.place):
            unit.everywhere = True
    elif call.name == "Add" and call.on is not None and file.syntax.text(call.on).endswith("Filters"):
        if "AuthorizeFilter" in file.syntax.text(node, 400) and file.counts(call.place):
            unit.controllers = True
    elif call.name == "RequireAuthorization" and call.on is not None and call.on.type == "identifier":
        if file.counts(call.place):
            unit.mounts.append(Mount(file.scoped(call.on), "", guards=(ITSELF,), line=file.line(node)))
    elif call.name != "MapGroup":
        _hand(file, unit, node, call)


def _route(file: CSharp, unit: Unit, node: Node, call: Call) -> None:
    chain = _chain(file, call.on)
    path = file.text(call.given[0])
    if chain is None or (call.name == "Map" and (not is_told(path) or call.given[1].type == "string_literal")):
        return
    if not file.counts(call.place, route=True):
        return
    methods = file.values(call.given[1]) if call.name == "MapMethods" else ()
    handler = call.given[-1]
    after = list(_after(file, node))
    marked = {mark.name for mark in file.marks(handler)} if handler.type == "lambda_expression" else set()
    guards = (ITSELF,) if "RequireAuthorization" in after or "Authorize" in marked else ()
    unit.routers.setdefault(chain.router, Router(chain.router, "aspnet"))
    line = file.line(call.place)
    if not is_told(path):
        unit.constant_lines.append(line)
    unit.routes.append(
        Declared(
            router=chain.router,
            method=methods[0].upper() if len(methods) == 1 and is_told(methods[0]) else _VERBS[call.name],
            path=rooted(_joined(chain.prefix, path)),
            framework="aspnet",
            line=line,
            handler=file.syntax.text(handler).rpartition(".")[2] if handler.type in file.names_ else "",
            guards=(*guards, *chain.guards),
            opens=chain.opens or "AllowAnonymous" in after or "AllowAnonymous" in marked,
        )
    )


def _after(file: CSharp, node: Node) -> list[str]:
    """What is called on what *node* gives."""
    found: list[str] = []
    here: Node | None = node
    for _ in range(_CHAIN):
        above = here.parent if here is not None else None
        if above is None or above.type != "member_access_expression" or above.parent is None:
            break
        here = above.parent
        call = file.call(here)
        if call is not None and file.counts(call.place):
            found.append(call.name)
    return found


def _hand(file: CSharp, unit: Unit, node: Node, call: Call) -> None:
    """Take in that a router is handed to a function, which may hang routes on it."""
    if call.on is not None and call.name.startswith("Map"):
        chain = _chain(file, call.on)
        if chain is not None and file.counts(call.place, route=True):
            guards = (*chain.guards, *((ITSELF,) if "RequireAuthorization" in _after(file, node) else ()))
            unit.routers.setdefault(chain.router, Router(chain.router, "aspnet"))
            unit.handed.append(Handed(call.name, 0, chain.router, chain.prefix, guards))
    for number, one in enumerate(call.given[:5]):
        chain = _chain(file, one) if one.type in ("identifier", "invocation_expression") else None
        if chain is None or (chain.router not in unit.routers and not chain.steps):
            continue
        name = call.name
        if call.on is not None and call.on.type == "identifier":
            name = f"{file.syntax.text(call.on)}.{call.name}"
        if file.counts(call.place, route=True):
            unit.handed.append(Handed(name, number, chain.router, chain.prefix, chain.guards))


def _joined(prefix: str, path: str) -> str:
    if not prefix or not path:
        return prefix or path
    return f"{prefix.rstrip('/')}/{path.lstrip('/')}"
