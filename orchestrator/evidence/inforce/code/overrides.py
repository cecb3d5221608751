"""Tells whether a setting that code makes is taken back later in the same block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ..force import IN_FORCE, Force, void
from .syntax import Step, Syntax, named, part, parts

if TYPE_CHECKING:
    from tree_sitter import Node

_SETTER = re.compile(
    r"(?:set|put|add|header|headers?\.(?:set|add)|enable|setenv|putenv|ini_set|set_?header|add_?header|append_?header|"
    r"set_?option|set_?property|set_?attribute|config|define|append)$",
    re.IGNORECASE,
)
_UNSETTER = re.compile(
    r"(?:disable|delete|remove|unset|del|clear|off|reset|remove_?header|header_remove|unset_?header|delete_?header)$",
    re.IGNORECASE,
)
_CALL = re.compile(
    r"(?P<owner>[\w.$>:\[\]'\"-]{0,80}?(?:\.|->|::)?)(?P<verb>\w{1,40}[!?]?)\s{0,2}[(\s]\s{0,20}"
    r"(?P<key>[\"'`:][\w./ -]{1,80}[\"'`]?)\s{0,4}(?:,\s{0,20}(?P<value>.{1,200}))?",
    re.DOTALL,
)
_LITERAL = re.compile(r"(?:true|false|True|False|nil|null|None|-?\d[\d_.]*|[\"'][^\"'\n]{0,120}[\"']|:\w+)[\s);]*")
_REMOVED = re.compile(r"(?:delete\s+|unset\s*\(\s*)(?P<target>[\w.$>:\[\]'\"-]{1,120}?)\s*\)?;?")
_QUOTES = re.compile(r"[\s\"'`]")


class Set(NamedTuple):
    """What a statement sets: the place, its value, and whether it rather takes it away."""

    key: str
    value: str
    away: bool


class Overrides:
    """The settings that the blocks of one file make, in order."""

    def __init__(self, syntax: Syntax) -> None:
        self._syntax = syntax
        self._known: dict[int, list[tuple[int, Set]]] = {}

    def of(self, way: list[Step]) -> Force:
        """What is to be said of the statement that a way leads to because of what follows it."""
        grammar = self._syntax.grammar
        made: Set | None = None
        for at in range(len(way) - 1, 0, -1):
            kind, above, node = way[at - 1].type, way[at - 1].node, way[at].node
            if kind in grammar.functions and made is not None:
                break
            if kind not in grammar.blocks:
                continue
            if made is None:
                made = self._set(node)
                if made is None or made.away:
                    return IN_FORCE
            for place, later in self._sets(above):
                if place >= node.end_byte and later.key == made.key and (later.away or later.value != made.value):
                    line = self._syntax.data.count(b"\n", 0, place) + 1
                    return void(f"is overridden in line {line}")
        return IN_FORCE

    def _sets(self, block: Node) -> list[tuple[int, Set]]:
        if block.id not in self._known:
            made = [(child.start_byte, self._set(child)) for child, _ in parts(block) if child.is_named]
            self._known[block.id] = [
                (place, found)
                for place, found in made
                if found is not None and (found.away or _LITERAL.fullmatch(found.value))
            ]
        return self._known[block.id]

    def _set(self, node: Node) -> Set | None:
        grammar = self._syntax.grammar
        if node.end_byte - node.start_byte > 400:
            return None
        if node.type in ("expression_statement", "global_statement") and (inner := named(node, 0)) is not None:
            return self._set(inner)
        if node.type in grammar.sets or (node.type == "binary_operator" and grammar.module == "tree_sitter_elixir"):
            left, right = part(node, "left"), part(node, "right") or _last(node)
            if left is None or right is None:
                return None
            target = self._syntax.text(left)
            return Set(_key(target), self._syntax.text(right).strip(), False) if _belongs(target) else None
        text = self._syntax.text(node, 400).strip()
        if (removed := _REMOVED.fullmatch(text)) is not None:
            return Set(_key(removed["target"]), "", True)
        call = _CALL.match(text) if node.type in grammar.calls else None
        if call is None:
            return None
        owner, key = _key(call["owner"]), _key(call["key"])
        if _UNSETTER.search(call["verb"]):
            return Set(owner + key, "", True)
        if _SETTER.search(call["verb"]):
            return Set(owner + key, (call["value"] or "true").rstrip(" ;").removesuffix(")").strip(), False)
        return None


def _last(node: Node) -> Node | None:
    return named(node, -1) if node.named_child_count > 1 else None


def _belongs(target: str) -> bool:
    """Whether what is set belongs to something that outlasts the block, or is a constant by its spelling."""
    return any(sign in target for sign in (".", "[", "->", "::", "@")) or target.isupper()


def _key(text: str) -> str:
    plain = _QUOTES.sub("", text).replace("->", ".").replace("::", ".").replace("[", ".").replace("]", "")
    return plain.lower().replace("..", ".")
