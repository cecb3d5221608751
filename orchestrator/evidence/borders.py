"""This is where a repository is held to what lies inside it: its settings may name any folder of this machine."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import RepositoryUnreadable


def hold(path: Path, top: Path, git_dir: Path, common_dir: Path, bare: bool) -> None:
    """
    Refuse a repository that leads elsewhere; working trees and submodules of git do so with the other side's consent.

    Args:
        path: What is to be reviewed.
        top: The folder that git takes for the working tree.
        git_dir: Where git keeps what it knows of this working tree.
        common_dir: Where it keeps objects and branches.
        bare: Whether there is no working tree.

    Raises:
        RepositoryUnreadable: It leads elsewhere.
    """
    home = _holder(path.resolve(), bare)
    if not bare and not _same(top, home):
        raise RepositoryUnreadable(
            f"its configuration names another folder as its working tree: {top}",
            where=str(path),
            remedy="`git config --unset core.worktree` in it",
        )
    links = [name for name in ("HEAD", "objects", "refs", "packed-refs") if (common_dir / name).is_symlink()]
    inside = all(place.resolve().is_relative_to(home) for place in (git_dir, common_dir))
    if links or not (inside or _agreed(home, git_dir, common_dir)):
        raise RepositoryUnreadable(
            f"its history lies in a repository elsewhere that does not know of it: {common_dir}",
            where=str(path),
            remedy=f"review that repository itself, if it is yours: `gonogo review {common_dir}`",
        )


def _holder(here: Path, bare: bool) -> Path:
    """The nearest folder from *here* upwards with a ``.git`` in it; the repository itself where it is bare."""
    mark = "objects" if bare else ".git"
    return next((folder for folder in (here, *here.parents) if os.path.lexists(folder / mark)), here)


def _agreed(home: Path, git_dir: Path, common_dir: Path) -> bool:
    """Whether the other side names *home*: as one of its working trees, or as the place of its submodule."""
    try:
        back = (git_dir / "gitdir").read_text("utf-8", "surrogateescape").strip()
    except (OSError, ValueError):
        return _same(git_dir, common_dir) and _names_back(git_dir, home)
    return _same(git_dir / back, home / ".git") and _same(git_dir.parent.parent, common_dir)


def _names_back(git_dir: Path, home: Path) -> bool:
    """Whether the configuration of a submodule's repository has *home* for its working tree."""
    try:
        lines = (git_dir / "config").read_text("utf-8", "surrogateescape").splitlines()
    except (OSError, ValueError):
        return False
    named = [value.strip() for key, _, value in (line.partition("=") for line in lines) if key.strip() == "worktree"]
    return len(named) == 1 and _same(git_dir / named[0].strip('"'), home)


def _same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except (OSError, ValueError):
        return False
