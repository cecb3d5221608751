"""The environments: which of them people depend on, told from the names of folders and of things."""

from __future__ import annotations

from ..evidence.stages import is_elsewhere, is_file_elsewhere


def for_people(path: str, name: str = "") -> bool:
    """False where *path* or *name* is one of an environment that nobody's data depends on."""
    return not is_file_elsewhere(path) and not is_elsewhere(name)
