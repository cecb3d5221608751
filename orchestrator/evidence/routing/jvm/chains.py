"""Reads from a filter chain of Spring Security who may pass to which paths, and tells it of a route."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..marks import filled, is_told
from ..program import walk
from .languages import Call, Jvm

if TYPE_CHECKING:
    from tree_sitter import Node

_MATCHERS = frozenset(["requestMatchers", "antMatchers", "mvcMatchers", "pathMatchers", "regexMatchers", "matchers"])
_EVERYBODY = frozenset({"anyRequest", "anyExchange"})
_ANY = "/**"
_ACCESS: dict[str, bool | None] = {
    **dict.fromkeys(("permitAll", "anonymous"), False),
    **dict.fromkeys(("authenticated", "fullyAuthenticated", "denyAll", "hasRole", "hasAnyRole"), True),
    **dict.fromkeys(("hasAuthority", "hasAnyAuthority", "hasAllRoles", "hasAllAuthorities"), True),
    **dict.fromkeys(("access", "rememberMe", "hasIpAddress", "not"), None),
}
"""What decides who may pass: True for those who are known, False for everybody; None where it cannot be told."""
_MATCHER = re.compile(
    r'(?:new )?(?:\w+\.){0,3}(?:AntPathRequestMatcher|antMatcher)(?:\.antMatcher)?\(\s*"([^"]{1,300})"\s*\)'
)
_SCOPES = frozenset({"securityMatcher", "securityMatchers", "antMatcher", "mvcMatcher"})
_CONFIGURED = frozenset(
    {
        *("Configuration", "AutoConfiguration", "SpringBootApplication", "Component", "EnableWebSecurity"),
        *(
            "EnableWebFluxSecurity",
            "EnableMethodSecurity",
            "EnableGlobalMethodSecurity",
            "EnableReactiveMethodSecurity",
        ),
    }
)
_SOMETIMES = ("Profile", "TestConfiguration")


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may pass to some paths: None for *patterns* that cannot be told."""

    patterns: tuple[str, ...] | None
    method: str
    guarded: bool | None


@dataclass(frozen=True, slots=True)
class Chain:
    """
    A filter chain.

    Args:
        line: Where it begins.
        scope: The paths that it is asked for; None where that cannot be told.
        rules: Its rules, of which the first that fits counts.
        filtered: It has filters of its own, which may turn somebody away as well.
        sure: It is always there.
    """

    line: int
    scope: tuple[str, ...] | None
    rules: tuple[Rule, ...]
    filtered: bool
    sure: bool

    def guards(self, method: str, path: str, constants: dict[str, tuple[str, ...]]) -> bool | None:
        """Whether who is not known is turned away from *path*; False where everybody may pass."""
        open_one = None if self.filtered else False
        doubted = False
        for rule in self.rules:
            patterns = _texts(rule.patterns, constants)
            if rule.method and method not in ("ANY", rule.method):
                continue
            if patterns is None:
                doubted = doubted or not rule.guarded
                continue
            partly = rule.method and method == "ANY"
            if not any(fits(pattern, path) for pattern in patterns):
                continue
            if partly or ("${" in path and patterns != (_ANY,)):
                doubted = doubted or not rule.guarded
                continue
            if rule.guarded:
                return None if doubted or not self.sure else True
            return None if rule.guarded is None or doubted or not self.sure else open_one
        return None

    def is_for(self, path: str, constants: dict[str, tuple[str, ...]]) -> bool | None:
        """Whether it is asked for *path*; None where that cannot be told."""
        scope = _texts(self.scope, constants)
        return None if scope is None else any(fits(pattern, path) for pattern in scope)


def _texts(patterns: tuple[str, ...] | None, constants: dict[str, tuple[str, ...]]) -> tuple[str, ...] | None:
    if patterns is None:
        return None
    found = tuple(text for pattern in patterns for text in filled(pattern, constants))
    return found if all(map(is_told, found)) else None


def fits(pattern: str, path: str) -> bool:
    """Whether the ant *pattern* names *path*: ``*`` is one part, ``**`` all that follow."""
    wanted, given = _parts(pattern), _parts(path)
    for at, one in enumerate(wanted):
        if one == "**" or re.fullmatch(r"\{\*\w{1,60}\}", one):
            rest = wanted[at + 1 :]
            return not rest or (len(given) >= at + len(rest) and fits("/".join(rest), "/".join(given[-len(rest) :])))
        if at >= len(given):
            return False
        if one != given[at] and not _one(one, given[at]):
            return False
    return len(wanted) == len(given)


def _parts(path: str) -> list[str]:
    return [one for one in path.strip("/").split("/") if one]


def _one(pattern: str, part: str) -> bool:
    if pattern == "*" or (pattern.startswith("{") and pattern.endswith("}")):
        return True
    if "*" not in pattern or len(pattern) > 100:
        return False
    first, _, last = pattern.partition("*")
    return "*" not in last and part.startswith(first) and part.endswith(last) and len(part) >= len(pattern) - 1


def chains(file: Jvm) -> Iterator[Chain]:
    """The filter chains that *file* sets up."""
    if not re.search(rb"HttpSecurity|WebSecurity", file.syntax.data):
        return
    for node in file.nodes:
        if node.type in file.methods_ and any("HttpSecurity" in kind for kind in file.kinds(node)):
            marked = {mark.name for mark in file.marks(node)}
            if "Bean" not in marked and not file.name(node).startswith("configure"):
                continue
            above = _type(file, node)
            of = {mark.name for mark in file.marks(above)} if above is not None else set()
            if above is not None and not of.intersection(_CONFIGURED):
                continue
            sometimes = (marked | of).intersection(_SOMETIMES) or any("Conditional" in one for one in marked | of)
            yield _chain(file, node, not sometimes and file.counts(node))
        elif node.type in file.methods_ and any(kind == "WebSecurity" for kind in file.kinds(node)):
            ignored = tuple(rule for rule in _rules(file, node, ignoring=True))
            if ignored:
                yield Chain(file.line(node), tuple(p for r in ignored for p in r.patterns or ()), ignored, False, True)


def _type(file: Jvm, node: Node) -> Node | None:
    above = node.parent
    while above is not None and above.type not in file.types_:
        above = above.parent
    return above


def _chain(file: Jvm, function: Node, sure: bool) -> Chain:
    scope: tuple[str, ...] | None = (_ANY,)
    filtered = False
    for node in walk(function):
        call = file.call(node)
        if call is None:
            continue
        if call.name in _SCOPES and not (call.name == "antMatcher" and call.on is None):
            scope = _patterns(file, call)[0]
        filtered = filtered or call.name.startswith("addFilter")
    return Chain(file.line(function), scope, tuple(_rules(file, function)), filtered, sure)


def _rules(file: Jvm, function: Node, *, ignoring: bool = False) -> list[Rule]:
    found: list[tuple[int, Rule]] = []
    for node in walk(function):
        call = file.call(node)
        if call is None:
            continue
        if ignoring:
            if call.name in _MATCHERS:
                found.append((call.place.start_byte, Rule(*_patterns(file, call), False)))
        elif call.name in _ACCESS and call.on is not None:
            inner = file.call(call.on)
            if inner is not None and inner.name in _EVERYBODY | _MATCHERS:
                patterns, method = ((_ANY,), "") if inner.name in _EVERYBODY else _patterns(file, inner)
                found.append((call.place.start_byte, Rule(patterns, method, _guarded(call))))
        elif call.name == "authorize" and call.on is None and len(call.given) > 1:
            found.append((call.place.start_byte, _authorized(file, call)))
    return [rule for at, rule in sorted(found, key=lambda one: one[0])]


def _guarded(call: Call) -> bool | None:
    return _ACCESS[call.name]


def _authorized(file: Jvm, call: Call) -> Rule:
    """A rule as Kotlin writes it: ``authorize("/orders/**", hasRole("CLERK"))``."""
    *first, last = call.given
    said = file.call(last)
    access = said.name if said is not None else file.syntax.text(last)
    if file.syntax.text(first[0]) in _EVERYBODY:
        return Rule((_ANY,), "", _ACCESS.get(access))
    return Rule(*_patterns(file, call._replace(given=tuple(first))), _ACCESS.get(access))


def _patterns(file: Jvm, call: Call) -> tuple[tuple[str, ...] | None, str]:
    """The paths that *call* names, and the one method."""
    method, found = "", list[str]()
    if call.name == "regexMatchers":
        return None, ""
    for node in call.given:
        said = file.syntax.text(node)
        if (named := re.fullmatch(r"(?:\w+\.)*HttpMethod\.([A-Z]+)(?:\.name(?:\(\))?)?", said)) is not None:
            method = named[1]
            continue
        inner = file.call(node)
        matched = _MATCHER.fullmatch(said)
        if matched is not None:
            found.append(matched[1])
        elif inner is not None or node.type in ("object_creation_expression", "lambda_expression", "annotated_lambda"):
            return None, method
        else:
            found += file.values(node)
    return (tuple(found), method) if found or not method else ((_ANY,), method)
