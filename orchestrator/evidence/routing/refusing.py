"""Tells whether Python turns somebody away who may not pass."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from ...formats.python import children
from ..inforce.code.python.syntax import named
from .summary import Counts, Way

_CODES = frozenset({401, 403})
NAMES = re.compile(
    r"(?:^|_|\.)(?:HTTP_)?40[13]_|(?:^|\.)(?:UNAUTHORIZED|FORBIDDEN)$|"
    r"unauthori[sz]ed|unauthenticated|not_?authenticated|not_?authori[sz]ed|forbidden|permission_?denied|access_?denied|"
    r"authentication_?(?:failed|error|required)|authorization_?(?:failed|error|required)|credentials_?exception|"
    r"handle_no_permission|redirect_to_login|login_?required_?(?:error|exception)|invalid_?(?:token|credentials)|"
    r"insufficient_?(?:scope|permission|privilege)s?|not_?logged_?in|incorrect_?login",
    re.IGNORECASE,
)
AWAY = re.compile(r"(?:^|\.)(?:redirect\w{0,20}|HttpResponseRedirect|RedirectResponse|HTTPFound|HTTPSeeOther)$")
LOGIN = re.compile(r"log_?in|sign_?in|\bauth\b|sso", re.IGNORECASE)
IDENTITY = re.compile(
    r"user|session|token|auth|perm|role|admin|login|logged|owner|scope|identity|principal|api_?key|credential|member|"
    r"allowed|can_|is_staff|secret|signature",
    re.IGNORECASE,
)
FORM = re.compile(r"form|valid|submit|password", re.IGNORECASE)
"""What is asked of who is just logging in, or has filled in something."""
OTHER = re.compile(
    r"csrf|xsrf|captcha|rate_?limit|throttl|slow_?down|(?:^|\.)cors$|signature|health|"
    r"is_?not_?(?:auth|logged)|redirect_?(?:if|on|when)_?(?:auth|logged)|guests?_?only|anonymous_?only",
    re.IGNORECASE,
)
"""What turns requests away for something else than who makes them, or those who are known."""
_MOST = 5_000


def refuses(parts: Iterable[ast.AST], counts: Counts) -> bool:
    """Whether one of *parts*, or something in it, turns somebody away: it is in force, and nothing swallows it."""
    return any(_node_refuses(node) and counts(node, route=False) for node in islice(_heeded(parts), _MOST))


def _heeded(parts: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Every node of *parts* but those in what is tried where any refusal is caught and forgotten."""
    waiting = list(parts)[::-1]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.Try) and any(map(_forgets, node.handlers)):
            waiting += [*node.handlers, *node.orelse, *node.finalbody][::-1]
        else:
            waiting += children(node)[::-1]


def _forgets(handler: ast.ExceptHandler) -> bool:
    """Whether *handler* catches a refusal, and goes on as if there had been none."""
    caught = named(handler.type).rpartition(".")[2] if handler.type is not None else "BaseException"
    leaves = any(isinstance(node, (ast.Raise, ast.Return)) for part in handler.body for node in ast.walk(part))
    return caught in ("BaseException", "Exception", "HTTPException") and not leaves


def _node_refuses(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        return _call_refuses(node)
    if isinstance(node, ast.Raise):
        return node.exc is not None and NAMES.search(named(node.exc)) is not None
    return isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and _says_so(node.value.elts[1:])


def _call_refuses(call: ast.Call) -> bool:
    name = named(call.func)
    if NAMES.search(name):
        return True
    if AWAY.search(name):
        return any(_leads_to_login(part) for part in call.args[:2])
    given = [*call.args[:3], *(k.value for k in call.keywords if k.arg in ("status", "status_code", "code"))]
    return _says_so(given)


def _says_so(parts: Iterable[ast.expr]) -> bool:
    return any(
        (isinstance(part, ast.Constant) and not isinstance(part.value, bool) and part.value in _CODES)
        or (isinstance(part, ast.Attribute) and NAMES.search(part.attr))
        or (isinstance(part, ast.Name) and NAMES.search(part.id))
        for part in parts
        if not isinstance(part, ast.Constant) or isinstance(part.value, int)
    )


def _leads_to_login(part: ast.expr) -> bool:
    words = [node.value for node in ast.walk(part) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    names = [node.attr for node in ast.walk(part) if isinstance(node, ast.Attribute)]
    return any(LOGIN.search(word) for word in (*words, *names))


def own_checks(function: ast.FunctionDef | ast.AsyncFunctionDef, counts: Counts) -> tuple[bool, dict[str, Way]]:
    """Whether *function* turns somebody away before it does its work, and the names of what it calls at its top."""
    called: dict[str, Way] = {}
    for statement in function.body[:50]:
        if isinstance(statement, ast.If) and _turns_away(statement, counts):
            return True, called
        if isinstance(statement, (ast.Expr, ast.Assign, ast.AnnAssign)):
            value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
            if isinstance(value, ast.Call) and (name := named(value.func)):
                called.setdefault(name, "call" if isinstance(statement, ast.Expr) else "value")
    return False, called


def _turns_away(branch: ast.If, counts: Counts) -> bool:
    """Whether all that *branch* leads to is that somebody is turned away, for what they are or have shown."""
    last = branch.body[-1]
    if not isinstance(last, (ast.Return, ast.Raise, ast.Expr)) or not refuses([last], counts):
        return False
    asked = [
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(branch.test)
        if isinstance(node, (ast.Attribute, ast.Name))
    ]
    asked += [
        node.value for node in ast.walk(branch.test) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return any(IDENTITY.search(word) for word in asked) and not any(FORM.search(word) for word in asked)
