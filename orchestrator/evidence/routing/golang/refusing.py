"""Tells whether Go turns somebody away who may not pass, and answers no more after that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from ...inforce.code.syntax import part
from ..refusing import AWAY, FORM, IDENTITY, LOGIN, NAMES
from .module import FUNCTIONS, File, arguments, calls, walk, within

if TYPE_CHECKING:
    from tree_sitter import Node

_CODES = frozenset({"401", "403"})
_LEAVES = frozenset({"return_statement", "goto_statement", "break_statement", "continue_statement"})
_BRANCHES = frozenset({"if_statement", "expression_switch_statement", "type_switch_statement", "select_statement"})
_ASKS = re.compile(
    r"^errors\.|(?:^|[.#])(?:is|has)[A-Z_]|(?:^|[.#])(?:Is|Has|As)(?:[A-Z]|$)|^s?log\.|^fmt\.|[.#](?:Debug|Info|Warn|Print|Log|With)\w{0,10}$"
)
"""Calls that ask of what kind an error is, or only tell of one."""
_BY_PATH = re.compile(r"URL\.Path|RequestURI|\.FullPath\(|\.Path\(\)|[pP]ublic|EscapedPath|RoutePath")
_ASKS_WHO = re.compile(IDENTITY.pattern + r"|require|ensure|check|verify|guard|protect|enforce", re.IGNORECASE)
"""Calls whose refusal is one of who may not pass, and not of what is wrong with a request."""
_NAMED = re.compile(r"40[13]$")
_MOST = 5_000
_DEEP = 3
_TOP = 50


class Checks(NamedTuple):
    """What a function does before its work."""

    itself: bool
    """It turns somebody away by its own."""
    called: tuple[str, ...]
    """What it calls, and leaves on its answer."""


def refuses(file: File, function: Node) -> bool:
    """Whether *function*, or one that is written in it, turns somebody away instead of what comes next."""
    if not file.may_refuse:
        return False
    found = [one for one in _refusals(file, function) if file.counts(one)]
    if found and _lets_by_path(file, function):
        return False  # which paths it lets pass, nobody can tell from here
    return any(_stops(file, one) for one in found[:_TOP])


def _lets_by_path(file: File, function: Node) -> bool:
    """Whether *function* asks for the path before it decides."""
    return any(
        _BY_PATH.search(file.syntax.text(asked, 500)) is not None
        for node in walk(function, _MOST)
        if node.type in _BRANCHES
        for asked in (part(node, "condition", "value"), part(node, "initializer"))
        if asked is not None
    )


def _refusals(file: File, node: Node) -> Iterator[Node]:
    for one in walk(node, _MOST):
        if _is_refusal(file, one):
            yield one


def _does(file: File, name: str, depth: int) -> bool:
    """Whether the function *name* does what it is called for, where the file says what it does."""
    function = file.functions.get(name.rpartition(".")[2].lstrip("#"))
    if function is None or depth > _DEEP:
        return True
    return any(_is_refusal(file, one, depth + 1) for one in walk(function, _MOST))


def _is_refusal(file: File, node: Node, depth: int = 0) -> bool:
    if node.type == "call_expression":
        name = file.name(node)
        if _ASKS.search(name):
            return False
        given = arguments(node)[:4]
        if AWAY.search(name.lstrip("#")) or name.endswith(".Redirect") or name == "#Redirect":
            return any(_leads_to_login(file, one) for one in given)
        if any(_says_so(file, one) for one in given):
            return True
        return (_NAMED.search(name) or NAMES.search(name)) is not None and _does(file, name, depth)
    if node.type == "return_statement":
        given = node.named_children[0].named_children if node.named_children else []
        inside = [
            one for part_ in given if "composite" in part_.type or "unary" in part_.type for one in walk(part_, 60)
        ]
        return any(
            _says_so(file, one) for one in (*given, *inside) if one.type in ("identifier", "selector_expression")
        )
    return False


def _says_so(file: File, node: Node) -> bool:
    if node.type == "int_literal":
        return file.syntax.text(node) in _CODES
    return node.type in ("identifier", "selector_expression") and NAMES.search(file.name(node)) is not None


def _leads_to_login(file: File, node: Node) -> bool:
    return any(
        LOGIN.search(file.syntax.text(one)) is not None
        for one in walk(node, 100)
        if one.type in ("identifier", "field_identifier", "interpreted_string_literal", "raw_string_literal")
    )


def _stops(file: File, refusal: Node) -> bool:
    """Whether what comes next is not asked before or after *refusal* as well."""
    function = within(refusal)
    if function is None:
        return True
    if _is_gin(file, function):
        name = file.name(refusal)
        return "abort" in name.lower() or _NAMED.search(name) is not None or _aborts(file, refusal)
    for call in islice(file.handing_on(function), _TOP):
        if call == refusal:
            continue
        first, second = sorted((call, refusal), key=lambda node: node.start_byte)
        if within(call) == function and _flows(first, second):
            return False
    return True


def _is_gin(file: File, function: Node) -> bool:
    return any(kind == "gin.Context" for _, kind in file.parameters(function))


def _aborts(file: File, refusal: Node) -> bool:
    block = refusal.parent
    while block is not None and block.type != "statement_list":
        block = block.parent
    return block is not None and any(file.name(call) in ("#Abort", "Context.Abort") for call in calls(block))


def goes_on(file: File, function: Node) -> bool:
    """Whether *function*, or what it hands back, hands a request on to who comes next."""
    return next(file.handing_on(function), None) is not None


def _flows(first: Node, second: Node) -> bool:
    """Whether control can come from *first* to *second* within one call."""
    above = {node.id for node in _above(second)}
    below = first
    for node in _above(first):
        if node.id in above:
            return node.type not in _BRANCHES
        if node.type == "statement_list" and _leaves(node, below):
            return False
        if node.type == "return_statement":
            return False
        below = node
    return True


def _leaves(block: Node, statement: Node) -> bool:
    """Whether *block* is left at its own level, at *statement* or after it."""
    return any(
        one.type in _LEAVES
        or (one.type == "expression_statement" and one.text is not None and one.text[:6] == b"panic(")
        for one in block.named_children
        if one.start_byte >= statement.start_byte
    )


def _above(node: Node) -> Iterator[Node]:
    above = node.parent
    while above is not None and above.type not in FUNCTIONS:
        yield above
        above = above.parent


def own_checks(file: File, function: Node) -> Checks:
    """What *function* does at its top to turn somebody away: by itself, and by what it leaves the answer to."""
    called: list[str] = []
    before: list[Node] = []
    for statement in _statements(function)[:_TOP]:
        if statement.type == "if_statement" and (body := part(statement, "consequence")) is not None:
            asked = [one for one in (part(statement, "initializer"), part(statement, "condition"), *before) if one]
            if _ends(body) and file.counts(statement):
                if _words_of_identity(file, asked) and any(map(file.counts, _refusals(file, body))):
                    return Checks(True, tuple(called))
                called += [name for one in asked for call in calls(one) if _ASKS_WHO.search(name := file.name(call))]
        elif statement.type in _LEAVES:
            break
        before = [statement] if statement.type in ("short_var_declaration", "assignment_statement") else []
    return Checks(False, tuple(dict.fromkeys(called)))


def _statements(function: Node) -> list[Node]:
    body = part(function, "body")
    inside = [one for one in body.named_children if one.type == "statement_list"] if body is not None else []
    return [one for part_ in inside for one in part_.named_children if one.type != "comment"]


def _ends(body: Node) -> bool:
    """Whether *body* is left at its end."""
    inside = [one for part_ in body.named_children for one in (part_.named_children or [part_])]
    return any(one.type in _LEAVES for one in inside)


def _words_of_identity(file: File, asked: list[Node]) -> bool:
    words = [
        file.syntax.text(one)
        for node in asked
        for one in walk(node, 200)
        if one.type in ("identifier", "field_identifier", "interpreted_string_literal")
    ]
    return any(IDENTITY.search(word) for word in words) and not any(FORM.search(word) for word in words)
