"""Reads what one file of Rust says of routes, handlers and what they ask of a request."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ...inforce.code.syntax import Syntax, part
from ..program import Program, Runs, walk
from ..summary import Summary
from ..turning import function
from ..units import Unit
from ..untold import Untold
from .building import Built, built
from .names import Path, items, methods, path, taken, text

if TYPE_CHECKING:
    from tree_sitter import Node

_VERBS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "route"})
_MAY_LACK = frozenset({"Option", "Result", "Maybe"})
_OF_ALL = frozenset({"println", "format", "vec", "info", "warn", "error", "debug", "trace", "panic", "json", "matches"})
ALL = "*"
"""The unit that holds the functions of all files."""


class Marked(NamedTuple):
    """The attribute that gives a handler its method and path."""

    method: str
    path: str
    line: int


@dataclass(slots=True)
class Handler:
    """A function that may answer requests: what it asks of one in its arguments, and how it is marked."""

    name: str
    line: int
    asks: tuple[str, ...] = ()
    marks: tuple[Marked, ...] = ()


@dataclass(slots=True)
class RustFile:
    """All of it for one file."""

    path: str
    built: Built
    taken: dict[str, Path]
    units: list[Unit] = field(default_factory=list)
    handlers: dict[str, Handler] = field(default_factory=dict)

    @property
    def untold(self) -> list[Untold]:
        """Forms that may declare routes, and are not understood."""
        return self.built.untold


def read_rust(path_: str, syntax: Syntax, runs: Runs) -> RustFile:
    """
    What the file at *path_* says.

    Args:
        path_: Where it stands.
        syntax: Its syntax.
        runs: What is in force of it; what is not declares nothing.
    """
    program = Program(syntax, Summary(path_), runs)
    file = RustFile(path_, built(program), taken(program))
    own = Unit(path_, path_, [(ALL,)])
    file.units.append(own)
    for node in items(program):
        name = program.syntax.text(part(node, "name") or node, 200)
        if node.type == "function_item":
            file.handlers[name] = _handler(program, node, name)
            own.functions[name] = function(program, node)
        elif node.type == "macro_definition":
            own.functions[name + "!"] = function(program, node, node)
        elif node.type == "impl_item":
            file.units.append(_implemented(program, node, path_))
    return file


def _implemented(program: Program, node: Node, file: str) -> Unit:
    """The methods that ``impl`` gives a type; those of a trait that may ask something of a request."""
    name = path(program, part(node, "type"))
    unit = Unit("type:" + (name[-1] if name else ""), file, [(file,), (ALL,)])
    for member in methods(node):
        called = program.syntax.text(part(member, "name") or member, 200)
        does = function(program, member)
        unit.functions[called] = does._replace(calls=(*does.calls, *_macros(program, member)))
    return unit


def _macros(program: Program, node: Node) -> list[str]:
    """The macros of the tree's own that *node* may come to: ``err_handler!``."""
    found: dict[str, None] = {}
    for one in walk(node, 5_000):
        if one.type == "macro_invocation":
            name = program.syntax.text(part(one, "macro") or one, 100).rpartition("::")[2]
            if name not in _OF_ALL and name + "!" not in found and program.counts(one):
                found[name + "!"] = None
    return list(found)


def _handler(program: Program, node: Node, name: str) -> Handler:
    given = part(node, "parameters")
    asks: list[str] = []
    for one in given.named_children if given is not None else ():
        kind = part(one, "type")
        asks += _types(program, kind) if kind is not None else []
    return Handler(name, program.line(node), tuple(asks), tuple(_marks(program, node)))


def _types(program: Program, node: Node) -> list[str]:
    """The types that *node* names, but those that a request may lack."""
    if node.type == "generic_type" and (path(program, node) or ("",))[-1] in _MAY_LACK:
        return []
    if node.type in ("type_identifier", "scoped_type_identifier"):
        return [(path(program, node) or ("",))[-1]]
    return [found for one in node.named_children for found in _types(program, one)]


def _marks(program: Program, node: Node) -> list[Marked]:
    """The attributes above *node* that give it methods and paths."""
    found: list[Marked] = []
    above = node.prev_named_sibling
    while above is not None and (above.type == "attribute_item" or above.type.endswith("comment")):
        inner = above.named_children[0] if above.named_children else above
        name = program.syntax.text(inner.named_children[0]) if inner.named_children else ""
        verb = name.rpartition("::")[2]
        given = part(inner, "arguments")
        if above.type == "attribute_item" and verb in _VERBS and given is not None:
            first = next((one for one in given.named_children if one.type == "string_literal"), None)
            said = text(program, first)
            if said is not None and said[:1] in ("/", "") and program.counts(above, route=True):
                methods = re.findall(r'method\s*=\s*"(\w+)"', program.syntax.text(given)) if verb == "route" else [verb]
                bare = said.partition("?")[0]
                found += [Marked(one.upper(), bare, program.line(above)) for one in methods or ["ANY"]]
        above = above.prev_named_sibling
    return found
