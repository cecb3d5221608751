"""The digest of the renderer is one over everything that the HTML report follows from."""

from __future__ import annotations

import ast
from pathlib import Path

from orchestrator.engine.installed import RENDERER

PACKAGE = Path(__file__).parents[2] / "orchestrator"


def imported(file: Path) -> set[Path]:
    """Files of the house that *file* imports, with the packages that they lie in."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = file.parents[node.level - 1].joinpath(*(node.module or "").split("."))
            found |= {base.with_suffix(".py"), *(base / f"{alias.name}.py" for alias in node.names)}
        else:
            assert not (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("orchestrator")), file
    return {path for path in found if path.is_file()}


def test_nothing_is_left_out() -> None:
    """
    Whatever the renderer imports of the house, however indirectly, is part of the digest, and so are its templates.
    """
    covered = {path for pattern in RENDERER for path in PACKAGE.glob(pattern)}
    open_, needed = {PACKAGE / "report" / "html.py"}, set()
    while open_:
        needed |= open_
        open_ = {path for file in open_ for path in imported(file)} - needed
    needed |= {path for path in (PACKAGE / "report" / "templates").iterdir() if path.is_file()}

    assert len(needed) > 15
    assert not needed - covered
