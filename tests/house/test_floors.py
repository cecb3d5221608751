"""A room imports only lower floors; rooms of one floor do not import each other."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "orchestrator"
FLOORS = (
    {"errors", "host"},
    {"domain", "formats"},
    {"identities", "redaction", "vocabulary"},
    {"logs"},
    {"judging", "sealed", "config"},
    {"catalogue", "workflow", "journal", "evidence"},
    {"estate"},
    {"profiling"},
    {"contract"},
    {"llm"},
    {"engine", "report", "rules"},
    {"conclusion"},
    {"planning"},
    {"audit"},
    {"commands"},
    {"cli"},
)
HOUSE = {"__init__", "__main__", "py.typed"}


def floor(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def imports(file: Path) -> set[str]:
    """The rooms that *file* imports, relatively or by name."""
    found = set()
    package = file.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = (*base, *(node.module.split(".") if node.module else ()))
            targets = [module] if len(module) > 1 else [(*module, alias.name) for alias in node.names]
            found |= {target[1] for target in targets if target[:1] == ("orchestrator",) and len(target) > 1}
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("orchestrator.")}
    return found


FILES = sorted(f for f in PACKAGE.rglob("*.py") if f.stem not in HOUSE or f.parent != PACKAGE)


@pytest.mark.parametrize("file", FILES, ids=lambda f: str(f.relative_to(PACKAGE)))
def test_imports_point_down(file: Path) -> None:
    """
    Every import of a room leads to a lower floor.
    """
    room = file.relative_to(PACKAGE).parts[0].removesuffix(".py")
    own = floor(room)

    for other in imports(file) - {room, "__version__"}:
        assert floor(other) < own, f"{file.name} ({room}) imports {other}"


def test_agents_import_the_front_door() -> None:
    """
    Agents import names of the front door and their own siblings, nothing else of the house.
    """
    for file in sorted((ROOT / "agents").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.level <= 1, file
                assert not (node.module or "").startswith("orchestrator."), f"{file}: {node.module}"
            elif isinstance(node, ast.Import):
                assert not any(a.name.startswith("orchestrator") for a in node.names), file
