"""Judges which parts of a Python module run."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import cached_property

from .....errors import FormatError
from ...force import IN_FORCE, Force, all_of, unknown, void
from ._conditions import Conditions
from ._flow import Flow
from ._literals import Literals
from ._module import Module, Step
from ._names import Names, is_definition
from ._overrides import Overrides
from ._strings import Strings
from ._stubs import Stubs, calls

_SHOWN = 80
"""Bytes of a part of the syntax that stand for all of it."""
_VISIBLE = re.compile(rb"[^\s@(\[{]")


class PythonJudge:
    """
    What is in force of one module of Python.

    Args:
        data: Its content, in UTF-8.
        path: Where it stands.
    """

    def __init__(self, data: bytes, path: str = "") -> None:
        self._data = data
        self._path = path
        self._literals = Literals(data)

    def running(self, start: int, end: int) -> bytes:
        """The bytes from *start* to *end* without comments and texts that are not used; their length stays."""
        kept = bytearray(self._data[start:end])
        for first, last in self._literals.within(start, end):
            if self._literals.is_comment((first, last)) or self._tells((first, last)):
                first, last = max(first, start) - start, min(last, end) - start
                kept[first:last] = _blanked(bytes(kept[first:last]))
        return bytes(kept)

    def judge(self, start: int, end: int) -> Force:
        """What is to be said of what a pattern matched from *start* to *end*."""
        first = _VISIBLE.search(self._data, start, end)
        if first is None or not self.running(start, end).strip():
            return void("stands in a comment or a text")
        last = _last_visible(self._data, start, end)
        if self._mentions(first.start()) and self._mentions(last):
            return void("stands in a text that only tells of it")
        if isinstance(self._parsed, FormatError):
            return unknown(f"stands in a file that cannot be read: {self._parsed.reason}")
        way = self._parsed.way(first.start())
        ways = [way] if last == first.start() else [way, self._parsed.way(last)]
        try:
            force = all_of([force for one in ways for force in self._judged(one)])
            return Force(force.state, lasts=_setting(way)) if force else force
        except RecursionError:
            return unknown("stands in a file that cannot be read: nested too deeply")

    def is_text(self, at: int) -> bool:
        """Whether the byte *at* lies in a comment or a string; it is told without parsing anything."""
        return bool(self._literals.within(at, at + 1))

    def text_around(self, at: int) -> tuple[int, int] | None:
        """From where to where the comment or the string goes in which the byte *at* lies; None where it is code."""
        return next(iter(self._literals.within(at, at + 1)), None)

    def is_nested(self, at: int) -> bool:
        """Whether the definition at the byte *at* lies in another function."""
        if isinstance(self._parsed, FormatError):
            return False
        functions = [s for s in self._parsed.way(at) if isinstance(s.child, (ast.FunctionDef, ast.AsyncFunctionDef))]
        return len(functions) > 1

    def reaches(self, at: int) -> Force:
        """Whether the byte *at* is code that control comes to and nothing overrides, whatever it does there."""
        if self.is_text(at):
            return void("stands in a comment or a text")
        if isinstance(self._parsed, FormatError):
            return unknown(f"stands in a file that cannot be read: {self._parsed.reason}")
        way = self._parsed.way(at)
        return all_of([self._flow.along(way), self._overrides.along(way)])

    @property
    def module(self) -> Module:
        """The module that was parsed; raises :class:`FormatError` where it cannot be."""
        if isinstance(self._parsed, FormatError):
            raise self._parsed
        return self._parsed

    def is_own(self, name: str) -> bool:
        """Whether the module defines at its top what it calls *name*, so that it is nobody else's."""
        return any(is_definition(node) and node.name == name for node in self.module.tree.body)

    def node(self, node: ast.AST) -> Force:
        """What is to be said of *node*, a part of the module's syntax."""
        start, end = self.module.span(node)
        return self.judge(start, min(end, start + _SHOWN))

    def reached(self, node: ast.AST) -> Force:
        """Whether control comes to *node*, a part of the module's syntax, and it is not overridden later."""
        return self.reaches(self.module.span(node)[0])

    def _judged(self, way: Sequence[Step]) -> list[Force]:
        return [
            self._flow.along(way),
            self._names.along(way),
            self._overrides.along(way),
            self._stubs.along(way, list(calls(way))),
            self._unread(way),
            _unset(way),
        ]

    def _tells(self, literal: tuple[int, int]) -> bool:
        if self._literals.is_docstring(literal):
            return True
        return self._strings is not None and self._strings.idle(literal[0])

    def _mentions(self, place: int) -> bool:
        return self._strings is not None and self._strings.mention(place)

    def _unread(self, way: Sequence[Step]) -> Force:
        """Whether the place lies in a text of several lines under a name that nothing in the file reads."""
        last = way[-1].child if way else None
        if not isinstance(last, (ast.Constant, ast.JoinedStr)) or last.lineno == last.end_lineno:
            return IN_FORCE
        for step in way:
            if isinstance(step.child, ast.Assign) and step.child.value is last:
                targets = [target.id for target in step.child.targets if isinstance(target, ast.Name)]
                if len(targets) == len(step.child.targets) and not any(map(self._names.loaded.get, targets)):
                    return unknown(f"is part of the text {targets[0]}, which nothing in its file reads")
        return IN_FORCE

    @cached_property
    def _parsed(self) -> Module | FormatError:
        try:
            return Module(self._data)
        except FormatError as error:
            return error

    @property
    def _module(self) -> Module:
        assert isinstance(self._parsed, Module)
        return self._parsed

    @cached_property
    def _strings(self) -> Strings | None:
        return Strings(self._parsed, self._data) if isinstance(self._parsed, Module) else None

    @cached_property
    def _names(self) -> Names:
        return Names(self._module.tree)

    @cached_property
    def _flow(self) -> Flow:
        return Flow(Conditions(self._names.known, self._names.flags))

    @cached_property
    def _overrides(self) -> Overrides:
        return Overrides(self._names)

    @cached_property
    def _stubs(self) -> Stubs:
        return Stubs(self._module.tree, self._names)


def _setting(way: Sequence[Step]) -> str:
    """The setting of the module that the place is part of; empty where it is none."""
    node = way[0].child if way else None
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id.isupper():
        return node.targets[0].id
    return ""


def _unset(way: Sequence[Step]) -> Force:
    """Whether the place is the name of something that is given nothing."""
    for step in way:
        target = isinstance(step.parent, (ast.Assign, ast.AnnAssign)) and step.field in ("targets", "target")
        value = step.parent.value if isinstance(step.parent, (ast.Assign, ast.AnnAssign)) and target else None
        if isinstance(value, ast.Constant) and value.value is None:
            return void("is set to None")
    return IN_FORCE


def _blanked(text: bytes) -> bytes:
    return b" " * len(text)


def _last_visible(data: bytes, start: int, end: int) -> int:
    """The place of the last byte between *start* and *end* that is more than a blank or a closing bracket."""
    return start + max(0, len(data[start:end].rstrip(b" \t\r\n)]},:;(")) - 1)
