"""Tells a word on a line from a part of the syntax: whether what a pattern matched is one, whole and with its case."""

from __future__ import annotations

import re

from ..errors import FormatError
from . import judged
from .inforce.code.python import PythonJudge
from .inforce.code.strings import innermost
from .inforce.code.syntax import Unread
from .inforce.code.tree import TreeJudge
from .tree import SourceFile

_ENTRY = re.compile(rb"[ \t]*(?:- +)*[\"']?(?:<|export +|--)?(?:[\w-]+\.)*|[^\n]*[{,] *[\"']?(?:[\w-]+\.)*")
"""What may stand before the name of an entry: nothing but the names that it lies under, or the ones beside it."""
_ENTRIES = frozenset(
    (".bicep", ".cfg", ".cnf", ".conf", ".env", ".hcl", ".ini", ".json", ".properties", ".tf", ".toml", ".xml")
) | {".yaml", ".yml"}
_NAMES_OF_ENTRIES = (".env", ".gitignore", ".dockerignore", "Procfile")
_NAME = re.compile(rb"[A-Za-z0-9_]")
_MAX_STRING = 300


def is_borne_out(source: SourceFile, start: int, end: int, exact: bool) -> bool:
    """
    Whether what a pattern matched is more than a word on a line.

    In a program it is whole names, in their case, that stand in code or are all of a string; in a file of settings it
    begins with the name of an entry. Of all other text nobody can tell.

    Args:
        source: Where it stands.
        start: The byte at which it begins.
        end: The byte behind it.
        exact: Whether it has the case in which the pattern is written.
    """
    data = source.data
    while start < end and data[start : start + 1].isspace():
        start += 1
    if start >= end or not _is_whole(data, start, end):
        return False
    judge = judged.judge(source)
    if not isinstance(judge, PythonJudge | TreeJudge):
        return _is_entry(source, start)
    try:
        around = _string_around(judge, start)
    except (FormatError, Unread, RecursionError):
        return False
    if around is None:
        return exact
    first, last = around
    return last - first <= _MAX_STRING and data[first:start].lower().strip(b"rbuf@$%qwi:") in _OPENINGS


_OPENINGS = frozenset({b"", b'"', b"'", b"`", b'"""', b"'''", b"(", b"{", b"["})


def _is_whole(data: bytes, start: int, end: int) -> bool:
    """Whether no name goes on before or behind what lies from *start* to *end*."""
    before = _NAME.match(data, start) and start and _NAME.match(data, start - 1)
    behind = _NAME.match(data, end - 1) and _NAME.match(data, end)
    return not before and not behind


def _is_entry(source: SourceFile, start: int) -> bool:
    """Whether an entry of a file of settings begins at *start*."""
    if source.file.suffix not in _ENTRIES and not source.path.rpartition("/")[2].startswith(_NAMES_OF_ENTRIES):
        return False
    line = source.data.rfind(b"\n", 0, start) + 1
    return start - line < _MAX_STRING and _ENTRY.fullmatch(source.data, line, start) is not None


def _string_around(judge: PythonJudge | TreeJudge, start: int) -> tuple[int, int] | None:
    """From where to where the string goes in which the byte at *start* lies; None where it is code."""
    if isinstance(judge, PythonJudge):
        judge.module  # noqa: B018  # raises where it has no syntax
        return judge.text_around(start)
    way = judge.syntax.way(start)
    at = innermost(way, judge.grammar.strings, judge.grammar.inserts)
    return None if at is None else (way[at].node.start_byte, way[at].node.end_byte)
