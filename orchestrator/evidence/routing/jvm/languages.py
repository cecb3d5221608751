"""Reads the marks and calls of Java and Kotlin alike."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from ...inforce.code.syntax import part
from ..marks import Mark, Marked

if TYPE_CHECKING:
    from tree_sitter import Node

_INSERTED = re.compile(r"(?<!\\)\$(?:\{([\w.]{1,80})\}|(\w{1,80}))")
"""A name in a text of Kotlin."""


class Call(NamedTuple):
    """One call: on what, of what, and what it is handed."""

    on: Node | None
    name: str
    given: tuple[Node, ...]
    place: Node


class Jvm(Marked):
    """A file of Java or Kotlin."""

    def call(self, node: Node) -> Call | None:
        """What *node* calls; None where it is no call."""
        raise NotImplementedError

    def kinds(self, node: Node) -> tuple[str, ...]:
        """The types of the arguments that the method *node* takes."""
        raise NotImplementedError


class Java(Jvm):
    """A file of Java."""

    types_ = frozenset(
        {"class_declaration", "interface_declaration", "annotation_type_declaration", "record_declaration"}
    )
    methods_ = frozenset({"method_declaration"})
    lists_ = frozenset({"element_value_array_initializer", "array_initializer", "array_creation_expression"})
    names_ = frozenset({"identifier", "field_access", "scoped_identifier", "true", "false"})

    def marks(self, node: Node) -> tuple[Mark, ...]:
        found: list[Mark] = []
        for child in node.children:
            for one in child.named_children if child.type == "modifiers" else ():
                if one.type in ("annotation", "marker_annotation"):
                    given: dict[str, tuple[str, ...]] = {}
                    listed = part(one, "arguments")
                    for value in listed.named_children if listed is not None else ():
                        key, inner = part(value, "key"), part(value, "value")
                        if value.type == "element_value_pair" and key is not None and inner is not None:
                            given[self.syntax.text(key)] = self.values(inner)
                        elif not value.type.endswith("comment"):
                            given[""] = (*given.get("", ()), *self.values(value))
                    found.append(Mark(self.name(one).rpartition(".")[2], given, one.start_byte, self.line(one)))
        return tuple(found)

    def bases(self, node: Node) -> tuple[str, ...]:
        return tuple(
            self.syntax.text(one).partition("<")[0].rpartition(".")[2]
            for child in node.named_children
            if child.type in ("superclass", "super_interfaces", "extends_interfaces")
            for above in child.named_children
            for one in (above.named_children if above.type == "type_list" else [above])
        )

    def arguments_of(self, node: Node) -> Iterable[Node]:
        given = part(node, "parameters")
        return given.named_children if given is not None else ()

    def kinds(self, node: Node) -> tuple[str, ...]:
        kinds = (part(one, "type") for one in self.arguments_of(node))
        return tuple(self.syntax.text(kind) for kind in kinds if kind is not None)

    def constant(self, node: Node) -> tuple[str, Node] | None:
        name, value = part(node, "name"), part(node, "value")
        if node.type != "variable_declarator" or name is None or value is None:
            return None
        return self.syntax.text(name), value

    def call(self, node: Node) -> Call | None:
        name, given = part(node, "name"), part(node, "arguments")
        if node.type != "method_invocation" or name is None:
            return None
        return Call(part(node, "object"), self.syntax.text(name), tuple(given.named_children) if given else (), name)


class Kotlin(Jvm):
    """A file of Kotlin."""

    types_ = frozenset({"class_declaration", "object_declaration"})
    methods_ = frozenset({"function_declaration"})
    lists_ = frozenset({"collection_literal"})
    names_ = frozenset({"identifier", "navigation_expression", "boolean_literal", "true", "false"})

    def marks(self, node: Node) -> tuple[Mark, ...]:
        found: list[Mark] = []
        before = node.prev_named_sibling
        holders = [*node.children, *([before] if before is not None and before.type == "parameter_modifiers" else [])]
        for child in holders:
            for one in child.named_children if child.type in ("modifiers", "parameter_modifiers") else ():
                if one.type == "annotation" and one.named_children:
                    found.append(self._mark(one, one.named_children[-1]))
        return tuple(found)

    def _mark(self, annotation: Node, said: Node) -> Mark:
        kind = next((one for one in said.named_children if one.type == "user_type"), said)
        given: dict[str, tuple[str, ...]] = {}
        for listed in said.named_children if said.type == "constructor_invocation" else ():
            for value in listed.named_children if listed.type == "value_arguments" else ():
                inner = value.named_children
                if inner:
                    key = self.syntax.text(inner[0]) if len(inner) > 1 else ""
                    given[key] = (*given.get(key, ()), *self.values(inner[-1]))
        name = self.syntax.text(kind).rpartition(".")[2]
        return Mark(name, given, annotation.start_byte, self.line(annotation))

    def text(self, node: Node, depth: int = 0) -> str:
        said = super().text(node, depth)
        if "$" not in said or node.type not in self.texts_:
            return said
        return _INSERTED.sub(lambda found: f"{{={found[1] or found[2]}}}", said).replace("\\$", "$")

    def values(self, node: Node, depth: int = 0) -> tuple[str, ...]:
        called = self.call(node)
        if called is not None and called.name in ("arrayOf", "listOf"):
            return tuple(one for given in called.given for one in self.values(given, depth + 1))
        return super().values(node, depth)

    def bases(self, node: Node) -> tuple[str, ...]:
        return tuple(
            self.syntax.text(one).partition("(")[0].partition("<")[0].strip().rpartition(".")[2]
            for child in node.named_children
            if child.type == "delegation_specifiers"
            for one in child.named_children
        )

    def is_interface(self, node: Node) -> bool:
        return any(child.type == "interface" for child in node.children)

    def arguments_of(self, node: Node) -> Iterable[Node]:
        listed = next((one for one in node.named_children if one.type == "function_value_parameters"), None)
        return [one for one in listed.named_children if one.type == "parameter"] if listed is not None else ()

    def kinds(self, node: Node) -> tuple[str, ...]:
        return tuple(self.syntax.text(one.named_children[-1]) for one in self.arguments_of(node) if one.named_children)

    def constant(self, node: Node) -> tuple[str, Node] | None:
        if node.type != "property_declaration" or len(node.named_children) < 2:
            return None
        named = next((one for one in node.named_children if one.type == "variable_declaration"), None)
        if named is None or not named.named_children:
            return None
        return self.syntax.text(named.named_children[0]), node.named_children[-1]

    def call(self, node: Node) -> Call | None:
        if node.type != "call_expression" or not node.named_children:
            return None
        function, given = node.named_children[0], []
        for listed in node.named_children[1:]:
            if listed.type == "value_arguments":
                given += [one.named_children[-1] for one in listed.named_children if one.named_children]
            elif listed.type in ("annotated_lambda", "lambda_literal"):
                given.append(listed)
        if function.type == "navigation_expression" and len(function.named_children) > 1:
            last = function.named_children[-1]
            return Call(function.named_children[0], self.syntax.text(last), tuple(given), last)
        return Call(None, self.syntax.text(function), tuple(given), function) if function.type == "identifier" else None
