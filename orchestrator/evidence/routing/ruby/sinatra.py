"""Reads the routes of Sinatra: blocks under paths, and the blocks that run before them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ...facts.routes import Route
from ...inforce.code.syntax import part
from ..program import Program, walk
from ..reaching import reaches
from ..turning import function
from ..units import Function, Unit, Units
from .literals import body, constant, given, text, verb

if TYPE_CHECKING:
    from tree_sitter import Node

_IS_ONE = re.compile(rb"[sS]inatra")
_VERBS = frozenset({"get", "post", "put", "patch", "delete", "options", "head"})
_MOST = 2_000
_DEPTH = 10


class Answer(NamedTuple):
    """A block that answers a path, or runs before it."""

    method: str
    """Empty of one that runs before others."""
    path: str
    line: int
    does: Function


@dataclass(slots=True)
class App:
    """One application, or what stands at the top of a file."""

    name: str
    path: str
    answers: list[Answer] = field(default_factory=list)
    helpers: dict[str, Function] = field(default_factory=dict)


def apps(program: Program) -> list[App]:
    """The applications of a file."""
    if not _IS_ONE.search(program.syntax.data):
        return []
    found = [_app(program, "", program.syntax.root.named_children)]
    for node in walk(program.syntax.root, _MOST):
        inside = part(node, "body") if node.type == "class" else None
        if inside is not None:
            found.append(_app(program, constant(program, part(node, "name")), inside.named_children))
    return [one for one in found if one.answers]


def _app(program: Program, name: str, nodes: list[Node]) -> App:
    app = App(name, program.summary.path)
    waiting: list[tuple[Node, str, int]] = [(node, "", 0) for node in reversed(nodes)]
    while waiting:
        node, prefix, depth = waiting.pop()
        said = verb(program, node)
        if node.type == "method" and (called := part(node, "name")) is not None:
            app.helpers[program.syntax.text(called)] = function(program, node)
        block = part(node, "block") if said and node.type == "call" else None
        if block is None:
            continue
        alone = given(program, node).alone
        path = text(program, alone[0]) if alone else None
        if said in _VERBS and path is not None and path.startswith(("/", "*")):
            if program.counts(node, route=True):
                app.answers.append(_answer(program, node, said.upper(), prefix + path, block))
        elif said == "before" and program.counts(node):
            app.answers.append(_answer(program, node, "", prefix + (path or "/*"), block))
        elif said in ("namespace", "helpers", "configure") and depth < _DEPTH:
            below = prefix + (path or "") if said == "namespace" else prefix
            waiting += [(one, below, depth + 1) for one in reversed(body(node))]
    return app


def _answer(program: Program, node: Node, method: str, path: str, block: Node) -> Answer:
    return Answer(method, path, program.line(node), function(program, node, part(block, "body") or block))


def assembled_apps(apps: Sequence[App], units: Units) -> Iterator[Route]:
    """The routes of all *apps*, each with what runs before it in its own and in those above."""
    known = {app.name: app for app in apps if app.name}
    for app in apps:
        above = [known[unit.name] for unit in units.line_of(app.name) if unit.name in known] if app.name else []
        yield from _routes(app, above or [app], units)


def _routes(app: App, line: list[App], units: Units) -> Iterator[Route]:
    helpers = {name: does for one in reversed(line) for name, does in one.helpers.items()}
    asked = [one for other in line for one in other.answers if not one.method]
    scope = Units([Unit(app.name, app.path, functions=helpers)], units.library)
    for answer in app.answers:
        if not answer.method:
            continue
        before = [one.does for one in asked if reaches(one.path, answer.path, whole=False)]
        guarded = answer.does.itself or any(one.refuses for one in before)
        guarded = guarded or any(
            scope.turns_away(app.name, call) for one in (*before, answer.does) for call in one.calls
        )
        yield Route(
            method=answer.method,
            path=answer.path,
            framework="sinatra",
            file=app.path,
            line=answer.line,
            guarded=True if guarded else None,
        )
