"""Holds the house to habits of writing that no linter knows."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("orchestrator", "agents", "tests", "tools")
REFUSED = ("This is where ", "This module ", "This file ", "Where ")
SEALED = "orchestrator/sealed/"  # held to the bytes that it had when it was sealed


def openings(source: str) -> Iterator[tuple[int, str]]:
    """The line and first words of each docstring that does not begin with the noun or verb."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            text = ast.get_docstring(node) or ""
            if text.startswith(REFUSED):
                yield node.body[0].lineno, text.partition("\n")[0]


def test_docstrings_begin_with_the_noun_or_verb():
    """A docstring says what something is or does, without first saying that it is about to."""
    found = [
        f"{file.relative_to(ROOT)}:{line}: {text}"
        for room in ROOMS
        for file in sorted((ROOT / room).rglob("*.py"))
        if not file.relative_to(ROOT).as_posix().startswith(SEALED)
        for line, text in openings(file.read_text())
    ]

    assert [] == found


def test_finds_every_docstring():
    """Modules, classes, functions and methods are read, and so is a docstring that begins on its second line."""
    source = (
        '"""This is where it begins."""\n'
        'class Told:\n    """\n    Where it is told.\n    """\n'
        '    async def tell(self):\n        """This module tells."""\n'
        'def place():\n    """The place where it is told."""\n'
    )

    assert [1, 3, 7] == sorted(line for line, _ in openings(source))
