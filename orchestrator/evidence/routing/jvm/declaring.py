"""Reads the routes that annotations declare in Java and Kotlin: Spring, JAX-RS, Micronaut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ..marks import Mark, Method, Type
from ..summary import Summary
from ..untold import Untold
from .chains import Chain
from .languages import Jvm

_VERBS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
_SPRING = {f"{verb.capitalize()}Mapping": verb for verb in _VERBS} | {"RequestMapping": "ANY"}
_MICRONAUT = {verb.capitalize(): verb for verb in _VERBS}
_CLIENTS = ("FeignClient", "RegisterRestClient", "HttpExchange", "Client", "ReactiveFeignClient")
"""Marks of types that ask others for what they declare."""
_ENABLES = ("EnableMethodSecurity", "EnableGlobalMethodSecurity", "EnableReactiveMethodSecurity")
_SECURED = re.compile(
    rb"@EnableWeb(?:Flux)?Security|\bSecurityFilterChain\b|WebSecurityConfigurerAdapter|SecurityWebFilterChain"
)
_FUNCTIONS = re.compile(rb"\bRouterFunctions?\b[.<]|\bcoRouter\s*\{|\brouting\s*\{\s*\n")
"""Forms in which routes are declared by functions, which nobody here reads."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """
    One route as it is declared.

    Args:
        type: The type that it stands in.
        method: The one method, ANY for several.
        paths: What it hangs on there; names of constants stand in braces.
        framework: For which it is written.
        line: Where it is declared.
        marks: What is marked on the method, and on its arguments.
    """

    type: Type
    method: str
    paths: tuple[str, ...]
    framework: str
    line: int
    marks: tuple[Mark, ...]


@dataclass(slots=True)
class Unit(Summary):
    """
    What one file says.

    Args:
        types: Its types, but for those without anything to say.
        mapped: Its routes.
        constants: Names that are given texts.
        chains: The filter chains that it sets up.
        enabled: The marks of methods that it switches on; None where it says nothing of that.
        secures: It sets up Spring Security.
        based: The path that it puts before all resources.
    """

    types: list[Type] = field(default_factory=list)
    mapped: list[Mapped] = field(default_factory=list)
    constants: dict[str, tuple[str, ...]] = field(default_factory=dict)
    chains: list[Chain] = field(default_factory=list)
    enabled: frozenset[str] | None = None
    secures: bool = False
    based: str = ""


def declare(file: Jvm, unit: Unit) -> None:
    """Take in the routes of *file*, and what it says of who may pass."""
    data = file.syntax.data
    unit.constants.update(file.constants())
    unit.secures = _SECURED.search(data) is not None
    micronaut = b"io.micronaut" in data
    for type_ in file.types:
        unit.types.append(type_)
        for mark in type_.marks:
            if mark.name in _ENABLES:
                unit.enabled = (unit.enabled or frozenset()) | _switched_on(mark)
            elif mark.name == "ApplicationPath" and mark.texts("", "value"):
                unit.based = mark.texts("", "value")[0]
        if type_.has(*_CLIENTS):
            continue
        for method in type_.methods:
            unit.mapped += _routes(file, type_, method, micronaut)
    for found in _FUNCTIONS.finditer(data):
        line = data.count(b"\n", 0, found.start()) + 1
        unit.untold.append(
            Untold(line, "a route", "is declared by a function that builds routes, which is not understood")
        )
        break


def _switched_on(mark: Mark) -> frozenset[str]:
    """The marks that are asked where *mark* stands."""
    on = {key: (texts or ("",))[0] for key, texts in mark.given.items()}
    first = "{=false}" if mark.name == "EnableGlobalMethodSecurity" else "{=true}"
    found = {"PreAuthorize"} if on.get("prePostEnabled", first) != "{=false}" else set()
    found |= {"Secured"} if on.get("securedEnabled", "{=false}") != "{=false}" else set()
    found |= {"RolesAllowed", "DenyAll", "PermitAll"} if on.get("jsr250Enabled", "{=false}") != "{=false}" else set()
    return frozenset(found)


def _routes(file: Jvm, type_: Type, method: Method, micronaut: bool) -> Iterator[Mapped]:
    marks = (*method.marks, *method.asked)
    for mark in method.marks:
        if mark.name in _SPRING:
            named = mark.texts("method")
            verb = _SPRING[mark.name]
            if verb == "ANY" and len(named) == 1:
                verb = named[0].strip("{=}").rpartition(".")[2]
            if file.declares(mark):
                yield Mapped(type_, verb, mark.texts("", "value", "path") or ("",), "spring", mark.line, marks)
        elif micronaut and mark.name in _MICRONAUT and file.declares(mark):
            yield Mapped(
                type_, _MICRONAUT[mark.name], mark.texts("", "value", "uri") or ("",), "micronaut", mark.line, marks
            )
        elif mark.name in _VERBS:
            path = next((one.texts("", "value") for one in method.marks if one.name == "Path"), ())
            place = next((one for one in method.marks if one.name == "Path"), mark)
            if file.declares(mark, place.line):
                yield Mapped(type_, mark.name, path or ("",), "jax-rs", place.line, marks)
