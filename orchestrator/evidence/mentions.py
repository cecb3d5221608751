"""This is where it is told which strings speak about code and are no use of it."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from ..errors import FormatError
from .classify import CONFIG, DOCS, LANGUAGES
from .migrations.python import parse

Span = tuple[int, int]

_FILE = re.compile(
    r"(?:[\w.@-]{1,80}/){0,20}(?:[\w.-]{0,80}\.(?P<ending>[a-z0-9]{1,10})|Dockerfile|Makefile|Gemfile|Procfile)"
)
_MORE_ENDINGS = frozenset({"tf", "tfvars", "hcl", "mod", "sum", "gradle", "dist", "ru", "nomad", "bicep", "prisma"})
_ENDINGS = _MORE_ENDINGS | {ending[1:] for ending in (*LANGUAGES, *DOCS, *CONFIG)}
_ABOUT = re.compile(
    r"(?:^|_)(?:pattern|regexp?|word|anchor|keyword|needle|marker|message|remedy|description|help|help_text|"
    r"title|statement|reason|doc|epilog|usage|id)s?$",
    re.IGNORECASE,
)
"""Names of arguments and variables that hold words to look for, or sentences for people."""
_SEARCHES = frozenset(
    ["startswith", "endswith", "find", "rfind", "index", "rindex", "count", "replace", "split", "rsplit", "partition"]
)
_REGEX = re.compile(r"\\[bsdwSDW(\[.|]|\(\?[:=!<iPms]")
_SENTENCE = re.compile(r"[\"'`(]?[A-Za-z][\w'-]*,?(?: [\w\"'`(][\w\"'`(),.:/|-]{0,40}){5,}")
_NAME = re.compile(r"@?\w[\w./-]{0,80}\*?")
_STARRED = re.compile(r"\w[/-]?\*$")
_PROSE = re.compile(r"(?:- )?[\w-]{1,80}[:=] ?[\"']?[A-Z][\w'-]*,?(?: [\w\"'`(][\w\"'`(),.:;/|-]{0,60}){5,}[.!?][\"']?")
_STATEMENT = re.compile(
    r"\s*(?:select|insert|update|delete|create|alter|drop|grant|revoke|truncate|with|begin|set|copy|merge|vacuum|analyze)\b",
    re.IGNORECASE,
)
_LITERAL = re.compile(
    rb"#[^\n]*|[rRbBfFuU]{0,2}(?:"
    rb'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:"""|\Z)|"[^"\\\n]*(?:\\.[^"\\\n]*)*(?:["\n]|\Z)|'
    rb"'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:'''|\Z)|'[^'\\\n]*(?:\\.[^'\\\n]*)*(?:['\n]|\Z))",
    re.DOTALL,
)
_BOM = b"\xef\xbb\xbf"
_TEXT = (ast.Constant, ast.JoinedStr)
_LISTS = (ast.Tuple, ast.List, ast.Set)


class Mentions:
    """
    Where the strings of a Python module only mention what stands in them.

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
        return _around(self._spans, place) is not None

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
    def _spans(self) -> list[Span]:
        return _spans(self._data, self._files_only)


def is_sentence(line: str) -> bool:
    """Whether a line of YAML or of properties gives a key nothing but a sentence for people."""
    return _PROSE.fullmatch(line) is not None


def _around(spans: list[Span], place: int) -> Span | None:
    at = bisect_right(spans, (place, 1 << 62)) - 1
    return spans[at] if at >= 0 and place < spans[at][1] else None


def _spans(data: bytes, files_only: bool) -> list[Span]:
    """The strings that are mentions, as byte offsets in order."""
    mark = len(_BOM) if data.startswith(_BOM) else 0
    try:
        module = parse(data[mark:].decode("utf-8", "replace"))
    except FormatError:
        return []
    starts = [mark, *(found.end() for found in re.finditer(rb"\r\n|\n|\r", data))]
    told = _described(module)
    found: set[Span] = set()
    stack: list[tuple[ast.AST, bool]] = [(module, False)]
    while stack:
        node, mention = stack.pop()
        if isinstance(node, _TEXT):
            text = _string(node)
            if text is not None and (mention or (not files_only and _speaks(text))):
                found.add(_span(node, starts))
        stack += _parts(node, mention, told, files_only)
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
    return isinstance(node, _LISTS) and _code(e.value for e in node.elts if isinstance(e, ast.Constant))


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
    if not isinstance(key, ast.Constant) or not isinstance(key.value, str):
        return False
    found = _FILE.fullmatch(key.value)
    return found is not None and (found["ending"] is None or found["ending"] in _ENDINGS)


def _code(texts: Iterable[object]) -> bool:
    """Whether these are words to look for: no name and no setting has an open bracket, or a star at its end."""
    return any(isinstance(text, str) and len(text) <= 200 and (_open(text) or _STARRED.search(text)) for text in texts)


def _open(text: str) -> bool:
    return any(text.count(a) != text.count(b) for a, b in ("()", "[]"))


def _speaks(text: str) -> bool:
    """Whether a string shows by itself that it is a pattern, a list of words to look for, or a sentence."""
    if "\n" in text.strip("\n") or len(text) > 20_000:
        return False
    words = text.split("|")
    if len(words) > 1 and (_REGEX.search(text) or (len(words) > 2 and (_code(words) or all(map(_name, words))))):
        return True
    words = text.split(" ")
    if len(words) > 2 and all(map(_name, words)) and 2 * sum(map(_joined, words)) >= len(words):
        return True
    return _SENTENCE.match(text) is not None and not _STATEMENT.match(text)


def _name(word: str) -> bool:
    return _NAME.fullmatch(word) is not None


def _joined(word: str) -> bool:
    return any(joint in word for joint in "-/*@")


def _string(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(v.value for v in node.values if isinstance(v, ast.Constant) and isinstance(v.value, str))
    return None


def _span(node: ast.AST, starts: list[int]) -> Span:
    first, last = getattr(node, "lineno", 1), getattr(node, "end_lineno", 1)
    return starts[first - 1] + getattr(node, "col_offset", 0), starts[last - 1] + getattr(node, "end_col_offset", 0)
