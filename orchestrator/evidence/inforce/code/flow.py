"""Tells whether the way through a program comes to a place: its branches, and what leaves a block before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .. import settings
from ..chance import Chance
from ..force import IN_FORCE, Force, all_of, void
from .cases import CASES, Cases
from .conditions import Conditions, of_cfg
from .loops import LOOPS, never_turns
from .syntax import Step, Syntax, named, part, parts

if TYPE_CHECKING:
    from tree_sitter import Node

_EXIT = re.compile(
    r"(?:process\.exit|Deno\.exit|os\.Exit|log\.Fatal(?:f|ln)?|log\.Panic(?:f|ln)?|panic|System\.exit|exitProcess|fatalError|preconditionFailure|"
    r"Environment\.Exit|(?:std::)?process::(?:exit|abort)|exit|exit!|abort|die|raise|throw|sys\.exit|sys\.error|"
    r"System\.(?:stop|halt)|panic!|unreachable!|todo!|unimplemented!)"
    r"(?=[\s(!;\"':]|$)"
)
_SHELL_EXIT = re.compile(r"(?:exit|return|break|continue)\b|exec\s+[^\s<>&\d]")
AFTER = void("stands after what leaves its block")
_WRAPPERS = frozenset({"expression_statement", "global_statement", "else_clause", "block", "statement_list", "then"})
_IN_ORDER = frozenset({"variable_declarator", "class_declaration"})
"""What is declared where it stands, and not before."""
_CASES = frozenset({"switch_case", "expression_case", "case_statement", "when", "switch_block_statement_group"})
_MACROS = frozenset({"if", "unless"})


class Flow:
    """
    The ways through one file.

    Args:
        syntax: The file.
        conditions: What its conditions leave open.
        tests: Whether what is for development only runs all the same.
    """

    def __init__(self, syntax: Syntax, conditions: Conditions, tests: bool = False) -> None:
        self._syntax = syntax
        self._grammar = syntax.grammar
        self._conditions = conditions
        self._tests = tests
        self._cases = Cases(syntax, conditions)
        self._left: dict[int, list[tuple[int, Force]]] = {}

    def between(self, above: Step, step: Step) -> Force:
        """What is to be said of coming from one node of a way to the next."""
        if above.type in self._grammar.blocks and step.node.is_named:
            force = self._after(above.node, step)
            if not force:
                return force
        chance = self._guard(above, step)
        return IN_FORCE if self._tests and chance is Chance.DEVELOPMENT else chance.force

    def _guard(self, above: Step, step: Step) -> Chance:
        """The chance that, once *above* is reached, *step* is."""
        grammar, node, child, kind = self._grammar, above.node, step.node, above.type
        if step.type in CASES and (chance := self._cases.chance(node, child)) is not None:
            return chance
        if (kind in LOOPS or kind in grammar.calls) and never_turns(self._syntax, node, child):
            return Chance.NEVER
        if kind in grammar.ifs:
            return self._branch(node, child, step.part)
        if kind in grammar.shorts and (right := part(node, "right", "rhs") or named(node, 1)) is not None:
            left = part(node, "left", "lhs") or named(node, 0)
            if left is None or child.id != right.id:
                return Chance.ALWAYS
            operator = self._syntax.data[left.end_byte : right.start_byte].strip()
            if operator in (b"&&", b"and"):
                return self._conditions.chance(left)
            chance = self._conditions.chance(left).opposite if operator in (b"||", b"or") else Chance.ALWAYS
            return Chance.ALWAYS if chance is Chance.SETTING else chance  # what stands there unless something is set
        if self._grammar.module == "tree_sitter_elixir":
            return self._macro(node, child)
        if self._grammar.module == "tree_sitter_rust":
            return self._attribute(child)
        return Chance.ALWAYS

    def _branch(self, node: Node, child: Node, field: str) -> Chance:
        condition = part(node, "condition") or self._odd_condition(node)
        if condition is None or field == "condition":
            return Chance.ALWAYS
        if child.start_byte < condition.end_byte and "modifier" not in node.type:
            return Chance.ALWAYS
        chance = self._conditions.chance(condition)
        if node.type in self._grammar.unless or self._begins(node, b"until"):
            chance = chance.opposite
        if not self._is_else(node, child, field):
            return chance
        chances = [chance.opposite]
        for other in node.named_children:
            if other.start_byte >= child.start_byte:
                break
            if other.type in self._grammar.elses and (asked := part(other, "condition")) is not None:
                chances.append(self._conditions.chance(asked).opposite)
        return min(chances)

    def _odd_condition(self, node: Node) -> Node | None:
        """The condition of a Go loop or a branch of the shell, which has no name there."""
        first = named(node, 0)
        if first is None or first.type in ("for_clause", "range_clause", "block", "variable_declaration"):
            return None
        return first if node.type in ("for_statement", "elif_clause") and part(node, "initializer") is None else None

    def _is_else(self, node: Node, child: Node, field: str) -> bool:
        if field in ("alternative", "if_false") or child.type in self._grammar.elses:
            return True
        return any(other.type == "else" and other.end_byte <= child.start_byte for other in node.children)

    def _begins(self, node: Node, word: bytes) -> bool:
        return self._syntax.data.startswith(word, node.start_byte)

    def _macro(self, node: Node, child: Node) -> Chance:
        """Elixir's branches, which are calls."""
        call = node
        block = child
        if node.type == "do_block" and child.type == "else_block" and node.parent is not None:
            call = node.parent
        target = part(call, "target")
        name = self._syntax.text(target) if target is not None and call.type == "call" else ""
        if name not in _MACROS or block.type not in ("do_block", "else_block", "arguments"):
            return Chance.ALWAYS
        arguments = next((c for c in call.named_children if c.type == "arguments"), None)
        asked = named(arguments, 0) if arguments is not None else None
        if asked is None or block.type == "arguments":
            return Chance.ALWAYS
        chance = self._conditions.chance(asked)
        negated = (name == "unless") != (block.type == "else_block")
        return chance.opposite if negated else chance

    def _attribute(self, child: Node) -> Chance:
        """The least that the attributes before an item of Rust leave open."""
        chance = Chance.ALWAYS
        before = child.prev_named_sibling
        while before is not None and before.type in ("attribute_item", "line_comment", "block_comment"):
            text = self._syntax.text(before)
            if text.startswith("#[cfg("):
                chance = min(chance, of_cfg(text[5:].rstrip("] \n")))
            before = before.prev_named_sibling
        return chance

    def _after(self, block: Node, step: Step) -> Force:
        """What is to be said of *step* because of what stands before it in its block."""
        grammar = self._grammar
        if (
            step.type == "heredoc_body"
            or step.type in grammar.handlers
            or (step.type in grammar.declared and step.type not in _IN_ORDER)
        ):
            return IN_FORCE
        if block.id not in self._left:
            self._left[block.id] = list(self._exits(block))
        force = IN_FORCE
        for end, left in self._left[block.id]:
            if end <= step.node.start_byte:
                force = all_of([force, left])
        return force

    def _exits(self, block: Node) -> list[tuple[int, Force]]:
        """Where a block may be left, and what that says of all that follows."""
        found: list[tuple[int, Force]] = []
        if any(child.type == "labeled_statement" for child in block.named_children):
            return []  # somebody may jump to it
        for child, _ in parts(block):
            if not child.is_named or child.type in self._grammar.comments:
                continue
            if self._leaves(child):
                found.append((child.end_byte, AFTER))
                break
            chance = self._leaving(child)
            if not chance.opposite.force:
                force = AFTER if chance is Chance.ALWAYS else chance.opposite.force
                found.append((child.end_byte, force))
        return found

    def _leaves(self, node: Node, depth: int = 0) -> bool:
        """Whether *node* surely leaves its block."""
        grammar = self._grammar
        if node.type in grammar.leaves:
            return True
        if grammar.module == "tree_sitter_bash":
            return node.type == "command" and _SHELL_EXIT.match(self._syntax.text(node)) is not None
        if node.type == "expression_statement" and node.named_child_count == 1 and depth < 3:
            only = named(node, 0)
            return only is not None and self._leaves(only, depth + 1)
        if node.type in grammar.calls or node.type in ("identifier", "macro_invocation"):
            return _EXIT.match(self._syntax.text(node, 60)) is not None
        return False

    def _leaving(self, node: Node) -> Chance:
        """The chance that *node*, a branch without another one, leaves the block that it stands in."""
        if node.type in ("expression_statement", "global_statement") and node.named_child_count == 1:
            node = named(node, 0) or node
        if node.type not in self._grammar.ifs or "while" in node.type or node.type.startswith("for"):
            return Chance.NEVER
        condition = part(node, "condition") or self._odd_condition(node)
        if condition is None or part(node, "alternative") is not None:
            return Chance.NEVER
        inner = [child for child, field in parts(node) if child.is_named and field not in ("condition", "initializer")]
        elses = self._grammar.elses | {"else"}
        if any(child.type in elses for child in node.children) or not inner:
            return Chance.NEVER
        if not self._ends_by_leaving(inner[0] if "modifier" in node.type else inner[-1]):
            return Chance.NEVER
        chance = self._conditions.chance(condition)
        if chance is Chance.SETTING and not settings.mentioned_in(self._syntax.text(condition)):
            return Chance.NEVER  # whether a thing is enabled is asked of each thing, and is no setting of the program
        return chance.opposite if node.type in self._grammar.unless else chance

    def _ends_by_leaving(self, node: Node) -> bool:
        for _ in range(4):
            if self._leaves(node):
                return True
            inner = [child for child in node.named_children if child.type not in self._grammar.comments]
            if node.type not in self._grammar.blocks | _WRAPPERS or not inner:
                return False
            node = inner[-1]
        return self._leaves(node)
