"""Reads routes that calls declare in Go, and what hangs on what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from ...inforce.code.syntax import part
from ..summary import Declared, Handed, Mount, Router, Term, Terms
from ..untold import Untold
from .learning import Helped, Package, Registrar, framework, function_name, maker, router_type, target
from .module import FUNCTIONS, File, arguments, within
from .terms import answer, guards, returned

if TYPE_CHECKING:
    from tree_sitter import Node

_VERBS = {word: word for word in ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "CONNECT", "TRACE")}
_VERBS |= {word.capitalize(): word for word in _VERBS}
_VERBS |= {"Any": "ANY", "All": "ANY", "Handle": "ANY", "HandleFunc": "ANY", "HandlerFunc": "ANY", "Handler": "ANY"}
_VERBS |= {"Del": "DELETE"}
_WITH_METHOD = frozenset({"Handle", "Method", "MethodFunc", "Add", "Handler", "HandlerFunc"})
"""Calls whose first argument may be the method."""
_STEPS = frozenset(
    [
        "Group",
        "With",
        "WithPrefix",
        "PathPrefix",
        "Path",
        "Methods",
        "Subrouter",
        "NewRoute",
        "Host",
        "Schemes",
        "Name",
        "StrictSlash",
        "Queries",
        "Headers",
        "UseEncodedPath",
        "SkipClean",
        "MatcherFunc",
    ]
)
"""Calls that hand back what routes can hang on."""
_SAID = re.compile(r"^(?:(?P<method>[A-Z]{3,7})[ \t]+)?(?P<path>(?:[\w.-]*(?=/))?[/*{:].*|)$", re.DOTALL)
_LAST_HANDLER = frozenset({"gin", "fiber"})
"""Frameworks in which the handler comes last, and guards before it."""
_IN_TURN = frozenset({"gin", "fiber"})
_HELPERS = re.compile(
    r"(?:^|[.#])(?:add|register|mount|new|with)?_?(?:handle|handler|handle_?func|route|endpoint|api)s?$", re.IGNORECASE
)
_ANSWERS = frozenset(
    {"identifier", "selector_expression", "call_expression", "func_literal", "composite_literal", "unary_expression"}
)
_DEFAULT = "http#default"
"""What routes hang on that are handed to the package net/http itself."""
_MAKES = re.compile(r"router|mux|routes|engine|echo|app|group|api|handler|server", re.IGNORECASE)
_NAMED = frozenset({"identifier", "selector_expression"})
_PASSES = frozenset({"identifier", "selector_expression", "call_expression", "func_literal"})
_MAY_GUARD = re.compile(r"auth|middleware|guard|mw|require|protect|login|session|token|jwt|func\(", re.IGNORECASE)
_CHAIN = 40


class Chain(NamedTuple):
    """What a row of calls leads to: a router, and what is put before all that is hung on it there."""

    router: str
    framework: str
    prefix: str = ""
    method: str = ""
    guards: Terms = ()
    steps: int = 0
    known: bool = True


def declare(file: File, package: Package) -> None:
    """Take in the routes of *file*, and what stands before them."""
    written_for = framework(file)
    for node in file.nodes:
        if node.type in ("short_var_declaration", "assignment_statement", "var_spec"):
            for name, value in file.assigned(node):
                _named(file, package, name, value)
        elif node.type in FUNCTIONS and node.type != "func_literal":
            _handed_back(file, package, node)
        elif node.type == "call_expression" and not file.is_packed(node):
            _called(file, package, node, written_for)


def _named(file: File, package: Package, name: Node, value: Node) -> None:
    """Take in that a name is given to a part of a router: ``api := r.Group("/api", needs)``."""
    said = target(file, name)
    chain = _chain(file, package, value)
    if not said or value.type != "call_expression" or said == "_":
        return
    if chain is not None and chain.steps and file.counts(value, route=True):
        package.routers[said] = Router(said, chain.framework)
        order = value.start_byte + 1 if _in_turn(chain) else 0
        package.mounts.append(Mount(chain.router, said, chain.prefix, chain.guards, file.line(value), order=order))
        return
    made = file.name(value)
    if said not in package.routers and _MAKES.search(made):
        package.same.append((said, f"{made}()"))


def _handed_back(file: File, package: Package, function: Node) -> None:
    """Take in that *function* hands a router back."""
    name = function_name(file, function)
    for value in returned(file, function):
        said = target(file, value)
        if said in package.routers:
            package.routers[f"{name}()"] = package.routers[said]
            package.same.append((f"{name}()", said))
            return
        if of := maker(file, value):
            package.routers[f"{name}()"] = Router(name, of)
            return


def _chain(file: File, package: Package, node: Node | None, depth: int = 0) -> Chain | None:
    """What the row of calls that ends in *node* leads to; None where that is nothing that routes hang on."""
    if node is None or depth > _CHAIN:
        return None
    if node.type in ("identifier", "selector_expression"):
        return _base(file, package, node)
    if node.type in ("parenthesized_expression", "unary_expression") and node.named_children:
        return _chain(file, package, node.named_children[0], depth + 1)
    if node.type != "call_expression":
        return None
    if of := maker(file, node):
        return Chain(f"made@{node.start_byte}", of)
    function = part(node, "function")
    if function is None or function.type != "selector_expression":
        return None
    field = part(function, "field")
    said = file.syntax.text(field) if field is not None else ""
    if said not in _STEPS:
        return None
    inner = _chain(file, package, part(function, "operand"), depth + 1)
    if inner is None:
        return None
    given = arguments(node)
    if said == "With":
        return inner._replace(guards=(*inner.guards, *guards(file, given)), steps=inner.steps + 1)
    if said in ("Group", "WithPrefix", "PathPrefix", "Path"):
        prefix = _rooted(file.spelled(given[0]) if given else "", inner.framework)
        return inner._replace(
            prefix=_joined(inner.prefix, prefix),
            guards=(*inner.guards, *guards(file, given[1:])),
            steps=inner.steps + 1,
        )
    if said == "Methods":
        return inner._replace(method=_methods(file, given), steps=inner.steps + 1)
    return inner._replace(steps=inner.steps + 1)


def _base(file: File, package: Package, node: Node) -> Chain | None:
    said = target(file, node)
    if said in package.routers:
        return Chain(said, package.routers[said].framework)
    if node.type == "identifier":
        text = file.syntax.text(node)
        if said == text and text in file.imports:
            return Chain(_DEFAULT, "net/http") if file.imports[text] == "net/http" else None
    kind = file.type_of(node)
    if of := router_type(file, kind):
        return Chain(said, of)
    for field_name, inner in file.fields.get(kind, {}).items():
        if inner.rpartition(".")[2] == field_name and (of := router_type(file, inner)):
            return Chain(f"{kind}.{field_name}", of)
    return Chain(said or "#", "", known=False)


def _called(file: File, package: Package, call: Node, written_for: str) -> None:
    function = part(call, "function")
    if function is None:
        return
    given = arguments(call)
    if function.type == "selector_expression" and (field := part(function, "field")) is not None:
        verb = file.syntax.text(field)
        if verb in _VERBS or verb in ("Use", "Route", "Group", "Mount", "Method", "MethodFunc", "Add", "Match", "Pre"):
            chain = _chain(file, package, part(function, "operand"))
            if chain is not None and _hangs(file, package, call, field, chain, given, written_for):
                return
    _hand(file, package, call, given)
    _help(file, package, call, given, written_for)


def _hangs(
    file: File, package: Package, call: Node, field: Node, chain: Chain, given: list[Node], written_for: str
) -> bool:
    """Take in what *call* hangs on *chain*, if it does."""
    verb = file.syntax.text(field)
    order = field.start_byte + 1 if _in_turn(chain) else 0
    if verb in ("Use", "Pre"):
        if not chain.known and not any(
            word in chain.router.lower() for word in ("router", "mux", "app", "group", "api")
        ):
            return False
        path = file.spelled(given[0]) if given and file.text(given[0]) is not None else ""
        before = guards(file, given[1:] if path else given)
        if file.counts(field):
            package.routers.setdefault(chain.router, Router(chain.router, chain.framework or written_for))
            package.mounts.append(
                Mount(
                    chain.router,
                    "",
                    guards=before,
                    line=file.line(field),
                    order=order,
                    reach=_joined(chain.prefix, path),
                )
            )
        return True
    if verb in ("Route", "Group") and given and given[-1].type == "func_literal":
        inside = file.parameters(given[-1])
        if inside and file.counts(field, route=True):
            package.routers[inside[0][0]] = Router(inside[0][0], chain.framework)
            prefix = _joined(chain.prefix, file.spelled(given[0]) if len(given) > 1 else "")
            package.mounts.append(
                Mount(chain.router, inside[0][0], prefix, chain.guards, file.line(field), order=order)
            )
        return True
    if verb in ("Route", "Group"):
        return chain.known
    return _route(file, package, call, field, chain, given, written_for, order)


def _route(
    file: File,
    package: Package,
    call: Node,
    field: Node,
    chain: Chain,
    given: list[Node],
    written_for: str,
    order: int,
) -> bool:
    verb = file.syntax.text(field)
    method = _VERBS.get(verb, "ANY")
    rest = given
    first = file.text(rest[0]) if rest else None
    if (
        verb in _WITH_METHOD
        and len(rest) > 2
        and ((first or "").isupper() or file.name(rest[0]).startswith("http.Method"))
    ):
        method, rest = (first or file.name(rest[0]).rpartition("Method")[2]).upper(), rest[1:]
        method_node: Node | None = None
    elif verb in ("Method", "MethodFunc", "Add") and len(rest) > 2:
        method_node, rest = rest[0], rest[1:]
    elif verb == "Match" and len(rest) > 2:
        method_node, rest = None, rest[1:]
    else:
        method_node = None
    if chain.router == _DEFAULT and verb not in ("Handle", "HandleFunc"):
        return False
    found: str | None = ""
    handlers = rest
    if not (chain.prefix and verb in ("Handler", "HandlerFunc") and len(rest) == 1):
        if len(rest) < 2 or rest[-1].type not in (*_ANSWERS, "variadic_argument"):
            return False
        found, handlers = file.text(rest[0]), rest[1:]
        if not chain.known and not _looks_so(file, verb, rest, call, written_for):
            return False
    said = _SAID.search(_rooted(found if found is not None else file.spelled(rest[0]), chain.framework))
    if said is None or not (chain.known or said["path"]):
        return False
    path, method = said["path"], said["method"] or method
    of = chain.framework or written_for
    method = chain.method or _methods_after(file, call) or method
    last = of in _LAST_HANDLER
    main, others = (handlers[-1], handlers[:-1]) if last else (handlers[0], handlers[1:])
    who = answer(file, main)
    before = (*chain.guards, *guards(file, others), *who.guards)
    registrar = _registrar(file, call, rest, method_node)
    if registrar is not None:
        return _register(file, package, call, registrar, chain, before, method, order)
    if not file.counts(field, route=True):
        return True
    if found is None:
        _untold(file, package, field, rest[0])
    package.routers.setdefault(chain.router, Router(chain.router, of))
    declared = Declared(
        chain.router, method, _joined(chain.prefix, path), of, file.line(field), who.name, before, order=order
    )
    below = _below(file, package, who.node)
    if below and verb in ("Handle", "Handler", "Mount"):
        prefix = declared.path.rstrip("/") if verb == "Mount" or "StripPrefix" in file.syntax.text(main, 2_000) else ""
        package.mounts.append(Mount(chain.router, below, prefix, before, declared.line, order=order))
        package.led.append(declared)
        return True
    if not chain.known and (name := file.name(call)):
        package.helped.append(Helped(name, tuple(file.text(one) for one in given), declared, True))
    else:
        package.routes.append(declared)
    return True


def _looks_so(file: File, verb: str, rest: Sequence[Node], call: Node, written_for: str) -> bool:
    """Whether *call*, on something that is not known, looks as one that declares a route."""
    if verb.startswith("Handle") or verb.isupper():
        fits = True
    else:
        fits = written_for in ("chi", "fiber", "prometheus", "echo", "gin")
    if not fits or rest[-1].type in ("composite_literal", "unary_expression"):
        return False
    function = part(call, "function")
    operand = part(function, "operand") if function is not None else None
    return file.text(rest[0]) is not None or (
        operand is not None and "outer" in (file.type_of(operand) + file.name(operand))
    )


def _registrar(file: File, call: Node, rest: list[Node], method: Node | None) -> Registrar | None:
    """What the function around *call* does, if the path that it hangs something on is handed to it."""
    function = within(call)
    if function is None or function.type == "func_literal":
        return None
    given = [name for name, _ in file.parameters(function)]
    said, prefix = _handed_path(file, rest[0], given)
    if not said:
        return None
    of = file.scoped(file.syntax.text(method), method) if method is not None and method.type == "identifier" else ""
    return Registrar(given.index(said), given.index(of) if of in given else -1, prefix=prefix)


def _handed_path(file: File, node: Node, given: list[str]) -> tuple[str, str]:
    """Which of the arguments *given* is the path *node*, or its last part, and what stands before it."""
    prefix = ""
    for _ in range(_CHAIN):
        if node.type == "identifier":
            said = file.scoped(file.syntax.text(node), node)
            return (said, prefix) if said in given else ("", "")
        parts = arguments(node) if node.type == "call_expression" else node.named_children
        if node.type not in ("binary_expression", "call_expression") or not parts:
            return "", ""
        before = [file.text(one) for one in parts[:-1]]
        prefix += "/".join(text.rstrip("/") for text in before if text is not None and "%" not in text)
        node = parts[-1]
    return "", ""


def _register(
    file: File,
    package: Package,
    call: Node,
    registrar: Registrar,
    chain: Chain,
    before: Terms,
    method: str,
    order: int,
) -> bool:
    function = within(call)
    if function is None:
        return False
    name = function_name(file, function)
    if not file.counts(call):
        return True
    package.registrars[name] = Registrar(registrar.path, registrar.method, method, registrar.prefix)
    package.routers[f"{name}#"] = Router(name, chain.framework)
    package.mounts.append(Mount(chain.router, f"{name}#", chain.prefix, before, file.line(call), order=order))
    return True


def _help(file: File, package: Package, call: Node, given: list[Node], written_for: str) -> None:
    """Keep *call*, which may declare a route by a function that somebody of the tree has written for it."""
    name = file.name(call)
    if not name or len(given) < 2 or given[-1].type not in _ANSWERS:
        return
    texts = [file.text(one) for one in given]
    if any(one.type == "identifier" and _is_argument(file, one) for one in given[:2]) and not any(texts):
        return  # it hands on what it was handed itself
    path = next((text for text in texts if text is not None and "/" in text and _SAID.search(text)), None)
    if path is None and not _HELPERS.search(name):
        return
    if not file.counts(call):
        return
    function = part(call, "function")
    field = part(function, "field") if function is not None and function.type == "selector_expression" else call
    who = answer(file, given[-1])
    others = [one for one in given[1:-1] if one.type not in ("interpreted_string_literal", "raw_string_literal")]
    declared = Declared(
        f"{name}#", "ANY", path or "", written_for, file.line(field or call), who.name,
        (*guards(file, others), *who.guards),
    )  # fmt: skip
    package.helped.append(Helped(name, tuple(texts), declared, False))


def _is_argument(file: File, node: Node) -> bool:
    function = within(node)
    if function is None:
        return False
    return file.scoped(file.syntax.text(node), node) in [name for name, _ in file.parameters(function)]


def _hand(file: File, package: Package, call: Node, given: list[Node]) -> None:
    """Take in that *call* hands a router to a function, which may hang routes on it, or put something before it."""
    name = file.name(call)
    routers = any(one.type in _NAMED and target(file, one) in package.routers for one in given[:12])
    for number, one in enumerate(given[:12]):
        if name and one.type in _PASSES and (routers or _MAY_GUARD.search(file.syntax.text(one, 60))):
            package.passed.append((name, number, guards(file, [one])))
        said = target(file, one.named_children[0] if one.type == "unary_expression" and one.named_children else one)
        if not said or said not in package.routers or not name:
            continue
        if not file.counts(call):
            continue
        order = call.start_byte + 1 if package.routers[said].framework in _IN_TURN else 0
        package.handed.append(Handed(name, number, said, order=order))
        around = tuple(_around(file, call))
        if around:
            package.mounts.append(Mount(said, "", guards=around, line=file.line(call)))


def _around(file: File, call: Node) -> list[Term]:
    """What is put around a router: each call that is handed it, or what another one has made of it, and is used."""
    found: list[Term] = []
    here = call
    for _ in range(_CHAIN):
        above = here.parent
        if above is None or above.type in ("expression_statement", "statement_list", "source_file"):
            return found
        name = file.name(here)
        if above.type == "expression_list" and _is_dropped(file, above):
            return []
        if name:
            found.append(Term(name, "answer"))
        if above.type != "argument_list" or above.parent is None:
            return found
        here = above.parent
    return found


def _is_dropped(file: File, right: Node) -> bool:
    left = part(right.parent, "left") if right.parent is not None else None
    return left is not None and file.syntax.text(left) == "_"


def _below(file: File, package: Package, node: Node) -> str:
    """The name of the router that answers, if it may be one."""
    if node.type in ("identifier", "selector_expression"):
        said = target(file, node)
        return said if said in package.routers else ""
    if node.type == "call_expression" and (name := file.name(node)):
        return f"{name}()"
    return ""


def _untold(file: File, package: Package, field: Node, path: Node) -> None:
    said = file.syntax.text(path, 60)
    package.untold.append(Untold(file.line(field), "a route", f"hangs on a path that cannot be told, {said}"))


def _rooted(path: str, framework: str) -> str:
    """*path* as the frameworks read it that put a slash before each part."""
    return f"/{path}" if path and framework in ("gin", "echo", "fiber") and path[0] not in "/{*" else path


def _methods(file: File, given: Sequence[Node]) -> str:
    said = [file.text(one) or file.name(one).rpartition("Method")[2] for one in given]
    return said[0].upper() if len(said) == 1 and said[0] else "ANY"


def _methods_after(file: File, call: Node) -> str:
    """The method that the calls after *call* ask for: ``r.HandleFunc("/x", h).Methods("GET")``."""
    here = call
    for _ in range(_CHAIN):
        above = here.parent
        if above is None or above.type != "selector_expression" or above.parent is None:
            return ""
        field, here = part(above, "field"), above.parent
        if field is not None and file.syntax.text(field) == "Methods":
            return _methods(file, arguments(here))
    return ""


def _in_turn(chain: Chain) -> bool:
    return chain.framework in _IN_TURN and "@" in chain.router


def _joined(prefix: str, path: str) -> str:
    if not prefix or not path:
        return prefix or path
    return f"{prefix.rstrip('/')}/{path.lstrip('/')}"
