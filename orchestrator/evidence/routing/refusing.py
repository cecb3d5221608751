"""Tells whether Python turns somebody away who may not pass."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from ..inforce.code.python.syntax import named
from .summary import Way

_CODES = frozenset({401, 403})
_NAMES = re.compile(
    r"(?:^|_|\.)(?:HTTP_)?40[13]_|(?:^|\.)(?:UNAUTHORIZED|FORBIDDEN)$|"
    r"unauthori[sz]ed|unauthenticated|not_?authenticated|not_?authori[sz]ed|forbidden|permission_?denied|access_?denied|"
    r"authentication_?(?:failed|error|required)|authorization_?(?:failed|error|required)|credentials_?exception|"
    r"handle_no_permission|redirect_to_login|login_?required_?(?:error|exception)|invalid_?(?:token|credentials)|"
    r"insufficient_?(?:scope|permission|privilege)s?",
    re.IGNORECASE,
)
_AWAY = re.compile(r"(?:^|\.)(?:redirect\w{0,20}|HttpResponseRedirect|RedirectResponse|HTTPFound|HTTPSeeOther)$")
_LOGIN = re.compile(r"log_?in|sign_?in|\bauth\b|sso", re.IGNORECASE)
_IDENTITY = re.compile(
    r"user|session|token|auth|perm|role|admin|login|logged|owner|scope|identity|principal|api_?key|credential|member|"
    r"allowed|can_|is_staff|secret|signature",
    re.IGNORECASE,
)
_FORM = re.compile(r"form|valid|submit|password", re.IGNORECASE)
"""What is asked of who is just logging in, or has filled in something."""
_MOST = 5_000


def refuses(parts: Iterable[ast.AST]) -> bool:
    """Whether one of *parts*, or something in it, turns somebody away."""
    seen = 0
    for part in parts:
        for node in ast.walk(part):
            seen += 1
            if seen > _MOST:
                return False
            if isinstance(node, ast.Call) and _call_refuses(node):
                return True
            if isinstance(node, ast.Raise) and node.exc is not None and _NAMES.search(named(node.exc)):
                return True
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and _says_so(node.value.elts[1:]):
                return True
    return False


def _call_refuses(call: ast.Call) -> bool:
    name = named(call.func)
    if _NAMES.search(name):
        return True
    if _AWAY.search(name):
        return any(_leads_to_login(part) for part in call.args[:2])
    given = [*call.args[:3], *(k.value for k in call.keywords if k.arg in ("status", "status_code", "code"))]
    return _says_so(given)


def _says_so(parts: Iterable[ast.expr]) -> bool:
    return any(
        (isinstance(part, ast.Constant) and not isinstance(part.value, bool) and part.value in _CODES)
        or (isinstance(part, ast.Attribute) and _NAMES.search(part.attr))
        or (isinstance(part, ast.Name) and _NAMES.search(part.id))
        for part in parts
        if not isinstance(part, ast.Constant) or isinstance(part.value, int)
    )


def _leads_to_login(part: ast.expr) -> bool:
    words = [node.value for node in ast.walk(part) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    names = [node.attr for node in ast.walk(part) if isinstance(node, ast.Attribute)]
    return any(_LOGIN.search(word) for word in (*words, *names))


def own_checks(function: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[bool, dict[str, Way]]:
    """Whether *function* turns somebody away before it does its work, and the names of what it calls at its top."""
    called: dict[str, Way] = {}
    for statement in function.body[:50]:
        if isinstance(statement, ast.If) and _turns_away(statement):
            return True, called
        if isinstance(statement, (ast.Expr, ast.Assign, ast.AnnAssign)):
            value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
            if isinstance(value, ast.Call) and (name := named(value.func)):
                called.setdefault(name, "call" if isinstance(statement, ast.Expr) else "value")
    return False, called


def _turns_away(branch: ast.If) -> bool:
    """Whether all that *branch* leads to is that somebody is turned away, for what they are or have shown."""
    last = branch.body[-1]
    if not isinstance(last, (ast.Return, ast.Raise, ast.Expr)) or not refuses([last]):
        return False
    asked = [
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(branch.test)
        if isinstance(node, (ast.Attribute, ast.Name))
    ]
    asked += [
        node.value for node in ast.walk(branch.test) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return any(_IDENTITY.search(word) for word in asked) and not any(_FORM.search(word) for word in asked)
