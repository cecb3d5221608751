"""Tells which strings of a Python module speak about code without using it."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from .....formats.python import children
from ...._phrases import is_about_code, is_file_name, searched_for
from ._folding import named
from ._module import Module, begins
from ._programs import is_call, is_program

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
_SQL = re.compile(
    r"\s{0,20}(?:select\b.{0,200}\bfrom\b|insert\s+into\b|update\s+\S+\s+set\b|delete\s+from\b|with\s+\w+\s+as\b|"
    r"(?:create|alter|drop|truncate)\s+(?:table|index|unique|view|schema|database|role|type|extension|policy)\b)",
    re.IGNORECASE | re.DOTALL,
)
_FILE_KEY = re.compile(rb"(?:\.\w{1,10}|file)[\"'][ \t]*:")
_TEXT = (ast.Constant, ast.JoinedStr)
_LISTS = (ast.Tuple, ast.List, ast.Set)


class Strings:
    """
    The strings of a module that only mention what they contain.

    These are docstrings, sentences, patterns and words to look for, programs, and the contents of files that a mapping
    of names to texts describes. Each statement is looked through once, and only when it is asked for.

    Args:
        module: The module.
        data: The same as bytes.
        files_only: Whether only the contents of files count.
    """

    def __init__(self, module: Module, data: bytes, files_only: bool = False) -> None:
        self._module = module
        self._files_only = files_only
        self._told = _described(module.tree) if _FILE_KEY.search(data) else frozenset()
        self._statements: list[ast.stmt] = []
        for node in module.tree.body:
            self._statements += node.body if isinstance(node, ast.ClassDef) and node.body else [node]
        self._lines = [getattr(node, "end_lineno", 0) or 0 for node in self._statements]
        self._heads = [begins(node)[0] for node in self._statements]
        self._spans: dict[int, list[Span]] = {}
        self._idle: set[Span | None] = set()

    def mention(self, place: int) -> bool:
        """Whether the byte at *place* lies in such a string."""
        return any(around(spans, place) is not None for spans in self._near(place))

    def idle(self, place: int) -> bool:
        """Whether the byte at *place* lies in a string that is a program, or that nothing is done with."""
        return any(around(spans, place) in self._idle for spans in self._near(place))

    def _near(self, place: int) -> Iterator[list[Span]]:
        """The mentions of each statement on the line of *place*, as byte offsets in order."""
        line = self._module.position(place)[0]
        number = bisect_left(self._lines, line)
        while number < len(self._statements) and self._heads[number] <= line:
            if number not in self._spans:
                self._spans[number] = self._look(self._statements[number])
            yield self._spans[number]
            number += 1  # several statements may stand on one line

    def _look(self, statement: ast.stmt) -> list[Span]:
        """The strings of *statement* that are mentions."""
        found: set[Span] = set()
        stack: list[tuple[ast.AST, bool]] = [(statement, False)]
        while stack:
            node, mention = stack.pop()
            kind = type(node)
            if kind is ast.Name:
                continue
            if isinstance(node, ast.Expr) and isinstance(node.value, _TEXT) and not self._files_only:
                self._idle.add(self._module.span(node.value))
            if kind in _TEXT and isinstance(node, _TEXT) and (text := _string(node)) is not None:
                program = not self._files_only and is_program(text)
                if program:
                    self._idle.add(self._module.span(node))
                if mention or program or (not self._files_only and is_about_code(text)):
                    found.add(self._module.span(node))
            stack += _parts(node, mention, self._told, self._files_only)
        return sorted(found)


def around(spans: list[Span], place: int) -> Span | None:
    """The one of *spans*, which are in order, that *place* lies in."""
    at = bisect_right(spans, (place, 1 << 62)) - 1
    return spans[at] if at >= 0 and place < spans[at][1] else None


def _parts(node: ast.AST, mention: bool, told: frozenset[str], files_only: bool) -> Iterator[tuple[ast.AST, bool]]:
    """The parts of *node*, each with whether its strings are mentions."""
    if isinstance(node, ast.Dict) and not mention:
        for key, value in zip(node.keys, node.values, strict=True):
            yield value, _names_file(key)
            if key is not None:
                yield key, False
        return
    kind = type(node)
    mention = mention or (
        kind in _MAY_HOLD_WORDS and (_assigned(node, told) or (not files_only and _holds_words(node)))
    )
    if files_only or kind not in _MAY_ASK:
        for child in children(node):
            yield child, mention
        return
    for name, field in ast.iter_fields(node):
        asked = not files_only and _asked_for(node, name)
        for child in field if isinstance(field, list) else (field,):
            if isinstance(child, ast.AST):
                yield child, mention or (asked and isinstance(child, (*_TEXT, ast.Tuple, ast.BinOp)))


_MAY_HOLD_WORDS = frozenset({ast.Expr, ast.Raise, ast.keyword, ast.Assign, ast.AnnAssign, ast.Call, *_LISTS})
_MAY_ASK = frozenset({ast.Compare, ast.Call})


def _assigned(node: ast.AST, told: frozenset[str]) -> bool:
    """Whether *node* gives one of the names *told* its value."""
    return isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id in told for t in node.targets)


def _holds_words(node: ast.AST) -> bool:
    """Whether all strings of *node* are mentions, by what it is or by the name that they are given."""
    if isinstance(node, ast.Expr):
        return isinstance(node.value, _TEXT) or _printed(node.value)
    if isinstance(node, ast.Raise):
        return isinstance(node.exc, ast.Call) and _tells_a_call(node.exc)
    if isinstance(node, ast.keyword):
        return _ABOUT.search(node.arg or "") is not None and _is_prose(node.value)
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        about = any(isinstance(t, ast.Name) and _ABOUT.search(t.id) for t in targets) and _is_prose(node.value)
        return about or (isinstance(node.value, ast.Constant) and is_call(node.value.value))
    if isinstance(node, ast.Call):  # what stands beside files is what is said of them
        return any(isinstance(value, ast.Dict) and any(map(_names_file, value.keys)) for value in node.args)
    return isinstance(node, _LISTS) and searched_for(e.value for e in node.elts if isinstance(e, ast.Constant))


def _is_prose(node: ast.expr | None) -> bool:
    """Whether *node* is text, or a list of texts, and none of it is a statement of SQL."""
    parts = node.elts if isinstance(node, _LISTS) else [node]
    return all(isinstance(part, (*_TEXT, ast.BinOp)) and not _SQL.match(_string(part) or "") for part in parts)


def _printed(node: ast.expr) -> bool:
    """Whether *node* prints a text that is a call."""
    return isinstance(node, ast.Call) and named(node.func) == "print" and _tells_a_call(node)


def _tells_a_call(node: ast.Call) -> bool:
    return any(isinstance(arg, ast.Constant) and is_call(arg.value) for arg in node.args)


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
            stack += [(child, inside) for child in children(node)]
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
