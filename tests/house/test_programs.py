"""Programs that tests and benchmarks write as text import what there is."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OTHERS = ROOT / "tests" / "accuracy" / "fixtures"
"""Repositories of other hands, kept to be judged: they import what is theirs."""
IMPORT = re.compile(r"^\s*from (orchestrator(?:\.\w+)*) import ([\w, ]*)", re.MULTILINE)
"""The names are empty where a program is put together and they are filled in."""


def imported() -> set[tuple[str, str]]:
    """Module and name of all that a text in tests or tools imports from the house."""
    found = set()
    for room in ("tests", "tools"):
        for file in sorted((ROOT / room).rglob("*.py")):
            if OTHERS in file.parents:
                continue
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    for module, names in IMPORT.findall(node.value):
                        found |= {(module, name.split(" as ")[0].strip()) for name in names.split(",")}
    return found


@pytest.mark.parametrize(("module", "name"), sorted(imported()))
def test_what_a_program_imports_is_there(module: str, name: str) -> None:
    """
    A module that was moved is moved in programs as well that no linter reads.
    """
    if not hasattr(importlib.import_module(module), name or "__name__"):
        importlib.import_module(f"{module}.{name}")
