"""Tells whether anybody calls what is declared in a file and can be seen nowhere else."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING

from ..force import IN_FORCE, Force, any_of, void
from .names import Names, name_of
from .syntax import Step, Syntax, named, part

if TYPE_CHECKING:
    from tree_sitter import Node

_MODULE = re.compile(rb"^[ \t]*(?:import|export)\b|\brequire\(|\bmodule\.exports\b|\bexports\.\w", re.MULTILINE)
_FUNCTION_VALUES = frozenset({"arrow_function", "function_expression", "generator_function", "class"})
_PLAIN_FUNCTIONS = frozenset({"function_declaration", "generator_function_declaration"})
_MAKES_FUNCTION = re.compile(r"(?:lambda|proc|Proc\.new)\s{0,3}(?:do\b|\{)")
_ANNOTATIONS = frozenset({"annotation", "marker_annotation", "attribute_list", "attribute_item", "decorator"})
_PROGRAM = re.compile(rb"^package[ \t]+main\b", re.MULTILINE)
_FREE = frozenset({"tree_sitter_php", "tree_sitter_bash", "tree_sitter_kotlin", "tree_sitter_swift"})
"""Languages whose functions at the top of a file are called by their names and nothing else."""
_PRIVATE = re.compile(r"\b(?:file)?private\b")
_OPEN = re.compile(r"\b(?:override|open|abstract|partial|protected|public|internal)\b")
_KEPT = frozenset(
    {
        *("main", "init", "constructor", "readObject", "writeObject", "readResolve", "writeReplace"),
        *("handler", "doGet", "doPost", "onOpen", "onEdit", "onInstall"),
    }
)
"""What a platform calls by its name."""
_MOST_DEEP = 6


class Uses:
    """
    The functions of one file that only this file can call.

    Args:
        syntax: The file.
        names: Its names.
        judge: What is to be said of a place, where a call may stand.
        whole: The file as it was before what is no program was taken out of it.
    """

    def __init__(self, syntax: Syntax, names: Names, judge: Callable[[int], Force], whole: bytes) -> None:
        self._syntax = syntax
        self._names = names
        self._judge = judge
        self._known: dict[int, Force] = {}
        self._deep = 0
        self._whole = whole
        self._callable = syntax.grammar.declared | syntax.grammar.holders | {"call"}

    def of(self, way: list[Step], at: int) -> Force:
        """What is to be said of that which stands in the declaration at step *at* of a way because of who calls it."""
        if way[at].type not in self._callable:
            return IN_FORCE
        node = way[at].node
        if node.id not in self._known:
            self._known[node.id] = IN_FORCE  # what calls only itself is called by nobody, and what calls back is open
            self._known[node.id] = self._of(way, at)
        return self._known[node.id]

    def _of(self, way: list[Step], at: int) -> Force:
        node = way[at].node
        named = self._name(node)
        if named is None:
            return IN_FORCE
        name = self._syntax.text(named)
        closed = self._is_closed(way, at)
        if name in _KEPT or not (closed or self._is_within_tree(way, at, name)):
            return IN_FORCE
        unless = "" if closed else name
        places = self._names.places(name)
        if places is None or self._deep >= _MOST_DEEP:
            return IN_FORCE
        own = range(node.start_byte, node.end_byte)
        self._deep += 1
        try:
            forces = [force for place in places if place not in own and (force := self._use(place)) is not None]
        finally:
            self._deep -= 1
        if not forces:
            return void(f"stands in {name}, which nothing calls", unless)
        best = any_of(forces)
        if best or best.reason.startswith("stands in "):
            return best
        return Force(best.state, f"stands in {name}, whose call {best.reason}", unless)

    def _use(self, place: int) -> Force | None:
        """What is to be said of a place where a function is named; None where it is only spoken of."""
        if self._whole[place] != self._syntax.data[place]:
            return IN_FORCE  # a template around the program may use it
        way = self._syntax.way(place)
        grammar = self._syntax.grammar
        if any(step.type in grammar.comments for step in way):
            return None
        if way[-1].node.end_byte - place > 200:
            return None  # it is a word in a long text
        if way[-1].part == "name" and way[-2].node.type in grammar.declared:
            return IN_FORCE  # another one of the same name: which of them is called, nobody asks here
        return self._judge(place)

    def _is_closed(self, way: list[Step], at: int) -> bool:
        """Whether nobody outside this file can call what step *at* declares, nor a framework by what marks it."""
        node, grammar = way[at].node, self._syntax.grammar
        head = self._syntax.data[node.start_byte : node.start_byte + 200].decode("utf-8", "replace").split("{")[0]
        above = way[at - 1].node if at else node
        if node.type == "local_function_statement" and any(step.type in grammar.functions for step in way[:at]):
            return True  # no framework looks into a function
        if any(child.type in _ANNOTATIONS for child in _marks(node)):
            return False
        if grammar.closed == {"*"}:
            return self._is_closed_script(way, at, head, above)
        if grammar.module == "tree_sitter_elixir":
            return head.startswith("defp ")
        if grammar.module == "tree_sitter_bash":
            return self._is_command()
        if node.type == "local_function_statement":
            return True
        if any(step.type == "class_declaration" and self._says(step.node, "partial") for step in way[:at]):
            return False
        return bool(grammar.closed) and _PRIVATE.search(head) is not None and _OPEN.search(head.split("(")[0]) is None

    def _is_within_tree(self, way: list[Step], at: int, name: str) -> bool:
        """Whether only this tree can call what step *at* declares: a plain function, which no framework looks for."""
        node, module = way[at].node, self._syntax.grammar.module
        if any(child.type in _ANNOTATIONS for child in _marks(node)):
            return False
        if node.type in self._syntax.grammar.holders:
            return True
        if self._syntax.grammar.closed == {"*"}:  # a script that is no module shares its functions with all others
            return at == 1 and node.type in _PLAIN_FUNCTIONS
        if module == "tree_sitter_go":
            is_program = _PROGRAM.search(self._syntax.data) is not None
            return node.type == "function_declaration" and (is_program or name[:1].islower())
        if module == "tree_sitter_rust":
            head = self._syntax.data[node.start_byte : node.start_byte + 40]
            return at == 1 and not head.startswith((b"pub", b"extern", b"unsafe extern"))
        return at == 1 and node.type in ("function_definition", "function_declaration") and module in _FREE

    def _is_closed_script(self, way: list[Step], at: int, head: str, above: Node) -> bool:
        """The same of JavaScript: a module keeps what it does not export, and a class what is private."""
        node = way[at].node
        if node.type == "method_definition":
            return head.startswith(("#", "private "))
        if not self._is_module:
            return False
        if node.type == "variable_declarator":
            value = node.child_by_field_name("value")
            if value is None or value.type not in _FUNCTION_VALUES:
                return False
        return not any(step.type in ("export_statement", "ambient_declaration") for step in way[max(0, at - 2) : at])

    @cached_property
    def _is_module(self) -> bool:
        """Whether the file of JavaScript is a module, whose names are its own."""
        return _MODULE.search(self._syntax.data) is not None

    def _is_command(self) -> bool:
        """Whether a script of the shell does something itself, and is no library of functions."""
        return any(
            child.type in ("command", "pipeline", "if_statement", "list", "case_statement", "for_statement")
            and not self._syntax.text(child).startswith(("set ", ". ", "source ", "export "))
            for child in self._syntax.root.named_children
        )

    def _says(self, node: Node, word: str) -> bool:
        return word in self._syntax.text(node, 200).split("{")[0].split()

    def _name(self, node: Node) -> Node | None:
        """The node that names what *node* declares and others can call."""
        if node.type in self._syntax.grammar.holders:
            return self._held_name(node)
        return name_of(node) if node.type != "call" else self._macro_name(node)

    def _held_name(self, node: Node) -> Node | None:
        """The name that an assignment gives to a function that has none itself."""
        left, right = part(node, "left"), part(node, "right")
        if left is None or right is None or left.type not in ("identifier", "constant"):
            return None
        if right.type == "lambda" or (right.type == "call" and _MAKES_FUNCTION.match(self._syntax.text(right, 20))):
            return left
        return None

    def _macro_name(self, node: Node) -> Node | None:
        """The name that a ``defp`` of Elixir gives."""
        if self._syntax.grammar.module != "tree_sitter_elixir":
            return None
        target = node.child_by_field_name("target")
        if target is None or self._syntax.text(target) != "defp":
            return None
        inner = next((child for child in node.named_children if child.type == "arguments"), None)
        head = named(inner, 0) if inner is not None else None
        while head is not None and head.type in ("binary_operator", "call"):
            head = named(head, 0)
        return head if head is not None and head.type == "identifier" else None


def _marks(node: Node) -> list[Node]:
    """What stands before a declaration and marks it."""
    marks = list(node.named_children[:3])
    marks += [inner for mark in marks if mark.type == "modifiers" for inner in mark.named_children]
    before = node.prev_named_sibling
    while before is not None and before.type in _ANNOTATIONS:
        marks.append(before)
        before = before.prev_named_sibling
    return marks
