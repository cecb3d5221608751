"""No two modules need each other: whoever reads one of them can stop before the next."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import networkx as nx

ROOT = Path(__file__).parents[2]
FRONT_DOOR = "orchestrator"
"""It names modules of every room and imports each of them when it is asked for a name of it."""


def modules(*folders: Path, root: Path) -> dict[str, Path]:
    """Every module below *folders*, by its name from *root*."""
    found = {}
    for file in sorted(file for folder in folders for file in folder.rglob("*.py")):
        parts = file.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


def imports(name: str, file: Path, known: Mapping[str, Path]) -> Iterator[str]:
    """The modules among *known* that one imports, at its top, in a function or for types alone."""
    package = name.split(".") if file.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield from [inner] if inner in known else [base] if base in known else []


def circles(known: Mapping[str, Path]) -> list[list[str]]:
    """The sets of modules each of which leads to every other."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for name, file in known.items():
        if name != FRONT_DOOR:
            graph.add_edges_from((name, other) for other in imports(name, file, known) if other != name)
    return sorted(sorted(found) for found in nx.strongly_connected_components(graph) if len(found) > 1)


class TestCircles:
    def test_there_are_none(self):
        """
        No module of the house or of an agent leads back to itself, over whatever kind of import.
        """
        assert [] == circles(modules(ROOT / "orchestrator", ROOT / "agents", root=ROOT))

    def test_one_is_found_however_it_is_closed(self, tmp_path):
        """
        By an import at the top, in a function, for types alone, of a module's name or of a name in it.
        """
        house = tmp_path / "house"
        house.mkdir()
        texts = {
            "__init__.py": "",
            "a.py": "from . import b\n",
            "b.py": "def ask():\n    from .c import name\n",
            "c.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import house.a\n",
            "d.py": "from .a import anything\n",
        }
        for name, text in texts.items():
            (house / name).write_text(text)

        assert [["house.a", "house.b", "house.c"]] == circles(modules(house, root=tmp_path))
