"""Moves thresholds: a number up or down by one or by a factor, an order that takes its limit in or leaves it out."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from ._edits import Edit, Module

_SWAPPED = {ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">")}
_A_SIZE, _A_BOUND = 1000, 20
"""
From here on a number that is compared is a size, and one that is not says how much is kept: one more or less is no
mistake, twice as much or half of it is.
"""


def thresholds(module: Module) -> Iterator[Edit]:
    """Every threshold that could be another one."""
    for node in module.nodes:
        if isinstance(node, ast.Compare):
            yield from _orders(module, node)
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and _is_limit(module, node):
            for number in _others(node.value, isinstance(module.parents[node], ast.Compare)):
                around = module.said(module.parents[node]) if isinstance(module.parents[node], ast.expr) else ""
                what = f"{module.said(node)} -> {number}" + (f" in {around[:50]}" if around else "")
                yield module.edit("threshold", node, number, what)


def _orders(module: Module, node: ast.Compare) -> Iterator[Edit]:
    left = node.left
    for operator, right in zip(node.ops, node.comparators, strict=True):
        if (swap := _SWAPPED.get(type(operator))) is not None:
            start, end = module.span(left)[1], module.span(right)[0]
            if (at := re.search(rb"[<>]=?", module.data[start:end])) is not None:
                span = (start + at.start(), start + at.end())
                yield module.edit("threshold", node, swap[1], f"{module.said(node)}: {' -> '.join(swap)}", at=span)
        left = right


def _is_limit(module: Module, node: ast.Constant) -> bool:
    """Whether a number bounds something: no position in a sequence; nought and one only where they are compared."""
    if isinstance(node.value, bool) or not isinstance(node.value, int | float):
        return False
    parent = module.parents[node]
    if isinstance(parent, ast.UnaryOp):
        return False
    if isinstance(parent, ast.Subscript):
        return False
    if isinstance(parent, ast.Compare):
        return any(type(operator) in _SWAPPED for operator in parent.ops)
    if isinstance(parent, ast.Slice):
        return node.value > 1
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Name) and parent.func.id in ("range", "enumerate"):
        return False
    return node.value > 1


def _others(value: float, is_compared: bool) -> list[str]:
    if isinstance(value, float):
        return [repr(value * 2), repr(value / 2)]
    if value >= (_A_SIZE if is_compared else _A_BOUND):
        return [str(value * 2), str(value // 2)]
    return [str(value + 1)] + ([str(value - 1)] if value else [])
