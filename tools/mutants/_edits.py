"""Lists every edit that could be made to a file: words, thresholds and branches."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

Kind = Literal["word", "threshold", "branch"]
KINDS: tuple[Kind, ...] = ("word", "threshold", "branch")
LEFT_OUT = ("orchestrator/sealed/",)
"""Folders whose text may not change, and has its own test for that."""


@dataclass(frozen=True)
class Edit:
    """One small change of one file, and the function or the name of the module that it lies in."""

    path: str
    line: int
    scope: str
    kind: Kind
    start: int
    end: int
    becomes: str
    what: str
    """The change in short; with *path* and *scope* it says which edit this is after lines have moved."""
    pattern: str = ""
    """The regular expression that it makes, if it makes one."""

    def made_in(self, text: str) -> str:
        data = text.encode()
        return (data[: self.start] + self.becomes.encode() + data[self.end :]).decode()

    def is_sound(self, text: str) -> bool:
        """Whether *text* with it is still Python, and its pattern still a pattern."""
        try:
            re.compile(self.pattern)
            if self.path.endswith(".py"):
                compile(self.made_in(text), "mutant", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, re.error, OverflowError, RecursionError):
            return False
        return True

    @property
    def key(self) -> tuple[str, str, str]:
        return self.path, self.scope, self.what


def edits(root: Path) -> dict[Kind, list[Edit]]:
    """Every edit of the house at *root*, in the order of its files."""
    found: dict[Kind, list[Edit]] = {kind: [] for kind in KINDS}
    for room in ("orchestrator", "agents"):
        for file in sorted((root / room).rglob("*.py")):
            path = file.relative_to(root).as_posix()
            if path.startswith(LEFT_OUT) or file.stem.endswith("examples"):
                continue
            for edit in edits_of(path, file.read_text()):
                found[edit.kind].append(edit)
    for file in sorted((root / "orchestrator" / "vocabulary").glob("*.yaml")):
        found["word"] += rows(file.relative_to(root).as_posix(), file.read_text())
    return found


def edits_of(path: str, text: str) -> Iterator[Edit]:
    """Every edit of one module, sound or not."""
    from ._branches import branches
    from ._thresholds import thresholds
    from ._words import words

    source = Module(path, text)
    seen = set()
    for edit in [*words(source), *thresholds(source), *branches(source)]:
        place = (edit.start, edit.end, edit.becomes)
        if place not in seen:
            seen.add(place)
            yield edit


class Module:
    """The tree of one module with parents, and the text of each node."""

    def __init__(self, path: str, text: str) -> None:
        self.path, self.text = path, text
        self.data = text.encode()
        self.tree = ast.parse(text)
        self.parents = {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}
        self._starts = [0]
        for line in self.data.split(b"\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All that is looked at: no examples, no types, no messages of errors and logs."""
        found: list[ast.AST] = []

        def visit(node: ast.AST) -> None:
            found.append(node)
            for name, value in ast.iter_fields(node):
                if name in ("annotation", "returns", "decorator_list", "bases"):
                    continue
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, ast.AST) and not _unseen(child):
                        visit(child)

        visit(self.tree)
        return found

    def span(self, node: ast.AST) -> tuple[int, int]:
        assert isinstance(node, ast.expr | ast.stmt)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._starts[node.lineno - 1] + node.col_offset, self._starts[node.end_lineno - 1] + node.end_col_offset

    def said(self, node: ast.AST) -> str:
        start, end = self.span(node)
        return self.data[start:end].decode()

    def scope(self, node: ast.AST) -> str:
        """The outermost function that *node* lies in, with its class; or the name that the module gives to it."""
        chain = [node]
        while chain[-1] in self.parents:
            chain.append(self.parents[chain[-1]])
        names: list[str] = []
        for outer in reversed(chain[:-1]):
            if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                names.append(outer.name)
                if not isinstance(outer, ast.ClassDef):
                    break
            elif isinstance(outer, ast.Assign | ast.AnnAssign) and not names:
                target = outer.targets[0] if isinstance(outer, ast.Assign) else outer.target
                return ast.unparse(target)
        return ".".join(names)

    def edit(
        self,
        kind: Kind,
        node: ast.AST,
        becomes: str,
        what: str = "",
        *,
        at: tuple[int, int] | None = None,
        pattern: str = "",
    ) -> Edit:
        """*node*, or what stands at *at*, becomes something else."""
        start, end = at or self.span(node)
        line = self.data.count(b"\n", 0, start) + 1
        what = what or f"{self.data[start:end].decode()} -> {becomes}"
        return Edit(self.path, line, self.scope(node), kind, start, end, becomes, re.sub(r"\s+", " ", what), pattern)


_LOGGING = frozenset({"debug", "info", "warning", "error", "exception", "critical"})


def _unseen(node: ast.AST) -> bool:
    if isinstance(node, ast.Raise):
        return True
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
        return True
    if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
        return True
    if not isinstance(node, ast.Call):
        return False
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    return name == "Example" or (isinstance(node.func, ast.Attribute) and name in _LOGGING)


def rows(path: str, text: str) -> Iterator[Edit]:
    """Of a vocabulary every row that can be dropped: an entry of a list."""
    import yaml

    starts = [0]
    for line in text.encode().split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    todo = [yaml.compose(text, Loader=yaml.CSafeLoader)]
    while todo:
        node = todo.pop()
        if isinstance(node, yaml.MappingNode):
            todo += [value for _, value in node.value]
        elif isinstance(node, yaml.SequenceNode) and not node.flow_style:
            for item in node.value:
                if isinstance(item, yaml.MappingNode):
                    start, end = starts[item.start_mark.line], starts[item.end_mark.line]
                    if item.end_mark.column:
                        end = starts[item.end_mark.line + 1]
                    row = re.sub(r"\s+", " ", text.encode()[start:end].decode())
                    yield Edit(path, item.start_mark.line + 1, "", "word", start, end, "", f"no row {row[:60]}")
