"""Tells whether JavaScript turns somebody away who may not pass."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ...inforce.code.syntax import part
from ..refusing import AWAY, FORM, IDENTITY, LOGIN, NAMES
from ..summary import Way
from .module import Script, arguments, walk

if TYPE_CHECKING:
    from tree_sitter import Node

_CODES = frozenset({"401", "403"})
_SAID = frozenset({"status", "statusCode", "code"})
_ENTERS = re.compile(r"log_?(?:in|out)|sign_?(?:in|up|out)|register|callback", re.IGNORECASE)
"""Calls of who is only about to log in, whose refusal keeps nobody out of what they answer."""
_ACTS = frozenset({"call_expression", "new_expression", "assignment_expression"})
"""What can be a refusal."""
_MOST = 5_000
_TOP = 50


class Checks(NamedTuple):
    """What a function does before its work."""

    itself: bool
    """It turns somebody away by its own."""
    called: dict[str, Way]


def refuses(script: Script, node: Node | None) -> bool:
    """Whether *node*, or something in it, turns somebody away: it is in force, and nothing swallows it."""
    stack, left = ([(node, False)] if node is not None and script.may_refuse else []), _MOST
    while stack and left:
        left -= 1
        here, caught = stack.pop()
        kind = here.type
        if kind == "throw_statement" and caught:
            continue
        if kind in _ACTS and _is_refusal(script, here) and script.counts(here):
            return True
        handler = part(here, "handler") if kind == "try_statement" else None
        forgotten = handler is not None and _forgets(script, handler)
        body = part(here, "body") if handler is not None else None
        if handler is not None and body is not None and _hands_on(script, body):
            stack.append((body, caught or forgotten))
            continue  # what is answered there is what went wrong further on
        stack += [(child, caught or (forgotten and child == body)) for child in reversed(here.named_children)]
    return False


def _hands_on(script: Script, body: Node) -> bool:
    """Whether *body* waits for what comes next."""
    return any(
        node.type == "await_expression" and script.name(node).rpartition(".")[2] == "next"
        for node in walk(body, _MOST)
        if node.named_children and node.named_children[0].type == "call_expression"
    )


def is_for_errors(script: Script, function: Node) -> bool:
    """Whether *function* is asked only when something went wrong: it takes the error first, and three more."""
    given = script.parameters(function)
    return len(given) == 4 and given[0].partition("@")[0] in ("err", "error", "e", "_err", "_error")


def _forgets(script: Script, handler: Node) -> bool:
    """Whether *handler* catches what is thrown, and goes on as if nothing had been."""
    nodes = list(walk(handler, _MOST))
    if any(node.type == "throw_statement" for node in nodes):
        return False
    calls = [node for node in nodes if node.type == "call_expression"]
    goes_on = any(script.name(call).rpartition(".")[2] in ("next", "done") and not arguments(call) for call in calls)
    return goes_on or not any(arguments(call) for call in calls)


def _is_refusal(script: Script, node: Node) -> bool:
    """Whether *node* itself says that somebody may not pass; found out once."""
    if node.id not in script.refusing:
        script.refusing[node.id] = _refuses(script, node)
    return script.refusing[node.id]


def _refuses(script: Script, node: Node) -> bool:
    if node.type == "call_expression":
        name = script.name(node)
        if NAMES.search(name):
            return True
        given = arguments(node)[:3]
        if AWAY.search(name):
            return any(_leads_to_login(script, one) for one in given)
        return any(_says_so(script, one) for one in given)
    if node.type == "new_expression":
        return NAMES.search(script.name(node)) is not None or any(_says_so(script, one) for one in arguments(node)[:3])
    if node.type == "assignment_expression":
        right = part(node, "right")
        said = script.name(part(node, "left")).rpartition(".")[2]
        return said in _SAID and right is not None and _says_so(script, right)
    return False


def _says_so(script: Script, node: Node) -> bool:
    if node.type == "number":
        return script.syntax.text(node) in _CODES
    if node.type in ("member_expression", "identifier"):
        return NAMES.search(script.name(node)) is not None
    if node.type == "object":
        return any(key in _SAID and _says_so(script, value) for key, value in script.entries(node).items())
    return False


def _leads_to_login(script: Script, node: Node) -> bool:
    said = [script.text(one) for one in walk(node, 100)] + [
        script.name(one) for one in walk(node, 100) if one.type in ("identifier", "member_expression")
    ]
    return any(word and LOGIN.search(word) for word in said)


def own_checks(script: Script, body: Node | None) -> Checks:
    """What a function does at its top to turn somebody away: by itself, and by what it calls."""
    called: dict[str, Way] = {}
    if body is None:
        return Checks(False, called)
    if body.type != "statement_block":
        _call(script, body, "call", called)
        return Checks(False, called)
    waiting = list(reversed(body.named_children))
    for _ in range(_TOP):
        if not waiting:
            break
        statement = waiting.pop()
        if statement.type == "try_statement" and (inner := part(statement, "body")) is not None:
            handler = part(statement, "handler")
            if handler is None or not _forgets(script, handler):
                waiting += reversed(inner.named_children)
        elif statement.type == "if_statement" and _turns_away(script, statement):
            return Checks(True, called)
        elif statement.type in ("expression_statement", "return_statement") and statement.named_children:
            value = statement.named_children[0]
            way: Way = "value" if value.type == "assignment_expression" else "call"
            _call(script, part(value, "right") or value, way, called)
        elif statement.type in ("lexical_declaration", "variable_declaration"):
            for one in statement.named_children:
                _call(script, part(one, "value"), "value", called)
        if statement.type in ("return_statement", "throw_statement"):
            break
    return Checks(False, called)


def _call(script: Script, node: Node | None, way: Way, called: dict[str, Way]) -> None:
    """Take in what *node* calls, if it is a call."""
    while node is not None and node.type in ("await_expression", "parenthesized_expression"):
        node = node.named_children[0] if node.named_children else None
    if node is None or node.type != "call_expression":
        return
    name = script.name(node)
    if name and not _ENTERS.search(name.rpartition(".")[2]) and not opens(script, node):
        called.setdefault(name, way)


OPENS = re.compile(
    r"skip_?auth\w{0,20}\s{0,3}[:=]\s{0,3}true|\b(?:optional|allow_?anonymous|is_?public|public)\s{0,3}:\s{0,3}true|"
    r"credentials_?required\s{0,3}:\s{0,3}false|required\s{0,3}:\s{0,3}false|[\"'](?:anonymous|session|optional|try)[\"']",
    re.IGNORECASE,
)
"""Arguments with which a guard lets those pass who show nothing."""


def opens(script: Script, call: Node) -> bool:
    """Whether *call* tells a guard to let everybody pass."""
    given = part(call, "arguments")
    return given is not None and OPENS.search(script.syntax.text(given, 600)) is not None


def _turns_away(script: Script, branch: Node) -> bool:
    """Whether *branch* turns somebody away, for what they are or have shown."""
    condition, body, other = part(branch, "condition"), part(branch, "consequence"), part(branch, "alternative")
    if condition is None:
        return False
    if not any(one is not None and _ends_away(script, one) for one in (body, other)):
        return False
    asked = [
        script.syntax.text(node)
        for node in walk(condition, 200)
        if node.type in ("identifier", "property_identifier", "string_fragment")
    ]
    return any(IDENTITY.search(word) for word in asked) and not any(FORM.search(word) for word in asked)


def _ends_away(script: Script, body: Node) -> bool:
    if body.type == "else_clause" and body.named_children:
        body = body.named_children[0]
    statements = (
        [one for one in body.named_children if one.type != "comment"] if body.type.endswith("block") else [body]
    )
    return any(
        one.type in ("return_statement", "throw_statement", "expression_statement") and refuses(script, one)
        for one in statements[-2:]
    )


def is_hollow(script: Script, function: Node) -> bool:
    """Whether *function* answers yes to everybody, or leaves it to the class above."""
    body = part(function, "body")
    if body is None:
        return True
    if body.type != "statement_block":
        return _is_yes(script, body)
    returned = [node for node in walk(body, _MOST) if node.type == "return_statement" and script.counts(node)]
    throws = [node for node in walk(body, _MOST) if node.type == "throw_statement" and script.counts(node)]
    return not throws and all(not node.named_children or _is_yes(script, node.named_children[0]) for node in returned)


def _is_yes(script: Script, value: Node) -> bool:
    return (
        value.type == "true"
        or script.name(value).startswith("super")
        or (value.type == "call_expression" and script.name(value) == "next")
    )
