"""Reads the names and literals of PHP: classes in full, texts, lists, options, and chains of calls."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ...inforce.code.syntax import part
from ..program import Program, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_CALLS = frozenset({"member_call_expression", "scoped_call_expression", "nullsafe_member_call_expression"})
_CHAIN = 100
_MOST = 300
_CLASS = re.compile(r"\\?[A-Za-z_]\w*(?:\\\w+)*")


class Link(NamedTuple):
    """One call of a chain."""

    verb: str
    node: Node
    alone: tuple[Node, ...]
    named: dict[str, Node]


class Chain(NamedTuple):
    """Calls one upon the other, the first one first, and what the first is called on."""

    base: str
    links: tuple[Link, ...]

    def all(self, *verbs: str) -> list[Link]:
        """The calls of one of *verbs*."""
        return [link for link in self.links if link.verb in verbs]


class Names:
    """What one file of PHP calls things."""

    def __init__(self, program: Program) -> None:
        self.program = program

    @cached_property
    def _space(self) -> str:
        for node in self.program.syntax.root.named_children:
            if node.type == "namespace_definition" and (name := part(node, "name")) is not None:
                return self.program.syntax.text(name)
        return ""

    @cached_property
    def _used(self) -> dict[str, str]:
        used: dict[str, str] = {}
        for node in self.program.syntax.root.named_children:
            if node.type != "namespace_use_declaration":
                continue
            said = re.sub(r"\s+", " ", self.program.syntax.text(node, 5_000))
            before, _, inside = said.removeprefix("use ").rstrip("; ").partition("{")
            for one in (inside.rstrip("} ") if inside else before).split(","):
                name, _, alias = one.strip().partition(" as ")
                whole = (before.strip() + name.strip() if inside else name.strip()).removeprefix("\\")
                used[alias.strip() or whole.rpartition("\\")[2]] = whole
        return used

    def full(self, name: str) -> str:
        """The class *name* in full."""
        if name.startswith("\\") or not _CLASS.fullmatch(name):
            return name.removeprefix("\\")
        first, slash, rest = name.partition("\\")
        if first in self._used:
            return self._used[first] + slash + rest
        return f"{self._space}\\{name}" if self._space else name

    def class_of(self, node: Node | None) -> str:
        """The class that *node* names: by ``X::class``, by ``new X``, or by its name alone."""
        if node is None:
            return ""
        if node.type in ("class_constant_access_expression", "object_creation_expression"):
            inner = node.named_children[0] if node.named_children else None
            last = node.named_children[-1] if node.named_children else None
            if node.type == "class_constant_access_expression" and self.program.syntax.text(last or node) != "class":
                return ""
            return self.class_of(inner)
        if node.type in ("name", "qualified_name"):
            return self.full(self.program.syntax.text(node))
        return ""

    def text(self, node: Node | None) -> str | None:
        """The text that *node* is, as far as it is written there; None where it is none."""
        if node is None:
            return None
        if node.type in ("string", "encapsed_string"):
            return re.sub(r"\{?\$(\w+)\}?", r"{\1}", self.program.syntax.text(node)[1:-1])
        if node.type == "binary_expression":
            left, right = self.text(part(node, "left")), self.text(part(node, "right"))
            return right if left is None else left if right is None else left + right
        return None

    def entries(self, node: Node | None) -> list[tuple[str, Node]]:
        """What the array *node* holds, each with its key, which is empty where there is none."""
        found: list[tuple[str, Node]] = []
        for one in node.named_children[:_MOST] if node is not None and node.type == "array_creation_expression" else ():
            held = one.named_children if one.type == "array_element_initializer" else []
            if len(held) == 2:
                found.append((self.text(held[0]) or self.class_of(held[0]), held[1]))
            elif held:
                found.append(("", held[0]))
        return found

    def terms(self, *nodes: Node | None) -> list[str]:
        """The texts and classes that *nodes* are, or hold in lists; what is neither has an empty name."""
        found: list[str] = []
        for node in nodes:
            if node is not None and node.type == "array_creation_expression":
                found += self.terms(*(one for _, one in self.entries(node)))
            elif node is not None:
                name = self.text(node) or self.class_of(node)
                found.append(name)
        return found

    def given(self, call: Node) -> tuple[tuple[Node, ...], dict[str, Node]]:
        """What *call* is given, by its place and by its name."""
        alone: list[Node] = []
        named: dict[str, Node] = {}
        held = part(call, "arguments", "parameters")
        if held is None:
            held = next((one for one in call.named_children if one.type == "arguments"), None)
        for one in held.named_children[:_MOST] if held is not None else ():
            if one.type != "argument" or not one.named_children:
                continue
            name = part(one, "name")
            if name is not None:
                named[self.program.syntax.text(name)] = one.named_children[-1]
            else:
                alone.append(one.named_children[0])
        return tuple(alone), named

    def chain(self, node: Node) -> Chain | None:
        """The chain of calls that ends in *node*; None where it is none."""
        links: list[Link] = []
        here: Node | None = node
        for _ in range(_CHAIN):
            if here is None or here.type not in _CALLS:
                break
            name = part(here, "name")
            links.append(Link("" if name is None else self.program.syntax.text(name), here, *self.given(here)))
            here = part(here, "object", "scope")
        if here is None or not links or here.type not in ("name", "qualified_name", "variable_name", "relative_scope"):
            return None
        base = self.program.syntax.text(here)
        return Chain(base if base.startswith("$") else base.rpartition("\\")[2], tuple(reversed(links)))


def attributes(node: Node) -> list[Node]:
    """The attributes of a class or a function."""
    held = part(node, "attributes")
    return [one for one in walk(held, _MOST) if one.type == "attribute"] if held is not None else []
