"""Finds out, as git would and before git is asked, where a repository keeps its data."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from ..errors import RepositoryUnreadable
from ..host import files

MAX_POINTER = 1 << 16
"""Bytes of a file that names a folder and nothing else."""


class Whereabouts(NamedTuple):
    """The place of a repository."""

    home: Path
    """The folder with ``.git`` in it, links resolved; the repository itself where it is bare."""
    git_dir: Path
    """Where git keeps what it knows of this working tree."""
    common_dir: Path
    """Where it keeps objects and branches."""


def find(path: Path) -> Whereabouts | None:
    """
    The place where the repository that *path* is, or lies in, keeps its data; None without a repository.

    Raises:
        RepositoryUnreadable: Something that is neither a folder nor a plain file stands where git would look.
    """
    here = path.resolve()
    for folder in (here, *here.parents):
        if not _same_system(here, folder):
            return None
        if os.path.lexists(folder / ".git"):
            return _at(folder, _named(folder / ".git"))
        if os.path.lexists(folder / "HEAD") and all(os.path.lexists(folder / n) for n in ("objects", "refs")):
            return _at(folder, folder)
        if os.path.lexists(folder / "HEAD") and os.path.lexists(folder / "commondir"):
            return _at(folder, folder)
    return None


def pointer(path: Path, prefix: str = "") -> Path | None:
    """The folder that the file *path* names after *prefix*, relative to where it lies; None where it names none."""
    try:
        said = files.read(path, MAX_POINTER).decode("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RepositoryUnreadable(f"'{path.name}' cannot be read: {error.strerror}", where=str(path)) from None
    named = said.removeprefix(prefix).rstrip("\r\n")
    return path.parent / named if said.startswith(prefix) and named and "\0" not in named else None


def _at(home: Path, git_dir: Path) -> Whereabouts:
    common = pointer(git_dir / "commondir")
    return Whereabouts(home, git_dir, git_dir if common is None else common)


def _named(git: Path) -> Path:
    """The folder that *git*, a ``.git``, is or names."""
    if git.is_dir():
        return git
    named = pointer(git, "gitdir: ")
    if named is None:
        raise RepositoryUnreadable("its '.git' is not a folder, and names none", where=str(git))
    return named


def _same_system(one: Path, other: Path) -> bool:
    """Whether both lie on one file system; git looks no further."""
    try:
        return one.stat().st_dev == other.stat().st_dev
    except OSError:
        return False
