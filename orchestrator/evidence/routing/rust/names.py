"""Reads the names and texts of Rust: paths, what is taken in under another name, and chains of calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ...inforce.code.syntax import part
from ..program import Program, arguments, walk

if TYPE_CHECKING:
    from tree_sitter import Node

Path = tuple[str, ...]
_PATHS = frozenset({"identifier", "scoped_identifier", "type_identifier", "scoped_type_identifier", "generic_function"})
_PATHS |= {"generic_type"}
_AROUND = frozenset({"reference_expression", "await_expression", "try_expression", "parenthesized_expression"})
_HERE = frozenset({"crate", "self", "super", ""})
_CHAIN = 500


class Link(NamedTuple):
    """One call of a chain."""

    verb: str
    node: Node
    given: list[Node]


class Chain(NamedTuple):
    """Calls one upon the other, the first one first; what it begins with is a path that is called, or a variable."""

    base: Path
    given: list[Node]
    """What the path that it begins with is called with."""
    is_called: bool
    links: list[Link]


def path(program: Program, node: Node | None) -> Path:
    """The parts of the path *node*, type arguments aside; empty where it is none."""
    if node is None or node.type not in _PATHS:
        return ()
    if node.type in ("generic_function", "generic_type"):
        return path(program, part(node, "function", "type"))
    said = re.sub(r"::<[^>]{0,80}>|\s+", "", program.syntax.text(node))
    return tuple(one for one in said.split("::") if one not in _HERE)


def items(program: Program) -> Iterator[Node]:
    """The functions, types, macros and the like of a file, those in modules within it as well."""
    stack = [program.syntax.root]
    while stack:
        here = stack.pop()
        if here.type in ("source_file", "declaration_list"):
            stack += reversed(here.named_children)
        elif here.type == "mod_item":
            stack += [one for one in (part(here, "body"),) if one is not None]
        else:
            yield here


def methods(node: Node) -> list[Node]:
    """The functions of the ``impl`` *node*."""
    body = part(node, "body") if node.type == "impl_item" else None
    return [one for one in body.named_children if one.type == "function_item"] if body is not None else []


def taken(program: Program) -> dict[str, Path]:
    """Each name that a file takes in from elsewhere, to its path there."""
    found: dict[str, Path] = {}
    for node in items(program):
        if node.type == "use_declaration":
            _take(program, part(node, "argument"), (), found)
    return found


def _take(program: Program, node: Node | None, above: Path, found: dict[str, Path]) -> None:
    if node is None or len(above) > 20:
        return
    if node.type == "use_as_clause":
        alias = part(node, "alias")
        found[program.syntax.text(alias or node)] = (*above, *path(program, part(node, "path")))
    elif node.type == "scoped_use_list":
        for one in (part(node, "list") or node).named_children:
            _take(program, one, (*above, *path(program, part(node, "path"))), found)
    elif node.type == "use_list":
        for one in node.named_children:
            _take(program, one, above, found)
    elif whole := path(program, node):
        found[whole[-1]] = (*above, *whole)


def bare(node: Node) -> Node:
    """*node* without what only refers to it, waits for it or hands on its failure."""
    for _ in range(20):
        if node.type not in _AROUND or not node.named_children:
            return node
        node = node.named_children[-1]
    return node


def chain(program: Program, node: Node) -> Chain | None:
    """The chain of calls that ends in *node*; None where it is none."""
    links: list[Link] = []
    here = bare(node)
    for _ in range(_CHAIN):
        if here.type != "call_expression":
            break
        function = part(here, "function")
        inner = part(function, "value") if function is not None and function.type == "field_expression" else None
        if function is None or inner is None:
            break
        field = part(function, "field")
        links.append(Link("" if field is None else program.syntax.text(field), field or here, arguments(here)))
        here = bare(inner)
    links.reverse()
    if here.type == "call_expression":
        base = path(program, part(here, "function"))
        return Chain(base, arguments(here), True, links) if base else None
    base = path(program, here)
    return Chain(base, [], False, links) if base else None


def text(program: Program, node: Node | None) -> str | None:
    """The text that *node* is, as far as it is written there; None where it is none."""
    if node is None:
        return None
    texts = [one for one in walk(node, 50) if one.type in ("string_literal", "raw_string_literal")]
    if not texts or node.type in ("closure_expression", "block"):
        return None
    return "".join(re.sub(r'^r?#{0,3}"|"#{0,3}$', "", program.syntax.text(one)) for one in texts)
