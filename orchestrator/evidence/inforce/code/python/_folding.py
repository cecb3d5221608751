"""Works out values that are written in a Python module and cannot be anything else, and the names of things in it."""

from __future__ import annotations

import ast
from collections.abc import Mapping

NOTHING = object()
"""What comes of an expression that has no value before it runs."""
_DEPTH = 20
_MOST = 1_000
FILLED = (ast.List, ast.Dict, ast.Set)
"""What may have been filled since it was made."""


def fold(node: ast.expr, known: Mapping[str, ast.expr], depth: int = 0) -> object:
    """
    The value of *node*: a constant, a tuple of them, or a small sum.

    Args:
        node: An expression.
        known: Names that stand for an expression.
        depth: How many names and brackets led here.
    """
    if depth > _DEPTH:
        return NOTHING
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)) and len(node.elts) <= _MOST:
        each = [fold(part, known, depth + 1) for part in node.elts]
        return NOTHING if any(part is NOTHING for part in each) else tuple(each)
    if isinstance(node, ast.Dict) and not node.keys:
        return ()
    if isinstance(node, ast.Name) and node.id in known:
        meant = known[node.id]
        return NOTHING if isinstance(meant, (*FILLED, ast.Call)) else fold(meant, known, depth + 1)
    if isinstance(node, ast.UnaryOp):
        value = fold(node.operand, known, depth + 1)
        if isinstance(node.op, ast.Not) and value is not NOTHING:
            return not value
        return -value if isinstance(node.op, ast.USub) and isinstance(value, (int, float)) else NOTHING
    if isinstance(node, ast.BinOp):
        return _sum(node, known, depth)
    if isinstance(node, ast.Call) and not node.keywords and len(node.args) <= 1:
        return _made(node, known, depth)
    return NOTHING


def _sum(node: ast.BinOp, known: Mapping[str, ast.expr], depth: int) -> object:
    left, right = fold(node.left, known, depth + 1), fold(node.right, known, depth + 1)
    if not isinstance(left, (int, float)) or not isinstance(right, (int, float)):
        return NOTHING
    if max(abs(left), abs(right)) > 1e9:
        return NOTHING
    if isinstance(node.op, ast.Add):
        return left + right
    if isinstance(node.op, ast.Sub):
        return left - right
    return left * right if isinstance(node.op, ast.Mult) else NOTHING


def _made(node: ast.Call, known: Mapping[str, ast.expr], depth: int) -> object:
    """The value of ``bool(0)``, ``int()``, ``list()`` and the like."""
    if not isinstance(node.func, ast.Name) or node.func.id not in (
        "bool",
        "int",
        "str",
        "list",
        "dict",
        "tuple",
        "set",
    ):
        return NOTHING
    if not node.args:
        return {"bool": False, "int": 0, "str": ""}.get(node.func.id, ())
    value = fold(node.args[0], known, depth + 1)
    if isinstance(value, (bool, int)) and node.func.id in ("bool", "int"):
        return bool(value) if node.func.id == "bool" else int(value)
    return bool(value) if node.func.id == "bool" and value is not NOTHING else NOTHING


def named(node: ast.AST | None) -> str:
    """
    The dotted name of *node*, or of what it calls.

    Calls on the way are left out: ``get_settings().debug`` is ``get_settings.debug``. Empty where it is no plain name.
    """
    parts: list[str] = []
    while node is not None and len(parts) < _MOST:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Name):
            parts.append(node.id)
            return ".".join(reversed(parts))
        else:
            break
    return ""
