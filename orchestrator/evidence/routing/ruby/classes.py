"""Reads the classes of Ruby: what they take over, what they do before their actions, and what their methods do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...inforce.code.syntax import part
from ..program import Program
from ..turning import function, refuses
from ..units import OWN, Filter, Unit
from .literals import body, constant, given, is_told, text, texts, verb

if TYPE_CHECKING:
    from tree_sitter import Node

_BEFORE = frozenset(
    {
        *("before_action", "prepend_before_action", "append_before_action", "before_filter", "around_action"),
        "prepend_before_filter",
    }
)
_SKIPS = frozenset({"skip_before_action", "skip_before_filter", "skip_action_callback"})
_TAKES = frozenset({"include", "extend", "prepend"})
_HELD = frozenset({"included", "class_methods", "prepended"})


@dataclass(slots=True)
class Classes:
    """The classes of one file, and what each does before its actions."""

    units: list[Unit] = field(default_factory=list)
    filters: dict[str, list[Filter]] = field(default_factory=dict)
    macros: dict[str, list[Filter]] = field(default_factory=dict)
    """What methods of classes put before the actions of those that call them, by the names of the methods."""


def classes(program: Program, path: str) -> Classes:
    """What the file at *path* says of classes and modules."""
    found = Classes()
    waiting: list[tuple[Node, tuple[str, ...]]] = [(program.syntax.root, ())]
    while waiting:
        node, around = waiting.pop(0)
        if node.type in ("class", "module") and program.counts(node):
            name = "::".join([*around[-1:], constant(program, part(node, "name"))])
            unit = Unit(name, path)
            found.units.append(unit)
            inner = (*around, name)
            above = next((one for one in node.named_children if one.type == "superclass"), None)
            if above is not None and (base := constant(program, above.named_children[0])):
                unit.above.append(_candidates(base, around))
            waiting += [(one, inner) for one in _members(program, part(node, "body"), found, unit, around)]
        elif node.type in ("program", "body_statement", "if", "unless", "begin", "then"):
            waiting += [(one, around) for one in node.named_children]
    return found


def _candidates(name: str, around: tuple[str, ...]) -> tuple[str, ...]:
    """All that *name* may mean within the modules *around*, the nearest first."""
    return (*(f"{one}::{name}" for one in reversed(around)), name)


def _members(program: Program, inside: Node | None, found: Classes, unit: Unit, around: tuple[str, ...]) -> list[Node]:
    """Take in what a class says at its own level; give the classes that stand in it."""
    nested: list[Node] = []
    waiting = list(inside.named_children) if inside is not None else []
    while waiting:
        one = waiting.pop(0)
        name = verb(program, one)
        if one.type in ("class", "module"):
            nested.append(one)
        elif one.type in ("method", "singleton_method"):
            called = program.syntax.text(part(one, "name") or one, 100)
            if one.type == "method":
                unit.functions[called] = function(program, one)
            if any(word in program.syntax.data[one.start_byte : one.end_byte] for word in (b"_action", b"_filter")):
                found.macros[called] = _puts(program, one)
        elif name in _TAKES and program.counts(one):
            taken = [constant(program, module) for module in given(program, one).alone]
            unit.above[:0] = [_candidates(module, (*around, unit.name)) for module in reversed(taken) if module]
        elif name in _HELD:
            waiting[:0] = body(one)
        elif name and program.counts(one):
            found.filters.setdefault(unit.name, []).extend(_filters(program, one, name))
            if part(one, "arguments") is not None and (wrapped := _declared(program, one)) is not None:
                waiting.insert(0, wrapped)
    return nested


def _declared(program: Program, call: Node) -> Node | None:
    """The method that is declared as an argument: ``private def check``."""
    alone = given(program, call).alone
    return alone[0] if alone and alone[0].type == "method" else None


def _filters(program: Program, call: Node, name: str) -> list[Filter]:
    """What *call*, of *name*, says of what stands before the actions of a class."""
    said = given(program, call)
    only, but = said.named.get("only"), said.named.get("except")
    sure = is_told(program, only) and is_told(program, but) and not _depends(program, said.named)
    of = (tuple(texts(program, only)), tuple(texts(program, but)))
    if name in _BEFORE or name in _SKIPS:
        names = [text(program, one) or "" for one in said.alone]
        block = part(call, "block") or next((one for one in said.alone if one.type == "lambda"), None)
        if block is not None:
            names.append(OWN if refuses(program, block) else "")
        return [Filter(one, *of, name in _SKIPS, sure) for one in names if one]
    return [Filter(name, *of, False, sure, True)]


def _puts(program: Program, method: Node) -> list[Filter]:
    """What *method* puts before the actions of the class that calls it."""
    inside = part(method, "body")
    calls = [(one, verb(program, one)) for one in (inside.named_children if inside is not None else ())]
    return [
        found
        for call, name in calls
        if name in (*_BEFORE, *_SKIPS) and program.counts(call)
        for found in _filters(program, call, name)
    ]


def _depends(program: Program, named: dict[str, Node]) -> bool:
    """Whether a filter holds for some requests only; the pages of Devise are none of the tree's own."""
    unless = named.get("unless")
    if unless is not None and text(program, unless) == "devise_controller?":
        return "if" in named
    return "if" in named or "unless" in named
