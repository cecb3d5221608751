"""Tells what a module of JavaScript calls of what it takes from others, and in which function of its own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ...inforce.code.syntax import Syntax, part
from ..summary import Summary
from .learning import take
from .module import Script


class Taken(NamedTuple):
    """One call of something that is taken from another module."""

    module: str
    name: str
    start: int
    line: int
    within: str


def taken(syntax: Syntax) -> Iterator[Taken]:
    """The calls of *syntax* of what is taken from other modules, in the order of the file."""
    script = Script(syntax, Summary(""), lambda *_: True)
    take(script)
    for node in script.nodes:
        if node.type != "call_expression" or script.required(node) is not None:
            continue
        first, _, rest = script.name(node).partition(".")
        if first in script.summary.imported:
            module, there = script.summary.imported[first]
            name = rest if there in ("", "default") and rest else first if there in ("", "default") else there
            yield Taken(
                module, name.partition(".")[0], node.start_byte, script.line(node), outermost(syntax, node.start_byte)
            )


def outermost(syntax: Syntax, place: int) -> str:
    """The name of the outermost function, or class, that the byte at *place* stands in; empty where it is in none."""
    script = Script(syntax, Summary(""), lambda *_: True)
    for step in syntax.way(place)[1:]:
        node = step.node
        if node.type in ("function_declaration", "generator_function_declaration", "class_declaration"):
            return script.name(part(node, "name"))
        if node.type == "variable_declarator":
            return script.name(part(node, "name"))
        if node.type == "assignment_expression":
            return script.name(part(node, "left")).rpartition(".")[2]
    return ""
