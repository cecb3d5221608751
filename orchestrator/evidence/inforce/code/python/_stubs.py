"""Tells which names of a Python module stand for something that does nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from ...force import IN_FORCE, Force, unknown, void
from ._folding import fold, named
from ._module import Step
from ._names import Definition, Names, is_definition

_SWITCHES = {"enabled": False, "active": False, "disabled": True, "disable": True}
_DOUBLES = frozenset({"Mock", "MagicMock", "AsyncMock", "SimpleNamespace", "object"})
_DEPTH = 10


class Stubs:
    """
    The stubs of one module.

    Args:
        tree: The module.
        names: Its names.
    """

    def __init__(self, tree: ast.Module, names: Names) -> None:
        self._names = names
        self._hollow: dict[str, Force] = {}
        last = _last_bindings(tree)
        for number, node in enumerate(tree.body):
            if not is_definition(node) or not is_hollow(node):
                continue
            if last[node.name] == number:
                self._hollow[node.name] = void(f"uses {node.name}, a stub that does nothing (line {node.lineno})")
        for name, value in sorted(names.known.items(), key=lambda pair: (pair[1].lineno, pair[0])):
            reason = f"uses {name}, which stands for nothing (line {value.lineno})"
            if isinstance(value, ast.Constant) and value.value is None:
                self._hollow[name] = unknown(reason)
            elif _stands_for_nothing(value):
                self._hollow[name] = void(reason)
            elif isinstance(value, ast.Call) and (maker := named(value).partition(".")[0]) in self._hollow:
                self._hollow[name] = self._hollow[maker]  # what is made by a stub is one

    def along(self, way: Sequence[Step], called: Sequence[ast.expr]) -> Force:
        """
        The force of a place that *way* leads to.

        Args:
            way: Down to the place.
            called: What is called there, or decorates.
        """
        for callee in called:
            first = named(callee).partition(".")[0]
            if first in self._hollow:
                return self._hollow[first]
        own = way[-1].child if way else None
        if is_definition(own) and not own.decorator_list and is_hollow(own):
            return void("does nothing")
        return self._switched(way)

    def _switched(self, way: Sequence[Step]) -> Force:
        """Whether the innermost call on *way* is told not to be: ``Limiter(app, enabled=False)``."""
        call = next((step.child for step in reversed(way) if isinstance(step.child, ast.Call)), None)
        for keyword in call.keywords if call is not None else ():
            off = _SWITCHES.get(keyword.arg or "")
            asked = any(step.child is keyword for step in way)
            if off is not None and not asked and fold(keyword.value, self._names.known) is off:
                return void(f"is switched off by {keyword.arg}={off} (line {keyword.value.lineno})")
        return IN_FORCE


def is_hollow(node: Definition, depth: int = 0) -> bool:
    """Whether *node* does nothing but to be there: it passes, or gives back what it was given."""
    if depth > _DEPTH:
        return False
    if isinstance(node, ast.ClassDef):
        if any(named(base) not in ("object",) for base in node.bases) or node.keywords or node.decorator_list:
            return False
        return all(
            is_hollow(part, depth + 1) if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)) else _idle(part)
            for part in node.body
        )
    given = {arg.arg for arg in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    inner = {
        part.name for part in node.body if isinstance(part, ast.FunctionDef) and _passes_on(part, given, depth + 1)
    }
    for part in node.body:
        if isinstance(part, ast.FunctionDef) and part.name in inner:
            continue
        if isinstance(part, ast.Return) and _gives_back(part.value, given | inner, depth + 1):
            return True
        if not _idle(part):
            return False
    return True


def _passes_on(node: ast.FunctionDef, outer: set[str], depth: int) -> bool:
    """Whether *node* only calls what was given to the function around it, as a decorator that does nothing does."""
    if is_hollow(node, depth):
        return True
    last = node.body[-1]
    call = last.value if len(node.body) == 1 and isinstance(last, ast.Return) else None
    call = call.value if isinstance(call, ast.Await) else call
    plain = isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in outer
    return bool(plain and all(isinstance(arg, ast.Starred) for arg in call.args))  # type: ignore[union-attr]  # plain says so


def _idle(node: ast.stmt) -> bool:
    """Whether *node* does nothing, or says that nothing is done."""
    if isinstance(node, ast.Raise):
        return named(node.exc) == "NotImplementedError"
    if isinstance(node, (ast.If, ast.While)) and not node.orelse:
        return isinstance(node.test, ast.Constant) and not node.test.value
    return isinstance(node, ast.Pass) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))


def _gives_back(value: ast.expr | None, given: set[str], depth: int) -> bool:
    """Whether *value* is a constant, what was *given*, or a function that gives back what it is given."""
    if value is None or isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.Name):
        return value.id in given
    if isinstance(value, ast.Lambda) and depth <= _DEPTH:
        own = {arg.arg for arg in (*value.args.posonlyargs, *value.args.args, *value.args.kwonlyargs)}
        return _gives_back(value.body, given | own, depth + 1)
    return False


def _stands_for_nothing(value: ast.expr) -> bool:
    if isinstance(value, ast.Lambda):
        return _gives_back(value, set(), 0)
    return isinstance(value, ast.Call) and named(value.func).rpartition(".")[2] in _DOUBLES


def _last_bindings(tree: ast.Module) -> dict[str, int]:
    """The place among its statements where a module last gives each name to something at its top."""
    found: dict[str, int] = {}
    for number, node in enumerate(tree.body):
        if is_definition(node):
            found[node.name] = number
        elif isinstance(node, ast.Assign):
            found.update({target.id: number for target in node.targets if isinstance(target, ast.Name)})
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found.update({alias.asname or alias.name: number for alias in node.names})
    return found


def calls(way: Sequence[Step]) -> Iterator[ast.expr]:
    """
    What is called along *way*, or decorates the definition that its last steps stand in the decorators of.

    A field of a class is what makes it.
    """
    for step in way:
        made = step.child.value if isinstance(step.child, ast.Assign | ast.AnnAssign) else None
        if isinstance(step.parent, ast.ClassDef) and isinstance(made, ast.Call):
            yield made.func
        if isinstance(step.child, ast.Call):
            yield step.child.func
        elif step.field == "decorator_list":
            assert isinstance(step.child, ast.expr)
            yield step.child
