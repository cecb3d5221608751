"""Reads types, their methods and what is marked on them, as Java, Kotlin and C# write annotations and attributes."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from .program import Program

if TYPE_CHECKING:
    from tree_sitter import Node

_QUOTES = re.compile(r'^[@$rRuU]{0,2}(?:"""|")(.*?)(?:"""|")$', re.DOTALL)
_DEEP = 20
_MOST = 500


@dataclass(frozen=True, slots=True)
class Mark:
    """
    One annotation or attribute.

    Args:
        name: Its name, without its package and without ``Attribute``.
        given: What it is given, under each name; under the empty one what has none. A name stands as ``{=name}``.
        start: The byte where it begins.
        line: The line where it begins.
    """

    name: str
    given: dict[str, tuple[str, ...]]
    start: int
    line: int

    def texts(self, *names: str) -> tuple[str, ...]:
        """What it is given under the first of *names* that has anything."""
        return next((self.given[name] for name in names if self.given.get(name)), ())


@dataclass(frozen=True, slots=True)
class Method:
    """A method with its marks, and those of its arguments."""

    name: str
    marks: tuple[Mark, ...]
    start: int
    line: int
    asked: tuple[Mark, ...] = ()


@dataclass(slots=True)
class Type:
    """A class, an interface or an annotation with what is marked on it and its methods."""

    name: str
    marks: tuple[Mark, ...]
    bases: tuple[str, ...]
    methods: list[Method] = field(default_factory=list)
    is_interface: bool = False

    def has(self, *names: str) -> bool:
        """Whether one of *names* is marked on it."""
        return any(mark.name in names for mark in self.marks)


class Marked(Program, ABC):
    """A file of a language in which types and methods are marked."""

    types_: ClassVar[frozenset[str]]
    """The nodes that are types."""
    methods_: ClassVar[frozenset[str]]
    """The nodes that are methods."""
    texts_: ClassVar[frozenset[str]] = frozenset(
        {"string_literal", "verbatim_string_literal", "raw_string_literal", "multiline_string_literal"}
    )
    lists_: ClassVar[frozenset[str]]
    """The nodes that are lists of values."""
    names_: ClassVar[frozenset[str]]
    """The nodes that are names, dotted or not."""

    @abstractmethod
    def marks(self, node: Node) -> tuple[Mark, ...]:
        """What is marked on *node*."""

    @abstractmethod
    def bases(self, node: Node) -> tuple[str, ...]:
        """The names of what the type *node* is derived from."""

    @abstractmethod
    def arguments_of(self, node: Node) -> Iterable[Node]:
        """The arguments that the method *node* takes."""

    @cached_property
    def types(self) -> list[Type]:
        """The types of the file; what stands in none is in one without a name."""
        outside = Type("", (), ())
        found = [outside]
        known: dict[int, Type] = {}
        for node in self.nodes:
            if node.type in self.types_ and (name := self.name(node)):
                known[node.id] = Type(name, self.marks(node), self.bases(node), [], self.is_interface(node))
                found.append(known[node.id])
            elif node.type in self.methods_ and not self.is_packed(node):
                owner = self._owner(node, known) or outside
                asked = tuple(mark for one in self.arguments_of(node) for mark in self.marks(one))
                owner.methods.append(Method(self.name(node), self.marks(node), node.start_byte, self.line(node), asked))
        return found

    def _owner(self, node: Node, known: dict[int, Type]) -> Type | None:
        above = node.parent
        while above is not None and above.id not in known:
            above = above.parent
        return known[above.id] if above is not None else None

    def declares(self, mark: Mark, line: int = 0) -> bool:
        """Whether *mark* is in force, which declares a route that is said to stand at *line*."""
        return self._runs(mark.start, line or mark.line, True)

    def name(self, node: Node) -> str:
        """The name that *node* gives to what it declares."""
        named = node.child_by_field_name("name")
        return self.syntax.text(named) if named is not None else ""

    def is_interface(self, node: Node) -> bool:
        """Whether the type *node* is an interface."""
        return node.type == "interface_declaration"

    def values(self, node: Node, depth: int = 0) -> tuple[str, ...]:
        """The texts that *node* is or lists; a name stands as ``{=name}``."""
        if depth > _DEEP:
            return ()
        if node.type in self.lists_:
            return tuple(one for child in node.named_children[:_MOST] for one in self.values(child, depth + 1))
        return (self.text(node),)

    def text(self, node: Node, depth: int = 0) -> str:
        """The text that *node* is, with ``{=name}`` for each part that is not written there."""
        said = self.syntax.text(node, 1_000)
        if depth > _DEEP:
            return "{=}"
        if node.type in self.texts_:
            quoted = _QUOTES.search(said)
            return quoted[1] if quoted is not None else said.strip('"')
        if node.type in ("binary_expression", "additive_expression"):
            return "".join(self.text(child, depth + 1) for child in node.named_children)
        if node.type == "parenthesized_expression" and node.named_children:
            return self.text(node.named_children[0], depth + 1)
        return "{=" + re.sub(r"\s+", "", said[:200]) + "}" if node.type in self.names_ else "{=}"

    def constants(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The names that are given a text, or a list of them, once; each by itself and after its type."""
        for node in self.nodes:
            named = self.constant(node)
            if named is None:
                continue
            name, value = named
            texts = self.values(value)
            if texts and not any("{=" in text for text in texts):
                yield name, texts
                above = node.parent
                while above is not None and above.type not in self.types_:
                    above = above.parent
                if above is not None:
                    yield f"{self.name(above)}.{name}", texts

    @abstractmethod
    def constant(self, node: Node) -> tuple[str, Node] | None:
        """The name and the value of what *node* gives a text to; None where it gives none."""


_NAMED = re.compile(r"\{=([\w.]{1,120})\}")


def filled(text: str, constants: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """*text* with the texts of the *constants* that it names: several, where one that it is by itself has several."""
    whole = _NAMED.fullmatch(text)
    if whole is not None:
        found = constants.get(whole[1]) or constants.get(".".join(whole[1].split(".")[-2:]))
        return found or (text,)

    def one(named: re.Match[str]) -> str:
        found = constants.get(named[1]) or constants.get(".".join(named[1].split(".")[-2:])) or ()
        return found[0] if len(found) == 1 else named[0]

    return (_NAMED.sub(one, text),)


def is_told(text: str) -> bool:
    """Whether *text* is written out."""
    return "{=" not in text


def shown(text: str) -> str:
    """*text* as a path is shown, with the names of what is not written out in braces."""
    return text.replace("{=", "{")


def rooted(path: str) -> str:
    """*path* with a slash before it, if it is not empty."""
    return f"/{path}" if path and not path.startswith(("/", "{=")) else path
