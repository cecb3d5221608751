"""This is where it is told whether a file is one of the reviewed repository's own, however its path is written."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import RepositoryUnreadable
from .git import Git


def belongs(file: Path, reviewed: Path, git: Git | None) -> bool:
    """
    Whether whoever commits to *reviewed* has a say in what *file* holds.

    So it is for every path that lies in it, leads into it through links, or through a link that lies in it, and for
    every working tree of the same repository.

    Args:
        file: What somebody named.
        reviewed: The folder under review.
        git: Its repository, where it has one.
    """
    tops = {reviewed, *([git.folder] if git is not None else [])}
    roots = {Path(os.path.abspath(top)) for top in tops} | {top.resolve() for top in tops}  # noqa: PTH100  # links stay
    here = Path(os.path.abspath(file))  # noqa: PTH100  # links stay
    steps = [*_steps(here), file.resolve()]
    if any(step.is_relative_to(root) for step in steps for root in roots):
        return True
    return git is not None and _shared(git, file.resolve().parent)


def _steps(path: Path) -> list[Path]:
    """Where each link on the way to *path* leads, with what is still to be gone behind it."""
    found: list[Path] = []
    waiting = [path]
    while waiting and len(found) < _MOST_LINKS:
        step = waiting.pop()
        found.append(step)
        for folder in (*reversed(step.parents), step):
            if folder.is_symlink():
                target = Path(os.path.abspath(folder.parent / folder.readlink()))  # noqa: PTH100  # links stay
                waiting.append(target / step.relative_to(folder))
                break
    return found


_MOST_LINKS = 64


def _shared(git: Git, folder: Path) -> bool:
    """Whether *folder* lies in a working tree of the repository *git*."""
    try:
        ours, theirs = (_common(repository) for repository in (git, Git(folder)))
    except RepositoryUnreadable:
        return False
    return bool(ours) and ours == theirs


def _common(git: Git) -> Path | None:
    said = git.run("rev-parse", "--path-format=absolute", "--git-common-dir", check=False)
    return None if said.returncode else Path(os.fsdecode(said.stdout.removesuffix(b"\n"))).resolve()
