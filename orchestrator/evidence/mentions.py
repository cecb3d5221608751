"""Tells which strings speak about code without using it."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cached_property

from ..errors import FormatError
from ..formats.python import parse
from ._phrases import is_about_code, is_file_name, searched_for

Span = tuple[int, int]

_ABOUT = re.compile(
    r"(?:^|_)(?:pattern|regexp?|word|anchor|keyword|needle|marker|message|remedy|description|help|help_text|"
    r"title|statement|reason|doc|epilog|usage|id)s?$",
    re.IGNORECASE,
)
"""Names of arguments and variables that hold words to look for, or sentences for people."""
_SEARCHES = frozenset(
    ["startswith", "endswith", "find", "rfind", "index", "rindex", "count", "replace", "split", "rsplit", "partition"]
)
_LITERAL = re.compile(
    rb"#[^\n]*|[rRbBfFuU]{0,2}(?:"
    rb'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:"""|\Z)|"[^"\\\n]*(?:\\.[^"\\\n]*)*(?:["\n]|\Z)|'
    rb"'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:'''|\Z)|'[^'\\\n]*(?:\\.[^'\\\n]*)*(?:['\n]|\Z))",
    re.DOTALL,
)
_LINE_END = re.compile(rb"\r\n|\n|\r")
_FILE_KEY = re.compile(rb"(?:\.\w{1,10}|file)[\"'][ \t]*:")
_BOM = b"\xef\xbb\xbf"
_TEXT = (ast.Constant, ast.JoinedStr)
_LISTS = (ast.Tuple, ast.List, ast.Set)


class Mentions:
    """
    The strings of a Python module that only mention what they contain.

    These are docstrings, sentences, patterns and words to look for, and the contents of files that a mapping of names
    to texts describes. A module that cannot be parsed has none but docstrings.

    Args:
        data: The module.
        files_only: Whether only the contents of files count.
    """

    def __init__(self, data: bytes, files_only: bool = False) -> None:
        self._data = data
        self._files_only = files_only

    def cover(self, place: int) -> bool:
        """Whether the byte at *place* lies inside such a string."""
        literal = _around(self._literals, place)
        if literal is None:
            return False
        if not self._files_only and self._is_docstring(literal):
            return True
        return self._module is not None and self._module.mentions(place)

    @cached_property
    def _literals(self) -> list[Span]:
        """All strings; they are quickly found, and mostly that is all that is asked for."""
        return [found.span() for found in _LITERAL.finditer(self._data) if found.group()[:1] != b"#"]

    def _is_docstring(self, literal: Span) -> bool:
        """Whether *literal* stands alone after the head of a class or function, or at the top."""
        if self._data[literal[0] : literal[0] + 4].strip(b"rRuUbBfF")[:3] not in (b'"""', b"'''"):
            return False
        before = self._data[max(0, literal[0] - 400) : literal[0]].rstrip(b" \t")
        if before.strip() and not before.endswith(b"\n"):
            return False
        head = before.rstrip()
        return not head or (head.endswith(b":") and not head.endswith((b'":', b"':")))

    @cached_property
    def _module(self) -> _Module | None:
        try:
            return _Module(self._data, self._files_only)
        except FormatError:
            return None


def _around(spans: list[Span], place: int) -> Span | None:
    at = bisect_right(spans, (place, 1 << 62)) - 1
    return spans[at] if at >= 0 and place < spans[at][1] else None


class _Module:
    """A module's syntax, of which each statement is looked through once, and only when it is asked for."""

    def __init__(self, data: bytes, files_only: bool) -> None:
        mark = len(_BOM) if data.startswith(_BOM) else 0
        module = parse(data[mark:].decode("utf-8", "replace"))
        self._files_only = files_only
        self._starts = [mark, *(found.end() for found in _LINE_END.finditer(data, mark))]
        self._told = _described(module) if _FILE_KEY.search(data) else frozenset()
        self._statements: list[ast.stmt] = []
        for node in module.body:
            self._statements += node.body if isinstance(node, ast.ClassDef) and node.body else [node]
        self._lines = [getattr(node, "end_lineno", 0) or 0 for node in self._statements]
        self._heads = [
            min([node.lineno, *(above.lineno for above in getattr(node, "decorator_list", []))])
            for node in self._statements
        ]
        self._spans: dict[int, list[Span]] = {}

    def mentions(self, place: int) -> bool:
        line = bisect_right(self._starts, place)
        number = bisect_left(self._lines, line)
        while number < len(self._statements) and self._heads[number] <= line:
            if number not in self._spans:
                self._spans[number] = self._look(self._statements[number])
            if _around(self._spans[number], place) is not None:
                return True
            number += 1  # several statements may stand on one line
        return False

    def _look(self, statement: ast.stmt) -> list[Span]:
        """The strings of *statement* that are mentions, as byte offsets in order."""
        found: set[Span] = set()
        stack: list[tuple[ast.AST, bool]] = [(statement, False)]
        while stack:
            node, mention = stack.pop()
            if isinstance(node, _TEXT):
                text = _string(node)
                if text is not None and (mention or (not self._files_only and is_about_code(text))):
                    found.add(_span(node, self._starts))
            stack += _parts(node, mention, self._told, self._files_only)
        return sorted(found)


def _parts(node: ast.AST, mention: bool, told: frozenset[str], files_only: bool) -> Iterator[tuple[ast.AST, bool]]:
    """The parts of *node*, each with whether its strings are mentions."""
    if isinstance(node, ast.Dict) and not mention:
        for key, value in zip(node.keys, node.values, strict=True):
            yield value, _names_file(key)
            if key is not None:
                yield key, False
        return
    mention = mention or _assigned(node, told) or (not files_only and _holds_words(node))
    for name, field in ast.iter_fields(node):
        asked = not files_only and _asked_for(node, name)
        for child in field if isinstance(field, list) else (field,):
            if isinstance(child, ast.AST):
                yield child, mention or (asked and isinstance(child, (*_TEXT, ast.Tuple, ast.BinOp)))


def _assigned(node: ast.AST, told: frozenset[str]) -> bool:
    """Whether *node* gives one of the names *told* its value."""
    return isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id in told for t in node.targets)


def _holds_words(node: ast.AST) -> bool:
    """Whether all strings of *node* are mentions, by what it is or by the name that they are given."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, _TEXT)
    if isinstance(node, ast.keyword):
        return _ABOUT.search(node.arg or "") is not None
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        texts = node.value.elts if isinstance(node.value, _LISTS) else [node.value]
        about = any(isinstance(t, ast.Name) and _ABOUT.search(t.id) for t in targets)
        return about and all(isinstance(text, (*_TEXT, ast.BinOp)) for text in texts)
    if isinstance(node, ast.Call):  # what stands beside files is what is said of them
        return any(isinstance(value, ast.Dict) and any(map(_names_file, value.keys)) for value in node.args)
    return isinstance(node, _LISTS) and searched_for(e.value for e in node.elts if isinstance(e, ast.Constant))


def _asked_for(node: ast.AST, field: str) -> bool:
    """Whether *field* of *node* is what a text is searched for, or split by."""
    if isinstance(node, ast.Compare):
        return field == "left" and any(isinstance(op, (ast.In, ast.NotIn)) for op in node.ops)
    if field != "args" or not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    owner = node.func.value
    return node.func.attr in _SEARCHES or (isinstance(owner, ast.Name) and owner.id in ("re", "regex"))


def _described(module: ast.Module) -> frozenset[str]:
    """Variables whose value goes into the content of a file that a mapping describes, also by way of another one."""
    assigned: dict[str, ast.AST] = {}
    names: list[str] = []
    stack: list[tuple[ast.AST, bool]] = [(module, False)]
    while stack:
        node, inside = stack.pop()
        if isinstance(node, ast.Assign):
            assigned.update({target.id: node.value for target in node.targets if isinstance(target, ast.Name)})
        elif isinstance(node, ast.Name) and inside:
            names.append(node.id)
        if isinstance(node, ast.Dict) and not inside:
            stack += [(value, _names_file(key)) for key, value in zip(node.keys, node.values, strict=True)]
        else:
            stack += [(child, inside) for child in ast.iter_child_nodes(node)]
    seen: set[str] = set()
    while names:
        name = names.pop()
        if name in assigned and name not in seen:
            seen.add(name)
            names += [node.id for node in ast.walk(assigned[name]) if isinstance(node, ast.Name)]
    return frozenset(seen)


def _names_file(key: ast.AST | None) -> bool:
    return isinstance(key, ast.Constant) and isinstance(key.value, str) and is_file_name(key.value)


def _string(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(v.value for v in node.values if isinstance(v, ast.Constant) and isinstance(v.value, str))
    return None


def _span(node: ast.AST, starts: list[int]) -> Span:
    first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
    return starts[first - 1] + getattr(node, "col_offset", 0), starts[last - 1] + getattr(node, "end_col_offset", 0)
