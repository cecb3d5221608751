"""The rules and templates of derivations 1 and 2 are sealed: what they do is never changed."""

from __future__ import annotations

import ast
import hashlib
import json
from pathlib import Path

SEALED = Path(__file__).parents[2] / "orchestrator" / "sealed"
DIGEST = "sha256:18819a21294427686a8a8e2c0dda2c8e8ef73b120a816a5ac2331d8f1d0804bd"
"""Of all that is in the room; it may be moved, and its files may be described and import from elsewhere."""


def rules(file: Path) -> str:
    """The source of *file* without what names other rooms and without its first docstring."""
    source = file.read_text()
    body = ast.parse(source).body
    left_out: set[int] = set()
    for number, node in enumerate(body):
        described = number == 0 and isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        if described or isinstance(node, ast.Import | ast.ImportFrom):
            left_out |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = [line for number, line in enumerate(source.splitlines(), 1) if number not in left_out]
    return "\n".join(line for line in lines if line)


def test_nothing_is_changed() -> None:
    """
    Records of then come to their bytes by what they came to them by; a new rule takes a new derivation.
    """
    files = [path for path in SEALED.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    contents = sorted(rules(file) if file.suffix == ".py" else file.read_text() for file in files)

    assert DIGEST == "sha256:" + hashlib.sha256(json.dumps(contents).encode()).hexdigest()
