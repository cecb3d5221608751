"""Tells whether an alert's expression can fire: its constants folded, its bounds crossed, its recordings looked up."""

from __future__ import annotations

from ...errors import FormatError
from ...formats.promql import CONSTANT, Node, parse
from ...formats.promql_text import show
from .force import IN_FORCE, Force, unknown, void
from .series import series


def firing(node: Node) -> Force:
    """Whether an alert on *node* can fire, and can be silent."""
    found = series(node)
    if found.nothing:
        return void(f"it cannot fire: {show(node)} never comes true")
    if found.sure:
        return void(f"it fires always: {show(node)} does not depend on anything")
    return IN_FORCE


def fires_always(node: Node) -> bool:
    """Whether an alert on *node* is never silent, as one that shows that alerting works."""
    return series(node).sure


def firing_as_written(expression: str) -> Force:
    """The same of an expression that may be none; of what is no PromQL it cannot be told."""
    try:
        return firing(parse(expression))
    except FormatError as error:
        return void(f"it cannot fire: {error.reason}") if error.reason == CONSTANT else unknown(error.reason)
