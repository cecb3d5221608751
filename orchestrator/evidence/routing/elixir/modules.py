"""Reads the modules of Elixir: their functions, what they import, and the plugs that run before their actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...inforce.code.syntax import part
from ..program import walk
from ..turning import function
from ..units import Filter, Function, Unit
from .names import Names

if TYPE_CHECKING:
    from tree_sitter import Node

ALL = "*"
"""The unit that holds the functions of all modules."""
_DEFINES = frozenset({"def", "defp", "defmacro"})
_MOST = 300


@dataclass(slots=True)
class Module:
    """One module: what it defines, and what runs before it answers; a name with a dot or a capital is a module's."""

    unit: Unit
    node: Node
    plugs: list[Filter] = field(default_factory=list)


def modules(names: Names) -> list[Module]:
    """The modules of a file."""
    found: list[Module] = []
    waiting: list[tuple[Node, str]] = [(node, "") for node in names.program.syntax.root.named_children]
    while waiting:
        node, above = waiting.pop(0)
        verb = names.verb(node)
        if verb == "alias":
            names.learn(node)
        elif verb == "defmodule" and (held := names.given(node)):
            name = names.program.syntax.text(held[0])
            module = Module(Unit(f"{above}.{name}" if above else name, names.program.summary.path), node)
            found.append(module)
            body = names.body(node)
            for one in body:
                _member(names, one, module)
            waiting = [(one, module.unit.name) for one in body if names.verb(one) == "defmodule"] + waiting
            module.unit.above.append((ALL,))
    return found


def _member(names: Names, node: Node, module: Module) -> None:
    verb = names.verb(node)
    if verb == "alias":
        names.learn(node)
    elif verb in ("import", "use"):
        module.unit.above += [(names.module(one),) for one in names.given(node)[:1] if names.module(one)]
    elif verb == "plug" and names.program.counts(node):
        module.plugs += plug(names, node)
    elif verb == "on_mount" and names.program.counts(node):
        module.plugs += [Filter(one) for one in mounted(names, names.given(node)[:1])]
    elif verb in _DEFINES:
        _define(names, node, module.unit)
    elif verb in ("quote", "if", "unless") or (node.type == "call" and names.body(node) and not verb):
        for one in names.body(node):
            _member(names, one, module)


def _define(names: Names, node: Node, unit: Unit) -> None:
    """Take in what a function does, or one of its clauses; that of ``on_mount`` by what it is asked for as well."""
    head = next(iter(names.given(node)), None)
    while head is not None and head.type == "binary_operator":
        head = part(head, "left")
    if head is None:
        return
    name = names.program.syntax.text(part(head, "target") or head, 200)
    block = next((one for one in node.named_children if one.type == "do_block"), None) or names.options(node).get("do")
    does = function(names.program, node, block) if block is not None else Function(names.program.line(node))
    if name == "on_mount" and (held := names.given(head)) and (asked := names.text(held[0])) is not None:
        name = f"on_mount:{asked}"
    known = unit.functions.get(name)
    if known is not None:
        does = does._replace(refuses=does.refuses or known.refuses, calls=(*known.calls, *does.calls))
    unit.functions[name] = does


def plug(names: Names, node: Node) -> list[Filter]:
    """What the call *node* of ``plug`` puts before all that follows, or before some actions."""
    held = names.given(node)
    if not held:
        return []
    first = held[0]
    only: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    guard = next((one for one in held if one.type == "binary_operator"), None)
    if guard is not None:
        said = names.program.syntax.text(guard, 2_000)
        actions = tuple(
            text for one in walk(guard, _MOST) if one.type in ("atom", "sigil") for text in names.texts(one)
        )
        first = guard.named_children[0] if guard is held[0] else first
        actions = tuple(one for one in actions if one != names.text(first))
        told = "action" in said and bool(actions)
        only, but = ((), actions) if "not in" in said or "!=" in said else (actions, ())
        if not told:
            return []
    name = names.text(first) if first.type == "atom" else names.module(first)
    return [Filter(name, only, but)] if name else []


def mounted(names: Names, nodes: list[Node]) -> list[str]:
    """What ``on_mount`` asks for: a module, and what of it."""
    found: list[str] = []
    for node in nodes:
        if node.type == "list":
            found += mounted(names, node.named_children)
        elif node.type == "tuple" and len(node.named_children) > 1:
            found.append(f"{names.module(node.named_children[0])}#on_mount:{names.text(node.named_children[1])}")
        elif node.type == "alias":
            found.append(f"{names.module(node)}#on_mount:default")
        elif node.type == "call" or node.type == "atom":
            found.append("")
    return [one for one in found if one]
