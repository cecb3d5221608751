"""Reads what a migration calls, in order, from the syntax of JavaScript, Ruby, PHP and C#."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ...errors import FormatError
from .. import judged
from ..inforce.code.syntax import Unread, part
from ..inforce.code.tree import TreeJudge
from ..tree import SourceFile

if TYPE_CHECKING:
    from tree_sitter import Node

_CALLS = frozenset({
    "call_expression", "invocation_expression", "call", "function_call_expression", "scoped_call_expression",
    "member_call_expression", "nullsafe_member_call_expression",
})  # fmt: skip
_FUNCTIONS = frozenset({
    "arrow_function", "function_expression", "anonymous_function", "lambda_expression", "do_block", "block", "lambda",
    "anonymous_function_creation_expression",
})  # fmt: skip
_NAMED_FUNCTIONS = frozenset({
    "function_declaration", "method_definition", "method_declaration", "method", "singleton_method",
    "generator_function_declaration",
})  # fmt: skip
_STRINGS = frozenset({
    "string", "template_string", "encapsed_string", "string_literal", "verbatim_string_literal", "raw_string_literal",
    "heredoc", "nowdoc", "interpolated_string_expression",
})  # fmt: skip
_LISTS = frozenset(
    {
        "array",
        "array_creation_expression",
        "collection_expression",
        "initializer_expression",
        "implicit_array_creation_expression",
    }
)
_QUOTES = "\"'`@$"
_MAX_CALLS = 4_000


class Code(str):
    """A value that is computed, as it is written."""

    __slots__ = ()


Value = str | bool | list["Value"] | dict[str, "Value"] | None
"""What is given to a call: text, a number or a symbol as text, yes or no, lists, keys with values, or :class:`Code`."""


@dataclass(slots=True)
class Called:
    """One call, what it is given, and what is called on its result."""

    name: str
    owner: str
    """What it is called on, as written; empty for a plain function."""
    line: int
    given: list[Value] = field(default_factory=list)
    named: dict[str, Value] = field(default_factory=dict)
    """Arguments with a name, and the keys of the objects among the arguments."""
    chain: list[Called] = field(default_factory=list)
    """What is called on its result, in order: ``.notNullable().alter()``."""
    block: list[Called] | None = None
    """What a function calls that it is given."""
    takes: str = ""
    """What that function names the first thing that it takes; empty where it takes nothing."""
    inner: list[Called] = field(default_factory=list)
    """What is called for its arguments."""

    def is_told(self, one: Called) -> bool:
        """Whether *one*, of its block, is called on what the block takes first: the table that is made or altered."""
        return not self.takes or one.owner == self.takes

    @property
    def words(self) -> list[str]:
        """The texts that it is given in their order, those of lists too."""
        return list(flat(self.given))

    def listed(self, at: int) -> list[str]:
        """The texts of the argument at *at*, one or a list of them."""
        return list(flat(self.given[at : at + 1]))

    @property
    def after(self) -> set[str]:
        """The names of what is called on its result."""
        return {called.name for called in self.chain}

    def later(self, name: str) -> Called | None:
        """The call of *name* on its result."""
        return next((called for called in self.chain if called.name == name), None)


def flat(values: Iterable[Value]) -> Iterator[str]:
    """The texts among *values* in their order, those of lists too."""
    for value in values:
        if isinstance(value, str) and not isinstance(value, Code):
            yield value
        elif isinstance(value, list):
            yield from flat(value)


class Calls:
    """
    The functions of one file, and what each of them calls.

    Args:
        source: The file.

    Raises:
        FormatError: Its syntax cannot be read.
    """

    def __init__(self, source: SourceFile) -> None:
        judge = judged.judge(source)
        if not isinstance(judge, TreeJudge):
            raise FormatError("its language has no grammar here")
        try:
            self._syntax = judge.syntax
        except Unread as error:
            raise FormatError(str(error)) from None
        self._judge = judge
        self._left = _MAX_CALLS
        self.functions: dict[str, Node] = {}
        """Every function that has a name: a method, a declared one, one that is assigned."""
        self._find(self._syntax.root)

    def line(self, name: str) -> int:
        """The line on which the function *name* begins; 0 where there is none."""
        node = self.functions.get(name)
        return node.start_point[0] + 1 if node is not None else 0

    def parameters(self, name: str) -> list[str]:
        """The names of what the function *name* is given."""
        node = self.functions.get(name)
        given = part(node, "parameters", "parameter") if node is not None else None
        if given is None:
            return []
        words = [given] if given.type == "identifier" else list(_identifiers(given))
        return [self._text(word).lstrip("$") for word in words]

    def of(self, name: str) -> list[Called]:
        """What the function *name* calls, in order; what control never comes to is left out."""
        node = self.functions.get(name)
        body = part(node, "body") if node is not None else None
        return list(self._in(body)) if body is not None else []

    def statements(self, name: str) -> list[str]:
        """The text of each statement of the function *name*."""
        node = self.functions.get(name)
        body = part(node, "body") if node is not None else None
        kept = [n for n in (body.named_children if body is not None else ()) if "comment" not in n.type]
        return [self._text(n) for n in kept]

    def _text(self, node: Node, most: int = 20_000) -> str:
        return self._syntax.text(node, most)

    def _find(self, root: Node) -> None:
        todo = [root]
        while todo:
            node = todo.pop()
            name = self._named(node)
            if name:
                self.functions.setdefault(*name)
            todo.extend(reversed(node.named_children))

    def _named(self, node: Node) -> tuple[str, Node] | None:
        if node.type in _NAMED_FUNCTIONS:
            name = part(node, "name")
            return (self._text(name), node) if name is not None else None
        left = part(node, "left", "name", "key") if node.type in _GIVES_NAMES else None
        right = part(node, "right", "value") if left is not None else None
        if left is None or right is None or right.type not in _FUNCTIONS:
            return None
        return self._text(left).rpartition(".")[2].strip(_QUOTES), right

    def _in(self, node: Node) -> Iterator[Called]:
        if node.type in _CALLS:
            called = self._chain(node)
            if called is not None:
                yield called
            return
        if node.type in _NAMED_FUNCTIONS:
            return
        if node.type == "identifier" and node.parent is not None and node.parent.type in _RUBY_BODIES:
            yield Called(self._text(node), "", node.start_point[0] + 1)
        for child in node.named_children:
            yield from self._in(child)

    def _chain(self, node: Node) -> Called | None:
        """The first call of a chain, with what is called on its result."""
        if self._judge.reaches(node.start_byte).is_void:
            return None
        links: list[Called] = []
        at: Node | None = node
        while at is not None and at.type in _CALLS and self._left > 0:
            self._left -= 1
            called, at = self._one(at)
            links.append(called)
        links.reverse()
        if not links:
            raise FormatError(f"it calls more than {_MAX_CALLS:,} functions", node.start_point[0] + 1)
        links[0].chain = links[1:]
        return links[0]

    def _one(self, node: Node) -> tuple[Called, Node | None]:
        """One call, and the call that it is called on."""
        name, owner = part(node, "method", "name"), part(node, "receiver", "object", "scope")
        function = part(node, "function")
        if function is not None:
            name = part(function, "property", "name") or function
            owner = part(function, "object", "expression")
        said = self._text(name).partition("<")[0] if name is not None else ""
        place = name if name is not None else node
        called = Called(said, self._text(owner, 200) if owner is not None else "", place.start_point[0] + 1)
        arguments = part(node, "arguments")
        for argument in arguments.named_children if arguments is not None else ():
            self._take(called, argument)
        if (block := part(node, "block")) is not None:
            called.block, called.takes = list(self._in(block)), self._first_taken(block)
        inner = owner
        while inner is not None and inner.type in _AROUND:
            inner = inner.named_children[0] if inner.named_children else None
        return called, inner if inner is not None and inner.type in _CALLS else None

    def _take(self, called: Called, argument: Node) -> None:
        name = part(argument, "name") if argument.type == "argument" else None
        value = argument
        if argument.type == "argument":
            children = argument.named_children
            value = children[-1] if children else argument
        if argument.type == "pair":
            key, given = part(argument, "key"), part(argument, "value")
            if key is not None and given is not None:
                called.named[self._text(key).strip(_QUOTES + ":")] = self._value(given)
            return
        if value.type in _FUNCTIONS:
            body = part(value, "body")
            called.block = [*(called.block or ()), *(self._in(body) if body is not None else ())]
            called.takes = self._first_taken(value)
            return
        found = self._value(value)
        if name is not None:
            called.named[self._text(name)] = found
        else:
            called.given.append(found)
        if isinstance(found, dict):
            called.named.update(found)
        if isinstance(found, Code) or value.type in _LISTS:
            called.inner.extend(self._in(value))

    def _first_taken(self, function: Node) -> str:
        """The name, as written, of the first thing that *function* takes."""
        taken = part(function, "parameters", "parameter")
        first = next(_identifiers(taken), None) if taken is not None else None
        return self._text(first) if first is not None else ""

    def _value(self, node: Node) -> Value:
        kind = node.type
        text = self._text(node)
        if kind in _STRINGS:
            return _unquoted(text)
        if kind in ("simple_symbol", "hash_key_symbol"):
            return text.strip(":")
        if kind == "delimited_symbol":
            return _unquoted(text.lstrip(":"))
        if kind in ("number", "integer", "integer_literal", "float", "real_literal"):
            return text
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
        if kind in ("null", "nil", "null_literal"):
            return None
        if kind == "heredoc_beginning":
            return self._heredoc(node)
        if kind in ("object", "hash"):
            return {key: value for child in node.named_children for key, value in self._pair(child)}
        if kind in _LISTS and any(map(_has_key, node.named_children)):
            pairs = [child.named_children for child in node.named_children if _has_key(child)]
            return {self._text(key).strip(_QUOTES): self._value(value) for key, value in pairs}
        if kind in _LISTS:
            return [self._value(_element(child)) for child in node.named_children if child.type != "comment"]
        if kind == "new_expression" and (given := part(node, "arguments")) is not None:
            objects = [child for child in given.named_children if child.type == "object"]
            return self._value(objects[0]) if objects else Code(text)
        return Code(text)

    def _pair(self, node: Node) -> Iterator[tuple[str, Value]]:
        key, value = part(node, "key"), part(node, "value")
        if key is not None and value is not None:
            yield self._text(key).strip(_QUOTES + ":"), self._value(value)

    def _heredoc(self, node: Node) -> Value:
        """The text of Ruby's heredoc, which stands behind the statement that it is given to."""
        at: Node | None = node
        while at is not None:
            sibling = at.next_sibling
            while sibling is not None:
                if sibling.type == "heredoc_body":
                    text = self._text(sibling)
                    return "\n" + text.rpartition("\n")[0].lstrip("\n")
                sibling = sibling.next_sibling
            at = at.parent
        return Code(self._text(node))


_GIVES_NAMES = frozenset({"assignment_expression", "variable_declarator", "pair", "public_field_definition"})
_RUBY_BODIES = frozenset({"body_statement", "then", "else", "block_body"})
_AROUND = frozenset({"parenthesized_expression", "await_expression", "non_null_expression", "as_expression"})


def _has_key(node: Node) -> bool:
    return node.type == "array_element_initializer" and len(node.named_children) == 2


def _element(node: Node) -> Node:
    return node.named_children[-1] if node.type == "array_element_initializer" and node.named_children else node


def _identifiers(node: Node) -> Iterator[Node]:
    if node.type in ("identifier", "variable_name"):
        yield node
        return
    for child in node.named_children:
        if child.type not in ("type_annotation", "named_type", "type"):
            yield from _identifiers(child)


def _unquoted(text: str) -> str:
    """What stands between quotes, whatever comes before the first of them."""
    text = text.lstrip("@$")
    return text.strip('"') if text.startswith('"""') else text[1:-1] if text[:1] in _QUOTES and len(text) > 1 else text
