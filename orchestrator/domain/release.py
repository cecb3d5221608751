"""The thing under review."""

from __future__ import annotations

from typing import Annotated

from .base import Base
from .model import AddedLater, Model


class Release(Model):
    """What a run judges: a name, a version, and the exact tree."""

    name: str
    version: str
    commit: str = ""
    """Full object id, empty for a plain directory."""
    tree: str = ""
    """Digest of the tree that was read: git's own, or ours over paths and contents for a directory."""
    source: str = "git"
    """git, worktree or directory."""
    ref: str = ""
    history: str = "complete"
    """complete, shallow, partial or missing."""
    base: Annotated[Base | None, AddedLater()] = None
    """What it is compared with; absent in records from before that was asked."""
