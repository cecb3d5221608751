"""Tells which names a Python module gives a value once, and which of its functions nothing in it leads to."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from .....formats.python import children
from ...force import IN_FORCE, Force, void
from ._folding import named
from ._module import Step

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_WRAPPERS = frozenset(
    [
        *("retry", "cache", "lru_cache", "cached", "wraps", "contextmanager", "asynccontextmanager", "staticmethod"),
        *("classmethod", "circuit", "breaker", "circuit_breaker", "on_exception", "on_predicate", "timeout", "limits"),
        *(
            "sleep_and_retry",
            "override",
            "overload",
            "deprecated",
            "dataclass",
            "final",
            "atomic",
            "memoize",
            "ttl_cache",
        ),
        *("total_ordering", "singledispatch", "no_type_check", "trace", "timed", "time", "observe_duration"),
    ]
)
"""Decorators that change what a function does and hand it to nobody."""
_PLAIN_BASES = frozenset({"object", "Generic", "ABC"})


@dataclass
class _Unit:
    """A definition: what it names, and what it lies in."""

    node: Definition | None
    above: _Unit | None
    named: set[str] = field(default_factory=set)
    within: list[_Unit] = field(default_factory=list)


class Names:
    """
    The names of one module.

    Args:
        tree: The module.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.bound: dict[str, int] = {}
        """How many times each name is given a value, in all of the module."""
        self.loaded: dict[str, list[int]] = {}
        """The lines that each name is read on, in order."""
        self.known: dict[str, ast.expr] = {}
        """What the names stand for that are given a value once, in all of the module."""
        self.flags: set[str] = set()
        """The names of arguments that are off unless somebody says otherwise."""
        self._starred = 0
        """The last line that gives values to names which are not told."""
        self._read(tree)
        self.known = {
            name: value for name, value in self.known.items() if self.bound[name] == 1 and value.lineno > self._starred
        }
        self._live = self._reached()

    def along(self, way: Sequence[Step]) -> Force:
        """The force of a place that *way* leads to, as far as its functions are called."""
        for step in way:
            if is_definition(step.child) and id(step.child) not in self._live:
                kind = "class" if isinstance(step.child, ast.ClassDef) else "function"
                reason = f"stands in the {kind} {step.child.name}, which nothing leads to (line {step.child.lineno})"
                inside = isinstance(step.parent, (ast.Module, ast.ClassDef))
                return void(reason, unless=step.child.name if inside else "")
        return IN_FORCE

    def _read(self, tree: ast.Module) -> None:
        root = _Unit(None, None)
        self._root = root
        waiting: list[tuple[_Unit, list[ast.AST]]] = [(root, [tree])]
        while waiting:
            unit, stack = waiting.pop()
            while stack:
                node = stack.pop()
                kind = type(node)
                if kind in _DEFINITIONS and is_definition(node):
                    self._bind(node.name)
                    inner = _Unit(node, unit)
                    unit.within.append(inner)
                    outer = [*node.decorator_list, *(node.bases if isinstance(node, ast.ClassDef) else ())]
                    stack += outer
                    waiting.append((inner, [part for part in children(node) if part not in outer]))
                    continue
                if kind in _TAKEN_IN:
                    self._note(node, unit)
                    if kind is ast.Name or kind is ast.Constant:
                        continue  # which have no parts that say anything
                stack += children(node)
        for lines in self.loaded.values():
            lines.sort()

    def _note(self, node: ast.AST, unit: _Unit) -> None:
        """Take in what *node* gives a value or names."""
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Load):
                unit.named.add(node.id)
                self.loaded.setdefault(node.id, []).append(node.lineno)
            else:
                self._bind(node.id)
        elif isinstance(node, ast.Attribute):
            unit.named.add(node.attr)
        elif isinstance(node, ast.alias):
            self._starred = max(self._starred, node.lineno if node.name == "*" else 0)
            self._bind((node.asname or node.name).partition(".")[0])
        elif isinstance(node, ast.arg):
            self._bind(node.arg)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            self.known.update({target.id: node.value for target in targets if isinstance(target, ast.Name)})
        elif isinstance(node, ast.arguments):
            self.flags.update(_off(node))
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            for name in node.names:
                self._bind(name)
                self._bind(name)
        elif isinstance(node, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)) and node.name:
            self._bind(node.name)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) <= 200:
            unit.named.add(node.value.rpartition(".")[2].rpartition(":")[2])

    def _bind(self, name: str) -> None:
        self.bound[name] = self.bound.get(name, 0) + 1

    def _reached(self) -> set[int]:
        """The definitions that something leads to which is not itself."""
        waiting: dict[str, list[_Unit]] = {}
        live: set[int] = set()
        spoken: set[str] = set()
        todo = [self._root]
        while todo:
            unit = todo.pop()
            for inner in unit.within:
                assert inner.node is not None
                if _is_entry(inner) or inner.node.name in spoken:
                    todo.append(inner)
                    live.add(id(inner.node))
                else:
                    waiting.setdefault(inner.node.name, []).append(inner)
            for name in unit.named - spoken:
                spoken.add(name)
                for inner in waiting.pop(name, ()):
                    todo.append(inner)
                    live.add(id(inner.node))
        return live


def _is_entry(unit: _Unit) -> bool:
    """Whether others may come to *unit* whom this module does not name: importers, frameworks, registries."""
    node, above = unit.node, unit.above
    assert node is not None
    if any(named(decorator).rpartition(".")[2] not in _WRAPPERS for decorator in node.decorator_list):
        return True
    hidden = node.name.startswith("_") and not (node.name.startswith("__") and node.name.endswith("__"))
    if above is None or above.node is None:
        return not hidden
    if isinstance(above.node, ast.ClassDef):
        bases = [named(base).rpartition(".")[2] for base in above.node.bases]
        open_class = any(base not in _PLAIN_BASES for base in bases) or above.node.keywords
        return not hidden or bool(open_class) or above.node.name.endswith("Mixin")
    return False


_DEFINITIONS = frozenset({ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef})
_TAKEN_IN = frozenset(
    {
        *(ast.Name, ast.Attribute, ast.alias, ast.arg, ast.Assign, ast.AnnAssign, ast.arguments, ast.Global),
        *(ast.Nonlocal, ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.Constant),
    }
)
"""What gives a value to names, or names something; of most nodes that is quickly denied."""


def is_definition(node: ast.AST | None) -> TypeGuard[Definition]:
    """Whether *node* defines a function or a class."""
    return isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


def _off(given: ast.arguments) -> Iterator[str]:
    """The arguments that are off by default."""
    positional = [*given.posonlyargs, *given.args]
    pairs = [
        *zip(positional[len(positional) - len(given.defaults) :], given.defaults, strict=True),
        *zip(given.kwonlyargs, given.kw_defaults, strict=True),
    ]
    for arg, default in pairs:
        if isinstance(default, ast.Constant) and default.value is False:
            yield arg.arg
