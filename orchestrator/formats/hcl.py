"""Reads Terraform's language with the line of every entry, within limits for hostile files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import FormatError
from ._hcl_literals import NUMBER, number, unescape
from ._hcl_syntax import Piece, syntax
from .hcl_expressions import Expression, Template

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_BYTES = 500_000
MAX_DEPTH = 60
MAX_NODES = 200_000
MAX_POINTERS = 32_000_000
"""Characters of all pointers together: long names above many entries would otherwise multiply."""
MAX_TEXT = 4_000
"""Longer strings and expressions are cut."""


@dataclass
class HclBlock:
    """One block of the top level: its keyword, its labels, and its body as plain values with lines by JSON pointer."""

    kind: str
    labels: tuple[str, ...]
    line: int
    body: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)


class Dynamic(dict[str, Any]):
    """The content of a ``dynamic`` block: what stands once for each element of ``for_each``."""

    def __init__(self) -> None:
        super().__init__()
        self.for_each: Any = None
        self.iterator = ""


@dataclass
class Mistake:
    """Text that is not valid, and the kinds of blocks that stand in it; none where it could be anything."""

    error: FormatError
    kinds: tuple[str, ...] = ()


@dataclass
class HclFile:
    """A file: its blocks, its attributes outside any block, and what could not be read of it."""

    blocks: list[HclBlock]
    attributes: dict[str, Any]
    mistakes: list[Mistake] = field(default_factory=list)

    @property
    def error(self) -> FormatError | None:
        """The first mistake."""
        return self.mistakes[0].error if self.mistakes else None


def load(data: bytes) -> HclFile:
    """
    Parse *data*.

    Literals become plain values, every other expression an :class:`Expression` as written. A nested block is a mapping
    in a list under its name; one with labels wraps them around its body, and ``dynamic "x"`` is a :class:`Dynamic`
    among the blocks ``x``. A file with syntax errors keeps the blocks that have none, and says which those may be that
    have some.

    Raises:
        FormatError: Too large, too deep, or not UTF-8.
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    if len(data) > MAX_BYTES:
        raise FormatError(f"{len(data):,} bytes are more than the {MAX_BYTES:,} that are parsed")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise FormatError("not UTF-8", line=data[: error.start].count(b"\n") + 1) from None
    builder = _Builder()
    attributes = HclBlock("", (), 1)
    blocks = []
    mistakes = []
    for piece in syntax(data):
        builder.turn_to(piece)
        understood = [c for c in _top_level(piece.root) if c.type in _WHOLE and not c.has_error]
        for child in understood:
            if child.type == "block" and _broken(child):
                line = piece.before + child.start_point[0] + 1
                mistakes.append(
                    Mistake(FormatError("not valid Terraform: a block that begins over several lines", line))
                )
            elif child.type == "block":
                blocks.append(builder.block(child))
            elif child.type == "attribute":
                builder.fill(attributes, [child])
        if piece.mistake is not None:
            mistakes.append(Mistake(piece.mistake, _kinds(piece.data, understood)))
    return HclFile(blocks, attributes.body, mistakes)


_WHOLE = frozenset({"block", "attribute", "comment"})


def _broken(block: Node) -> bool:
    """Whether lines end before the body of *block* begins: then words before it were taken for its own."""
    start = next((child for child in block.children if child.type == "block_start"), block)
    return start.start_point[0] != block.start_point[0]


_HEAD = re.compile(
    r"(?:(resource|ephemeral)[ \t]*\"([^\"\n]{1,200})\"|"
    r"(data|module|provider|variable|output|locals|terraform|moved|removed|import|check)\b(?=[ \t]*[\"{]))"
)
_COMMENT = re.compile(r"\s+|#[^\n]*\n|//[^\n]*\n|/\*.*?\*/", re.DOTALL)
_MOST_KINDS = 100


def _kinds(data: bytes, understood: list[Node]) -> tuple[str, ...]:
    """
    The kinds of blocks that begin in what was not understood: ``aws_db_instance``, ``module``.

    None where any of it begins with something else, so that it cannot be told what it is.
    """
    found: dict[str, None] = {}
    at = 0
    for start, end in [*((n.start_byte, n.end_byte) for n in understood), (len(data), len(data))]:
        text = data[at:start].decode("utf-8", "replace")
        at = max(at, end)
        begin = 0
        while blank := _COMMENT.match(text, begin):
            begin = blank.end()
        if begin == len(text):
            continue
        if not _HEAD.match(text, begin):
            return ()
        found.update(dict.fromkeys(head[2] or head[3] for head in _HEAD.finditer(text, begin)))
    return tuple(sorted(found)) if len(found) <= _MOST_KINDS else ()


def _top_level(root: Node | None) -> list[Node]:
    """The blocks and attributes of a file, also of one that begins or ends with an error."""
    found = []
    for child in root.children if root is not None else ():
        found.extend(child.children if child.type == "body" else [child])
    return found


@dataclass
class _Task:
    """A body, or an expression and where its value goes."""

    node: Node
    into: Any
    key: str | int
    pointer: str
    depth: int


class _Builder:
    """Turns syntax into values with a list of what is left to do, so that depth costs no stack."""

    def __init__(self) -> None:
        self._nodes = 0
        self._pointers = 0

    def turn_to(self, piece: Piece) -> None:
        """Go on with the nodes of *piece*."""
        self._data = piece.data
        self._before = piece.before

    def block(self, node: Node) -> HclBlock:
        kind, labels = self._head(node)
        block = HclBlock(kind, labels, self._line(node))
        body = next((c for c in node.children if c.type == "body"), None)
        self.fill(block, body.children if body else [])
        return block

    def fill(self, block: HclBlock, children: list[Node]) -> None:
        """Put *children*, the attributes and blocks of a body, into *block*."""
        self._lines = block.lines
        self._todo: list[_Task] = []
        self._body(children, block.body, "", 0)
        while self._todo:
            task = self._todo.pop()
            if task.node.type == "body":
                self._body(task.node.children, task.into, task.pointer, task.depth)
            else:
                self._expression(task)

    def _body(self, children: list[Node], into: dict[str, Any], pointer: str, depth: int) -> None:
        for child in children:
            if child.type == "attribute":
                name = self._text(child.children[0])
                into[name] = None
                place = f"{pointer}/{_escape(name)}"
                self._note(place, child)
                self._later(child.children[-1], into, name, place, depth)
            elif child.type == "block":
                self._nested(child, into, pointer, depth)

    def _nested(self, node: Node, into: dict[str, Any], pointer: str, depth: int) -> None:
        name, labels = self._head(node)
        body = next((c for c in node.children if c.type == "body"), None)
        inner: dict[str, Any] = {}
        if name == "dynamic" and labels:
            name, labels, inner = labels[0], (), self._dynamic(body)
            body = self._content(body) or body
        same = into.get(name)
        if not isinstance(same, list):
            same = into[name] = []
            self._note(f"{pointer}/{_escape(name)}", node)
        place = f"{pointer}/{_escape(name)}/{len(same)}"
        same.append(inner)
        self._note(place, node)
        for label in labels[:5]:
            inner[label] = {}
            inner = inner[label]
            place = f"{place}/{_escape(label)}"
        if body is not None:
            self._later(body, inner, "", place, depth)

    def _dynamic(self, body: Node | None) -> Dynamic:
        """What a dynamic block is made for."""
        block = Dynamic()
        for child in body.children if body else []:
            if child.type == "attribute" and (name := self._text(child.children[0])) in ("for_each", "iterator"):
                text = self._text(child.children[-1]).strip()
                setattr(block, name, Expression(text[:MAX_TEXT]) if name == "for_each" else text)
        return block

    def _content(self, body: Node | None) -> Node | None:
        """The body of the ``content`` block of a dynamic block."""
        for child in body.children if body else []:
            if child.type == "block" and self._head(child)[0] == "content":
                return next((c for c in child.children if c.type == "body"), None)
        return None

    def _note(self, place: str, node: Node) -> None:
        """Keep the line of the entry at *place*."""
        self._weigh(place, node)
        self._lines[place] = self._line(node)

    def _weigh(self, place: str, node: Node) -> None:
        self._pointers += len(place)
        if self._pointers > MAX_POINTERS:
            raise FormatError("names too long for so many entries", self._line(node))

    def _later(self, node: Node, into: Any, key: str | int, pointer: str, depth: int) -> None:
        self._nodes += 1
        self._weigh(pointer, node)
        if depth >= MAX_DEPTH:
            raise FormatError(f"nested more than {MAX_DEPTH} levels deep", self._line(node))
        if self._nodes > MAX_NODES:
            raise FormatError(f"more than {MAX_NODES:,} entries", self._line(node))
        self._todo.append(_Task(node, into, key, pointer, depth + 1))

    def _expression(self, task: _Task) -> None:
        node = task.node
        inner = _only(node)
        if inner.type == "tuple":
            elements = [c for c in inner.children if c.type == "expression"]
            task.into[task.key] = values = [None] * len(elements)
            for number, element in enumerate(elements):
                place = f"{task.pointer}/{number}"
                if _only(element).type == "object":
                    self._note(place, element)
                self._later(element, values, number, place, task.depth)
        elif inner.type == "object":
            mapping: dict[str, Any] = {}
            task.into[task.key] = mapping
            for element in inner.children:
                if element.type == "object_elem":
                    key = self._key(element.children[0])
                    mapping[key] = None
                    place = f"{task.pointer}/{_escape(key)}"
                    self._note(place, element)
                    self._later(element.children[-1], mapping, key, place, task.depth)
        else:
            task.into[task.key] = self._scalar(node, inner)

    def _scalar(self, node: Node, inner: Node) -> Any:
        if inner.type == "string_lit":
            return unescape(self._text(inner)[1:-1])[:MAX_TEXT]
        if inner.type == "quoted_template":
            return Template(self._text(inner)[1:-1][:MAX_TEXT])
        if inner.type == "heredoc_template":
            return self._text(inner).partition("\n")[2].rpartition("\n")[0][:MAX_TEXT]
        text = self._text(node).strip()
        if inner.type == "bool_lit":
            return text == "true"
        if inner.type == "null_lit":
            return None
        return number(text) if NUMBER.match(text) else Expression(text[:MAX_TEXT])

    def _key(self, node: Node) -> str:
        inner = _only(node)
        text = self._text(inner)
        if inner.type == "string_lit":
            return unescape(text[1:-1])
        if inner.type == "quoted_template":
            return Template(text[1:-1])
        return text if inner.type in _BARE else Expression(text)

    def _head(self, node: Node) -> tuple[str, tuple[str, ...]]:
        """The keyword of a block and its labels."""
        words = []
        for child in node.children:
            if child.type == "string_lit":
                words.append(unescape(self._text(child)[1:-1]))
            elif child.type == "identifier":
                words.append(self._text(child))
            elif child.type == "block_start":
                break
        return (words[0] if words else ""), tuple(words[1:])

    def _line(self, node: Node) -> int:
        return self._before + node.start_point[0] + 1

    def _text(self, node: Node) -> str:
        return self._data[node.start_byte : node.end_byte].decode("utf-8", "replace")


_BARE = frozenset({"variable_expr", "numeric_lit", "bool_lit", "null_lit"})
"""Keys that mean themselves."""
_WRAPPERS = frozenset({"expression", "literal_value", "collection_value", "template_expr"})


def _only(node: Node) -> Node:
    """What an expression consists of, when that is a single thing."""
    while node.type in _WRAPPERS and node.child_count == 1:
        node = node.children[0]
    return node


def _escape(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
