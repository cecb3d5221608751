"""Tells whether what stands before a route turns those away who may not pass."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...host.late import late
from .index import Index
from .refusing import OTHER
from .summary import Definition, Term
from .terms import ITSELF

_KNOWN = late(
    r"(?:login|logged_?in|permissions?|auth\w{0,20}|user|staff|admin|superuser|roles?|scopes?|token|jwt|session|group|fresh)_?"
    r"(?:member_)?required|require[sd]?_\w{0,30}(?:auth|login|user|admin|perm|role|scope|token)\w{0,20}|user_passes_test|"
    r"^requires$|is_?auth\w{0,20}|is_?logged_?in|is_?(?:staff|super)?_?(?:admin|user)\b|IsAdmin|IsOwner|DjangoModelPermissions|"
    r"DjangoObjectPermissions|LoginRequired|PermissionRequired|UserPassesTest|AccessMixin|"
    r"ensure_?(?:auth|logged)\w{0,20}|verify_?(?:token|jwt|auth|api_?key)\w{0,20}|check_?(?:jwt|auth|token|login|perm)\w{0,20}|"
    r"(?:^|_|\.)protected?$|with_?auth|(?:auth|roles?|jwt)_?guard|express_?jwt|deny_?all$|(?:^|\.)(?:koa_?)?jwt$|(?:basic|bearer)_?auth$|auth_?middleware|api_?key_?(?:auth|required)|jwt_required|authorize[sd]?$|authenticate[sd]?$",
    re.IGNORECASE,
)
"""Names under which the world's libraries, and most people, keep guards."""
_DEPENDENCY = late(r"user|auth|token|admin|verify|perm|principal|role|scope|identity|api_?key|bearer", re.IGNORECASE)
_DEMANDS = late(
    r"(?:^|\.)_?(?:require|ensure|verify|check|assert|enforce|authori[sz]e|demand)_?\w{0,30}"
    r"(?:auth|login|user|admin|perm|role|scope|token|access|api_?key|session|acl)\w{0,30}$|(?:^|\.)_?authori[sz]e$",
    re.IGNORECASE,
)
"""Names of calls that let nobody pass who may not; what only answers a question is none."""
_SCHEMES = late(
    r"(?:OAuth2\w{0,40}|HTTPBearer|HTTPBasic|HTTPDigest|APIKey(?:Header|Cookie|Query)|OpenIdConnect|HTTPTokenAuth|HTTPBasicAuth)$"
)
"""What turns those away by itself who show nothing."""
_HUMP = late(r"(?<=[a-z0-9])(?=[A-Z])")
_CONVERTERS = frozenset({"staticmethod", "classmethod", "property", "wraps", "contextmanager"})
_DEPTH = 8


class Guards:
    """
    The guards of a tree.

    Args:
        index: Where names lead.
        logins_off: Flask's logins let everybody pass.
    """

    def __init__(self, index: Index, *, logins_off: bool = False) -> None:
        self._index = index
        self._logins_off = logins_off
        self._answers: dict[tuple[str, Term], bool] = {}

    def any(self, path: str, terms: Iterable[Term]) -> bool:
        """Whether one of *terms*, as the module at *path* says them, is a guard."""
        return any(self.is_guard(path, term) for term in terms)

    def is_guard(self, path: str, term: Term, depth: int = 0) -> bool:
        """Whether *term*, as the module at *path* says it, is a guard; what is defined in the tree has to do it."""
        if term is ITSELF or term == ITSELF:
            return True
        if term.optional or depth > _DEPTH or OTHER.search(term.name):
            return False
        key = (path, term)
        if key not in self._answers:
            self._answers[key] = False  # what leads to itself is none
            self._answers[key] = self._found(path, term, depth)
        return self._answers[key]

    def _found(self, path: str, term: Term, depth: int) -> bool:
        place = self._index.definition(path, term.name) or self._index.decorated(term.name)
        if place is not None:
            return self._does(place.path, place.definition, depth, term.way != "answer" or place.definition.goes_on)
        made = self._index.made(path, term.name)
        if made is not None:
            where, made_by = made
            method = term.name.partition(".")[2]
            of_class = [self._index.definition(where, f"{one.name}.{method}") for one in made_by if method]
            if any(of_class):
                return any(self._does(found.path, found.definition, depth + 1) for found in of_class if found)
            if any(_SCHEMES.search(one.name) and not one.optional for one in made_by):
                return True
            return any(self.is_guard(where, one, depth + 1) for one in made_by)
        if self._index.is_inside(path, term.name):
            return False
        return _by_name(term) and not (self._logins_off and term.name.endswith("login_required"))

    def _does(self, path: str, definition: Definition, depth: int, wholly: bool = True) -> bool:
        if definition.refuses and wholly:
            return True
        others = [one for one in definition.terms if one.name not in _CONVERTERS]
        return any(self.is_guard(path, one, depth + 1) for one in others)


def _by_name(term: Term) -> bool:
    """Whether *term*, which nothing in the tree defines, is a guard by its name."""
    if term.way == "depends":
        last = term.name.rpartition(".")[2]
        return _DEPENDENCY.search(last) is not None or _SCHEMES.search(last) is not None
    if term.way == "type":
        return False
    if term.way == "base":
        return (
            re.search(
                r"LoginRequired|PermissionRequired|UserPassesTest|StaffuserRequired|SuperuserRequired|AuthGuard",
                term.name,
            )
            is not None
        )
    if term.way == "value":
        return re.search(r"(?:^|\.)_?(?:require|ensure|enforce|demand|authori[sz]e)_", term.name) is not None
    if term.way == "call":
        return _DEMANDS.search(_spelled(term.name)) is not None
    return _KNOWN.search(term.name) is not None or _KNOWN.search(_spelled(term.name)) is not None


def _spelled(name: str) -> str:
    """*name* with its words apart: ``requireAdmin`` as ``require_Admin``."""
    return _HUMP.sub("_", name)
