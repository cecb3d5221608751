"""Follows names inside the tree: what a file has because it calls, or is wrapped in, a function of another file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from ...domain.fact import Source
from ...errors import FormatError
from ...formats.python import walk
from ...redaction import cut
from .. import judged
from ..inforce.code.python import file_of
from ..inforce.code.python.syntax import named
from ..inforce.code.syntax import Unread
from ..inforce.code.tree import TreeJudge
from ..routing import script_of
from ..routing.script import outermost, taken
from ..tree import FileEntry, SourceFile

_TAKES = re.compile(rb"^[ \t]{0,40}(?:from|import)[ \t]|\brequire\(", re.MULTILINE)
_SCRIPTS = frozenset({"javascript", "typescript"})
_ROUNDS = 3
"""Helpers of helpers of helpers; people go no farther."""
_MOST = 200
"""Names that one file takes from others and calls; the rest are not followed."""


class Use(NamedTuple):
    """That a file calls what it takes from another one."""

    module: str
    name: str
    place: Source
    within: str
    """The function of its own that it does so in; empty where it is none."""


class Followed:
    """Which files have something by way of which functions of other files."""

    def __init__(self) -> None:
        self._paths: set[str] = set()
        self._signals: dict[str, frozenset[str]] = {}
        self._uses: dict[str, tuple[Use, ...]] = {}
        self._helpers: dict[tuple[str, str], set[int]] = {}

    def know(self, file: FileEntry) -> None:
        """Take in that there is *file*, in which others may find what they call."""
        if file.role == "source" and file.language in (*_SCRIPTS, "python"):
            self._paths.add(file.path)

    def add(self, source: SourceFile, signals: frozenset[str]) -> None:
        """Take in what *source*, in which *signals* stand, calls of what it takes from others."""
        if source.path in self._paths and _TAKES.search(source.data):
            found = _of_python(source) if source.file.language == "python" else _of_script(source)
            uses: dict[tuple[str, str], Use] = {}
            for use in islice(found, _MOST):
                uses.setdefault((use.module, use.name), use)
            self._uses[source.path] = tuple(uses.values())
            self._signals[source.path] = signals

    def stands(self, number: int, source: SourceFile, start: int) -> None:
        """Take in that signal *number* stands in *source* at the byte *start*: its function has it for others."""
        name = ""
        if source.file.language == "python":
            way = judged.python(source).module.way(start)
            first = way[0].child if way else None
            named_so = isinstance(first, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            name = first.name if first is not None and named_so else ""  # type: ignore[attr-defined]  # as asked above
        elif source.file.language in _SCRIPTS and isinstance(judge := judged.judge(source), TreeJudge):
            name = outermost(judge.syntax, start)
        if name:
            self._helpers.setdefault((source.path, name), set()).add(number)

    def found(self, through: Sequence[str]) -> Iterator[tuple[int, Source]]:
        """
        Each signal that a file has by way of another, and the place where it calls that.

        Args:
            through: Of each signal, the id of the one in whose files it is followed.
        """
        told: set[tuple[int, str]] = set()
        new = dict(self._helpers)
        for _ in range(_ROUNDS):
            reached: dict[tuple[str, str], set[int]] = {}
            for path in sorted(self._uses):
                for use in self._uses[path]:
                    numbers = {n for place in self._places(path, use) for n in new.get(place, ())}
                    for number in sorted(numbers):
                        if use.within:
                            reached.setdefault((path, use.within), set()).add(number)
                        if (number, path) not in told and through[number] in self._signals[path]:
                            told.add((number, path))
                            yield number, use.place
            new = reached

    def _places(self, path: str, use: Use) -> Iterator[tuple[str, str]]:
        """Where what *use* calls may be defined, and its name there."""
        if not path.endswith(".py"):
            if (file := script_of(path, use.module, self._paths)) is not None:
                yield file, use.name
            return
        first, _, rest = use.name.partition(".")
        if (file := file_of(path, use.module, self._paths)) is not None:
            yield file, first
        inner = f"{use.module}{first}" if use.module.endswith(".") else f"{use.module}.{first}"
        if rest and (file := file_of(path, inner, self._paths)) is not None:
            yield file, rest.partition(".")[0]


def _of_python(source: SourceFile) -> Iterator[Use]:
    try:
        tree = judged.python(source).module.tree
    except FormatError:
        return
    imported: dict[str, tuple[str, str]] = {}
    for node in walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            imported.update({alias.asname or alias.name: (module, alias.name) for alias in node.names})
        elif isinstance(node, ast.Import):
            imported.update({a.asname: (a.name, "") for a in node.names if a.asname})
    for statement in tree.body if imported else ():
        within = getattr(statement, "name", "")
        for node in walk(statement):
            marks = node.decorator_list if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) else ()
            for part in (*marks, *((node.func,) if isinstance(node, ast.Call) else ())):
                name = named(part)
                first, _, rest = name.partition(".")
                if first in imported and judged.python(source).node(part):
                    module, there = imported[first]
                    yield Use(module, ".".join(filter(None, (there, rest))), _place(source, part.lineno), within)


def _of_script(source: SourceFile) -> Iterator[Use]:
    judge = judged.judge(source)
    if not isinstance(judge, TreeJudge):
        return
    with suppress(Unread):
        for one in taken(judge.syntax):
            if judge.reaches(one.start):
                yield Use(one.module, one.name, _place(source, one.line), one.within)


def _place(source: SourceFile, line: int) -> Source:
    lines = source.lines
    return Source(path=source.path, line=line, text=cut(lines[line - 1].strip() if line <= len(lines) else "", 200))
