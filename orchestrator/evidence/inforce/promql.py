"""Tells whether an alert's expression can fire: its constants folded, its bounds crossed, its recordings looked up."""

from __future__ import annotations

import re

from ...errors import FormatError
from ...formats.promql import (
    CONSTANT,
    FILLED,
    MAX_LENGTH,
    Binary,
    Call,
    Node,
    Number,
    Selector,
    balanced,
    fill,
    parse,
    walk,
)
from ...formats.promql_text import show
from .force import IN_FORCE, Force, unknown, void
from .series import COMPARISONS, SETS, series


def firing(node: Node) -> Force:
    """Whether an alert on *node* can fire, and can be silent."""
    found = series(node)
    if found.nothing:
        return void(f"it cannot fire: {show(node)} never comes true")
    if found.sure:
        return void(f"it fires always: {show(node)} does not depend on anything")
    return next((void(reason) for part in walk(node) if (reason := _too_late(part))), IN_FORCE)


_LONGEST_AGE = 366 * 86_400
_LEAST_NOTICE = 60


def _too_late(node: Node) -> str:
    """Why a comparison with the clock comes true when it helps nobody any more; empty where it does not."""
    if not isinstance(node, Binary) or not isinstance(node.left, Binary) or node.left.sign != "-":
        return ""
    limit = series(node.right).value
    if not limit.constant:
        return ""
    if _is_now(node.left.left) and node.sign in (">", ">=") and limit.low > _LONGEST_AGE:
        return f"it fires after more than a year: {show(node)}"
    if _is_now(node.left.right) and node.sign in ("<", "<=") and 0 <= limit.low < _LEAST_NOTICE:
        return f"it fires less than a minute before: {show(node)}"
    return ""


def _is_now(node: Node) -> bool:
    return isinstance(node, Call) and node.function == "time"


def fires_always(node: Node) -> bool:
    """Whether an alert on *node* is never silent, as one that shows that alerting works."""
    return series(node).sure


def mistaken(expression: str) -> bool:
    """
    Whether *expression* cannot fire by a mistake of whoever wrote it, and is not switched off on purpose.

    That is one that asks of what is measured what this never comes to (``up == 2``), or that no dialect can read.
    """
    try:
        node = parse(expression)
    except FormatError:
        return unreadable(expression)
    if not isinstance(node, Binary) or node.sign not in COMPARISONS or not isinstance(node.right, Number):
        return False
    measured = [part for part in walk(node.left) if isinstance(part, Selector)]
    asked = any(isinstance(part, Binary) and part.sign in COMPARISONS | SETS for part in walk(node.left))
    templated = any(part.metric == FILLED for part in measured)
    return bool(measured) and not asked and not templated and series(node).nothing and not series(node.left).nothing


def unreadable(expression: str) -> bool:
    """Whether *expression* has a bracket that nothing closes, or a comparison of nothing: no dialect has these."""
    if len(expression) > MAX_LENGTH:
        return False
    filled = fill(expression)
    return not balanced(filled) or _TWICE.search(_QUOTED.sub('""', filled)) is not None


_TWICE = re.compile(r"(?:[=!<>]=|[<>])[ \t\n]{1,20}(?:[=!<>]=|[<>])")
_QUOTED = re.compile(r"\"(?:[^\"\\\n]|\\.)*+\"|'(?:[^'\\\n]|\\.)*+'|`[^`]*+`|#[^\n]*+")


def firing_as_written(expression: str) -> Force:
    """The same of an expression that may be none; of what is no PromQL it cannot be told."""
    try:
        return firing(parse(expression))
    except FormatError as error:
        if error.reason == CONSTANT or unreadable(expression):
            return void(f"it cannot fire: {error.reason}")
        return unknown(error.reason)
