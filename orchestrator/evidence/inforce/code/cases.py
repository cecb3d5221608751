"""Tells the chance of each case of a switch: what it asks may be a setting, or the environment."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..chance import Chance
from .conditions import Conditions
from .syntax import Syntax, named, part, parts

if TYPE_CHECKING:
    from tree_sitter import Node

SWITCHES = frozenset(
    {"expression_switch_statement", "switch_statement", "switch_expression", "case", "when_expression"}
)
_BODIES = frozenset({"switch_body", "switch_block"})
_GO_ON = frozenset(
    {"switch_case", "switch_default", "switch_block_statement_group", "case_statement", "switch_section"}
)
"""Cases that go on to the next one unless they are left."""
_FALLS = frozenset({"fallthrough_statement"})
_LABELLED = frozenset({"value", "pattern", "condition"})
_LABELS = frozenset({"switch_label", "constant_pattern", "expression_list", "pattern"})
"""Nodes that hold what a case is for, one or more."""
CASES = _GO_ON | {
    *("expression_case", "default_case", "switch_rule", "switch_expression_arm", "when", "else", "when_entry"),
}


class Cases:
    """
    What the cases of the switches of one file leave open.

    Args:
        syntax: The file.
        conditions: What a comparison comes to.
    """

    def __init__(self, syntax: Syntax, conditions: Conditions) -> None:
        self._leaves = syntax.grammar.leaves
        self._conditions = conditions
        self._known: dict[int, dict[int, Chance]] = {}

    def chance(self, node: Node, child: Node) -> Chance | None:
        """The chance that *child* of *node* is what a switch comes to; None where it is no case of one."""
        if child.type not in CASES:
            return None
        switch = node.parent if node.type in _BODIES else node
        if switch is None or switch.type not in SWITCHES:
            return None
        value = _value(switch)
        if value is None:
            return None
        if switch.id not in self._known:
            cases = [case for case in (switch if node is switch else node).named_children if case.type in CASES]
            self._known[switch.id] = dict(self._each(value, cases))
        return self._known[switch.id].get(child.id)

    def _each(self, value: Node, cases: list[Node]) -> Iterator[tuple[int, Chance]]:
        """The chance of each of *cases*, by its number; one without a label is for all that the others are not for."""
        chances = [[self._conditions.of_case(value, label) for label in _labels(case)] for case in cases]
        rest = min((chance.opposite for several in chances for chance in several), default=Chance.RUNTIME)
        before = Chance.NEVER
        for case, several in zip(cases, chances, strict=True):
            chance = max([before, *(several or [rest])])
            yield case.id, chance
            goes_on = self._ends(case, _FALLS) or (case.type in _GO_ON and not self._ends(case, self._leaves))
            before = chance if goes_on else Chance.NEVER

    def _ends(self, case: Node, types: frozenset[str]) -> bool:
        """Whether *case* ends with one of *types*, at the end of its block if need be."""
        node: Node | None = case
        for _ in range(3):
            if node is None or node.type in types:
                return node is not None
            node = named(node, -1)
        return False


def _value(switch: Node) -> Node | None:
    """What *switch* asks; C# gives it no name in an expression, and Kotlin has it in a node of its own."""
    value = part(switch, "value", "condition")
    if value is None and switch.type in ("switch_expression", "when_expression"):
        value = named(switch, 0)
        value = None if value is None or value.type in CASES else value
    while value is not None and value.type in ("parenthesized_expression", "when_subject"):
        value = named(value, -1)
    return value


def _labels(case: Node) -> Iterator[Node]:
    """What *case* is for; nothing where it is for all that is left."""
    for child, field in parts(case):
        if child.type in _LABELS:
            yield from child.named_children
        elif field in _LABELLED and child.is_named:
            yield child
