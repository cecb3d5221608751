"""Holds a repository to what lies inside it: its files may name any folder of this machine."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import RepositoryUnreadable
from . import confines, whereabouts
from .git import Git
from .whereabouts import Whereabouts


def hold(path: Path) -> Whereabouts | None:
    """
    Refuse a repository that leads elsewhere, before git is asked about it.

    Working trees and submodules of git lead elsewhere with the other side's consent.

    Args:
        path: What is to be reviewed.

    Returns:
        Where it keeps what it knows; None where it is not a repository.

    Raises:
        RepositoryUnreadable: It leads elsewhere, or holds what git would wait for.
    """
    where = whereabouts.find(path)
    if where is None:
        return None
    home = where.home
    inside = all(place.resolve().is_relative_to(home) for place in (where.git_dir, where.common_dir))
    if not (inside or _agreed(where)):
        raise RepositoryUnreadable(
            f"its history lies in a repository elsewhere that does not know of it: {where.common_dir.resolve()}",
            where=str(path),
            remedy=f"review that repository itself, if it is yours: `gonogo review {where.common_dir.resolve()}`",
        )
    confines.hold(where)
    return where


def settle(where: Whereabouts | None, git: Git, path: Path) -> Path:
    """
    The folder that git takes for the working tree, or for the repository where it is bare.

    Args:
        where: What was held.
        git: Asked at *path*.
        path: What is to be reviewed.

    Raises:
        RepositoryUnreadable: Git has found another repository, or another working tree, than was held.
    """
    git_dir, common_dir = (_place(git, which) for which in ("--absolute-git-dir", "--git-common-dir"))
    if where is None or not (_same(git_dir, where.git_dir) and _same(common_dir, where.common_dir)):
        raise RepositoryUnreadable(
            f"git finds another repository here than the one that its files name: {git_dir}", where=str(path)
        )
    if is_bare(git):
        return git_dir
    top = _place(git, "--show-toplevel")
    if not _same(top, where.home):
        raise RepositoryUnreadable(
            f"its configuration names another folder as its working tree: {top}",
            where=str(path),
            remedy="`git config --unset core.worktree` in it",
        )
    return top


def home(path: Path) -> Path:
    """The folder of the repository that *path* lies in; *path* itself where it lies in none."""
    where = whereabouts.find(path)
    return path if where is None else where.home


def is_bare(git: Git) -> bool:
    """Whether the repository has no working tree."""
    return git.text("rev-parse", "--is-bare-repository") == "true"


def _agreed(where: Whereabouts) -> bool:
    """Whether the other side names this one: as one of its working trees, or as the place of its submodule."""
    git_dir, mark = where.git_dir, where.home / ".git"
    back = whereabouts.pointer(git_dir / "gitdir")
    if back is not None:
        return _same(back, mark) and _same(git_dir.resolve().parent.parent, where.common_dir)
    named = [value for key, value in confines.settings(git_dir / "config") if key == "core.worktree"]
    return _same(git_dir, where.common_dir) and len(named) == 1 and _same(git_dir / named[0], where.home)


def _place(git: Git, which: str) -> Path:
    said = git.run("rev-parse", "--path-format=absolute", which).stdout
    return Path(os.fsdecode(said.removesuffix(b"\n")))


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False
