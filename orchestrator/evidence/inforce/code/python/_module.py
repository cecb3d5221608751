"""A Python module as syntax whose places are offsets of bytes, and the way down to each of them."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from .....errors import FormatError
from .....formats.python import fields, parse

MAX_BYTES = 1_000_000
"""Longer modules are not parsed: nobody has written them by hand."""
MAX_STEPS = 500
"""Deeper places are not led to."""
_MAX_ALIKE = 1_000
_LINE_END = re.compile(rb"\r\n|\n|\r")
_BOM = b"\xef\xbb\xbf"
_TYPE_PARAMETERS = re.compile(
    r"^([ \t]*(?:async[ ]+)?(?:def|class)[ ]+\w+)(\[[^\n()]{1,300}\])(?=[ ]*[(:])", re.MULTILINE
)
_TYPE_STATEMENT = re.compile(r"(?<=^type)([ ]+)(?=\w+(?:\[[^\n]{1,200}\])?[ ]*=)", re.MULTILINE)
_APART = (ast.stmt, ast.ExceptHandler)
"""What shares no place with what stands beside it."""
_STRAY = re.compile("[\udc80-\udcff]")

Position = tuple[int, int]


class Step(NamedTuple):
    """One step down from a node to the part of it that a place lies in."""

    parent: ast.AST
    field: str
    number: int
    """In the list that the field is; 0 where it is none."""
    child: ast.AST


class Module:
    """
    A module that was parsed.

    Raises:
        FormatError: It is too long, too deep, or not the Python that this interpreter reads.
    """

    def __init__(self, data: bytes) -> None:
        if len(data) > MAX_BYTES:
            raise FormatError(f"{len(data):,} bytes are more than the {MAX_BYTES:,} that are parsed")
        mark = len(_BOM) if data.startswith(_BOM) else 0
        text = _STRAY.sub("?", data[mark:].decode("utf-8", "surrogateescape"))
        try:
            self.tree = parse(text)
        except FormatError:
            self.tree = parse(_without_newer_syntax(text))
        self._last: list[Step] = []
        self._starts = [mark, *(found.end() for found in _LINE_END.finditer(data, mark))]

    def position(self, at: int) -> Position:
        """The line of the byte *at*, from 1, and its place in it."""
        line = bisect_right(self._starts, at)
        return line, at - self._starts[max(0, line - 1)]

    def span(self, node: ast.AST) -> tuple[int, int]:
        """The bytes of *node*, which has a position."""
        (line, column), (last, end) = begins(node), ends(node)
        return self._starts[line - 1] + column, self._starts[last - 1] + end

    def way(self, at: int) -> list[Step]:
        """The steps from the module down to the innermost part that the byte *at* lies in."""
        position = self.position(at)
        steps: list[Step] = []
        for step in self._last:  # whoever asks goes on near by, and statements lie in nothing but one another
            if not (isinstance(step.child, _APART) and _covers(step.child, position)):
                break
            steps.append(step)
        node = steps[-1].child if steps else self.tree
        while len(steps) < MAX_STEPS:
            found = next(_inside(node, position), None)
            if found is None:
                break
            steps.append(found)
            node = found.child
        self._last = steps
        return steps[:]


def _without_newer_syntax(text: str) -> str:
    """*text* without the parameters and names of types that Python 3.12 has brought, as long as before."""
    blank = _TYPE_PARAMETERS.sub(lambda found: found[1] + " " * len(found[2].encode()), text)
    return _TYPE_STATEMENT.sub(lambda found: "_" * len(found[1]), blank)


def begins(node: ast.AST) -> Position:
    """Where *node* begins, with its decorators."""
    if above := getattr(node, "decorator_list", None):
        return above[0].lineno, 0
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def ends(node: ast.AST) -> Position:
    """Where *node* ends."""
    return getattr(node, "end_lineno", None) or 0, getattr(node, "end_col_offset", None) or 0


def _inside(node: ast.AST, position: Position) -> Iterator[Step]:
    """The part of *node* that *position* lies in; what stands in an f-string has no sure position."""
    if isinstance(node, ast.JoinedStr):
        return
    for field in fields(type(node)):
        value = getattr(node, field, None)
        if value.__class__ is list:
            if value:
                yield from _inside_list(node, field, value, position)
        elif isinstance(value, ast.AST) and _covers(value, position):
            yield Step(node, field, 0, value)


def _inside_list(node: ast.AST, field: str, parts: list[object], position: Position) -> Iterator[Step]:
    """The one of *parts*, which stand in the order of the file, that *position* lies in."""
    first = next((part for part in parts if isinstance(part, ast.AST)), None)
    if first is None:
        return
    if hasattr(first, "lineno") and all(isinstance(part, ast.AST) for part in (parts[0], parts[-1])):
        at = bisect_right(parts, position, key=_begins) - 1
        if at >= 0 and isinstance(part := parts[at], ast.AST) and _covers(part, position):
            yield Step(node, field, at, part)
        return
    for at, part in enumerate(parts[:_MAX_ALIKE]):
        if isinstance(part, ast.AST) and _covers(part, position):
            yield Step(node, field, at, part)
            return


def _begins(part: object) -> Position:
    return begins(part) if isinstance(part, ast.AST) else (0, 0)


def _covers(node: ast.AST, position: Position) -> bool:
    """Whether *position* lies in *node*; one without a position of its own reaches as far as its parts."""
    if hasattr(node, "lineno"):
        return begins(node) <= position < ends(node)
    if isinstance(node, (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop)):
        return False
    return any(_inside(node, position))
