"""Puts in place of recorded series what they record, within bounds and without going in circles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ...errors import FormatError
from ...formats.promql import Binary, Matcher, Node, Selector, Window, parse, rebuilt, walk

MAX_DEPTH = 6
"""So many recordings of recordings are followed."""
MAX_LEVELS = 60
"""So far down in an expression recordings are put in, so that what comes out can be walked by functions that recur."""
MAX_NODES = 2_000
"""So large is what an expression may become."""
MAX_ALL = 100_000
"""So large is what all expressions of a tree may become together."""
MAX_SAME = 4
"""So many recordings under one name stand for it."""


class Recordings:
    """
    What is recorded under each name.

    Args:
        rules: Name to the expressions that are recorded under it, in their order.
    """

    def __init__(self, rules: Mapping[str, Sequence[str]]) -> None:
        self._rules = rules
        self._parsed: dict[str, Node | None] = {}
        self._left = 0
        self._room = MAX_ALL

    def resolve(self, node: Node) -> Node | None:
        """
        *node* with what its series record; a series stays where that is in a circle or no PromQL.

        Returns:
            None where it becomes larger than is followed, alone or with all that was asked before.
        """
        if not any(isinstance(part, Selector) and part.metric in self._rules for part in walk(node)):
            return node
        self._left = limit = min(MAX_NODES, self._room)
        found = self._resolved(node, ())
        self._room -= min(limit - self._left, limit)
        return None if self._left < 0 else found

    def _resolved(self, node: Node, within: tuple[str, ...], level: int = 0) -> Node:
        self._left -= 1
        if self._left < 0 or level > MAX_LEVELS:
            return node
        if isinstance(node, Selector):
            if node.metric not in self._rules or node.metric in within or len(within) >= MAX_DEPTH:
                return node
            meant = self._recorded(node.metric)
            return node if meant is None else _seen(self._resolved(meant, (*within, node.metric), level), node)
        return rebuilt(node, lambda inner: self._resolved(inner, within, level + 1))

    def _recorded(self, name: str) -> Node | None:
        if name not in self._parsed:
            self._parsed[name] = _together(self._rules[name])
        return self._parsed[name]


def _together(expressions: Sequence[str]) -> Node | None:
    """What is recorded under one name by all of *expressions*; None where one of them is no PromQL."""
    different = list(dict.fromkeys(expressions))
    if len(different) > MAX_SAME:
        return None
    try:
        first, *others = [parse(expression) for expression in different]
    except FormatError:
        return None
    for other in others:
        first = Binary("or", first, other)
    return first


def _seen(meant: Node, through: Selector) -> Node:
    """What is recorded as *through* asks for it: of some labels, from before, over a range."""
    narrowed = _narrowed(meant, through.matchers, through.offset)
    return Window(narrowed, through.range) if through.range else narrowed


def _narrowed(node: Node, matchers: tuple[Matcher, ...], offset: float) -> Node:
    if not matchers and not offset:
        return node
    if isinstance(node, Selector):
        own = {m.label for m in node.matchers}
        added = tuple(m for m in matchers if m.label not in own)
        return replace(node, matchers=node.matchers + added, offset=node.offset + offset)
    return rebuilt(node, lambda inner: _narrowed(inner, matchers, offset))
