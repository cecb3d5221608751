"""Reads the files that a user names, and tells those that are the reviewed tree's own."""

from __future__ import annotations

from pathlib import Path

from .. import config as configuration
from ..errors import OrchestratorError
from ..evidence import borders
from ..evidence.belonging import belongs
from ..evidence.git import Git
from ..host import files


def read_named(name: str, reviewed: Path, error: type[OrchestratorError]) -> bytes:
    """
    What the file *name* of the user holds; where a link of the reviewed tree leads is not for its author to say.

    Raises:
        OrchestratorError: *error*, where it cannot be read.
    """
    if link := files.crossing(Path(name), borders.home(reviewed)):
        raise error(
            f"'{name}' is reached through a link in the reviewed tree", where=str(link), remedy="name the file itself"
        )
    try:
        return files.read(Path(name), configuration.MAX_BYTES)
    except OSError as problem:
        raise error(f"'{name}' cannot be read: {problem.strerror}") from None


def is_trees(name: str, reviewed: Path, git: Git | None) -> bool:
    """Whether the file *name* is one that whoever commits to the reviewed repository has a say in."""
    return belongs(Path(name), reviewed, git)
