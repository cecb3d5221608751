"""Tells whether somebody notices that a command of a script fails."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .standing import Standing
from .syntax import MARKS
from .ways import Place

if TYPE_CHECKING:
    from tree_sitter import Node

WORDS_ONLY = frozenset({"echo", "printf", "true", ":", "false"})


class Heeding(Standing):
    """What stands behind a failure, or in its place."""

    def _heeded_later(self, node: Node, following: Node, heeded: bool, place: Place) -> bool:
        """Whether the failure of *node* is heeded, seen what stands behind it."""
        after = self.text.of(following).strip()
        if place.heeded and re.fullmatch(r"(?:exit|return)(?: \"?\$\?\"?)?", after):
            return True
        if place.heeded and (kept := re.match(r"(?:local |export )?(\w+)=\"?\$(?:\?|\{PIPESTATUS)", after)):
            rest = self.text.of(following.parent) if following.parent else ""
            return re.search(rf"(?:exit|return|if|\[|test|\(\().{{0,60}}\b{kept[1]}\b", rest[:20_000]) is not None
        same_line = following.start_point[0] == node.end_point[0]
        if same_line and re.fullmatch(r"true|:|exit 0|/bin/true", after):
            return False  # with -e it would be heeded; that it is written shows that it is meant not to be
        return heeded

    def _is_last(self, node: Node) -> bool:
        """Whether nothing follows *node* in the script, so that its end is the script's."""
        while node.parent is not None:
            parent = node.parent
            later = [c for c in parent.children if c.start_byte >= node.end_byte and c.type not in MARKS]
            if later and parent.type not in ("if_statement", "case_statement", "redirected_statement"):
                return False
            node = parent
        return True

    def _talks(self, node: Node) -> bool:
        """Whether *node* is a command that only prints words."""
        said = self.text.of(node).split(None, 1)
        return node.type == "command" and bool(said) and said[0] in WORDS_ONLY

    def _fails(self, node: Node) -> bool:
        """Whether *node*, which stands in for a failure, surely fails itself."""
        said = self.text.of(node).strip()
        if re.fullmatch(r"(?:exit|return)(?: (?!0\b)\S+)?|false", said):
            return True
        if node.type == "list" and any(c.type == "&&" for c in node.children):
            return self._fails(node.children[-1])
        if node.type in ("compound_statement", "subshell", "else_clause", "elif_clause", "program"):
            return any(self._fails(child) for child in node.children if child.type not in MARKS)
        if assigned := re.fullmatch(r"(?:export |local )?(\w+)=[\"']?(?:1|true|yes|\$\?|failed?)[\"']?", said):
            rest = self.text.of(self._root(node))[node.end_byte :][:20_000]
            return re.search(rf"(?:exit|return|if|\[|test|\(\().{{0,60}}\b{assigned[1]}\b", rest) is not None
        if node.type == "command":
            name = said.split()[0] if said.split() else ""
            if name in self._functions and name not in self._calls:
                return self._fails(self._functions[name].children[-1])
        return False

    def _is_tested(self, node: Node, name: str) -> bool:
        """Whether the script fails by what stands in the variable *name* behind *node*."""
        rest = self._behind(node)
        tested = re.search(rf"(?:\[|\btest\b|\(\(|\bcase\b)[^\n]{{0,80}}\$\{{?{re.escape(name)}\b[^\n]{{0,80}}", rest)
        if tested is None:
            return False
        after = rest[tested.start() : tested.end() + 300]
        alone = self.errexit and re.search(rf"(?m)^\s*\[[^\n|&;]{{0,160}}\b{re.escape(name)}\b[^\n|&;]{{0,80}}$", rest)
        return bool(alone) or re.search(r"\b(?:exit|return) (?!0\b)\S|\bfalse\b", after) is not None

    def _fails_otherwise(self, node: Node) -> bool:
        """Whether the script fails where the test *node* does: ``[ … ] || exit 1``, ``if ! [ … ]; then exit 1; fi``."""
        inside = node.parent
        if inside is not None and inside.type == "list" and inside.children[0].id == node.id:
            return any(c.type == "||" for c in inside.children) and self._fails(inside.children[-1])
        while inside is not None and inside.type != "if_statement":
            inside = inside.parent
        return inside is not None and any(map(self._fails, inside.children))

    def _behind(self, node: Node) -> str:
        return self.text.of(self._root(node)).encode()[node.end_byte :][:20_000].decode("utf-8", "replace")

    @staticmethod
    def _root(node: Node) -> Node:
        while node.parent is not None:
            node = node.parent
        return node
