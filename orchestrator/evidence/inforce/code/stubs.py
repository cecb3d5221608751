"""Finds what a file declares under a library's name and that does nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..force import IN_FORCE, Force, void
from .syntax import Step, Syntax, Unread, part

if TYPE_CHECKING:
    from tree_sitter import Node

_DECLARED = re.compile(
    rb"\b(?:function\*?|func|fun|fn|def|defp|class|object|const|let|var|val|void|struct|module)[ \t]+"
    rb"(?:\([^)\n]{1,60}\) ?)?"
    rb"([A-Za-z_]\w{2,60})|^([A-Za-z_][\w-]{2,60})[ \t]*\(\)[ \t]*\{",
    re.MULTILINE,
)
_USED = re.compile(rb"(?<![\w.$>:-])([A-Za-z_]\w{2,60})(?=\s?[(.]|::|->)")
_COMMAND = re.compile(rb"(?<![\w./-])([A-Za-z_][\w-]{2,60})(?=[\s;|&]|$)")
_MOST = 2_000
"""Bytes of a declaration that may be a stub."""
_IDLE = re.compile(
    r"(?:.*_)?(?:identifier|name|block|body|list|list_literal|statement_list|string|string_\w+|literal|number|integer|float|boolean|true|false|"
    r"nil|null|undefined|object|pair|comment|type|self|this|clause|declaration_list|word|compound_statement|then)|"
    r".*(?:parameter|argument|type|comment|modifier|annotation).*|return(?:_statement|_expression)?|expression_statement|"
    r"expression_list|parenthesized_expression|method|do_block|atom|keyword|keywords|array|tuple|unit|unit_expression"
)
"""Nodes that do nothing but hold, name or hand on."""
_PASSES_ON = re.compile(r"(?:next|call_next|done|cb|callback|resolve|handler|app|Promise\.resolve|self|this)\b")
_NOTHING = re.compile(r"(?::|true|return|echo|printf|exit)\b|:")


class Stubs:
    """The declarations of one file that do nothing, by name."""

    def __init__(self, syntax: Syntax) -> None:
        self._syntax = syntax
        self._declared: dict[bytes, list[int]] | None = None
        self._known: dict[bytes, bool] = {}

    def of(self, start: int, end: int) -> Force:
        """What is to be said of a match from *start* to *end* because of whom the file takes its names from."""
        data = self._syntax.data
        while start > 0 and (data[start - 1 : start].isalnum() or data[start - 1 : start] in (b"_", b".")):
            start -= 1
        used_as = _COMMAND if self._syntax.grammar.module == "tree_sitter_bash" else _USED
        for used in used_as.finditer(data, start, min(len(data), end + 2)):
            if used.start() < end and self._is_stub(used[1], used.start()):
                name = used[1].decode()
                return void(f"calls {name}, which this file declares itself and which does nothing")
        return IN_FORCE

    def _is_stub(self, name: bytes, place: int) -> bool:
        if self._declared is None:
            self._declared = {}
            for found in _DECLARED.finditer(self._syntax.data):
                group = 1 if found[1] else 2
                self._declared.setdefault(found[group], []).append(found.start(group))
        places = self._declared.get(name)
        if name in (b"this", b"self", b"super") or not places or len(places) > 3 or place in places:
            return False
        if name not in self._known:
            try:
                self._known[name] = all(self._does_nothing(self._syntax.way(at)) for at in places)
            except Unread:
                self._known[name] = False
        return self._known[name]

    def _does_nothing(self, way: list[Step]) -> bool:
        grammar = self._syntax.grammar
        declaration = next(
            (
                step.node
                for step in reversed(way[:-1])
                if step.type in grammar.declared | grammar.functions or step.type in _ALSO
            ),
            None,
        )
        if declaration is None or declaration.end_byte - declaration.start_byte > _MOST:
            return False
        if way[-1].node.start_byte - declaration.start_byte > 120:
            return False
        body = part(declaration, "body", "value") or next(
            (c for c in declaration.named_children if c.type.endswith("body") or c.type in ("object",)), None
        )
        if body is None:
            return declaration.type in grammar.functions and declaration.end_byte - declaration.start_byte < 120
        if declaration.type == "variable_declarator" and body.type not in _CAN_BE_STUBS:
            return False
        return not any(self._acts(node) for node in _all(body)) and self._is_of_functions(body)

    def _is_of_functions(self, body: Node) -> bool:
        """Whether an object that stands for a library has functions at all, and is not just some values."""
        functions = self._syntax.grammar.functions
        return body.type not in ("object", "class_body") or any(node.type in functions for node in _all(body))

    def _acts(self, node: Node) -> bool:
        grammar = self._syntax.grammar
        if grammar.module == "tree_sitter_bash" and node.type == "command":
            return _NOTHING.match(self._syntax.text(node, 40)) is None
        if node.type in grammar.calls:
            return _PASSES_ON.match(self._syntax.text(node, 40)) is None
        return node.type not in grammar.functions and _IDLE.fullmatch(node.type) is None


_ALSO = frozenset({"class_declaration", "class", "object_declaration", "class_definition", "object_definition"})
_CAN_BE_STUBS = frozenset({"arrow_function", "function_expression", "object", "class"})


def _all(node: Node) -> list[Node]:
    """*node* and all below it, of which a stub has few."""
    found = [node]
    for one in found:
        found += one.named_children
    return found
