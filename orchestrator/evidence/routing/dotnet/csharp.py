"""Reads the marks and calls of C#."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from ...inforce.code.syntax import part
from ..marks import Mark, Marked
from ..scopes import Scopes

if TYPE_CHECKING:
    from tree_sitter import Node

_REFUSES = re.compile(
    r"^(?:Unauthorized(?:Object)?(?:Result)?|Forbid(?:Result|HttpResult)?|Challenge(?:Result|HttpResult)?|Status40[13]\w*|401|403)$"
)

_INSERTED = re.compile(r"(?<!\{)\{([\w.]{1,80})\}")
"""A name in a text of C#."""


class Call(NamedTuple):
    """One call: on what, of what, and what it is handed."""

    on: Node | None
    name: str
    given: tuple[Node, ...]
    place: Node


class CSharp(Marked):
    """A file of C#."""

    types_ = frozenset({"class_declaration", "interface_declaration", "record_declaration", "struct_declaration"})
    methods_ = frozenset({"method_declaration", "local_function_statement"})
    lists_ = frozenset(
        {
            *("implicit_array_creation_expression", "array_creation_expression", "initializer_expression"),
            *("collection_expression", "collection_element", "expression_element"),
        }
    )
    names_ = frozenset({"identifier", "member_access_expression", "boolean_literal"})

    def marks(self, node: Node) -> tuple[Mark, ...]:
        found: list[Mark] = []
        for listed in node.children:
            for one in listed.named_children if listed.type == "attribute_list" else ():
                if one.type == "attribute":
                    found.append(self._mark(one))
        return tuple(found)

    def _mark(self, node: Node) -> Mark:
        given: dict[str, tuple[str, ...]] = {}
        listed = next((one for one in node.named_children if one.type == "attribute_argument_list"), None)
        for one in listed.named_children if listed is not None else ():
            inner = one.named_children
            if not inner:
                continue
            name = part(one, "name")
            key = self.syntax.text(name) if name is not None and len(inner) > 1 else ""
            given[key] = (*given.get(key, ()), *self.values(inner[-1]))
        said = self.name(node).rpartition(".")[2].removesuffix("Attribute")
        kind = re.search(r"typeof\(([\w.]+)\)|<([\w.]+)>", self.syntax.text(node))
        if kind is not None:
            given["typeof"] = ((kind[1] or kind[2]).rpartition(".")[2],)
        return Mark(said.partition("<")[0], given, node.start_byte, self.line(node))

    def bases(self, node: Node) -> tuple[str, ...]:
        listed = next((one for one in node.named_children if one.type == "base_list"), None)
        said = [self.syntax.text(one) for one in listed.named_children] if listed is not None else []
        return tuple(one.partition("<")[0].partition("(")[0].rpartition(".")[2] for one in said)

    def text(self, node: Node, depth: int = 0) -> str:
        if node.type == "interpolated_string_expression":
            said = _INSERTED.sub(r"{=\1}", self.syntax.text(node, 1_000)[1:].strip('@$"'))
            return said.replace("{{", "{").replace("}}", "}")
        return super().text(node, depth)

    def arguments_of(self, node: Node) -> Iterable[Node]:
        return ()

    def constant(self, node: Node) -> tuple[str, Node] | None:
        name = part(node, "name")
        if node.type != "variable_declarator" or name is None or len(node.named_children) < 2:
            return None
        return self.syntax.text(name), node.named_children[-1]

    def call(self, node: Node) -> Call | None:
        """What *node* calls; None where it is no call."""
        function, listed = part(node, "function"), part(node, "arguments")
        if node.type != "invocation_expression" or function is None:
            return None
        given = tuple(
            one.named_children[-1]
            for one in (listed.named_children if listed is not None else ())
            if one.named_children
        )
        if function.type in ("member_access_expression", "conditional_access_expression"):
            name = part(function, "name")
            if name is None:
                return None
            return Call(part(function, "expression"), self.syntax.text(name).partition("<")[0], given, name)
        return Call(None, self.syntax.text(function).partition("<")[0], given, function)

    def parameters(self, node: Node) -> list[tuple[str, str]]:
        """The arguments of the function *node*: the name of each, as it is scoped, and its type."""
        listed = part(node, "parameters")
        found: list[tuple[str, str]] = []
        for one in listed.named_children if listed is not None else ():
            named, kind = part(one, "name"), part(one, "type")
            if one.type == "parameter" and named is not None:
                said = f"{self.syntax.text(named)}@{node.start_byte}{self._stem}"
                found.append((said, self.syntax.text(kind) if kind is not None else ""))
        return found

    @cached_property
    def _stem(self) -> str:
        return "-" + self.summary.path.replace(".", "-")

    def scoped(self, node: Node) -> str:
        """The name that *node* is, marked with the method that it stands in where it is one of its own."""
        said = self.syntax.text(node)
        if node.type != "identifier":
            return re.sub(r"\s+", "", said).removeprefix("this.") if node.type == "member_access_expression" else ""
        start = self._own.innermost(said, node.start_byte)
        return f"{said}@{'' if start is None else start}{self._stem}"

    @cached_property
    def _own(self) -> Scopes:
        """The functions that declare each name."""
        own = Scopes()
        functions = (*self.methods_, "constructor_declaration", "lambda_expression")
        for node in self.nodes:
            if node.type in functions:
                for name, _ in self.parameters(node):
                    own.add(name.partition("@")[0], node.start_byte, node.end_byte)
            elif node.type == "variable_declarator" and (named := part(node, "name")) is not None:
                above = node.parent
                while above is not None and above.type not in functions:
                    above = above.parent
                if above is not None:
                    own.add(self.syntax.text(named), above.start_byte, above.end_byte)
        return own

    @cached_property
    def refusing(self) -> frozenset[str]:
        """The types of which something turns somebody away."""
        found: set[str] = set()
        for node in self.nodes:
            if node.type not in ("identifier", "integer_literal") or not _REFUSES.search(self.syntax.text(node, 40)):
                continue
            above = node.parent
            while above is not None and above.type not in self.types_:
                above = above.parent
            if above is not None and self.counts(node):
                found.add(self.name(above))
        return frozenset(found)
