"""Tells whether a file is one of the reviewed repository's own, however its path is written."""

from __future__ import annotations

import os
from pathlib import Path

from ..errors import RepositoryUnreadable
from .git import Git


def belongs(file: Path, reviewed: Path, git: Git | None) -> bool:
    """
    Whether whoever commits to *reviewed* has a say in what *file* holds.

    So it is for every path that lies in it or leads into it, and for every working tree of the same repository.

    Args:
        file: What somebody named; the way to it leads over no link of the reviewed folder (:func:`files.crossing`).
        reviewed: The folder under review.
        git: Its repository, where it has one.
    """
    tops = {reviewed.resolve(), *([git.folder.resolve()] if git is not None else [])}
    if any(file.resolve().is_relative_to(top) for top in tops):
        return True
    return git is not None and _shared(git, file.resolve().parent)


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
