"""Turns source text into a syntax tree, within bounds, and finds the way from its root to a place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ...parsing import parsed
from ...trial import TRIAL
from .grammar import Grammar

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_BYTES = 1_000_000
MAX_NODES = 600_000
MAX_DEPTH = 400
"""How deep a place may lie; people's code is not a tenth as deep."""
MAX_RUN = 4_000
"""
Bytes of code in a row that end nothing: no statement, no bracket, no part of a list.

Where a parser has to find its way back from so deep a place, its memory grows with the square of the depth.
"""
_ENDS = re.compile(rb"[;})\],]")
_TEXT = re.compile(
    rb'"(?:[^"\\\n]|\\.)*+"|\'(?:[^\'\\\n]|\\.)*+\'|`(?:[^`\\]|\\.)*+`|//[^\n]*|/\*.*?\*/|^[ \t]*#[^\n]*|\s+',
    re.DOTALL | re.MULTILINE,
)
_BRACKETS = re.compile(rb"[(){}\[\]]")


class Step(NamedTuple):
    """A node on the way to a place, with its part in the node above, and its type, which the parser spells anew."""

    node: Node
    part: str
    type: str


class Unread(Exception):
    """Why a file has no syntax tree."""


class Syntax:
    """
    A file's syntax tree.

    Raises:
        Unread: It is too long, or too hard to parse.
    """

    def __init__(self, data: bytes, grammar: Grammar) -> None:
        if len(data) > MAX_BYTES:
            raise Unread(f"the file is longer than {MAX_BYTES:,} bytes")
        self.data = data
        self.grammar = grammar
        if len(data) > MAX_RUN and not (_is_shallow(data) or _is_shallow(_TEXT.sub(b"", data))):
            raise Unread("the code is nested too deeply")
        if why := TRIAL.why_not(data, grammar.module, grammar.entry):
            raise Unread(f"the file {why}")
        try:
            tree = parsed(grammar.language, data)
        except ValueError:
            raise Unread("the file is too hard to parse") from None
        self.root = tree.root_node
        self._last = [Step(self.root, "", self.root.type)]
        if self.root.descendant_count > MAX_NODES:
            raise Unread(f"the file has more than {MAX_NODES:,} parts")

    def way(self, place: int) -> list[Step]:
        """The nodes that hold the byte at *place*, from the root down; those that the last way has, too, are kept."""
        steps = self._last[:1]
        for step in self._last[1:]:
            if not step.node.start_byte <= place < step.node.end_byte:
                break
            steps.append(step)
        cursor = steps[-1].node.walk()
        while cursor.goto_first_child_for_byte(place) is not None:
            node = cursor.node
            if node is None or not node.start_byte <= place < node.end_byte:
                break
            steps.append(Step(node, cursor.field_name or "", node.type))
            if len(steps) > MAX_DEPTH:
                raise Unread("the code is nested too deeply")
        self._last = steps
        return steps[:]

    def text(self, node: Node, most: int = 300) -> str:
        """What *node* says, of which no more than *most* bytes are looked at."""
        return self.data[node.start_byte : min(node.end_byte, node.start_byte + most)].decode("utf-8", "replace")


def _is_shallow(data: bytes) -> bool:
    """Whether no place in *data* lies so deep that a parser could not come back from it within bounds."""
    if any(len(run) > MAX_RUN for run in _ENDS.split(data)):
        return False
    if sum(map(data.count, b"({[")) <= MAX_DEPTH:
        return True
    depth = 0
    for bracket in _BRACKETS.finditer(data):
        depth = depth + 1 if bracket.group() in b"({[" else max(depth - 1, 0)
        if depth > MAX_DEPTH:
            return False
    return True


def parts(node: Node) -> Iterator[tuple[Node, str]]:
    """The children of *node*, each with its part."""
    cursor = node.walk()
    more = cursor.goto_first_child()
    while more:
        child = cursor.node
        if child is not None:
            yield child, cursor.field_name or ""
        more = cursor.goto_next_sibling()


def part(node: Node, *names: str) -> Node | None:
    """The child of *node* that has the first of these parts that one has."""
    for name in names:
        if (child := node.child_by_field_name(name)) is not None:
            return child
    return None


def named(node: Node, number: int) -> Node | None:
    """The named child of *node* at *number*, from 0, or from the end with -1; None where it has none there."""
    children = node.named_children
    return children[number] if -len(children) <= number < len(children) else None
