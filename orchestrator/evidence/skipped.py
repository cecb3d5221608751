"""Tells tests that their own file has runners leave out, whatever else is to be said of them."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from collections.abc import Callable

from ..errors import FormatError
from ..host.late import late
from . import judged
from .facts.testsuites import SKIPPED
from .inforce.force import IN_FORCE, Force, void
from .tree import SourceFile

_SKIPPED = void(SKIPPED)
_ABOVE = 12
"""Lines above a test in which marks of it are looked for."""
_MAY_BE_WHOLE = late(rb"^(?:pytestmark\b|pytest\.skip\(|raise[ \t]+(?:unittest\.)?SkipTest\b)", re.MULTILINE)
"""What a module of Python says of all its tests, or a text in it does."""
_MARKS = {
    "python": re.compile(rb"[ \t]*@(?:pytest\.mark\.skip\b(?!if)|(?:unittest\.)?skip(?:\(|\s*$))"),
    "java": re.compile(rb"[ \t]*@(?:Disabled|Ignore)\b"),
    "kotlin": re.compile(rb"[ \t]*@(?:Disabled|Ignore)\b"),
    "rust": re.compile(rb"[ \t]*#\[ignore\b"),
    "csharp": re.compile(
        rb"[ \t]*\[(?:Ignore|Fact|Theory)\b[^\]\n]*(?:\bSkip[ \t]*=|^[ \t]*\[Ignore)|[ \t]*\[Ignore\b"
    ),
}
"""Lines above, at or between the marks of a test that leave it out."""
_MARK = late(rb"[ \t]*(?:@|#\[|\[\w|//|#|\*|/\*|$)")
_CLASS = late(rb"^[ \t]*(?:[\w ]{0,60}\b)?class[ \t]+\w", re.MULTILINE)
_FIRST = {
    "go": re.compile(rb"[^\n]*\{\s*(?://[^\n]*\n\s*)*\w{1,20}\.Skip(?:Now|f)?\("),
    "ruby": re.compile(rb"[^\n]*(?:\bdo|\))[ \t]*\n\s*(?:skip|pending)\b(?![^\n]*\bif\b)"),
    "php": re.compile(rb"[^{]{0,400}\{\s*\$this->markTestSkipped\("),
}
"""Tests whose first statement leaves them out."""


def skipping(source: SourceFile, language: str) -> Callable[[re.Match[bytes]], Force]:
    """What says of a test of *source*, by where it is found, whether runners leave it out."""
    data = source.data
    none_counts = language == "python" and _MAY_BE_WHOLE.search(data) is not None and _is_skipped_whole(source)
    mark, first = _MARKS.get(language), _FIRST.get(language)
    classes = [found.end() for found in _CLASS.finditer(data)] if mark is not None else []

    def told(match: re.Match[bytes]) -> Force:
        if none_counts:
            return _SKIPPED
        start = _begin(data, match.end() - len(match.group().lstrip()))
        around = bisect_left(classes, start) if data[start : start + 1] in (b" ", b"\t") else 0
        if mark is not None and (
            _is_marked(data, start, mark) or (around and _is_marked(data, _begin(data, classes[around - 1]), mark))
        ):
            return _SKIPPED
        return _SKIPPED if first is not None and first.match(data, start) else IN_FORCE

    return told


def _is_skipped_whole(source: SourceFile) -> bool:
    """Whether a module of Python leaves out all its tests: by the last of its marks, or by what it does first."""
    judge = judged.python(source)
    try:
        body = judge.module.tree.body
    except FormatError:
        return False
    marked = False
    for node in body:
        if judge.reached(node).is_void:
            continue
        said = " ".join(source.lines[node.lineno - 1 : min(node.end_lineno or node.lineno, node.lineno + _LONG)])
        if isinstance(node, (ast.Expr, ast.Raise)) and _LEFT.match(said):
            return True
        if isinstance(node, (ast.Assign, ast.Delete)) and _OF_THE_MODULE.match(said):
            marked = _MARKED.match(said) is not None
    return marked


_LONG = 40
"""Lines of a statement that are looked at."""


_OF_THE_MODULE = late(r"(?:del[ \t]+)?pytestmark\b")
_MARKED = late(r"pytestmark[ \t]*=[ \t]*[\[(]?\s*pytest\.mark\.skip\b(?!if)")
_LEFT = late(r"pytest\.skip\(.{0,2000}allow_module_level[ \t]*=[ \t]*True|raise[ \t]+(?:unittest\.)?SkipTest\b")


def _is_marked(data: bytes, start: int, mark: re.Pattern[bytes]) -> bool:
    """Whether a mark that leaves it out stands on the line from *start*, beside it below, or right above it."""
    at = start
    for _ in range(_ABOVE):
        if mark.match(data, at):
            return True
        if at == 0:
            break
        above = data.rfind(b"\n", 0, at - 1) + 1
        if not _MARK.match(data[above : at - 1]) or not data[above : at - 1].strip():
            break
        at = above
    below = data.find(b"\n", start) + 1
    for _ in range(_ABOVE if below else 0):
        end = data.find(b"\n", below)
        if not _MARK.match(data, below, end if end >= 0 else len(data)):
            return False
        if mark.match(data, below):
            return True
        if end < 0:
            return False
        below = end + 1
    return False


def _begin(data: bytes, at: int) -> int:
    """Where the line begins that has the place *at*."""
    return data.rfind(b"\n", 0, at) + 1
