"""Reads from Python syntax what may be a guard: decorators, dependencies, permissions, wrappers."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ..inforce.code.python.syntax import is_hollow, named
from .refusing import own_checks, refuses
from .summary import Counts, Definition, Term, Terms, Way

ITSELF = Term("(itself)", "call")
"""What stands for a check that the code makes by its own."""
_DEPENDS = frozenset({"Depends", "Security", "Provide", "Inject"})
_WHERE_NAMED = frozenset({"permission_classes", "decorators", "method_decorators", "permissions", "dependencies"})
_FIRST = frozenset({"__call__", "dispatch", "prepare", "initial", "before_request", "check_permissions", "setup"})
"""Methods that run before what answers."""
METHODS = ("get", "post", "put", "patch", "delete", "list", "create", "retrieve", "update", "partial_update", "destroy")
_DEPTH = 5
_MOST = 200

Function = ast.FunctionDef | ast.AsyncFunctionDef


def term(node: ast.expr, way: Way) -> Term | None:
    """*node* as what may be a guard; None where it has no name."""
    if isinstance(node, ast.Call) and named(node.func).rpartition(".")[2] == "method_decorator" and node.args:
        return term(node.args[0], "decorator")
    if isinstance(node, ast.Call) and named(node.func).rpartition(".")[2] in _DEPENDS:
        inner = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "dependency"), None)
        return term(inner, "depends") if inner is not None else None
    name = named(node)
    if not name:
        return None
    optional = isinstance(node, ast.Call) and any(
        (k.arg == "optional" and _is(k.value, True)) or (k.arg == "auto_error" and _is(k.value, False))
        for k in node.keywords
    )
    return Term(name, way, optional or "optional" in name.lower())


def terms(nodes: Sequence[ast.expr | None], way: Way) -> Terms:
    """What may be a guard among *nodes*."""
    return tuple(found for node in nodes if node is not None and (found := term(node, way)) is not None)


def listed(node: ast.expr | None, way: Way) -> Terms:
    """What may be a guard in the list *node*, whose parts may be combined by ``|`` and ``&``."""
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return terms([part for one in node.elts[:_MOST] for part in _combined(one)], way)
    return terms([node], way)


def _combined(node: ast.expr) -> Iterator[ast.expr]:
    """The one of several permissions that asks for least: of *or* all have to be guards, which the first stands for."""
    while isinstance(node, ast.BinOp):
        node = node.left
    yield node


def asked_in(function: Function) -> Terms:
    """The dependencies among the arguments of *function*."""
    given = function.args
    found: list[Term] = []
    for default in (*given.defaults, *(d for d in given.kw_defaults if d is not None)):
        if isinstance(default, ast.Call) and named(default.func).rpartition(".")[2] in _DEPENDS:
            found += terms([default], "depends")
    for arg in (*given.posonlyargs, *given.args, *given.kwonlyargs):
        found += in_type(arg.annotation)
    return tuple(found)


def in_type(node: ast.expr | None, depth: int = 0) -> Terms:
    """The dependencies in a type such as ``Annotated[User, Depends(current_user)]``, or a name for one."""
    if node is None or depth > _DEPTH:
        return ()
    if isinstance(node, ast.Subscript) and named(node.value).rpartition(".")[2] == "Annotated":
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        calls = [p for p in parts if isinstance(p, ast.Call) and named(p.func).rpartition(".")[2] in _DEPENDS]
        return (*terms(calls, "depends"), *in_type(parts[0], depth + 1))
    return terms([node], "type") if isinstance(node, (ast.Name, ast.Attribute)) else ()


def function_of(node: Function, name: str, counts: Counts) -> Definition:
    """What the function *node* does for who may pass."""
    inner = [part for part in ast.walk(node) if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))][:20]
    called = {call: way for one in inner for call, way in own_checks(one, counts)[1].items()}
    return Definition(
        name=name,
        line=node.lineno,
        refuses=refuses(node.body, counts),
        terms=(
            *(one for part in inner for one in terms(part.decorator_list, "decorator")),
            *asked_in(node),
            *(Term(call, way) for call, way in called.items()),
        ),
        opens=any(is_open(part) for part in node.decorator_list),
        returns=_left_to(node),
    )


def _left_to(node: Function) -> Terms:
    """What *node* leaves all that it answers to, as one does that only asks for the method of a request."""
    given = [arg.arg for arg in node.args.args[:1]]
    found: list[Term] = []
    for part in ast.walk(node):
        if isinstance(part, ast.Return):
            call = part.value.value if isinstance(part.value, ast.Await) else part.value
            if not isinstance(call, ast.Call) or not call.args or named(call.args[0]) not in given:
                return ()
            found += terms([call], "decorator")
    return tuple(dict.fromkeys(found))


def before(node: Function, counts: Counts) -> Terms:
    """What *node* asks for before it does its work: in its arguments, by what it calls first, and by itself."""
    itself, called = own_checks(node, counts)
    own = (ITSELF,) if itself else ()
    return (*own, *asked_in(node), *(Term(call, way) for call, way in called.items()))


def class_of(node: ast.ClassDef, name: str, counts: Counts) -> Definition:
    """What the class *node* does for who may pass."""
    functions = [part for part in node.body if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))]
    first = [part for part in functions if part.name in _FIRST]
    permits = [part for part in functions if part.name in ("has_permission", "test_func", "has_object_permission")]
    found = [*terms(node.decorator_list, "decorator"), *terms(node.bases, "base")]
    opens = False
    for part in node.body:
        if isinstance(part, (ast.Assign, ast.AnnAssign)) and part.value is not None:
            targets = part.targets if isinstance(part, ast.Assign) else [part.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            if _WHERE_NAMED.intersection(names):
                found += listed(part.value, "permission")
                opens = opens or (isinstance(part.value, (ast.List, ast.Tuple)) and any(map(is_open, part.value.elts)))
            elif isinstance(part.value, ast.Call) and named(part.value.func).rpartition(".")[2] in _DEPENDS:
                found += terms([part.value], "depends")
    for part in functions:
        if part.name == "__init__":
            found += _handed_up(part)
    return Definition(
        name=name,
        line=node.lineno,
        refuses=refuses(first, counts) or any(not _always(part) for part in permits),
        terms=(*found, *(one for part in first for one in before(part, counts))),
        opens=opens or any(is_open(part) for part in node.decorator_list),
        methods=tuple(
            (part.name, (*terms(part.decorator_list, "decorator"), *before(part, counts)))
            for part in functions
            if part.name in METHODS
        ),
    )


def _handed_up(node: Function) -> Terms:
    """The dependencies that a router of one's own hands to the class above it."""
    calls = [part.value for part in node.body if isinstance(part, ast.Expr) and isinstance(part.value, ast.Call)]
    given = [k.value for call in calls for k in call.keywords if k.arg == "dependencies"]
    return tuple(one for part in given for one in listed(part, "depends"))


def _always(node: Function) -> bool:
    """Whether a permission is given to everybody."""
    last = node.body[-1]
    return is_hollow(node) and not (isinstance(last, ast.Return) and _is(last.value, False))


def is_open(node: ast.expr) -> bool:
    """Whether *node* says that everybody may pass."""
    last = named(node).rpartition(".")[2].lower()
    if last == "permission_classes" and isinstance(node, ast.Call):
        return any(is_open(part) for arg in node.args if isinstance(arg, (ast.List, ast.Tuple)) for part in arg.elts)
    return last in ("allowany", "skip_auth", "login_not_required", "no_auth", "allow_anonymous", "public_route")


def _is(node: ast.expr | None, value: bool) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
