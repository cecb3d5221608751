"""Reads the expressions of a module of Python."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection

from ...formats.python import children
from ..inforce.code.python import PythonJudge
from .formatting import formatted
from .terms import (
    Call,
    Either,
    Given,
    Guard,
    Joined,
    Listed,
    Made,
    Name,
    Other,
    Part,
    Plain,
    Program,
    Scope,
    Term,
    Text,
)

_DEEP = 60
_BODY = 1_000
_NUMBERS = frozenset({"int", "float", "bool", "Decimal", "UUID", "date", "datetime"})
_ROUTES = frozenset({"get", "post", "put", "patch", "delete", "route", "api_route", "websocket"})
_ADDS = frozenset({"append", "extend", "write"})
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
_FUNCTIONS = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda})
_NOTED = frozenset((
    ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.AugAssign,
    ast.withitem, ast.For, ast.AsyncFor, ast.comprehension, ast.ImportFrom, ast.If, ast.IfExp, ast.Assert, ast.While,
    ast.Attribute, ast.Call,
))  # fmt: skip
"""What says something of names or conditions, or calls something."""


def program(judge: PythonJudge, names: Collection[str], matters: Callable[[Call], bool]) -> Program:
    """
    The functions of a module, with their calls of what has one of *names*.

    Args:
        judge: Its syntax.
        names: What is called where a call may matter.
        matters: Whether one does; where none does nothing else is read.
    """
    return _Reading(judge, names, matters).program


class _Reading:
    def __init__(self, judge: PythonJudge, names: Collection[str], matters: Callable[[Call], bool]) -> None:
        self._module, self._names = judge.module, names
        top = Scope()
        self.program = Program([top])
        placed: list[tuple[ast.AST, Scope]] = []
        todo: list[tuple[ast.AST, Scope]] = [(self._module.tree, top)]
        while todo:
            node, scope = todo.pop()
            kind = type(node)
            if kind in _FUNCTIONS:
                scope = Scope(scope, getattr(node, "name", ""))
                self.program.scopes.append(scope)
            if kind in _NOTED:
                placed.append((node, scope))
                if isinstance(node, ast.Call):
                    self._look(node, scope)
            todo += [(child, scope) for child in reversed(children(node))]
        if any(matters(made.call) for scope in self.program.scopes for made in scope.calls):
            body = self._module.tree.body
            self.program.defined |= {n.name for n in body if isinstance(n, ast.FunctionDef | ast.ClassDef)}
            for node, scope in placed:
                self._note(node, scope)

    def _at(self, node: ast.AST) -> int:
        return self._module.span(node)[0]

    def _look(self, node: ast.Call, scope: Scope) -> None:
        """Keep *node* if it is a call that may matter."""
        if _called(node.func) in self._names and isinstance(found := term(node), Call):
            scope.calls.append(Made(found, node.lineno, *self._module.span(node)))

    def _function(self, node: _Function, scope: Scope) -> None:
        arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
        routed = not isinstance(node, ast.Lambda) and any(map(_is_route, node.decorator_list))
        path = " ".join(map(ast.unparse, node.decorator_list)) if not isinstance(node, ast.Lambda) and routed else ""
        for argument in arguments:
            kind = _kind(argument)
            if not kind and routed and argument.arg not in ("self", "request", "db", "session"):
                typed = argument.annotation
                is_text = typed is None or "str" in ast.unparse(typed)
                kind = "number" if f"int:{argument.arg}>" in path else "input" if is_text else ""
            scope.parameters[argument.arg] = kind

    def _note(self, node: ast.AST, scope: Scope) -> None:
        """Note what *node* says of names and conditions."""
        if isinstance(node, _Function):
            self._function(node, scope)
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                self._give(scope, target, node.value, self._at(node))
        elif isinstance(node, ast.AnnAssign | ast.NamedExpr) and node.value is not None:
            self._give(scope, node.target, node.value, self._at(node))
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            scope.gives(node.target.id, Given(self._at(node), term(node.value), adds=True))
        elif isinstance(node, ast.withitem) and node.optional_vars is not None:
            self._give(scope, node.optional_vars, node.context_expr, self._at(node.context_expr))
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            self._give(scope, node.target, node.iter, self._at(node.target), element=True)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                self.program.imported[alias.asname or alias.name] = node.module or "."
        elif isinstance(node, ast.If | ast.IfExp | ast.Assert | ast.While):
            body = "raise" if isinstance(node, ast.Assert) else ast.unparse(node)[:_BODY]
            scope.guards.append(Guard(ast.unparse(node.test), *self._module.span(node), body))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            self.program.stored.add(node.attr)
        elif isinstance(node, ast.Call):
            self._adds(node, scope)

    def _adds(self, node: ast.Call, scope: Scope) -> None:
        function = node.func
        if _called(function) in _ADDS and isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
            for given in node.args[:1]:
                scope.gives(function.value.id, Given(self._module.span(node)[1], term(given), adds=True))

    def _give(self, scope: Scope, target: ast.expr, value: ast.expr, at: int, element: bool = False) -> None:
        if isinstance(target, ast.Tuple | ast.List):
            values = value.elts if isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts) else None
            for number, part in enumerate(target.elts):
                if isinstance(part, ast.Name):
                    made = term(values[number]) if values and not element else Part(term(value), "")
                    scope.gives(part.id, Given(at, made))
        elif isinstance(target, ast.Name):
            scope.gives(target.id, Given(at, _element(value) if element else term(value)))


def term(node: ast.expr, deep: int = 0) -> Term:
    """The expression *node*."""
    if deep > _DEEP:
        return Other()

    def of(part: ast.expr) -> Term:
        return term(part, deep + 1)

    match node:
        case ast.Constant(value=str() as text):
            return Text(text)
        case ast.Constant():
            return Plain()
        case ast.Name(id=name):
            return Name(name)
        case ast.Attribute(value=base, attr=key):
            return Part(of(base), key)
        case ast.Subscript(value=base, slice=key):
            return Part(of(base), str(key.value) if isinstance(key, ast.Constant) else "")
        case ast.JoinedStr(values=parts):
            return Joined(tuple(map(of, parts)))
        case ast.FormattedValue(value=value):
            return of(value)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return Joined((of(left), of(right)))
        case ast.BinOp(left=left, op=ast.Mod(), right=right):
            values = right.elts if isinstance(right, ast.Tuple) else [right]
            named = right if isinstance(right, ast.Dict) else None
            return formatted(of(left), tuple(map(of, named.values if named else values)), "%")
        case ast.BinOp() | ast.Compare() | ast.UnaryOp():
            return Plain()
        case ast.IfExp(body=first, orelse=second):
            return Either((of(first), of(second)))
        case ast.BoolOp(values=parts):
            return Either(tuple(map(of, parts)))
        case ast.Await(value=value) | ast.Starred(value=value) | ast.NamedExpr(value=value):
            return of(value)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return Listed(tuple(map(of, parts)))
        case ast.ListComp(elt=part) | ast.GeneratorExp(elt=part):
            return Listed((of(part),))
        case ast.Dict(values=parts):
            return Listed(tuple(map(of, parts)), keyed=True)
        case ast.Call(func=function, args=given, keywords=keywords):
            on = of(function.value) if isinstance(function, ast.Attribute) else None
            name, terms = _called(function), tuple(map(of, given))
            named_terms = {k.arg: of(k.value) for k in keywords if k.arg}
            if name == "format" and on is not None:
                return formatted(on, (*terms, *named_terms.values()), "{")
            return Call(name, on, terms, named_terms)
    return Other()


def _element(value: ast.expr) -> Term:
    """One of what *value* has."""
    if isinstance(value, ast.Call) and _called(value.func) in ("range", "enumerate"):
        return Plain() if _called(value.func) == "range" else Other()
    made = term(value)
    return Either(made.parts) if isinstance(made, Listed) and made.parts else Part(made, "")


def _called(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _kind(argument: ast.arg) -> str:
    typed = argument.annotation
    words = {n.id for n in ast.walk(typed) if isinstance(n, ast.Name)} if typed is not None else set()
    words |= {n.attr for n in ast.walk(typed) if isinstance(n, ast.Attribute)} if typed is not None else set()
    return "number" if words & _NUMBERS and "str" not in words else ""


def _is_route(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and _called(decorator.func) in _ROUTES and bool(decorator.args)
