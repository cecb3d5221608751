"""Looks into the syntax of one file of any language that has a grammar: what is in force of it, and all its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from ..inforce.code.syntax import MAX_DEPTH, Syntax, Unread, part
from .summary import Summary

if TYPE_CHECKING:
    from tree_sitter import Node

_MOST = 200_000
_PACKED = 2_000
Runs = Callable[[int, int, bool], bool]
"""Whether control comes to what stands at a byte, in a line; of what is no route nobody has to hear that it is not."""


class Program:
    """
    A file, and what is already known of it.

    Args:
        syntax: Its syntax.
        summary: What is learned of it.
        runs: What is in force of it.
    """

    def __init__(self, syntax: Syntax, summary: Summary, runs: Runs) -> None:
        self.syntax = syntax
        self.summary = summary
        self._runs = runs

    def counts(self, node: Node, route: bool = False) -> bool:
        """Whether *node* is in force."""
        return self._runs(node.start_byte, self.line(node), route)

    def line(self, node: Node) -> int:
        return node.start_point[0] + 1

    def is_packed(self, node: Node) -> bool:
        """Whether *node* stands on a line that nobody has written by hand."""
        return node.start_point[0] in self._packed

    @cached_property
    def _packed(self) -> frozenset[int]:
        lines = self.syntax.data.split(b"\n")
        return frozenset(number for number, line in enumerate(lines) if len(line) > _PACKED)

    @cached_property
    def typed(self) -> list[tuple[str, Node]]:
        """Every one of :attr:`nodes` with its type, which the parser spells anew each time that it is asked."""
        return [(node.type, node) for node in self.nodes]

    def says(self, word: bytes, node: Node) -> bool:
        """Whether *word* stands anywhere in *node*."""
        return self.syntax.data.find(word, node.start_byte, node.end_byte) >= 0

    @cached_property
    def nodes(self) -> list[Node]:
        """
        Every node that has a name in the grammar, in the order of the file.

        Raises:
            Unread: One lies too deep; whoever asks for what is above it would take as many steps each time.
        """
        found: list[Node] = []
        stack = [(self.syntax.root, 0)]
        while stack and len(found) < _MOST:
            node, depth = stack.pop()
            if depth > MAX_DEPTH:
                raise Unread("the code is nested too deeply")
            found.append(node)
            stack += [(child, depth + 1) for child in reversed(node.named_children)]
        return found


def walk(node: Node, most: int = _MOST) -> Iterator[Node]:
    """*node* and all that it holds, in the order of the file."""
    stack = [node]
    while stack and most:
        most -= 1
        here = stack.pop()
        yield here
        stack += reversed(here.named_children)


def arguments(call: Node) -> list[Node]:
    """What *call* hands over."""
    given = part(call, "arguments")
    return [one for one in given.named_children if not one.type.endswith("comment")] if given is not None else []
