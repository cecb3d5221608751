"""The environments: which of them people depend on, told from the names of folders and of things."""

from __future__ import annotations

from ..evidence.inforce.stages import is_backstage


def for_people(path: str, name: str = "") -> bool:
    """False where *path* or *name* is one of an environment that nobody's data depends on."""
    return not is_backstage(path) and not is_backstage(name)
