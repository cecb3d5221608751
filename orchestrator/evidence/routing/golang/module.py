"""Looks into the syntax of one file of Go: names, types, texts, and the function that a name belongs to."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from ...inforce.code.syntax import Syntax, part
from ..program import Program, Runs, arguments, walk
from ..scopes import Scopes
from ..summary import Summary

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["FUNCTIONS", "File", "arguments", "calls", "walk", "within"]
FUNCTIONS = frozenset({"function_declaration", "method_declaration", "func_literal"})
_SCOPES = FUNCTIONS | {
    *("block", "if_statement", "for_statement", "expression_case", "default_case", "type_case", "communication_case"),
    *("expression_switch_statement", "type_switch_statement"),
}
_DECLARES = frozenset({"short_var_declaration", "var_spec", "const_spec", "range_clause"})
_AROUND = frozenset({"parenthesized_expression", "unary_expression", "literal_element", "variadic_argument"})
_TYPES = frozenset({"pointer_type", "generic_type", "parenthesized_type"})
_REFUSES = re.compile(
    rb"40[13]|unauth|not_?auth|forbidden|denied|auth\w{0,20}_?(?:failed|error|required)|credentials|"
    rb"login_?required|invalid_?token|insufficient|redirect|no_permission",
    re.IGNORECASE,
)
_JOINS = re.compile(r"^(?:path|url|filepath)\.Join(?:Path)?$")
_VERSION = re.compile(r"^v\d{1,3}$")
_VALUE = re.compile(r"%[+#]?[a-z]")
_DEEP = 20
_MOST = 20_000
"""Parts of one function that are looked at."""


class File(Program):
    """
    One file of a package.

    Args:
        syntax: Its syntax.
        summary: What is learned of it.
        runs: What is in force of it.
    """

    def __init__(self, syntax: Syntax, summary: Summary, runs: Runs) -> None:
        super().__init__(syntax, summary, runs)
        stem = summary.path.rpartition("/")[2].removesuffix(".go").replace(".", "-")
        self._mark = f"-{stem}"
        self._named: dict[int, str] = {}
        self.fields: dict[str, dict[str, str]] = {}
        """The types of the fields of each structure."""

    @cached_property
    def may_refuse(self) -> bool:
        """Whether the file says anything with which somebody is turned away."""
        return _REFUSES.search(self.syntax.data) is not None

    @cached_property
    def functions(self) -> dict[str, Node]:
        """The functions and methods of the file by their own names."""
        declared = (node for node in self.nodes if node.type in FUNCTIONS and node.type != "func_literal")
        return {self.syntax.text(name): node for node in declared if (name := part(node, "name")) is not None}

    def handing_on(self, function: Node) -> Iterator[Node]:
        """The calls in *function* that ask who comes next: what it was handed, or the one after it in a row."""
        starts, found = self._handing_on
        for at in range(bisect_left(starts, function.start_byte), bisect_left(starts, function.end_byte)):
            yield found[at]

    @cached_property
    def _handing_on(self) -> tuple[list[int], list[Node]]:
        handed = {name for node in self.nodes if node.type in FUNCTIONS for name, _ in self.parameters(node)}
        found = [node for node in self.nodes if node.type == "call_expression" and self._hands_on(node, handed)]
        return [node.start_byte for node in found], found

    def _hands_on(self, call: Node, handed: set[str]) -> bool:
        function = part(call, "function")
        if function is None or function.type == "identifier":
            return function is not None and self.scoped(self.syntax.text(function), function) in handed
        field = part(function, "field") if function.type == "selector_expression" else None
        said = self.syntax.text(field) if field is not None else ""
        return said in ("ServeHTTP", "ServeHTTPC") or (said == "Next" and not arguments(call))

    @cached_property
    def imports(self) -> dict[str, str]:
        """The packages that the file takes in, by the name that it has for each."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if node.type == "import_spec" and (said := part(node, "path")) is not None:
                path = self.syntax.text(said).strip('"`')
                name = part(node, "name")
                found[self.syntax.text(name) if name is not None else _called(path)] = path
        return found

    def name(self, node: Node | None) -> str:
        """
        The name of what *node* is, or calls.

        Of a package's part it is dotted; a method has its type before it where that is known, and ``#`` where not.
        """
        if node is None:
            return ""
        if node.id not in self._named:
            self._named[node.id] = self._name(node)
        return self._named[node.id]

    def _name(self, node: Node | None) -> str:
        for _ in range(_DEEP):
            if node is None:
                return ""
            if node.type == "call_expression":
                node = part(node, "function")
            elif node.type in _AROUND and node.named_children:
                node = node.named_children[0]
            elif node.type in ("identifier", "type_identifier"):
                return self.syntax.text(node)
            elif node.type == "selector_expression":
                return self._selected(node)
            else:
                return ""
        return ""

    def _selected(self, node: Node) -> str:
        operand, field = part(node, "operand"), part(node, "field")
        if operand is None or field is None:
            return ""
        last = self.syntax.text(field)
        if operand.type == "identifier" and self._is_package(operand):
            return f"{self.syntax.text(operand)}.{last}"
        kind = self.type_of(operand)
        return f"{kind}.{last}" if kind and kind.partition(".")[0] not in ("http", "gin") else f"#{last}"

    def _is_package(self, node: Node) -> bool:
        said = self.syntax.text(node)
        return said in self.imports and self.scoped(said, node) == said

    def type_of(self, node: Node, depth: int = 0) -> str:
        """The name of the type of what *node* is, as far as the file says it; empty where it does not."""
        if depth > _DEEP:
            return ""
        if node.type in _AROUND and node.named_children:
            return self.type_of(node.named_children[0], depth + 1)
        if node.type == "identifier":
            return self._variables.get(self.scoped(self.syntax.text(node), node), "")
        if node.type == "composite_literal":
            return self.type_name(part(node, "type"))
        if node.type == "selector_expression":
            operand, field = part(node, "operand"), part(node, "field")
            if operand is not None and field is not None:
                return self.fields.get(self.type_of(operand, depth + 1), {}).get(self.syntax.text(field), "")
        return ""

    def type_name(self, node: Node | None) -> str:
        """The name of the type *node*, without what points to it."""
        for _ in range(_DEEP):
            if node is None:
                return ""
            if node.type == "qualified_type":
                return self.syntax.text(node)
            if node.type == "type_identifier":
                return self.syntax.text(node)
            if node.type not in _TYPES or not node.named_children:
                return ""
            node = node.named_children[0]
        return ""

    def scoped(self, name: str, node: Node) -> str:
        """*name*, marked with the function or block that *node* stands in if the name is one of its own."""
        start = self._own.innermost(name, node.start_byte)
        return name if start is None else f"{name}@{start}{self._mark}"

    def parameters(self, function: Node) -> list[tuple[str, str]]:
        """The arguments of *function*: the name of each, as it is scoped, and that of its type."""
        given = part(function, "parameters")
        found: list[tuple[str, str]] = []
        for one in given.named_children if given is not None else ():
            kind = self.type_name(part(one, "type"))
            names = [self.syntax.text(name) for name in one.children_by_field_name("name")]
            found += [(f"{name}@{function.start_byte}{self._mark}", kind) for name in names or [""]]
        return found

    def receiver(self, function: Node) -> tuple[str, str]:
        """What the method *function* calls what it belongs to, as it is scoped, and the type of that."""
        given = part(function, "receiver")
        for one in given.named_children[:1] if given is not None else ():
            name = part(one, "name")
            said = self.syntax.text(name) if name is not None else ""
            return f"{said}@{function.start_byte}{self._mark}", self.type_name(part(one, "type"))
        return "", ""

    def text(self, node: Node | None, depth: int = 0) -> str | None:
        """The text that *node* is, with ``{name}`` for what is not written there; None where nothing of it is."""
        if node is None or depth > _DEEP:
            return None
        if node.type in ("interpreted_string_literal", "raw_string_literal"):
            return self.syntax.text(node, 500)[1:-1]
        if node.type == "binary_expression":
            sides = [part(node, "left"), part(node, "right")]
            texts = [self.text(side, depth + 1) for side in sides]
            if texts == [None, None]:
                return None
            said = [text if text is not None else f"{{{self.name(s)}}}" for text, s in zip(texts, sides, strict=True)]
            return "".join(said)
        if node.type in _AROUND and node.named_children:
            return self.text(node.named_children[0], depth + 1)
        if node.type == "call_expression":
            return self._made(node, depth)
        if node.type in ("identifier", "selector_expression"):
            name = self.name(node)
            return self._texts.get(self.scoped(name, node)) if node.type == "identifier" else None
        return None

    def _made(self, call: Node, depth: int) -> str | None:
        name, given = self.name(call), arguments(call)
        if name == "fmt.Sprintf" and given and (said := self.text(given[0], depth + 1)) is not None:
            return _VALUE.sub("{}", said)
        if _JOINS.search(name):
            texts = [self.text(one, depth + 1) for one in given]
            return self._joined(given, texts) if any(texts) else None
        return self.text(given[0], depth + 1) if len(given) == 1 else None

    def _joined(self, given: list[Node], texts: list[str | None]) -> str:
        spelled = [
            text if text is not None else f"{{{self.name(one)}}}" for one, text in zip(given, texts, strict=True)
        ]
        start = "/" if spelled[0].startswith("/") else ""
        return start + "/".join(filter(None, (text.strip("/") for text in spelled)))

    def spelled(self, node: Node, depth: int = 0) -> str:
        """The text that *node* is, with the name of each part that is not written there in braces."""
        text = self.text(node)
        if text is not None or depth > _DEEP:
            return text or ""
        if node.type == "binary_expression":
            sides = [one for one in (part(node, "left"), part(node, "right")) if one is not None]
            return "".join(self.spelled(side, depth + 1) for side in sides)
        if node.type == "call_expression" and _JOINS.search(self.name(node)):
            given = arguments(node)
            return self._joined(given, [self.spelled(one, depth + 1) for one in given])
        return f"{{{self.name(node)}}}"

    @cached_property
    def _texts(self) -> dict[str, str]:
        """The names that are given a text once."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if node.type in ("const_spec", "var_spec"):
                names, value = node.children_by_field_name("name"), part(node, "value")
            elif node.type == "short_var_declaration" and (left := part(node, "left")) is not None:
                names, value = left.named_children, part(node, "right")
            else:
                continue
            for name, said in zip(names, value.named_children if value is not None else (), strict=False):
                if said.type.endswith("string_literal"):
                    found[self.scoped(self.syntax.text(name), name)] = self.syntax.text(said, 500)[1:-1]
        return found

    def assigned(self, node: Node) -> Iterator[tuple[Node, Node]]:
        """What *node* gives a name to: the name, and what it is given; of several that a call gives, the first."""
        if node.type in ("short_var_declaration", "assignment_statement"):
            left, right = part(node, "left"), part(node, "right")
            names = left.named_children if left is not None else []
        elif node.type == "var_spec":
            names, right = node.children_by_field_name("name"), part(node, "value")
        else:
            return
        yield from zip(names, right.named_children if right is not None else (), strict=False)

    @cached_property
    def _own(self) -> Scopes:
        """The functions and blocks that give each name to an argument or declare it."""
        own = Scopes()
        for node in self.nodes:
            above: Node | None = node
            names: list[str] = []
            if node.type in FUNCTIONS:
                names = [name.partition("@")[0] for name, _ in (*self.parameters(node), self.receiver(node))]
            elif node.type in _DECLARES:
                left, above = part(node, "left"), _scope(node)
                named = left.named_children if left is not None else node.children_by_field_name("name")
                names = [self.syntax.text(one) for one in named]
            for name in names if above is not None else ():
                if name and name != "_" and above is not None:
                    own.add(name, above.start_byte, above.end_byte)
        return own

    @cached_property
    def _variables(self) -> dict[str, str]:
        """The types of the names of which the file says them."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if node.type in FUNCTIONS:
                found.update(one for one in (*self.parameters(node), self.receiver(node)) if one[1])
            elif node.type == "var_spec" and (kind := self.type_name(part(node, "type"))):
                found.update((self.scoped(self.syntax.text(n), n), kind) for n in node.children_by_field_name("name"))
            for name, value in self.assigned(node):
                if name.type == "identifier" and (kind := self._literal(value) or self._made_by(value)):
                    found.setdefault(self.scoped(self.syntax.text(name), name), kind)
        return found

    def _made_by(self, value: Node) -> str:
        """What stands for the type of what the function that *value* calls hands back."""
        function = part(value, "function") if value.type == "call_expression" else None
        if function is None:
            return ""
        if function.type == "identifier":
            return f"{self.syntax.text(function)}()"
        operand, field = part(function, "operand"), part(function, "field")
        if operand is None or field is None or operand.type != "identifier" or not self._is_package(operand):
            return ""
        return f"{self.syntax.text(function)}()"

    def result(self, function: Node) -> str:
        """The name of the type of what *function* hands back first."""
        given = part(function, "result")
        if given is not None and given.type == "parameter_list":
            given = part(given.named_children[0], "type") if given.named_children else None
        return self.type_name(given)

    def _literal(self, value: Node) -> str:
        """The type of the structure that *value* writes out."""
        if value.type == "unary_expression" and value.named_children:
            value = value.named_children[0]
        return self.type_name(part(value, "type")) if value.type == "composite_literal" else ""


def _called(path: str) -> str:
    """How a package at *path* is called where nobody gives it another name."""
    parts = path.split("/")
    last = parts[-2] if _VERSION.search(parts[-1]) and len(parts) > 1 else parts[-1]
    return re.sub(r"\.v\d{1,3}$", "", last).removeprefix("go-").replace("-", "_")


def _scope(node: Node) -> Node | None:
    """What a name that *node* declares is known in."""
    above = node.parent
    while above is not None and above.type not in _SCOPES:
        above = above.parent
    if above is not None and above.parent is not None and above.parent.type in FUNCTIONS:
        return above.parent
    return above


def within(node: Node) -> Node | None:
    """The function that *node* stands in."""
    above = node.parent
    while above is not None and above.type not in FUNCTIONS:
        above = above.parent
    return above


def calls(node: Node) -> Iterator[Node]:
    """The calls in *node*, in the order of the file."""
    return (one for one in walk(node, _MOST) if one.type == "call_expression")
