"""Reads the classes of PHP: what they extend, what stands before their actions, and what their methods do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...inforce.code.syntax import part
from ..program import walk
from ..turning import function, refuses
from ..units import OWN, Filter, Unit
from .names import Names, attributes

if TYPE_CHECKING:
    from tree_sitter import Node

CLASSES = frozenset({"class_declaration", "trait_declaration"})
_ALIASES = frozenset({"$routeMiddleware", "$middlewareAliases"})
_GROUPS = frozenset({"$middlewareGroups"})
_CLOSURES = frozenset({"anonymous_function", "arrow_function"})
_MOST = 20_000


@dataclass(slots=True)
class Classes:
    """
    The classes of one file.

    Args:
        units: All of them.
        filters: What each puts before its actions.
        aliases: Short names for classes that stand before routes.
        groups: Names for several of these.
    """

    units: list[Unit] = field(default_factory=list)
    filters: dict[str, list[Filter]] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)


def classes(names: Names) -> Classes:
    """What a file says of classes, and of what stands before routes."""
    found = Classes()
    for node in names.program.syntax.root.named_children:
        held = (
            [node] if node.type != "namespace_definition" else [one for one in walk(node, 200) if one.type in CLASSES]
        )
        for one in held:
            if one.type in CLASSES:
                _class(names, one, found)
    _configured(names, found)
    return found


def _class(names: Names, node: Node, found: Classes) -> None:
    program = names.program
    unit = Unit(names.full(program.syntax.text(part(node, "name") or node, 200)), program.summary.path)
    found.units.append(unit)
    filters = found.filters.setdefault(unit.name, [])
    for one in node.named_children:
        if one.type == "base_clause" and one.named_children:
            unit.above.append((names.class_of(one.named_children[0]),))
    filters += [Filter(name) for name in granted(names, node)]
    body = part(node, "body")
    for member in body.named_children if body is not None else ():
        if member.type == "use_declaration":
            unit.above[:0] = [(names.class_of(one),) for one in member.named_children if names.class_of(one)]
        elif member.type == "property_declaration":
            _property(names, member, found)
        elif member.type == "method_declaration":
            name = program.syntax.text(part(member, "name") or member, 200)
            unit.functions[name] = function(program, member)
            filters += [Filter(one, only=(name,)) for one in granted(names, member)]
            if name == "__construct":
                filters += _constructed(names, member)
            elif name == "middleware":
                filters += _returned(names, member)


def granted(names: Names, node: Node) -> list[str]:
    """What the attributes of *node* put before it: roles, and middleware."""
    found: list[str] = []
    for one in attributes(node):
        kind = names.program.syntax.text(one.named_children[0]).rpartition("\\")[2] if one.named_children else ""
        alone, named = names.given(one)
        if kind == "IsGranted":
            said = (names.terms(*(alone[:1] or tuple(named.get("attribute", one) for _ in (1,)))) or [""])[0]
            found += [] if "PUBLIC" in said or "ANONYMOUS" in said else ["is_granted"]
        elif kind == "Middleware":
            found += names.terms(*alone[:1])
    return found


def _constructed(names: Names, method: Node) -> list[Filter]:
    """What a constructor puts before the actions of its class."""
    found: list[Filter] = []
    body = part(method, "body")
    for statement in body.named_children if body is not None else ():
        chain = names.chain(statement.named_children[0]) if statement.named_children else None
        if chain is None or chain.base != "$this" or not names.program.counts(statement):
            continue
        only = tuple(names.terms(*(node for link in chain.all("only") for node in link.alone)))
        but = tuple(names.terms(*(node for link in chain.all("except") for node in link.alone)))
        for link in chain.all("middleware"):
            found += [Filter(name, only, but) for name in _standing(names, link.alone)]
            for key, value in names.entries(link.alone[1]) if len(link.alone) > 1 else ():
                only, but = (tuple(names.terms(value)), but) if key == "only" else (only, tuple(names.terms(value)))
                found = [one._replace(only=only, but=but) for one in found]
        if chain.links[0].verb == "authorizeResource":
            found.append(Filter("can"))
    return found


def _standing(names: Names, nodes: tuple[Node, ...]) -> list[str]:
    """The names of what *nodes* put before routes; a function that is written there has one if it turns away."""
    closed = [OWN for node in nodes[:1] if node.type in _CLOSURES and refuses(names.program, part(node, "body"))]
    return closed + [name for node in nodes[:1] for name in names.terms(node) if name]


def _returned(names: Names, method: Node) -> list[Filter]:
    """What the list that *method* hands back puts before the actions of its class."""
    found: list[Filter] = []
    for node in walk(method, 500):
        if node.type != "return_statement" or not node.named_children or not names.program.counts(node):
            continue
        for _, one in names.entries(node.named_children[0]):
            if one.type == "object_creation_expression":
                alone, named = names.given(one)
                only, but = (tuple(names.terms(named.get(key))) for key in ("only", "except"))
                found += [Filter(name, only, but) for name in names.terms(*alone[:1]) if name]
            else:
                found += [Filter(name) for name in names.terms(one) if name]
    return found


def _property(names: Names, member: Node, found: Classes) -> None:
    for one in member.named_children:
        name, value = part(one, "name"), part(one, "default_value")
        said = names.program.syntax.text(name) if name is not None else ""
        if said in _ALIASES:
            found.aliases.update({key: names.class_of(node) for key, node in names.entries(value) if key})
        elif said in _GROUPS:
            found.groups.update({key: [t for t in names.terms(node) if t] for key, node in names.entries(value) if key})


def _configured(names: Names, found: Classes) -> None:
    """Take in what calls put under short names: ``$middleware->alias([…])``, ``$middleware->web(append: […])``."""
    if b"iddleware" not in names.program.syntax.data:
        return
    for node in walk(names.program.syntax.root, _MOST):
        if node.type != "member_call_expression" or (chain := names.chain(node)) is None or chain.base == "$this":
            continue
        link = chain.links[-1]
        if link.verb in ("alias", "aliasMiddleware") and names.program.counts(node):
            pairs = names.entries(link.alone[0]) if link.alone else []
            if len(link.alone) == 2 and (key := names.text(link.alone[0])):
                pairs = [(key, link.alone[1])]
            found.aliases.update({key: names.class_of(one) for key, one in pairs if key and names.class_of(one)})
        elif link.verb in ("web", "api", "group", "appendToGroup", "prependToGroup") and chain.base == "$middleware":
            group = link.verb if link.verb in ("web", "api") else names.text(link.alone[0]) if link.alone else None
            put = [*link.alone[1 if link.verb not in ("web", "api") else 0 :][:1]]
            put += [one for key, one in link.named.items() if key in ("append", "prepend")]
            if group and names.program.counts(node):
                found.groups.setdefault(group, []).extend(name for name in names.terms(*put) if name)
