"""Reads Python source as a syntax tree, within what the interpreter stands."""

from __future__ import annotations

import ast
import warnings
from collections import deque
from collections.abc import Iterator

from ..errors import FormatError


def parse(text: str) -> ast.Module:
    """
    The syntax tree of *text*.

    Raises:
        FormatError: It is not Python 3, or too deep or too odd for the parser.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise FormatError(f"not Python: {error.msg}", error.lineno or 1, error.offset or 1) from None
    except (RecursionError, MemoryError):
        raise FormatError("nested too deeply") from None
    except ValueError as error:
        raise FormatError(f"not Python: {error}") from None


def children(node: ast.AST) -> list[ast.AST]:
    """What :func:`ast.iter_child_nodes` gives; found out once, since many look through one tree."""
    kept: dict[str, list[ast.AST]] = vars(node)
    if (found := kept.get(_PARTS)) is None:
        found = kept[_PARTS] = []
        for field in fields(type(node)):
            value = getattr(node, field, None)
            if value.__class__ is list:
                found += [part for part in value if isinstance(part, ast.AST)]
            elif isinstance(value, ast.AST):
                found.append(value)
    return found


_PARTS = "its parts"
"""No field has such a name."""
_PLAIN = frozenset(
    (
        "arg",
        "asname",
        "attr",
        "conversion",
        "id",
        "is_async",
        "kind",
        "level",
        "module",
        "rest",
        "simple",
        "type_comment",
    )
)
"""Fields in which no part of a tree ever stands."""


_FIELDS: dict[type, tuple[str, ...]] = {ast.Constant: ()}


def fields(kind: type[ast.AST]) -> tuple[str, ...]:
    """The fields of *kind* in which parts of a tree may stand."""
    if (found := _FIELDS.get(kind)) is None:
        found = _FIELDS[kind] = tuple(field for field in kind._fields if field not in _PLAIN)
    return found


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """What :func:`ast.walk` gives, in its order."""
    waiting = deque([node])
    while waiting:
        node = waiting.popleft()
        waiting.extend(children(node))
        yield node
