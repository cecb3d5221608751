"""Learns from one file of Go what its names stand for: functions, types, routers, what calls have made."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...inforce.code.syntax import part
from ..summary import Declared, Definition, Router, Summary, Term, Terms
from .module import FUNCTIONS, File, within
from .terms import function_of, guards

if TYPE_CHECKING:
    from tree_sitter import Node

_FRAMEWORKS = (
    ("gin-gonic/gin", "gin"),
    ("labstack/echo", "echo"),
    ("go-chi/chi", "chi"),
    ("gofiber/fiber", "fiber"),
    ("gorilla/mux", "gorilla/mux"),
    ("julienschmidt/httprouter", "httprouter"),
    ("prometheus/common/route", "prometheus"),
    ("net/http", "net/http"),
)
_ROUTERS = frozenset(
    [
        "Router",
        "Mux",
        "Engine",
        "RouterGroup",
        "IRouter",
        "IRoutes",
        "Echo",
        "Group",
        "App",
        "ServeMux",
        "Route",
        "RouteGroup",
        "Routes",
    ]
)
_MAKERS = re.compile(r"^(?:New(?:Router|Mux|ServeMux)?|Default)$")

_PASSED = re.compile(r"Handler|Middleware", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Registrar:
    """A function that hangs what it is handed on a router: which of its arguments are the path and the method."""

    path: int
    method: int = -1
    verb: str = "ANY"
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Helped:
    """A call that may declare a route by way of a function of the tree."""

    function: str
    texts: tuple[str | None, ...]
    declared: Declared
    sure: bool
    """It declares one whatever that function is."""


@dataclass(slots=True)
class Package(Summary):
    """
    What one file of Go says, or all those of a folder.

    Args:
        constants: Names that are given a text.
        registrars: Functions that declare routes for those who call them.
        helped: Calls of what may be one of them.
        results: The types of what functions hand back.
        passed: What calls hand to functions that may be guards: the function, which of its arguments, and what.
        led: Routes that lead to what may be a router, which then is none by itself.
    """

    constants: dict[str, str] = field(default_factory=dict)
    registrars: dict[str, Registrar] = field(default_factory=dict)
    helped: list[Helped] = field(default_factory=list)
    results: dict[str, str] = field(default_factory=dict)
    passed: list[tuple[str, int, Terms]] = field(default_factory=list)
    led: list[Declared] = field(default_factory=list)


def framework_of(file: File, name: str) -> str:
    """The framework that the package *name* is; empty where it is none that is known."""
    path = file.imports.get(name, "")
    return next((said for mark, said in _FRAMEWORKS if path == mark or (mark != "net/http" and mark in path)), "")


def framework(file: File) -> str:
    """The framework that the file is written for."""
    paths = " ".join(file.imports.values())
    return next((said for mark, said in _FRAMEWORKS if mark in paths), "go")


def router_type(file: File, kind: str) -> str:
    """The framework of which the type *kind* is a router; empty where it is no router."""
    package, _, name = kind.partition(".")
    return framework_of(file, package) if name in _ROUTERS else ""


def maker(file: File, node: Node) -> str:
    """The framework of which the call *node* makes a router; empty where it makes none."""
    package, _, name = file.name(node).partition(".")
    return framework_of(file, package) if node.type == "call_expression" and _MAKERS.search(name) else ""


def learn(file: File, package: Package) -> None:
    """Take in what the names of *file* stand for."""
    for node in file.nodes:
        if node.type == "type_spec":
            _type(file, node)
    for node in file.nodes:
        if node.type in FUNCTIONS:
            _function(file, package, node)
        elif node.type in ("short_var_declaration", "assignment_statement", "var_spec"):
            kind = router_type(file, file.type_name(part(node, "type"))) if node.type == "var_spec" else ""
            for name in node.children_by_field_name("name") if kind else ():
                said = file.scoped(file.syntax.text(name), name)
                package.routers.setdefault(said, Router(said, kind))
            for name, value in file.assigned(node):
                _assign(file, name, value)
        elif node.type == "const_spec":
            for name, value in zip(node.children_by_field_name("name"), _values(node), strict=False):
                if within(node) is None and (text := file.text(value)) is not None:
                    package.constants[file.syntax.text(name)] = text
        elif node.type == "keyed_element":
            _keyed(file, node)


def _values(node: Node) -> list[Node]:
    value = part(node, "value")
    return value.named_children if value is not None else []


def _type(file: File, node: Node) -> None:
    name, kind = part(node, "name"), part(node, "type")
    if name is None or kind is None:
        return
    said = file.syntax.text(name)
    summary = file.summary
    summary.definitions[said] = Definition(said, file.line(node))
    if kind.type == "interface_type":
        for one in kind.named_children:
            if one.type == "method_elem" and (method := part(one, "name")) is not None:
                called = file.syntax.text(method)
                summary.definitions[f"{said}.{called}"] = Definition(
                    f"{said}.{called}", file.line(one), terms=(Term(f"#{called}", "decorator"),)
                )
    for one in kind.named_children[0].named_children if kind.type == "struct_type" and kind.named_children else ():
        of = file.type_name(part(one, "type"))
        names = [file.syntax.text(field) for field in one.children_by_field_name("name")]
        for field_name in names or [of.rpartition(".")[2]] if of else names:
            file.fields.setdefault(said, {})[field_name] = of
            if kind_of := router_type(file, of):
                router = f"{said}.{field_name}"
                summary.routers[router] = Router(router, kind_of)


def _function(file: File, package: Package, node: Node) -> None:
    name = function_name(file, node)
    given = file.parameters(node)
    for said, kind in given:
        if of := router_type(file, kind):
            package.routers[said] = Router(said, of)
        elif not kind or _PASSED.search(kind):
            package.assigned.setdefault(said, ())  # whatever it is called, it is what is handed over
    if not name:
        return
    package.results[name] = file.result(node)
    package.definitions[name] = function_of(file, node, name)
    package.parameters[name] = tuple(said for said, _ in given)


def function_name(file: File, node: Node) -> str:
    """The name of the function *node*: a method's after that of its type."""
    name = part(node, "name")
    if name is None:
        return ""
    said = file.syntax.text(name)
    return f"{file.receiver(node)[1]}.{said}" if node.type == "method_declaration" else said


def target(file: File, node: Node) -> str:
    """The name that *node*, which is given a value or hangs something, has as what may be a router."""
    if node.type == "identifier":
        return file.scoped(file.syntax.text(node), node)
    return file.name(node) if node.type == "selector_expression" else ""


def _assign(file: File, name: Node, value: Node) -> None:
    said = target(file, name)
    if not said or said == "_":
        return
    summary = file.summary
    if value.type == "func_literal":
        summary.definitions[said] = function_of(file, value, said)
        summary.parameters[said] = tuple(one for one, _ in file.parameters(value))
    elif of := maker(file, value):
        summary.routers[said] = Router(said, of)
    elif value.type in ("identifier", "selector_expression"):
        other = target(file, value)
        if other in summary.routers:
            summary.routers.setdefault(said, summary.routers[other])
            summary.same.append((said, other))
        elif other and name.type == "identifier":
            summary.assigned.setdefault(said, (Term(other, "decorator"),))
    elif value.type in ("call_expression", "composite_literal"):
        summary.assigned.setdefault(said, guards(file, [value]))


def _keyed(file: File, node: Node) -> None:
    """Take in that a field of a structure is given a router: ``&Server{router: r}``."""
    key, value = part(node, "key"), part(node, "value")
    above = node.parent.parent if node.parent is not None else None
    if key is None or value is None or above is None or above.type != "composite_literal" or not value.named_children:
        return
    inner = value.named_children[0]
    kind = file.type_name(part(above, "type"))
    field_name = f"{kind}.{file.syntax.text(key)}"
    if inner.type == "identifier" and (said := target(file, inner)) in file.summary.routers:
        file.summary.routers.setdefault(field_name, file.summary.routers[said])
        file.summary.same.append((field_name, said))
    elif of := maker(file, inner):
        file.summary.routers.setdefault(field_name, Router(field_name, of))
