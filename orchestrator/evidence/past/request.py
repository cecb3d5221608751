"""What to search: a repository, the reviewed commit, and what its tree has shown already."""

from __future__ import annotations

import os

from ...domain.model import Model
from ..credentials import LOCKS
from ..snapshot import Snapshot
from ..tree import MAX_FILE_BYTES


class Request(Model):
    """What the search of a history is asked for; it travels to the process that searches as JSON."""

    folder: str
    commit: str
    shallow: bool = False
    tree: tuple[tuple[str, str], ...] = ()
    """Object id and path of every file in which the pass over the tree looks for credentials."""


def asked_of(snapshot: Snapshot) -> Request | None:
    """What to search for *snapshot*; None where it has no history."""
    git, release = snapshot.git, snapshot.release
    if git is None:
        return None
    read = (
        file
        for file in snapshot.tree.entries
        if file.kind == "file" and file.role != "asset" and 0 < file.size <= MAX_FILE_BYTES
    )
    return Request(
        folder=os.fsencode(git.folder).hex(),
        commit=release.commit,
        shallow=release.history == "shallow",
        tree=tuple((f.digest, f.path) for f in read if release.source == "git" and not LOCKS.search(f.path)),
    )
