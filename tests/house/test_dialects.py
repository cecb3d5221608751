"""Clouds' own names of things end in the vocabulary: agents speak of what a thing is, whoever provides it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
_TYPE = re.compile(
    r"(?:aws|google|azurerm|azuread|azapi|alicloud|digitalocean)_[a-z0-9_]*|AWS::[\w:]*|Microsoft\.\w+/[\w./]*"
)
LEFT: dict[str, int] = {}
"""Names that agents still know, by file: a number only falls, and no file comes to the list."""


def named(path: Path) -> int:
    """
    How many names of types *path* has: texts that are one and nothing else, and those inside patterns.

    Examples have them too, with more around them, and count for nothing.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    patterns = {id(text) for call in ast.walk(tree) if _searches(call) for text in ast.walk(call)}
    return sum(_names(n.value, id(n) in patterns) for n in ast.walk(tree) if isinstance(n, ast.Constant))


def _searches(node: ast.AST) -> bool:
    """Whether *node* is a call with a pattern, or with the beginning or end of a text."""
    called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
    return called.startswith("re.") or called.rpartition(".")[2] in ("Signal", "startswith", "endswith")


def _names(value: object, pattern: bool) -> int:
    if not isinstance(value, str):
        return 0
    return len(_TYPE.findall(value)) if pattern else int(_TYPE.fullmatch(value) is not None)


class TestAgents:
    def test_agents_name_no_more_types_than_they_did(self) -> None:
        """
        Whoever teaches an agent a cloud's type writes a row of the vocabulary; what is moved there leaves this list.
        """
        found = {str(path.relative_to(ROOT / "agents")): named(path) for path in (ROOT / "agents").rglob("*.py")}

        assert LEFT == {path: count for path, count in found.items() if count}

    def test_names_in_examples_are_not_counted_and_those_in_patterns_are(self, tmp_path: Path) -> None:
        """
        A name counts as a whole text, and within what is searched for; a file that an example shows may have any.
        """
        lines = {
            "KIND = 'aws_lb'": 1,
            "BUCKET = re.compile(r'\\baws_s3_bucket\\.|google_storage_bucket')": 2,
            "GIVEN = Signal(id='a.b', pattern='AWS::S3::Bucket')": 1,
            "WHOSE = kind.startswith(('google_', 'azurerm_'))": 2,
            'FILE = \'resource "aws_lb" "web" {}\'': 0,
            "COUNT = 7": 0,
        }
        for line, count in lines.items():
            (tmp_path / "a.py").write_text(line + "\n", encoding="utf-8")

            assert count == named(tmp_path / "a.py"), line
