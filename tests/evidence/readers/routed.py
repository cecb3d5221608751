"""Reads the routes of a small tree, and tells what a test asks of them."""

from __future__ import annotations

from orchestrator import Routes
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers.routes import RoutesReader
from orchestrator.evidence.tree import MemoryTree


def routes_of(files: dict[str, str]) -> Routes:
    """The routes of *files*, path to text."""
    fact = read_tree(MemoryTree(files), [RoutesReader()])[Routes]
    assert isinstance(fact, Routes)
    return fact


def told(files: dict[str, str]) -> list[tuple[str, str, bool | None]]:
    """Method and path of each route of *files*, and whether it is guarded."""
    return [(route.method, route.path, route.guarded) for route in routes_of(files).routes]
