"""Looks into the syntax of one module of JavaScript: names, texts, arguments, and the scope that a name belongs to."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from ...anywhere import Anywhere
from ...inforce.code.stubs import Stubs
from ...inforce.code.syntax import Syntax, part
from ..program import Program, Runs, arguments, walk
from ..summary import Summary

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["FUNCTIONS", "Runs", "Script", "arguments", "walk", "within"]
FUNCTIONS = frozenset(
    {
        *("function_declaration", "function_expression", "arrow_function", "method_definition"),
        *("generator_function", "generator_function_declaration"),
    }
)
_AROUND = frozenset(
    {
        *("parenthesized_expression", "await_expression", "as_expression", "non_null_expression"),
        *("satisfies_expression", "instantiation_expression"),
    }
)
_NAMED = frozenset({"identifier", "this", "super", "property_identifier", "private_property_identifier"})
_NAMED |= {"type_identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"}
_REFUSES = Anywhere(
    rb"\b40[13]\b|40[13]_|unauth|not_?auth|forbidden|denied|auth\w{0,20}_?(?:failed|error|required)|credentials|"
    rb"login_?required|invalid_?token|insufficient|redirect|no_permission",
    re.IGNORECASE,
)
_DEEP = 20


class Script(Program):
    """
    A module, and what is already known of it.

    Args:
        syntax: Its syntax.
        summary: What is learned of it.
        runs: What is in force of it.
    """

    def __init__(self, syntax: Syntax, summary: Summary, runs: Runs) -> None:
        super().__init__(syntax, summary, runs)
        self._names: dict[int, str] = {}
        self.functions: list[tuple[str, Node]] = []
        """The functions that are known by a name."""
        self.refusing: dict[int, bool] = {}
        """Whether what was looked at turns somebody away, by its number: functions within functions are met again."""

    def is_stub(self, node: Node | None) -> bool:
        """Whether *node* names what the module declares itself and what does nothing."""
        return node is not None and not self._stubs.of(node.start_byte, node.end_byte)

    @cached_property
    def _stubs(self) -> Stubs:
        return Stubs(self.syntax)

    @cached_property
    def may_refuse(self) -> bool:
        """Whether the module says anything with which somebody is turned away."""
        return _REFUSES.stands_in(self.syntax.data)

    def name(self, node: Node | None) -> str:
        """The dotted name that *node* is, or calls; what it takes by ``require`` has the name of an import."""
        if node is None:
            return ""
        if node.id not in self._names:
            self._names[node.id] = self._name(node)
        return self._names[node.id]

    def _name(self, node: Node | None) -> str:
        parts: list[str] = []
        for _ in range(_DEEP):
            if node is None:
                return ""
            if (module := self.required(node)) is not None:
                first = "require#" + module.replace(".", "\1")
                self.summary.imported.setdefault(first, (module, "default"))
                return ".".join([first, *reversed(parts)])
            if node.type in _NAMED:
                return ".".join([self.syntax.text(node), *reversed(parts)])
            if node.type in ("call_expression", "new_expression"):
                node = part(node, "function", "constructor")
            elif node.type in ("member_expression", "subscript_expression"):
                last = part(node, "property", "index")
                said = None if last is None else self.text(last) if last.type == "string" else self.syntax.text(last)
                if not said or not re.fullmatch(r"[\w$#-]+", said):
                    return ""
                parts.append(said)
                node = part(node, "object")
            elif node.type in _AROUND:
                node = node.named_children[0] if node.named_children else None
            else:
                return ""
        return ""

    def required(self, node: Node) -> str | None:
        """The module that *node*, a call, takes in by ``require`` or ``import``."""
        if node.type != "call_expression":
            return None
        function = part(node, "function")
        if function is None or self.syntax.text(function, 10) not in ("require", "import"):
            return None
        given = arguments(node)
        return self.text(given[0]) if given else None

    def text(self, node: Node | None, depth: int = 0) -> str | None:
        """The text that *node* is, as far as it is written there; None where it is none."""
        if node is None or depth > _DEEP:
            return None
        if node.type == "string":
            return self.syntax.text(node)[1:-1]
        if node.type == "template_string":
            return re.sub(r"\$\{([^}]{0,80})\}", r"{\1}", self.syntax.text(node)[1:-1])
        if node.type == "binary_expression":
            left, right = (self.text(part(node, side), depth + 1) for side in ("left", "right"))
            return None if left is None and right is None else (left or "") + (right or "")
        if node.type in _AROUND and node.named_children:
            return self.text(node.named_children[0], depth + 1)
        return None

    def entries(self, node: Node | None) -> dict[str, Node]:
        """What the object *node* says under each of its keys."""
        found: dict[str, Node] = {}
        for pair in node.named_children[:500] if node is not None and node.type == "object" else ():
            if pair.type == "pair":
                key, value = part(pair, "key"), part(pair, "value")
                if key is not None and value is not None:
                    found[self.syntax.text(key).strip("'\"`[]")] = value
            elif pair.type == "shorthand_property_identifier":
                found[self.syntax.text(pair)] = pair
            elif pair.type == "method_definition" and (key := part(pair, "name")) is not None:
                found[self.syntax.text(key)] = pair
        return found

    def scoped(self, name: str, node: Node) -> str:
        """*name*, marked with the function that *node* stands in if the name is one of its own."""
        first, dot, rest = name.partition(".")
        above: Node | None = node
        while above is not None:
            if first in self._own.get(above.id, ()):
                return f"{first}@{above.start_byte}{dot}{rest}"
            above = above.parent
        return name

    def parameters(self, function: Node) -> list[str]:
        """The names of the arguments of *function*, as they are scoped; empty for one that is taken apart."""
        given = part(function, "parameters", "parameter")
        listed = [given] if given is not None and given.type == "identifier" else given.named_children if given else []
        return [f"{name}@{function.start_byte}" if (name := self._argument(one)) else "" for one in listed]

    def _argument(self, node: Node) -> str:
        for _ in range(3):
            if node.type == "identifier":
                return self.syntax.text(node)
            inner = part(node, "pattern", "left")
            if inner is None:
                return ""
            node = inner
        return ""

    @cached_property
    def _own(self) -> dict[int, set[str]]:
        """The names that each function gives to its arguments and declares itself."""
        own: dict[int, set[str]] = {}
        for node in self.nodes:
            if node.type in FUNCTIONS:
                own.setdefault(node.id, set()).update(one.partition("@")[0] for one in self.parameters(node) if one)
            elif node.type == "variable_declarator":
                name, above = part(node, "name"), within(node)
                if name is not None and above is not None and name.type == "identifier":
                    own.setdefault(above.id, set()).add(self.syntax.text(name))
        return own


def within(node: Node) -> Node | None:
    """The function that *node* stands in."""
    above = node.parent
    while above is not None and above.type not in FUNCTIONS:
        above = above.parent
    return above
