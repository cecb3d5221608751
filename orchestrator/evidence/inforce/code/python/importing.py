"""Finds the file of a module that another one of the same tree imports."""

from __future__ import annotations

from collections.abc import Container


def file_of(path: str, module: str, known: Container[str]) -> str | None:
    """
    The file of *module*, as the one at *path* imports it; None where it lies outside of the tree.

    Args:
        path: Where it is imported.
        module: Its dotted name, with leading dots where it is told from there.
        known: The files that there are.
    """
    folder = path.rpartition("/")[0]
    if module.startswith("."):
        dots = len(module) - len(module.lstrip("."))
        parts = folder.split("/") if folder else []
        parts = parts[: len(parts) - (dots - 1)] if dots > 1 else parts
        return _file("/".join([*parts, *filter(None, module.lstrip(".").split("."))]), known)
    inside = module.replace(".", "/")
    while True:
        if found := _file(f"{folder}/{inside}" if folder else inside, known):
            return found
        if not folder:
            return _file(f"src/{inside}", known)
        folder = folder.rpartition("/")[0]


def _file(stem: str, known: Container[str]) -> str | None:
    names = (f"{stem}.py", f"{stem}/__init__.py") if stem else ("__init__.py",)
    return next((name for name in names if name in known), None)
