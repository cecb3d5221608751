"""Walks through what a script does only under a condition, for each of several, or beside itself."""

from __future__ import annotations

import fnmatch
from typing import TYPE_CHECKING

from ..chance import Chance
from .heeding import Heeding
from .syntax import MARKS
from .ways import Place, Way
from .words import RUN, resolve

if TYPE_CHECKING:
    from tree_sitter import Node


class Branches(Heeding):
    """Choices, loops and subshells."""

    def _if(self, node: Node, way: Way, place: Place) -> Chance:
        condition: list[Node] = []
        branch: list[Node] = []
        further: list[Node] = []
        into = condition
        for child in node.children[1:]:
            if child.type == "then":
                into = branch
            elif child.type in ("elif_clause", "else_clause"):
                further.append(child)
            elif child.type != "fi":
                into.append(child)
        inverted = any(c.type == "negated_command" for c in condition)
        failing = any(map(self._fails, branch)) if inverted else any(map(self._fails, further))
        chance = self._condition(condition, way, place.heeded and failing)
        why = f"stands under `if {self._short(condition[0]) if condition else ''}`"
        with self._after_failing(*(condition if inverted else ())):
            self._sequence(branch, way.through(chance, why), place)
        otherwise = way.through(chance.opposite, why.replace("under", "in the other branch of", 1))
        for clause in further:
            if clause.type == "elif_clause":
                split = next((n for n, c in enumerate(clause.children) if c.type == "then"), len(clause.children))
                heads = [c for c in clause.children[1:split] if c.type not in MARKS]
                chance = self._condition(heads, otherwise, False)
                why = f"stands under `elif {self._short(heads[0]) if heads else ''}`"
                self._sequence(clause.children[split + 1 :], otherwise.through(chance, why), place)
                otherwise = otherwise.through(chance.opposite, why)
            else:
                with self._after_failing(*(() if inverted else condition)):
                    self._sequence(clause.children[1:], otherwise, place)
        return Chance.RUNTIME

    def _condition(self, nodes: list[Node], way: Way, heeded: bool) -> Chance:
        """The chance of what stands between ``if`` and ``then``."""
        chance = Chance.ALWAYS
        for node in (n for n in nodes if n.type not in MARKS):
            if node.type == "negated_command" and heeded:
                inner = [c for c in node.children if c.type != "!"]
                chance = self._visit(inner[-1], way, Place(True, False)).opposite
            else:
                chance = self._visit(node, way, Place(heeded, False))
        return chance

    def _loop(self, node: Node, way: Way, place: Place) -> Chance:
        body = next((c for c in node.children if c.type in ("do_group", "compound_statement")), None)
        chance = Chance.RUNTIME
        if node.type == "while_statement":
            head = [c for c in node.children[1:] if c is not body and c.type not in MARKS]
            chance = self._condition([c for c in head if c.id != (body.id if body else 0)], way, False)
            if node.children[0].type == "until":
                chance = chance.opposite
        elif node.type == "for_statement":
            if any(c.type == "in" for c in node.children) and not self._over(node):
                chance = Chance.NEVER
            name = next((self.text.of(c) for c in node.children if c.type == "variable_name"), "")
            self.variables[name] = RUN
        if body is not None:
            why = f"stands in a loop that is never entered: `{self._short(node)}`"
            self._sequence(body.children, way.through(Chance.NEVER, why) if chance is Chance.NEVER else way, place)
        return Chance.RUNTIME

    @staticmethod
    def _over(node: Node) -> list[Node]:
        after = next((n for n, c in enumerate(node.children) if c.type == "in"), 0)
        return [c for c in node.children[after + 1 :] if c.type not in (*MARKS, "do_group")]

    def _case(self, node: Node, way: Way, place: Place) -> Chance:
        value = resolve(node.children[1], self.text, self.variables)
        taken = False
        for item in (c for c in node.children if c.type == "case_item"):
            close = next((n for n, c in enumerate(item.children) if c.type == ")"), 0)
            patterns = [self.text.of(c).strip("\"'") for c in item.children[:close] if c.type not in ("|", "(")]
            why = f"stands under `case {self.text.of(node.children[1])[:40]}` for {' or '.join(patterns)[:40]}"
            if value.text is None:
                inner = way.through(value.chance, why) if value.chance <= Chance.SETTING else way
            else:
                fits = not taken and any(fnmatch.fnmatchcase(value.text, pattern) for pattern in patterns)
                taken = taken or fits
                inner = way if fits else way.through(Chance.NEVER, why)
            before = self._after
            self._sequence(item.children[close + 1 :], inner, place)
            if inner.chance < Chance.RUNTIME or value.text is None:
                self._after = before
        return Chance.RUNTIME

    def _subshell(self, node: Node, way: Way, place: Place) -> Chance:
        kept = (self._after, self.errexit, self.pipefail, self.folder, dict(self.variables))
        chance = self._sequence(node.children, way, place)
        self._after, self.errexit, self.pipefail, self.folder, self.variables = kept
        return chance
