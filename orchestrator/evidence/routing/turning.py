"""Tells from syntax whether code turns somebody away, in languages whose grammars name its parts differently."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ...host.late import late
from ..inforce.code.syntax import part
from .program import Program, walk
from .refusing import FORM, IDENTITY, LOGIN, NAMES
from .units import Function

if TYPE_CHECKING:
    from tree_sitter import Node

_NUMBERS = frozenset({"integer", "integer_literal"})
_NAMES = frozenset(
    {
        *("identifier", "constant", "simple_symbol", "bare_symbol", "name", "atom", "alias", "field_identifier"),
        *("type_identifier", "hash_key_symbol"),
    }
)
_TEXTS = frozenset({"string_content", "quoted_content"})
_CALLED = ("method", "function", "name", "target", "macro")
"""How grammars call the part of a call that is its name."""
_ONLY_ASKS = frozenset({"exceptions", "pattern", "match_pattern", "type_list", "match_condition_list", "let_condition"})
_ONLY_ASKS |= {"parameters", "formal_parameters", "method_parameters", "block_parameters", "superclass", "base_clause"}
_COMPARES = late(r"^(?:[=!]==?|<=?|>=?|=~|!~|<=>|in|===)$")
_CODES = frozenset({"401", "403", "401u16", "403u16"})
_AWAY = late(r"redirect|^to_?route$|^guest$|^push_navigate$", re.IGNORECASE)
_TO_LOGIN = late(LOGIN.pattern + r"|log-in|sign-in|new_\w{0,20}_?session|session_(?:path|url)", re.IGNORECASE)
_ENDS = late(r"^(?:raise|abort\w{0,10}|halt|head|throw|not_?found|render_?(?:404|not_?found)|redirect\w{0,12})$")
_MAY = late(
    rb"\b4\d\d|"
    + NAMES.pattern.encode()
    + rb"|redirect|to_?route|guest|push_navigate|raise|abort|halt|\bhead\b|throw|not_?found",
    re.IGNORECASE,
)
"""What code says that may turn somebody away."""
_FAULT = late(r"^4\d\d(?:u16)?$")
_REQUESTER = re.compile(
    r"current_?(?:user|account|admin|member|scope)|session|signed_?in|logged_?in|admin|moderator|staff|authenticated|"
    r"authori[sz]ed|permi(?:t|ssion)|can\?|token|api_?key|credential|is_?granted|has_?(?:role|access)",
    re.IGNORECASE,
)
"""What is asked of who makes a request, and not of what is looked for."""
_DEMANDS = late(r"^_?(?:require|ensure|check|verify|authenticate|authori[sz]e|only|must|restrict)", re.IGNORECASE)
_ASKS = late(rb"\b(?:if|unless|when)\b")
_BY_OPTION = re.compile(r"^(?:opts|options?)$|optional", re.IGNORECASE)
"""What is asked of how a guard is told to be, which lets some pass who show nothing."""
_IF = late(r"^(?:abort|throw)_(?:if|unless)$")
"""Calls that turn away by a condition of theirs."""
_NOT = late(r"^[\s(]{0,9}(?:!|not\b)")
_NOBODY = late(
    r"\.(?:nil\?|blank\?|none\?|is_none\b|isNull\b)|\bis_nil\b|\b(?:guest|isGuest)\(\)|"
    r"[=!]==? {0,3}(?:nil|null|None)\b|\b(?:is_null|empty)\(",
    re.IGNORECASE,
)
_TOP = 50
_MOST = 5_000


def function(program: Program, node: Node, body: Node | None = None) -> Function:
    """What the function *node* does for who may pass."""
    body = body or part(node, "body") or node
    itself, called = own_checks(program, body)
    name = part(node, "name")
    demands = name is not None and _DEMANDS.search(program.syntax.text(name)) is not None
    return Function(program.line(node), refuses(program, body, demands), itself, tuple(called), _left_to(program, body))


def _left_to(program: Program, body: Node) -> tuple[str, ...]:
    """What *body* calls for those who have shown nothing, wherever it asks that of all requests."""
    names: list[str] = []
    for node in walk(body, _MOST) if _ASKS.search(program.syntax.data, body.start_byte, body.end_byte) else ():
        if not is_branch(program, node):
            continue
        branch = Branch(program, node)
        if branch.asks(program, IDENTITY) and not branch.asks(program, _BY_OPTION) and program.counts(node):
            for lead in branch.then if branch.asks_for_strangers else branch.other:
                held = lead.named_children if lead.type in program.syntax.grammar.blocks else [lead]
                names += [call_in(program, _inner(one)) for one in held[:_TOP]]
    return tuple(dict.fromkeys(filter(None, names)))


def refuses(program: Program, node: Node | None, demands: bool = False) -> bool:
    """
    Whether *node*, or something in it that is in force, turns somebody away.

    Args:
        program: What it stands in.
        node: A function's body, or a part of one.
        demands: It is called as what demands something, so that any user whom it asks for is who makes the request.
    """
    may = node is not None and _MAY.search(program.syntax.data, node.start_byte, node.end_byte)
    stack, left = ([node] if node is not None and may else []), _MOST
    while stack and left:
        left -= 1
        here = stack.pop()
        if _says_so(program, here, demands) and program.counts(here):
            return True
        stack += reversed([child for child in here.named_children if not _is_asked(program, here, child)])
    return False


def _is_asked(program: Program, above: Node, child: Node) -> bool:
    """Whether *child* is what *above* only asks for, or compares with."""
    if child.type in _ONLY_ASKS or (
        child in (part(above, "condition"), part(above, "left")) and _operator(program, above) == ""
    ):
        return True
    if above.type == "arguments" and above.parent is not None and is_branch(program, above.parent):
        return child == above.named_children[0]
    return _COMPARES.search(_operator(program, above)) is not None


def _operator(program: Program, node: Node) -> str:
    sign = part(node, "operator")
    return program.syntax.text(sign) if sign is not None else ""


def _says_so(program: Program, node: Node, demands: bool) -> bool:
    if node.type in _NUMBERS:
        return program.syntax.text(node) in _CODES
    if node.type in _NAMES:
        return NAMES.search(program.syntax.text(node)) is not None
    if is_branch(program, node):
        return _ends_for_strangers(program, node, IDENTITY if demands else _REQUESTER)
    if node.type in program.syntax.grammar.calls and _AWAY.search(called(program, node)):
        return any(_leads_to_login(program, one) for one in walk(node, 100))
    return False


def _leads_to_login(program: Program, node: Node) -> bool:
    return node.type in (*_TEXTS, *_NAMES) and _TO_LOGIN.search(program.syntax.text(node)) is not None


def called(program: Program, node: Node) -> str:
    """The last name of what *node* calls, or is."""
    for _ in range(20):
        if node.type in _NAMES:
            return program.syntax.text(node)
        inner = part(node, *_CALLED, "field", "right")
        if inner is None:
            return ""
        node = inner
    return ""


def is_branch(program: Program, node: Node) -> bool:
    """Whether *node* asks for something before it goes on; of Elixir that is a call."""
    if node.type in program.syntax.grammar.ifs:
        return True
    return node.type == "call" and part(node, "target") is not None and called(program, node) in ("if", "unless")


def _short(program: Program, asked: Node) -> dict[str, list[Node]]:
    """Where a branch of one line leads to: ``if it, do: this, else: that``."""
    pairs = [pair for one in asked.named_children if one.type == "keywords" for pair in one.named_children]
    return {
        program.syntax.text(key).strip(": "): [value]
        for pair in pairs
        if (key := part(pair, "key")) is not None and (value := part(pair, "value")) is not None
    }


class Branch:
    """One branch: what it asks for, and where it leads to."""

    def __init__(self, program: Program, node: Node) -> None:
        if node.type == "call":
            asked = next((one for one in node.named_children if one.type == "arguments"), None)
            self.asked = asked.named_children[0] if asked is not None and asked.named_children else None
            block = next((one for one in node.named_children if one.type == "do_block"), None)
            held = block.named_children if block is not None else []
            short = {} if asked is None else _short(program, asked)
            self.then = [one for one in held if one.type != "else_block"] + short.get("do", [])
            self.other = [one for one in held if one.type == "else_block"] + short.get("else", [])
        else:
            self.asked = part(node, "condition")
            then, other = part(node, "consequence", "body"), part(node, "alternative")
            self.then = [then] if then is not None else []
            self.other = [other] if other is not None else []
        said = "" if self.asked is None else program.syntax.text(self.asked, 400)
        unless = node.type in program.syntax.grammar.unless or (
            node.type == "call" and called(program, node) == "unless"
        )
        self.asks_for_strangers = unless ^ bool(_NOT.search(said)) ^ bool(_NOBODY.search(said))
        """It holds for those who have shown nothing."""

    def asks(self, program: Program, who: re.Pattern[str]) -> bool:
        """Whether it asks who somebody is, and not what they have filled in."""
        words = (
            []
            if self.asked is None
            else [program.syntax.text(one) for one in walk(self.asked, 200) if not one.child_count]
        )
        return any(who.search(word) for word in words) and not any(FORM.search(word) for word in words)


def _ends_for_strangers(program: Program, node: Node, who: re.Pattern[str]) -> bool:
    """Whether *node* lets those go no further who are nobody that it asks for, wherever it sends them."""
    branch = Branch(program, node)
    leads = branch.then if branch.asks_for_strangers else branch.other
    return bool(leads) and branch.asks(program, who) and any(_ends(program, one) for one in leads)


def _ends(program: Program, node: Node) -> bool:
    return any(
        _ENDS.search(called(program, one) or "throw")
        if one.type in (*program.syntax.grammar.calls, "throw_expression")
        else one.type in _NUMBERS and _FAULT.search(program.syntax.text(one))
        for one in walk(node, 100)
    )


def own_checks(program: Program, body: Node) -> tuple[bool, list[str]]:
    """Whether *body* turns somebody away before it does its work, and the names of what it calls at its top."""
    names: list[str] = []
    for statement in _statements(program, body):
        if is_branch(program, statement):
            if _turns_away(program, statement):
                return program.counts(statement), names
            continue
        name = call_in(program, statement)
        if name and not program.counts(statement):
            break
        if _IF.search(name) and refuses(program, statement):
            return True, names
        if name:
            names.append(name)
    return False, names


def _turns_away(program: Program, statement: Node) -> bool:
    """Whether the branch *statement* turns somebody away, for what they are or have shown."""
    if _ends_for_strangers(program, statement, _REQUESTER):
        return True
    branch = Branch(program, statement)
    leads = branch.then or branch.other
    return branch.asks(program, IDENTITY) and any(refuses(program, one) for one in leads[:1])


def _statements(program: Program, body: Node) -> Iterator[Node]:
    held = body.named_children if body.type in program.syntax.grammar.blocks else [body]
    for one in held[:_TOP]:
        if one.type in program.syntax.grammar.comments:
            continue
        yield _inner(one)


def _inner(node: Node) -> Node:
    """*node* without what only hands on what it gives."""
    while node.type in _AROUND and node.named_children:
        node = part(node, "value") or node.named_children[0]
    return node


_AROUND = frozenset(
    {
        *("expression_statement", "await_expression", "try_expression", "return_statement", "parenthesized_expression"),
        *("return", "argument_list", "return_expression", "let_declaration", "begin", "body_statement"),
    }
)


_PLAIN = late(r"[$@]{0,2}\w[\w:\\]{0,60}(?:(?:\.|->)\w{1,60}){0,3}")


def call_in(program: Program, statement: Node) -> str:
    """The name of what *statement* calls, if it is a call, with what it is called on before a dot."""
    if statement.type == "identifier":
        return program.syntax.text(statement)
    if statement.type not in program.syntax.grammar.calls:
        return ""
    on = part(statement, "receiver", "object", "scope")
    name = called(program, statement)
    said = "" if on is None else program.syntax.text(on, 60)
    if said in ("", "self", "$this", "parent", "super"):
        return name
    return f"{said}.{name}" if _PLAIN.fullmatch(said) else ""
