"""A record names whatever else took part in reading the tree."""

from __future__ import annotations

import ast
import re
import sys
from importlib import metadata
from pathlib import Path

import pytest

from orchestrator.engine.installed import tools

PACKAGE = Path(__file__).parents[2] / "orchestrator"
READING = ("evidence", "formats", "redaction")


def imported() -> set[str]:
    """The top-level modules of others that the rooms import which make facts."""
    found = set()
    for file in (file for room in READING for file in (PACKAGE / room).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                found |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                found.add((node.module or "").partition(".")[0])
    return found - sys.stdlib_module_names - {"orchestrator"}


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


class TestTools:
    def test_names_every_distribution_that_reads(self):
        """
        Of every package that facts, formats and redaction are made with, the version stands in the manifest.
        """
        brought = metadata.packages_distributions()
        needed = {plain(name) for module in imported() for name in brought[module]}

        assert {"ahocorasick-rs", "pathspec", "pyyaml", "tree-sitter", "tree-sitter-hcl"} <= needed
        assert set() == needed - tools().keys()
        assert all(tools()[name] == metadata.version(name) for name in needed)

    @pytest.mark.parametrize("name", ["expat", "git", "libyaml", "own-formats", "python", "token-formats"])
    def test_names_what_no_distribution_is(self, name):
        """
        Parsers that come inside others, and our own, are named as well.
        """
        assert re.search(r"\d", tools()[name])
