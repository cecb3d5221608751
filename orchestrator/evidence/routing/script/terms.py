"""Reads from the syntax of JavaScript what may be a guard: functions, what they hand back, classes, arguments."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ...inforce.code.syntax import part
from ..summary import Definition, Term, Terms, Way
from ..terms import ITSELF
from .module import FUNCTIONS, Script, arguments, walk
from .refusing import is_for_errors, is_hollow, opens, own_checks, refuses

if TYPE_CHECKING:
    from tree_sitter import Node

HOOKS = frozenset(
    {"onRequest", "preParsing", "preValidation", "preHandler", "beforeHandler", "onBeforeHandle", "middleware", "use"}
)
"""Options of a route that hold what runs before it."""
_FIRST = frozenset({"canActivate", "handleRequest", "use", "authenticate", "intercept", "handle"})
"""Methods of a class that runs before what answers."""
_ROLES = re.compile(r"reflector\b", re.IGNORECASE)
_OPENS = re.compile(r"public|skip|anonym|allow_?all|no_?auth|without_?auth", re.IGNORECASE)
_WRAPS = re.compile(r"(?:async|catch|wrap|try|promise|error|safe)", re.IGNORECASE)
_DEEP = 4
_MOST = 50


def guards(script: Script, nodes: Iterable[Node], way: Way = "decorator", depth: int = 0) -> Terms:
    """What may be a guard among *nodes*: names, calls, functions that are written there, and lists of them."""
    found: list[Term] = []
    for node in list(nodes)[:_MOST]:
        if node.type == "array" and depth < _DEEP:
            found += guards(script, node.named_children, way, depth + 1)
        elif node.type in ("spread_element", "parenthesized_expression", "as_expression") and depth < _DEEP:
            found += guards(script, node.named_children[:1], way, depth + 1)
        elif node.type in FUNCTIONS:
            if is_for_errors(script, node):
                continue
            if refuses(script, node):
                found.append(ITSELF)
            else:
                found += [Term(name, called) for name, called in own_checks(script, part(node, "body")).called.items()]
        elif node.type == "object":
            found += guards(script, _hooks(script, node), way, depth + 1) if depth < _DEEP else ()
        elif one := term(script, node, way):
            found.append(one)
            if node.type == "call_expression" and _WRAPS.search(one.name.rpartition(".")[2]) and depth < _DEEP:
                found += guards(script, arguments(node), way, depth + 1)
    return tuple(found)


def _hooks(script: Script, node: Node) -> Iterator[Node]:
    for key, value in script.entries(node).items():
        if key in HOOKS:
            yield value


def term(script: Script, node: Node, way: Way) -> Term | None:
    """*node* as what may be a guard; None where it has no name."""
    name = script.name(node)
    if not name:
        return None
    optional = node.type == "call_expression" and (opens(script, node) or name.endswith(".unless"))
    return Term(name, way, optional or "optional" in name.lower())


def handler(script: Script, node: Node) -> Terms:
    """What the function *node*, which answers, asks for before it does its work."""
    if node.type in FUNCTIONS:
        checks = own_checks(script, part(node, "body"))
        return ((ITSELF,) if checks.itself else ()) + tuple(Term(name, way) for name, way in checks.called.items())
    if node.type in ("call_expression", "parenthesized_expression", "as_expression", "satisfies_expression"):
        called = node.type == "call_expression"
        wraps = called and any(one.type in FUNCTIONS for one in arguments(node))
        wrapper = term(script, node, "decorator" if wraps else "answer") if called else None
        inside = arguments(node) if called else node.named_children[:1]
        return (*([wrapper] if wrapper else []), *(one for part_ in inside[:5] for one in _wrapped(script, part_)))
    return ()


def _wrapped(script: Script, node: Node) -> Terms:
    return handler(script, node) if node.type in FUNCTIONS or node.type == "call_expression" else ()


def function_of(script: Script, node: Node, name: str) -> Definition:
    """What *node*, a function or what a call makes of one, does for who may pass."""
    found: list[Term] = list(handler(script, node))
    for inner in returned(script, node):
        found += handler(script, inner) if inner.type in FUNCTIONS else ()
    for call in walk(node) if b"UseGuards" in script.syntax.data else ():
        if call.type == "call_expression" and script.name(call) == "UseGuards":
            found += guards(script, arguments(call))
    return Definition(
        name=name,
        line=script.line(node),
        refuses=refuses(script, node) and not (node.type in FUNCTIONS and is_for_errors(script, node)),
        terms=tuple(dict.fromkeys((*found, *_left_to(script, node)))),
        goes_on=goes_on(script, node),
    )


def goes_on(script: Script, node: Node) -> bool:
    """Whether *node*, or what it hands back, hands a request on to who comes next."""
    return script.says(b"next", node) and any(
        call.type == "call_expression" and not arguments(call) and script.name(call) == "next" for call in walk(node)
    )


def returned(script: Script, node: Node, depth: int = 0) -> Iterator[Node]:
    """The functions that *node* hands back, be it in a call around them, and those that these hand back."""
    if node.type == "call_expression":
        for one in arguments(node)[:5]:
            if one.type in FUNCTIONS:
                yield one
                yield from returned(script, one, depth + 1)
        return
    if node.type not in FUNCTIONS or depth > _DEEP:
        return
    for value in _values(node):
        if value.type in FUNCTIONS:
            yield value
        if value.type in FUNCTIONS or value.type == "call_expression":
            yield from returned(script, value, depth + 1)


def _values(function: Node) -> Iterator[Node]:
    """What *function* hands back at its own level."""
    body = part(function, "body")
    if body is None:
        return
    if body.type != "statement_block":
        yield body.named_children[0] if body.type == "parenthesized_expression" and body.named_children else body
        return
    for statement in body.named_children:
        if statement.type == "return_statement" and statement.named_children:
            yield statement.named_children[0]


def _left_to(script: Script, node: Node) -> Terms:
    """What a maker of guards leaves it all to: ``() => jwt({ secret })``; who answers requests makes none."""
    if node.type not in FUNCTIONS or len(script.parameters(node)) > 1:
        return ()
    return guards(script, [value for value in _values(node) if value.type in ("call_expression", "new_expression")])


def class_of(script: Script, node: Node, name: str) -> Definition:
    """What the class *node* does for who may pass."""
    body = part(node, "body")
    members = {member.id: member for member in (body.named_children if body is not None else ())}
    first = [member for member in members.values() if _member(script, member) in _FIRST]
    turns_away = any(
        not is_hollow(script, function) and not _only_for_roles(script, function)
        if _member(script, member) == "canActivate"
        else refuses(script, function)
        for member in first
        if (function := function_in(member)) is not None
    )
    above = [one for child in node.named_children if child.type == "class_heritage" for one in _heritage(child)]
    return Definition(
        name=name,
        line=script.line(node),
        refuses=turns_away,
        terms=guards(script, above, "base") if not first or _asks_above(script, first) else (),
    )


def _asks_above(script: Script, members: list[Node]) -> bool:
    return any("super." in script.syntax.text(member, 5_000) for member in members) or not any(
        _member(script, member) in ("canActivate", "use") for member in members
    )


def _heritage(node: Node) -> Iterator[Node]:
    for child in node.named_children:
        if child.type == "extends_clause":
            yield from child.named_children[:1]
        elif child.type != "implements_clause":
            yield child


def _member(script: Script, node: Node) -> str:
    name = part(node, "name", "property")
    return script.syntax.text(name) if name is not None else ""


def function_in(member: Node) -> Node | None:
    """The function that *member* of a class is, or holds."""
    if member.type == "method_definition":
        return member
    value = part(member, "value")
    return value if value is not None and value.type in FUNCTIONS else None


def _only_for_roles(script: Script, function: Node) -> bool:
    """Whether a guard lets everybody pass where nothing is asked for: what it asks for are roles of a route."""
    said = script.syntax.text(function, 5_000)
    yes = any(
        node.type == "return_statement" and node.named_children and node.named_children[0].type == "true"
        for node in walk(function)
    )
    return yes and _ROLES.search(said) is not None and _OPENS.search(said) is None
