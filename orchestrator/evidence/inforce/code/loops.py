"""Tells which loops never turn: those that go through a list with nothing in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from .syntax import Syntax, named, part

if TYPE_CHECKING:
    from tree_sitter import Node

LOOPS = frozenset(
    {"for", "for_in_statement", "for_statement", "foreach_statement", "enhanced_for_statement", "for_expression"}
)
_NOTHING = re.compile(
    r"\[\s*\]|\{\s*\}|\(\s*\)|%[wi]\[\s*\]|array\(\s*\)|new\s+[\w.]{1,60}\[0\]|(?:new\s+[\w.]{0,60})?\[\][\w.]{0,60}\s*\{\s*\}|"
    r"(?:(?:List|Set)\.of|(?:Collections\.)?empty[A-Z]\w{1,20}|(?:list|set)Of|(?:Array|Enumerable)\.Empty|(?:List|Set|Seq)(?:\.empty)?)"
    r"(?:<[^<>]{0,60}>)?\(\s*\)|(?:Array|Set|Hash|Map)\.new"
)
"""A list with nothing in it, as languages write it."""
_TURNS = re.compile(
    r"each(?:_with_index|_with_object|_pair|_entry|_slice)?|reverse_each|(?:flat_|filter_)?map|flatMap|collect|select|filter|"
    r"for(?:E|_e|e)ach"
)
"""What calls a function for each part of a list."""
_MOST = 120
"""Bytes that a list with nothing in it takes."""


def never_turns(syntax: Syntax, node: Node, child: Node) -> bool:
    """Whether *node* does what its *child* says for each of nothing."""
    if node.type in LOOPS:
        body = part(node, "body") or named(node, -1)
        through = _gone_through(syntax, node)
        return body is not None and child.id == body.id and through is not None and _is_nothing(syntax, through)
    return node.type in syntax.grammar.calls and _is_called_for_each(syntax, node, child)


def _is_called_for_each(syntax: Syntax, call: Node, child: Node) -> bool:
    """Whether *call* hands its *child*, a function, to a method that calls it for each of nothing."""
    given = part(call, "arguments", "block")
    if child.type not in ("block", "do_block") and (given is None or child.id != given.id):
        return False
    function = part(call, "function") or call
    owner, method = part(function, "receiver", "object"), part(function, "method", "property", "name")
    if owner is None or method is None:
        return False
    verb = syntax.text(method, 40)
    return (_TURNS.fullmatch(verb) is not None and _is_nothing(syntax, owner)) or (
        verb == "times" and syntax.text(owner, 10) == "0"
    )


def _is_nothing(syntax: Syntax, node: Node) -> bool:
    return node.end_byte - node.start_byte <= _MOST and _NOTHING.fullmatch(syntax.text(node)) is not None


def _gone_through(syntax: Syntax, loop: Node) -> Node | None:
    """What *loop* goes through; Ruby keeps its ``in`` with it, and Go, PHP, Scala and Kotlin have no name for it."""
    through = part(loop, "right", "value", "collection", "iterable")
    if through is not None:
        return named(through, 0) if through.type == "in" else through
    first = named(loop, 0)
    if first is None:
        return None
    if first.type == "enumerators" and (enumerator := named(first, 0)) is not None:
        return named(enumerator, -1)
    if first.type == "range_clause":
        return part(first, "right")
    if syntax.grammar.module == "tree_sitter_kotlin":
        return named(loop, 1)
    return first if loop.type == "foreach_statement" else None
