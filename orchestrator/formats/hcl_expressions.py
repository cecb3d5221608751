"""Turns an expression of Terraform's language into a small tree of its own, within limits for hostile ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ._hcl_literals import NUMBER, number, unescape
from ._hcl_syntax import attribute

if TYPE_CHECKING:
    from tree_sitter import Node

MAX_DEPTH = 40
"""Levels of an expression; each costs a few frames of the stack."""
MAX_NODES = 4_000
MAX_TEXT = 3_900
"""Characters of an expression; a longer one may have been cut where it was read."""


class Expression(str):
    """An expression as its author wrote it, where a value would stand if it were a literal."""

    __slots__ = ()


class Template(Expression):
    """What stands between the quotes of a text with expressions in it."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Literal:
    """A number, a text, true, false or null."""

    value: Any


@dataclass(frozen=True, slots=True)
class Name:
    """The first word of a reference: ``var``, ``each``, ``aws_vpc``, the variable of a ``for``."""

    text: str


@dataclass(frozen=True, slots=True)
class Step:
    """One attribute or element of something: ``of.key``, ``of[key]``."""

    of: Tree
    key: Tree


@dataclass(frozen=True, slots=True)
class Splat:
    """``of[*].a.b``: what *rest* says of each element, which it calls ``NAMELESS``."""

    of: Tree
    rest: Tree


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments, the last of which may be spread out."""

    name: str
    arguments: tuple[Tree, ...]
    spread: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One or two operands and what stands before or between them."""

    sign: str
    operands: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Conditional:
    """``condition ? then : otherwise``."""

    condition: Tree
    then: Tree
    otherwise: Tree


@dataclass(frozen=True, slots=True)
class Elements:
    """A list as it is written."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Entries:
    """A mapping as it is written."""

    pairs: tuple[tuple[Tree, Tree], ...]


@dataclass(frozen=True, slots=True)
class For:
    """``for`` over *of*: a list of *value*, or a mapping of *key* to *value*, to a list of them where *grouped*."""

    names: tuple[str, ...]
    of: Tree
    key: Tree | None
    value: Tree
    condition: Tree | None
    grouped: bool


@dataclass(frozen=True, slots=True)
class Text:
    """Texts and expressions one behind the other."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """What this module does not read: its value is not known."""


Tree = Literal | Name | Step | Splat | Call | Operation | Conditional | Elements | Entries | For | Text | Unread
NAMELESS = Name("")
UNREAD = Unread()
_SIGNS = frozenset({"+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||"})


def parse(text: str) -> Tree:
    """The tree of an :class:`Expression`, or of any other text that is one; ``UNREAD`` where it is none or too much."""
    if len(text) > MAX_TEXT:
        return UNREAD
    data = (f'a = "{text}"\n' if isinstance(text, Template) else f"a = {text}\n").encode()
    node = attribute(data)
    return UNREAD if node is None else _Reading(data).tree(node)


class _TooMuch(Exception):
    pass


class _Reading:
    """Goes down the syntax of one expression."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._left = MAX_NODES

    def tree(self, node: Node) -> Tree:
        try:
            return self._one(node, 0)
        except _TooMuch:
            return UNREAD

    def _one(self, node: Node, depth: int) -> Tree:
        """What *node* says, with the steps that follow its first part."""
        self._left -= 1
        if depth > MAX_DEPTH or self._left < 0:
            raise _TooMuch
        reader = _READERS.get(node.type)
        return self._row(node.children, depth + 1) if reader is None else reader(self, node, depth + 1)

    def _row(self, nodes: list[Node], depth: int) -> Tree:
        """A term and the steps behind it: ``(a)``, ``a.b``, ``a[0].b``, ``f(x)[*].y``."""
        nodes = [node for node in nodes if node.type != "comment"]
        if not nodes:
            return UNREAD
        if nodes[0].type == "(":
            end = next((place for place, node in enumerate(nodes) if node.type == ")"), 0)
            first, rest = self._row(nodes[1:end], depth + 1), nodes[end + 1 :]
        else:
            first, rest = self._one(nodes[0], depth), nodes[1:]
        return self._steps(first, rest, depth)

    def _steps(self, of: Tree, nodes: list[Node], depth: int) -> Tree:
        for node in nodes:
            if len(nodes) > MAX_DEPTH:
                raise _TooMuch
            if node.type == "get_attr":
                of = Step(of, Literal(self._text(node.children[-1])))
            elif node.type == "index" and node.children[0].type == "new_index":
                of = Step(of, self._row(node.children[0].children[1:-1], depth))
            elif node.type == "splat" and node.children[0].children:
                of = Splat(of, self._steps(NAMELESS, node.children[0].children[1:], depth))
            else:
                return UNREAD
        return of

    def _operation(self, node: Node, depth: int) -> Tree:
        inner = node.children[0]
        children = [child for child in inner.children if child.type != "comment"]
        if inner.type == "unary_operation":
            return Operation(children[0].type, (self._row(children[1:], depth),))
        place = next((i for i, child in enumerate(children) if i and child.type in _SIGNS), 0)
        if not place:
            return UNREAD
        left, right = self._row(children[:place], depth), self._row(children[place + 1 :], depth)
        return Operation(children[place].type, (left, right))

    def _conditional(self, node: Node, depth: int) -> Tree:
        parts = [self._one(child, depth) for child in node.children if child.type == "expression"]
        return Conditional(*parts) if len(parts) == 3 else UNREAD

    def _call(self, node: Node, depth: int) -> Tree:
        given = next((child for child in node.children if child.type == "function_arguments"), None)
        children = given.children if given else []
        arguments = tuple(self._one(child, depth) for child in children if child.type == "expression")
        name = self._text(node).partition("(")[0].strip()
        return Call(name, arguments, any(child.type == "ellipsis" for child in children))

    def _collection(self, node: Node, depth: int) -> Tree:
        inner = node.children[0]
        if inner.type == "tuple":
            return Elements(tuple(self._one(child, depth) for child in inner.children if child.type == "expression"))
        elements = [child for child in inner.children if child.type == "object_elem"]
        return Entries(tuple((self._key(e.children[0], depth), self._one(e.children[-1], depth)) for e in elements))

    def _key(self, node: Node, depth: int) -> Tree:
        """A key of a mapping: a bare word means itself."""
        tree = self._one(node, depth)
        bare = isinstance(tree, Name) and not self._text(node).startswith("(")
        return Literal(tree.text) if isinstance(tree, Name) and bare else tree

    def _for(self, node: Node, depth: int) -> Tree:
        inner = node.children[0]
        intro = next((child for child in inner.children if child.type == "for_intro"), None)
        condition = next((child for child in inner.children if child.type == "for_cond"), None)
        values = [self._one(child, depth) for child in inner.children if child.type == "expression"]
        over = [child for child in intro.children if child.type == "expression"] if intro else []
        wanted = 2 if inner.type == "for_object_expr" else 1
        if intro is None or len(over) != 1 or len(values) != wanted:
            return UNREAD
        return For(
            names=tuple(self._text(child) for child in intro.children if child.type == "identifier"),
            of=self._one(over[0], depth),
            key=values[0] if wanted == 2 else None,
            value=values[-1],
            condition=self._row([c for c in condition.children if c.type == "expression"], depth)
            if condition
            else None,
            grouped=any(child.type == "ellipsis" for child in inner.children),
        )

    def _template(self, node: Node, depth: int) -> Tree:
        """Parts of a quoted text; what is taken off around an expression, loops, and heredocs are not read."""
        inner = node.children[0]
        if inner.type != "quoted_template":
            return UNREAD
        parts: list[Tree] = []
        at = inner.children[0].end_byte
        for child in inner.children[1:-1]:
            if child.start_byte > at:  # blanks between two expressions have no node of their own
                parts.append(Literal(self._data[at : child.start_byte].decode()))
            at = child.end_byte
            if child.type == "template_literal":
                parts.append(Literal(unescape(self._text(child))))
            elif child.type == "template_interpolation" and all(c.type != "strip_marker" for c in child.children):
                parts.append(self._row([c for c in child.children if c.type == "expression"], depth))
            else:
                return UNREAD
        if inner.children[-1].start_byte > at:
            parts.append(Literal(self._data[at : inner.children[-1].start_byte].decode()))
        return parts[0] if len(parts) == 1 else Text(tuple(parts))

    def _literal(self, node: Node, depth: int) -> Tree:
        inner = node.children[0]
        text = self._text(inner)
        if inner.type == "numeric_lit":
            return Literal(number(text)) if NUMBER.match(text) else UNREAD
        if inner.type == "string_lit":
            return Literal(unescape(text[1:-1]))
        return Literal({"true": True, "false": False}.get(text))

    def _name(self, node: Node, depth: int) -> Tree:
        return Name(self._text(node))

    def _text(self, node: Node) -> str:
        return self._data[node.start_byte : node.end_byte].decode()


_READERS = {
    "operation": _Reading._operation,
    "conditional": _Reading._conditional,
    "function_call": _Reading._call,
    "collection_value": _Reading._collection,
    "for_expr": _Reading._for,
    "template_expr": _Reading._template,
    "literal_value": _Reading._literal,
    "variable_expr": _Reading._name,
}
