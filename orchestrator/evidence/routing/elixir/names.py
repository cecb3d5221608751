"""Reads the names and literals of Elixir: modules in full, texts, atoms, lists and options."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...inforce.code.syntax import part
from ..program import Program

if TYPE_CHECKING:
    from tree_sitter import Node

_INSERTED = re.compile(r"#\{([^{}]{0,80})\}")
_MOST = 300


class Names:
    """What one file of Elixir calls things."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.aliases: dict[str, str] = {}

    def verb(self, node: Node) -> str:
        """The name of what *node* calls without saying of what; empty where it calls nothing."""
        target = part(node, "target") if node.type == "call" else None
        return self.program.syntax.text(target) if target is not None and target.type == "identifier" else ""

    def given(self, call: Node) -> list[Node]:
        """What *call* is given, options aside."""
        return [one for one in self._arguments(call) if one.type != "keywords"]

    def options(self, call: Node) -> dict[str, Node]:
        """What *call* is given under names."""
        found: dict[str, Node] = {}
        for one in self._arguments(call):
            for pair in one.named_children[:_MOST] if one.type == "keywords" else ():
                key, value = part(pair, "key"), part(pair, "value")
                if key is not None and value is not None:
                    found[self.program.syntax.text(key).strip(": \n\t")] = value
        return found

    def _arguments(self, call: Node) -> list[Node]:
        held = next((one for one in call.named_children if one.type == "arguments"), None)
        return held.named_children if held is not None else []

    def body(self, call: Node) -> list[Node]:
        """What stands in the block of *call*, be it of several lines or after ``do:``."""
        block = next((one for one in call.named_children if one.type == "do_block"), None)
        if block is not None:
            return block.named_children
        return [one for one in (self.options(call).get("do"),) if one is not None]

    def text(self, node: Node | None) -> str | None:
        """The text or the atom that *node* is; None where it is neither."""
        if node is None or node.type not in ("string", "atom", "sigil"):
            return None
        said = self.program.syntax.text(node)
        if node.type == "sigil":
            said = said[2:]
        return _INSERTED.sub(r"{\1}", said.removeprefix(":").strip("\"'"))

    def texts(self, node: Node | None) -> list[str]:
        """The texts and atoms that *node* is, or that the list *node* holds."""
        if node is None:
            return []
        if node.type == "sigil":
            return re.sub(r"^~\w\W|\W\w?$", "", self.program.syntax.text(node)).split()
        held = node.named_children[:_MOST] if node.type == "list" else [node]
        return [said for one in held if (said := self.text(one)) is not None]

    def module(self, node: Node | None) -> str:
        """The module that *node* names, in full as far as the file says so; empty where it names none."""
        if node is None or node.type != "alias":
            return ""
        first, dot, rest = self.program.syntax.text(node).partition(".")
        return self.aliases.get(first, first) + dot + rest

    def learn(self, call: Node) -> None:
        """Take in the short names that *call*, of ``alias``, gives."""
        held = self.given(call)
        if not held:
            return
        said = re.sub(r"\s+", "", self.program.syntax.text(held[0], 2_000))
        before, brace, inside = said.partition(".{")
        name = self.options(call).get("as")
        for one in inside.rstrip("}").split(",") if brace else [said]:
            whole = f"{before}.{one}" if brace else one
            short = self.program.syntax.text(name) if name is not None else whole.rpartition(".")[2]
            first, dot, rest = whole.partition(".")
            self.aliases[short] = self.aliases.get(first, first) + dot + rest
