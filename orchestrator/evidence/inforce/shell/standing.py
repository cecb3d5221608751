"""Keeps where the walk through a script stands: the settings of the shell, what was found, what was not read."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..chance import Chance
from .syntax import MARKS, MAX_NODES, Text
from .ways import Found, Place, Way
from .words import Value, shown

if TYPE_CHECKING:
    from tree_sitter import Node

_MAX_TEXT = 1_000
_NO_COMMANDS = frozenset({"test_command", "variable_assignment"})


@dataclass
class Standing(ABC):
    """What the walk knows and has found so far."""

    text: Text
    errexit: bool
    pipefail: bool
    variables: dict[str, Value]
    folder: str | None = ""
    found: list[Found] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._functions: dict[str, Node] = {}
        self._called: set[str] = set()
        self._calls: list[str] = []
        self._after = Way()
        self._nodes = 0
        self._depth = 0
        self._base = 0
        self._dispatches = False
        self._trapped: list[str] = []
        self._instead: list[tuple[int, int]] = []
        self._looked = False
        self._unreadable: set[int] = set()

    @abstractmethod
    def through(self, root: Node, heeded: bool = True) -> None:
        """Walk from *root* to its end."""

    @abstractmethod
    def _sequence(self, nodes: Sequence[Node], way: Way, place: Place) -> Chance:
        """Walk through statements one after the other; the last one's end is the end of all."""

    @abstractmethod
    def _visit(self, node: Node, way: Way, place: Place) -> Chance:
        """Walk through *node*; the chance that it succeeds."""

    def _inner(self, node: Node, way: Way, heeded: bool = False, looked: bool = False) -> None:
        """The commands whose output becomes part of a word; *looked* where that decides whether the script fails."""
        waiting = [node]
        while waiting:
            child = waiting.pop()
            self._nodes += 1
            if self._nodes > MAX_NODES:
                return
            if child.type in ("command_substitution", "process_substitution"):
                kept = (self._after, self.folder, self._looked)
                self._looked = looked
                self._sequence(child.children, way, Place(heeded, False))
                self._after, self.folder, self._looked = kept
            else:
                waiting.extend(reversed(child.named_children))

    def _note(self, node: Node, parts: list[Node], values: list[Value], way: Way, place: Place) -> None:
        words = tuple(value.text for value in values)
        if not any(words) and not self._written(node, parts, values).strip("\"' "):
            return
        self.found.append(
            Found(
                self._written(node, parts, values),
                self._line(node),
                way.force,
                place.heeded,
                words,
                self.folder,
                self._instead[-1] if self._instead else None,
                self._looked,
            )
        )

    def _written(self, node: Node, parts: Sequence[Node] = (), values: Sequence[Value] = ()) -> str:
        """A command as it is written, on one line, with harmless variables filled in."""
        said: list[str] = []
        known = dict(zip((p.id for p in parts), values, strict=False))
        for child in node.children:
            if child.type in ("file_redirect", "herestring_redirect"):
                continue
            value = known.get(child.id)
            written = self.text.of(child)
            if value is not None and "$" in written and self._may_be_shown(child, value):
                written = value.text or ""
            said.append(written)
        return re.sub(r"\s*\\?\n\s*", " ", " ".join(said))[:_MAX_TEXT]

    def _may_be_shown(self, node: Node, value: Value) -> bool:
        names: list[str] = []
        waiting = [node]
        while waiting:
            child = waiting.pop()
            if child.type == "variable_name":
                names.append(self.text.of(child))
            waiting.extend(child.children)
        return all(shown(name, value) for name in names)

    def _mistake(self, node: Node) -> None:
        """Remember that *node* is no shell; what stands on its lines cannot be told."""
        self.unread.append((self._line(node), "could not be read as shell"))
        self._unreadable.update(range(self._line(node), min(node.end_point[0], self._line(node) + 200) + 1))

    @contextmanager
    def _after_failing(self, *nodes: Node) -> Iterator[None]:
        """What is found within runs only where one of *nodes* has failed; whatever is no command cannot fail."""
        found = [node for node in nodes if node.type not in _NO_COMMANDS and node.type not in MARKS]
        if found:
            self._instead.append((self._line(found[0]), self._base + found[-1].end_point[0]))
        try:
            yield
        finally:
            if found:
                self._instead.pop()

    def _short(self, node: Node) -> str:
        return re.sub(r"\s+", " ", self.text.of(node))[:40]

    def _line(self, node: Node) -> int:
        return self._base + node.start_point[0]
