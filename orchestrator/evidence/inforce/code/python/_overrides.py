"""Tells what a later statement of a Python module takes away again."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ...force import IN_FORCE, Force, unknown, void
from ._folding import fold, named
from ._module import Step
from ._names import Names

Path = tuple[str, ...]
_MOST = 500
"""Statements that are looked through for one that overrides."""
_OFF = {"enabled": False, "active": False, "disabled": True}
_SETTINGS = re.compile(r"(?:^|\.)(?:\w{0,40}[cC]onfig|\w{0,40}[sS]ettings|\w{0,40}[hH]eaders|environ)$")
"""What is looked into only when all of it is set."""


class _Taken(NamedTuple):
    """What a statement takes: a name or a part of it, and the new value where it gives one."""

    path: Path
    value: ast.expr | None
    how: str


class Overrides:
    """
    What is overridden in one module.

    Args:
        names: Its names.
    """

    def __init__(self, names: Names) -> None:
        self._names = names
        self._blocks: dict[int, dict[str, list[tuple[int, ast.stmt, _Taken]]]] = {}

    def along(self, way: Sequence[Step]) -> Force:
        """The force of the place that *way* leads to, as far as what it sets lasts."""
        for number, step in enumerate(way):
            if not isinstance(step.child, ast.stmt):
                continue
            rest = way[number + 1 :]
            for path in _given(step.child, rest):
                for block, index in _around(way[: number + 1]):
                    force = self._later(path, step.child, rest, block, index)
                    if force is not None:
                        return force
        return IN_FORCE

    def _later(
        self, path: Path, setting: ast.stmt, rest: Sequence[Step], block: list[ast.stmt], index: int
    ) -> Force | None:
        """What becomes of *path*, which *setting* sets, in *block* behind *index*; None if nothing."""
        taken = self._taken(block).get(path[0], [])
        begin = bisect_right(taken, index, key=_number)
        for _, later, one in taken[begin : begin + _MOST]:
            if _is_off(path, one, self._names):
                return void(f"is switched off on line {later.lineno}")
            if path[: len(one.path)] != one.path:
                continue
            if one.how == "removed":
                literal = next((s.child.value for s in rest if isinstance(s.child, ast.Constant)), None)
                if literal is not None and one.value is not None and fold(one.value, self._names.known) == literal:
                    return void(f"is removed on line {later.lineno}")
            elif one.how == "shortened":
                if len(path) == len(one.path):
                    return unknown(f"a part of it is taken away on line {later.lineno}")
            elif one.value is not None and _mentions(one.value, path[0]):
                filtered = isinstance(one.value, (ast.ListComp, ast.SetComp, ast.DictComp))
                return unknown(f"is filtered on line {later.lineno}") if filtered else IN_FORCE
            elif self._is_read(path, setting, later) or _acts(path, setting):
                return IN_FORCE
            else:
                return void(f"is {one.how} on line {later.lineno}")
        return None

    def _taken(self, block: list[ast.stmt]) -> dict[str, list[tuple[int, ast.stmt, _Taken]]]:
        """What the statements of *block* take, by the name that it begins with, in their order."""
        if id(block) not in self._blocks:
            found: dict[str, list[tuple[int, ast.stmt, _Taken]]] = {}
            for number, statement in enumerate(block):
                for taken in _takes(statement):
                    found.setdefault(taken.path[0], []).append((number, statement, taken))
            self._blocks[id(block)] = found
        return self._blocks[id(block)]

    def _is_read(self, path: Path, setting: ast.stmt, later: ast.stmt) -> bool:
        """Whether *path* is read between *setting* and what overrides it; of settings the last value counts anyway."""
        if path[0].isupper() and len(path) == 1:
            return False
        if len(path) > 1 and _SETTINGS.search("".join(path[:-1])):
            return False
        lines = self._names.loaded.get(path[0], [])
        last = setting.end_lineno or setting.lineno
        return bisect_right(lines, later.lineno - 1) > bisect_right(lines, last)


def _acts(path: Path, setting: ast.stmt) -> bool:
    """Whether *setting* names the result of a function *path*: what it did is done, whatever the name is next."""
    value = getattr(setting, "value", None)
    call = value.value if isinstance(value, ast.Await) else value
    return len(path) == 1 and path[0].islower() and isinstance(call, ast.Call) and _is_function(call.func)


def _is_function(called: ast.expr) -> bool:
    """Whether *called* is spelled like a function, and not like what only makes something, such as a class."""
    name = called.attr if isinstance(called, ast.Attribute) else called.id if isinstance(called, ast.Name) else ""
    return name.islower() and _MAKES.fullmatch(name) is None


_MAKES = re.compile(r"(?:create|make|build|new)_(?!task|all|tables?|super_?user|index)\w{1,60}")
"""How functions are called of which nothing is left but what they give back."""


def _number(taken: tuple[int, ast.stmt, _Taken]) -> int:
    return taken[0]


def _around(way: Sequence[Step]) -> Iterator[tuple[list[ast.stmt], int]]:
    """The blocks that the last of *way* stands in and where, up to the function, class or module they belong to."""
    for number, step in enumerate(reversed(way)):
        if number and isinstance(step.child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            return
        if isinstance(step.child, ast.stmt) and isinstance(block := getattr(step.parent, step.field), list):
            yield block, step.number


def _is_off(path: Path, taken: _Taken, names: Names) -> bool:
    """Whether *taken* switches off what *path* is."""
    if len(taken.path) != len(path) + 1 or taken.path[:-1] != path or taken.value is None:
        return False
    word = taken.path[-1].lstrip(".")
    return word in _OFF and fold(taken.value, names.known) is _OFF[word]


def _given(statement: ast.stmt, rest: Sequence[Step]) -> Iterator[Path]:
    """What *statement* sets at the place that the steps *rest* lead to below it."""
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        inner = tuple(_keys(rest))
        for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
            if path := _path(target):
                yield (*path, *inner)
    elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        if not statement.decorator_list:
            yield (statement.name,)
    elif isinstance(statement, (ast.Import, ast.ImportFrom)):
        chosen = [s.child for s in rest if isinstance(s.child, ast.alias)] or (
            statement.names if len(statement.names) == 1 else []
        )
        for alias in chosen:
            yield ((alias.asname or alias.name).partition(".")[0],)
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        yield from _updated(statement.value, rest)


def _updated(call: ast.Call, rest: Sequence[Step]) -> Iterator[Path]:
    """The part of a mapping that *call* sets at the place that *rest* leads to, if it updates one."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in ("update", "setdefault", "from_mapping"):
        return
    owner = _path(call.func.value)
    keyword = next((s.child.arg for s in rest if isinstance(s.child, ast.keyword) and s.child.arg), "")
    keys = [f"[{keyword!r}]"] if keyword else list(_keys(rest))
    if owner and keys:
        yield (*owner, *keys)


def _keys(rest: Sequence[Step]) -> Iterator[str]:
    """The keys of the mappings on the way, from the outside in."""
    for step in rest:
        if isinstance(step.parent, ast.Dict) and step.field in ("values", "keys"):
            key = step.parent.keys[step.number]
            if not isinstance(key, ast.Constant):
                return
            yield f"[{key.value!r}]"


def _takes(statement: ast.stmt) -> Iterator[_Taken]:
    """What *statement* takes away from what stands before it, for sure."""
    if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
        for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
            for one in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
                if path := _path(one):
                    yield _Taken(path, statement.value, "overridden")
    elif isinstance(statement, ast.Delete):
        for target in statement.targets:
            if path := _path(target):
                yield _Taken(path, None, "deleted")
            elif isinstance(target, ast.Subscript) and (path := _path(target.value)):
                yield _Taken(path, None, "shortened")
    elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield _Taken((statement.name,), None, "defined again")
    elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        yield from _called(statement.value)


def _called(call: ast.Call) -> Iterator[_Taken]:
    """What a call of a list's or a mapping's own method takes away."""
    if named(call.func) == "delattr" and len(call.args) == 2 and isinstance(call.args[1], ast.Constant):
        if path := _path(call.args[0]):
            yield _Taken((*path, f".{call.args[1].value!s}"), None, "deleted")
        return
    if not isinstance(call.func, ast.Attribute) or not (path := _path(call.func.value)):
        return
    method, first = call.func.attr, call.args[0] if call.args else None
    if method == "clear" and first is None:
        yield _Taken(path, None, "emptied")
    elif method == "remove" and first is not None:
        yield _Taken(path, first, "removed")
    elif method == "pop" and isinstance(first, ast.Constant) and isinstance(first.value, str):
        yield _Taken((*path, f"[{first.value!r}]"), None, "deleted")
    elif method == "pop":
        yield _Taken(path, None, "shortened")
    elif method == "update":
        for keyword in call.keywords:
            if keyword.arg:
                yield _Taken((*path, f"[{keyword.arg!r}]"), keyword.value, "overridden")
        if isinstance(first, ast.Dict):
            for key, value in zip(first.keys, first.values, strict=True):
                if isinstance(key, ast.Constant):
                    yield _Taken((*path, f"[{key.value!r}]"), value, "overridden")


def _path(node: ast.expr) -> Path:
    """*node* as a path of names and constant keys from the outside in; empty where it is none."""
    parts: list[str] = []
    while len(parts) < 50:
        if isinstance(node, ast.Attribute):
            parts.append(f".{node.attr}")
            node = node.value
        elif (
            isinstance(node, ast.Subscript)
            and isinstance(node.slice, ast.Constant)
            and isinstance(node.slice.value, str)
        ):
            parts.append(f"[{node.slice.value!r}]")
            node = node.value
        elif isinstance(node, ast.Name):
            return (node.id, *reversed(parts))
        else:
            break
    return ()


def _mentions(node: ast.expr, name: str) -> bool:
    return any(isinstance(part, ast.Name) and part.id == name for part in ast.walk(node))
