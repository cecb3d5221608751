"""Reads from the syntax of Go what may be a guard: middleware, what is put around a handler, what a handler asks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ...inforce.code.syntax import part
from ..summary import Definition, Term, Terms, Way
from ..terms import ITSELF
from .module import File, arguments, calls, walk, within
from .refusing import goes_on, own_checks, refuses

if TYPE_CHECKING:
    from tree_sitter import Node

_CONVERTERS = re.compile(
    r"^(?:http\.HandlerFunc|http\.StripPrefix|http\.TimeoutHandler|gin\.Wrap[FH]|echo\.Wrap\w+|adaptor\.\w+)$"
)
_NAMED = frozenset({"identifier", "selector_expression"})
_CHAINED = frozenset({"Then", "ThenFunc", "Handler", "HandlerFunc", "Append", "Extend"})
_OPTIONAL = re.compile(r"optional|anonymous|try_?auth|maybe", re.IGNORECASE)
_TOUCHES = re.compile(
    rb"\b(?:http|gin|echo|fiber)\.|[nN]ext\b|Handler|Router|Mux|nauthor|orbidden|nauthent|40[13]|redirect",
    re.IGNORECASE,
)
"""What a function says that has anything to do with requests."""
_MADE = re.compile(r"Handler|Middleware|\bfunc\(|endpoint\.", re.IGNORECASE)
_DEEP = 6
_PARTS = 20_000
_MOST = 50


def guards(file: File, nodes: Iterable[Node], way: Way = "decorator", depth: int = 0) -> Terms:
    """What may be a guard among *nodes*: names, calls, functions that are written there, and lists of them."""
    found: list[Term] = []
    for node in list(nodes)[:_MOST] if depth < _DEEP else ():
        if node.type == "func_literal":
            if refuses(file, node):
                found.append(ITSELF)
            found += [Term(called, "value") for called in own_checks(file, node).called]
            found += _handed_on(file, node)
        elif node.type in ("composite_literal", "literal_value", "literal_element", "variadic_argument"):
            inside = part(node, "body") if node.type == "composite_literal" else node
            found += guards(file, inside.named_children if inside is not None else (), way, depth + 1)
        elif node.type in ("parenthesized_expression", "unary_expression", "type_conversion_expression"):
            found += guards(file, node.named_children[-1:], way, depth + 1)
        elif node.type == "call_expression":
            found += _call(file, node, way, depth)
        elif node.type in _NAMED and (name := file.name(node)):
            found.append(_term(file, node, name, way))
    return tuple(found)


def _term(file: File, node: Node, name: str, way: Way) -> Term:
    scoped = file.scoped(name, node) if node.type == "identifier" else name
    return Term(scoped, way, _OPTIONAL.search(name) is not None)


def _call(file: File, call: Node, way: Way, depth: int) -> Terms:
    """What may be a guard of a call that makes or wraps something."""
    name = file.name(call)
    inside = chained(file, call)
    if inside is not None:
        return guards(file, inside, way, depth + 1)
    found: list[Term] = []
    if name and not _CONVERTERS.search(name):
        function = part(call, "function")
        named = function if function is not None and function.type == "identifier" else call
        found.append(_term(file, named, name, way))
    return tuple(found)


def chained(file: File, call: Node) -> list[Node] | None:
    """What a chain of middleware holds, such as ``alice.New(a, b).Append(c)``; None where *call* is none."""
    found: list[Node] = []
    for _ in range(_DEEP):
        if file.name(call) in ("alice.New", "chi.Chain", "negroni.New"):
            return found + arguments(call)
        function = part(call, "function")
        operand = part(function, "operand") if function is not None and function.type == "selector_expression" else None
        field = part(function, "field") if operand is not None and function is not None else None
        if operand is None or field is None or file.syntax.text(field) not in _CHAINED:
            return None
        found += arguments(call) if file.syntax.text(field) in ("Append", "Extend") else []
        if operand.type != "call_expression":
            return None
        call = operand
    return None


class Answer:
    """
    Who answers a request.

    Args:
        name: Its name, where it has one.
        guards: What is put around it, and what it asks before its work.
        node: Itself.
    """

    def __init__(self, name: str, guards: Terms, node: Node) -> None:
        self.name = name
        self.guards = guards
        self.node = node


def answer(file: File, node: Node) -> Answer:
    """Who answers, of what stands in the place of a handler: all calls around it are taken off."""
    around: list[Term] = []
    for _ in range(_DEEP):
        if node.type == "func_literal":
            return Answer("", (*around, *handler(file, node)), node)
        if node.type in _NAMED:
            return Answer(file.name(node), tuple(around), node)
        if node.type != "call_expression":
            break
        inner = [one for one in arguments(node) if one.type in (*_NAMED, "call_expression", "func_literal")]
        function = part(node, "function")
        if function is not None and function.type == "selector_expression":
            around += _chain_before(file, function)
        name = file.name(node)
        if not inner:
            return Answer(name, tuple(around), node)
        if name and not _CONVERTERS.search(name):
            around.append(_term(file, function or node, name, "decorator" if _wraps(file, inner) else "answer"))
        node = inner[-1]
    return Answer("", tuple(around), node)


def _chain_before(file: File, function: Node) -> Terms:
    """What stands before what a chain of middleware is put in front of: ``chain.Then(handler)``."""
    operand, field = part(function, "operand"), part(function, "field")
    if operand is None or field is None or file.syntax.text(field) not in _CHAINED:
        return ()
    if operand.type == "call_expression":
        return guards(file, chained(file, operand) or ())
    return guards(file, [operand], "type")


def _wraps(file: File, inner: list[Node]) -> bool:
    """Whether a call is handed what could answer: a function, or a name that is no plain value."""
    return any(
        one.type in ("func_literal", "call_expression")
        or not re.fullmatch(r"(?:ctx|cfg|conf|config|db|log|logger|opts|options)", file.syntax.text(one))
        for one in inner
    )


def handler(file: File, function: Node) -> Terms:
    """What *function*, which answers, asks for before it does its work."""
    checks = own_checks(file, function)
    return ((ITSELF,) if checks.itself else ()) + tuple(Term(name, "value") for name in checks.called)


def function_of(file: File, node: Node, name: str) -> Definition:
    """What the function *node* does for who may pass."""
    if not _TOUCHES.search(file.syntax.data, node.start_byte, node.end_byte):
        return Definition(name, file.line(node))
    checks = [own_checks(file, one) for one in (node, *_made(file, node))]
    found = [Term(called, "value") for check in checks for called in check.called]
    found += _handed_on(file, node)
    for value in returned(file, node) if _makes(file, node) else ():
        found += _left_to(file, value) if value.type == "call_expression" else ()
    return Definition(
        name=name,
        line=file.line(node),
        refuses=refuses(file, node),
        terms=tuple(dict.fromkeys(found)),
        methods=(("answer", (ITSELF,)),) if any(check.itself for check in checks) else (),
        goes_on=goes_on(file, node),
    )


def _made(file: File, function: Node) -> Iterator[Node]:
    """The functions that *function* hands back."""
    return (value for value in returned(file, function) if value.type == "func_literal")


def _handed_on(file: File, function: Node) -> Terms:
    """What a function hands on to others that it was handed itself to come next: ``m.serve(w, r, next)``."""
    given = {name for name, kind in file.parameters(function) if _MADE.search(kind)}
    found: list[Term] = []
    for call in calls(function) if given else ():
        for one in arguments(call):
            if one.type == "identifier" and file.scoped(file.syntax.text(one), one) in given and file.counts(call):
                found.append(Term(file.name(call), "answer"))
    return tuple(one for one in found if one.name)


def _makes(file: File, function: Node) -> bool:
    """Whether *function* hands back what answers requests or stands before what does."""
    result = part(function, "result")
    return result is not None and _MADE.search(file.syntax.text(result)) is not None


def returned(file: File, function: Node) -> Iterator[Node]:
    """What *function* hands back at its own level, what is put around it taken off."""
    for node in walk(function, _PARTS):
        if node.type != "return_statement" or within(node) != function or not node.named_children:
            continue
        for value in node.named_children[0].named_children[:1]:
            while value.type == "call_expression" and _CONVERTERS.search(file.name(value)) and arguments(value):
                value = arguments(value)[-1]
            yield value


def _left_to(file: File, call: Node) -> Terms:
    """What a maker of middleware leaves it all to: ``return jwt.New(config)``, ``return s.needs(next)``."""
    found = [*guards(file, [call])]
    for one in arguments(call):
        if one.type == "call_expression":
            found += _left_to(file, one)
    return tuple(found)
