"""Reads routes that attributes of classes and methods declare, as Symfony has them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ...inforce.code.syntax import part
from ..program import walk
from .classes import CLASSES
from .names import Names, attributes

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST = 5_000


class Attributed(NamedTuple):
    """One route: the class and the method that answer it."""

    method: str
    path: str
    line: int
    controller: str
    action: str


def attributed(names: Names) -> list[Attributed]:
    """The routes that the attributes of a file declare."""
    if b"Route(" not in names.program.syntax.data or b"#[" not in names.program.syntax.data:
        return []
    found: list[Attributed] = []
    for node in walk(names.program.syntax.root, _MOST):
        if node.type in CLASSES:
            found += _class(names, node)
    return found


def _class(names: Names, node: Node) -> Iterator[Attributed]:
    program = names.program
    name = names.full(program.syntax.text(part(node, "name") or node, 200))
    body = part(node, "body")
    members = [one for one in (body.named_children if body is not None else ()) if one.type == "method_declaration"]
    above = list(_routes(names, node))
    inside = [(one, found) for one in members for found in _routes(names, one)]
    if not inside:
        inside = [(one, found) for one in members if _called(names, one) == "__invoke" for found in above]
        above = []
    for member, (mark, path, methods) in inside:
        if not program.counts(mark, route=True):
            continue
        for _, prefix, over in above or [(mark, "", [])]:
            for method in methods or over or ["ANY"]:
                whole = f"{prefix.rstrip('/')}/{path.lstrip('/')}" if prefix else path
                yield Attributed(method, whole or "/", program.line(mark), name, _called(names, member))


def _called(names: Names, member: Node) -> str:
    return names.program.syntax.text(part(member, "name") or member, 200)


def _routes(names: Names, node: Node) -> Iterator[tuple[Node, str, list[str]]]:
    """The attributes of *node* that declare routes, each with its path and its methods."""
    for mark in attributes(node):
        kind = names.program.syntax.text(mark.named_children[0]) if mark.named_children else ""
        if kind.rpartition("\\")[2] != "Route":
            continue
        alone, named = names.given(mark)
        given = alone[0] if alone else named.get("path")
        listed = [one for _, one in names.entries(given)] or [given or mark]
        methods = [one.upper() for one in names.terms(named.get("methods"))]
        for one in listed:
            yield mark, names.text(one) or "", methods
