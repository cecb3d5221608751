"""Reads routes that decorators of methods declare, as NestJS has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ...inforce.code.syntax import part
from ..summary import Declared, Mount, Terms
from .module import Script, arguments
from .terms import function_in, guards, handler

if TYPE_CHECKING:
    from tree_sitter import Node

_VERBS = {word.capitalize(): word.upper() for word in ("get", "post", "put", "patch", "delete", "head", "options")}
_VERBS |= {"All": "ANY"}
_CONTROLLERS = re.compile(r"^(?:\w{0,20}Controller|Route)$")
_PUBLIC = re.compile(
    r"^(?:Is)?(?:Public|AllowAnonymous|SkipAuth\w{0,20}|NoAuth\w{0,20}|Unprotected|AllowAnon|PermitAll|Open)(?:Route|Endpoint)?$"
)
_SWITCHED = re.compile(r"(?:auth|guard)\w{0,20}\s*:\s*false", re.IGNORECASE)


def declare(script: Script) -> None:
    """Take in the routes of the module's classes, and the guards that it puts before all routes."""
    data = script.syntax.data
    if b"APP_GUARD" in data:
        _globally(script)
    if not any(b"@" + verb.encode() in data for verb in _VERBS):
        return
    for node in script.nodes:
        if node.type in ("class_declaration", "abstract_class_declaration", "class"):
            _class(script, node)
        elif node.type == "ERROR" and node.parent == script.syntax.root:
            _members(script, node, ("",), (), False)


def _globally(script: Script) -> None:
    for node in script.nodes:
        if node.type == "object" and script.name(script.entries(node).get("provide")) == "APP_GUARD":
            said = script.entries(node)
            used = next((said[key] for key in ("useClass", "useExisting", "useValue") if key in said), None)
            if used is not None and script.counts(node):
                script.summary.mounts.append(Mount("*nestjs", "", guards=guards(script, [used])))


def _class(script: Script, node: Node) -> None:
    above = node.parent
    outside = above.named_children if above is not None and above.type == "export_statement" else []
    marks = [one for one in (*outside, *node.named_children) if one.type == "decorator"]
    prefixes: tuple[str, ...] = ("",)
    for mark in marks:
        call = mark.named_children[0] if mark.named_children else mark
        if _CONTROLLERS.search(script.name(call)):
            prefixes = tuple(_paths(script, call))
    body = part(node, "body")
    if body is not None:
        _members(script, body, prefixes, _asked(script, marks), _is_open(script, marks))


def _members(script: Script, body: Node, prefixes: tuple[str, ...], above: Terms, opened: bool) -> None:
    marks: list[Node] = []
    for member in body.named_children:
        if member.type == "decorator":
            marks.append(member)
        elif member.type != "comment":
            _member(script, member, [*marks, *(one for one in member.named_children if one.type == "decorator")],
                    prefixes, above, opened)  # fmt: skip
            marks = []


def _member(
    script: Script, member: Node, marks: list[Node], prefixes: tuple[str, ...], above: Terms, opened: bool
) -> None:
    function = function_in(member)
    own = _asked(script, marks)
    opens = _is_open(script, marks)
    for mark in marks:
        call = mark.named_children[0] if mark.named_children else mark
        method = _VERBS.get(script.name(call))
        if method is None or call.type != "call_expression" or not script.counts(call, route=True):
            continue
        for prefix in prefixes:
            for path in _paths(script, call):
                script.summary.routes.append(
                    Declared(
                        router="",
                        method=method,
                        path="/".join(filter(None, (prefix.rstrip("/"), path.lstrip("/") if prefix else path))),
                        framework="nestjs",
                        line=script.line(call),
                        guards=(*own, *above, *(handler(script, function) if function is not None else ())),
                        opens=opens or (opened and not own),
                    )
                )


def _asked(script: Script, marks: list[Node]) -> Terms:
    """What the decorators *marks* put before a route."""
    found: Terms = ()
    for mark in marks:
        call = mark.named_children[0] if mark.named_children else mark
        if script.counts(call):
            found += guards(script, arguments(call) if script.name(call) == "UseGuards" else [call])
    return found


def _is_open(script: Script, marks: list[Node]) -> bool:
    return any(
        _PUBLIC.search(script.name(mark.named_children[0]).rpartition(".")[2]) is not None
        for mark in marks
        if mark.named_children
    )


def _paths(script: Script, call: Node) -> list[str]:
    """The paths that a decorator names: none, one, a list, or one in an object."""
    given = arguments(call)
    if not given:
        return [""]
    first = given[0]
    if first.type == "object":
        first = script.entries(first).get("path", first)
    listed = first.named_children if first.type == "array" else [first]
    return [text for one in listed[:20] if (text := script.text(one)) is not None] or [""]
