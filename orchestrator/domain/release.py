"""The thing under review."""

from __future__ import annotations

from .model import Model


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
