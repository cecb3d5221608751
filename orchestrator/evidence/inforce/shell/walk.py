"""The walk itself: from statement to statement, with how each is reached."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..chance import Chance
from ..force import unknown
from . import conditions
from .branches import Branches
from .programs import Programs
from .syntax import MARKS, MAX_DEPTH, MAX_NODES
from .ways import Place, Way

if TYPE_CHECKING:
    from tree_sitter import Node

_OPENS = frozenset({"program", "compound_statement", "do_group", "elif_clause", "else_clause"})


class Walk(Branches, Programs):
    """One run through a script; see :func:`..commands.read`."""

    def through(self, root: Node, heeded: bool = True) -> None:
        """Walk from *root* to its end, then past the functions that nobody has called."""
        self._sequence(root.children, Way(), Place(heeded))
        self._after = Way()
        for name in self._trapped:
            if name in self._functions:
                self._call(name, [], Way(), Place(False, False))
        for name, node in list(self._functions.items()):
            if name not in self._called:
                why = f"stands in the function {name}, which nothing calls"
                chance = Chance.SETTING if self._dispatches else Chance.NEVER
                self._after = Way()
                self._sequence(node.children[-1:], Way(chance, why), Place(heeded))
        beside = unknown("stands beside what could not be read as shell")
        self.found = [
            replace(found, force=beside) if found.line in self._unreadable and found.force else found
            for found in self.found
        ]

    def _sequence(self, nodes: Sequence[Node], way: Way, place: Place) -> Chance:
        """Statements one after the other; the last one's end is the end of all."""
        statements = [n for n in nodes if n.type not in MARKS]
        marks = {a.id: b.type for a, b in itertools.pairwise(nodes)}
        chance = Chance.ALWAYS
        for number, node in enumerate(statements):
            following = statements[number + 1] if number + 1 < len(statements) else None
            heeded = (place.live and self.errexit and place.heeded) or (following is None and place.heeded)
            if following is not None:
                heeded = self._heeded_later(node, following, heeded, place)
            if marks.get(node.id) == "&":
                heeded = False
            chance = self._visit(node, way, Place(heeded, place.live))
        return chance

    def _visit(self, node: Node, way: Way, place: Place) -> Chance:
        """Walk through *node*; the chance that it succeeds."""
        self._nodes += 1
        self._depth += 1
        try:
            if self._nodes > MAX_NODES or self._depth > MAX_DEPTH:
                if not self.unread or self.unread[-1][1] != "is nested too deeply":
                    self.unread.append((self._line(node), "is nested too deeply"))
                return Chance.RUNTIME
            way = way.through(self._after.chance, self._after.reason)
            return self._by_kind(node, way, place)
        finally:
            self._depth -= 1

    def _by_kind(self, node: Node, way: Way, place: Place) -> Chance:
        kind = node.type
        if kind == "ERROR" or node.is_missing:
            self._mistake(node)
            return Chance.RUNTIME
        if kind == "command":
            return self._command(node, way, place)
        if kind == "list":
            return self._list(node, way, place)
        if kind == "pipeline":
            return self._pipeline(node, way, place)
        if kind == "negated_command":
            inner = [c for c in node.children if c.type != "!"]
            return self._visit(inner[-1], way, Place(False, False)).opposite if inner else Chance.RUNTIME
        if kind == "redirected_statement":
            return self._redirected(node, way, place)
        if kind == "subshell":
            return self._subshell(node, way, place)
        if kind in _OPENS:
            return self._sequence(node.children, way, place)
        if kind == "function_definition":
            name = next((self.text.of(c) for c in node.children if c.type == "word"), "")
            self._functions[name] = node
            return Chance.ALWAYS
        if kind == "if_statement":
            return self._if(node, way, place)
        if kind in ("while_statement", "for_statement", "c_style_for_statement", "select_statement"):
            return self._loop(node, way, place)
        if kind == "case_statement":
            return self._case(node, way, place)
        if kind in ("variable_assignment", "declaration_command", "variable_assignments"):
            return self._assignment(node, way, place)
        if kind == "test_command":
            looked = place.heeded or self._fails_otherwise(node)
            self._inner(node, way, False, looked)
            return conditions.of_node(node, self.text, self.variables)
        self._inner(node, way)
        return Chance.RUNTIME

    def _list(self, node: Node, way: Way, place: Place) -> Chance:
        sides = [c for c in node.children if c.type not in ("&&", "||", "comment")]
        if len(sides) != 2:
            return self._sequence(node.children, way, place)
        left, right = sides
        if any(c.type == "&&" for c in node.children):
            # -e passes over all but the last of a list; if that does more than talk, its absence is noticed
            heeded = place.heeded and (self._is_last(node) or not self._talks(right))
            first = self._visit(left, way, Place(heeded, False))
            second = self._visit(right, way.through(first, f"comes after `{self._short(left)} &&`"), place)
            return min(first, second)
        heeded = place.heeded and self._fails(right)
        first = self._visit(left, way, Place(heeded, False))
        why = f"comes after `{self._short(left)} ||`"
        with self._after_failing(left):
            second = self._visit(right, way.through(first.opposite, why), place)
        return max(first, second)

    def _pipeline(self, node: Node, way: Way, place: Place) -> Chance:
        stages = [c for c in node.children if c.type not in ("|", "|&", "comment")]
        looked_at = self.pipefail or "PIPESTATUS" in self.text.of(self._root(node))
        chance = Chance.RUNTIME
        for number, stage in enumerate(stages):
            before = self._after
            last = number == len(stages) - 1
            chance = self._visit(stage, way, Place(place.heeded and (last or looked_at), place.live and last))
            self._after = before
        return chance

    def _redirected(self, node: Node, way: Way, place: Place) -> Chance:
        chance = Chance.RUNTIME
        body = node.children[0]
        chance = self._visit(body, way, place)
        for child in node.children[1:]:
            if child.type == "heredoc_redirect":
                self._heredoc(body, child, way, place)
            elif child.type not in ("file_redirect", "herestring_redirect"):
                self._visit(child, way, place)
            else:
                self._inner(child, way)
        return chance
