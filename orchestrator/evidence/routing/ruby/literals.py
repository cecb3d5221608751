"""Reads the literals of Ruby that routes and filters are written with: texts, symbols, lists and options."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ...inforce.code.syntax import part
from ..program import Program, arguments

if TYPE_CHECKING:
    from tree_sitter import Node

_INSERTED = re.compile(r"#\{([^{}]{0,80})\}")
_TEXTS = frozenset(
    {"string", "simple_symbol", "bare_symbol", "bare_string", "hash_key_symbol", "constant", "delimited_symbol"}
)
_LISTS = frozenset({"array", "symbol_array", "string_array"})
_MOST = 200


class Given(NamedTuple):
    """What a call is given: what stands by itself, what stands under a name, and the first ``path => action``."""

    alone: tuple[Node, ...]
    named: dict[str, Node]
    leads: Node | None = None
    """What the path that stands first leads to, written with an arrow."""


def text(program: Program, node: Node | None) -> str | None:
    """The text that *node* is; None where it is none that can be read."""
    if node is None or node.type not in _TEXTS:
        return None
    said = program.syntax.text(node)
    if node.type == "string" or node.type == "delimited_symbol":
        said = said.lstrip(":").strip("'\"") if said[:1] in "'\":" else re.sub(r"^%[qQ]?.|.$", "", said)
    return _INSERTED.sub(r"{\1}", said.removeprefix(":"))


def texts(program: Program, node: Node | None) -> list[str]:
    """The texts that *node* is, or that the list *node* holds."""
    if node is None:
        return []
    held = node.named_children[:_MOST] if node.type in _LISTS else [node]
    return [said for one in held if (said := text(program, one)) is not None]


def is_told(program: Program, node: Node | None) -> bool:
    """Whether all of what *node*, a text or a list of them, says can be read."""
    if node is None:
        return True
    return len(texts(program, node)) == (len(node.named_children) if node.type in _LISTS else 1)


def given(program: Program, call: Node) -> Given:
    """What *call* is given."""
    alone: list[Node] = []
    named: dict[str, Node] = {}
    leads = None
    for one in arguments(call):
        pairs = one.named_children if one.type == "hash" else [one]
        for pair in pairs if all(inner.type == "pair" for inner in pairs) else ():
            key, value = part(pair, "key"), part(pair, "value")
            if key is None:
                continue
            said = text(program, key)
            if key.type == "string" or (key.type in ("constant", "scope_resolution", "call") and leads is None):
                alone.append(key)
                leads = value
            elif said is not None and value is not None:
                named[said] = value
        if not all(inner.type == "pair" for inner in pairs):
            alone.append(one)
    return Given(tuple(alone), named, leads)


def body(call: Node) -> list[Node]:
    """What stands in the block of *call*."""
    block = part(call, "block")
    inner = part(block, "body") if block is not None else None
    return inner.named_children if inner is not None else []


def verb(program: Program, node: Node) -> str:
    """The name of what *node* calls without saying of what; empty where it calls nothing."""
    if node.type == "identifier":
        return program.syntax.text(node)
    if node.type != "call" or part(node, "receiver") is not None:
        return ""
    method = part(node, "method")
    return program.syntax.text(method) if method is not None else ""


def constant(program: Program, node: Node | None) -> str:
    """The full name of the class or module that *node* names; empty where it names none."""
    said = "" if node is None or node.type not in ("constant", "scope_resolution") else program.syntax.text(node)
    return said.removeprefix("::") if re.fullmatch(r"(?:::)?[A-Z]\w*(?:::[A-Z]\w*)*", said) else ""
