"""Who uses words, and how: a check's version can only follow words that are taken when it is imported."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

AGENTS = Path(__file__).parents[2] / "agents"


@pytest.mark.parametrize("file", sorted(AGENTS.glob("*/*.py")), ids=lambda f: f"{f.parent.name}/{f.name}")
def test_words_are_taken_once(file: Path) -> None:
    """
    No function of an agent asks for words when it runs: they are constants of its module.
    """
    module = ast.parse(file.read_text())
    functions = [n for n in ast.walk(module) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)]
    calls = [c for f in functions for part in inside(f) for c in ast.walk(part) if isinstance(c, ast.Call)]

    assert [] == [c.lineno for c in calls if isinstance(c.func, ast.Name) and c.func.id == "words"]


def inside(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> list[ast.AST]:
    """The body of *function*, without its decorators: they are read when the module is."""
    return [function.body] if isinstance(function, ast.Lambda) else list(function.body)
