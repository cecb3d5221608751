"""Finds the reviewed commit for notes and tags, and makes git objects about it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ...errors import RepositoryUnreadable, UnknownRevision, UsageError
from ...evidence import borders
from ...evidence.git import Git
from ...journal.record import Record

MOST = 1 << 20
"""Bytes of one note or tag; a line has about 300."""
NAME = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
"""The name of an object."""


def opened(place: Path) -> Git:
    """The repository at *place*, which leads nowhere else: nothing is written into another one of this machine."""
    borders.hold(place)
    return Git(place)


def reviewed(record: Record) -> str:
    """
    The commit that *record* is about.

    Raises:
        UsageError: It is about none.
    """
    release = record.manifest().release
    if release.source != "git" or not NAME.fullmatch(release.commit):
        raise UsageError("the run reviewed no commit, and a note or a tag needs one", remedy="anchor it with file:PATH")
    return release.commit


def hold(git: Git, commit: str) -> None:
    """Make sure that *commit* is there to be written about."""
    git.run("rev-parse", "--git-dir")
    if git.run("cat-file", "-e", f"{commit}^{{commit}}", check=False).returncode:
        raise UnknownRevision(f"the reviewed commit {commit[:10]} is not in this repository", where=str(git.folder))


def small(git: Git, name: str, what: str) -> None:
    """Make sure that the object *name*, which is *what*, is not too large to be read."""
    if int(git.text("cat-file", "-s", name)) > MOST:
        raise RepositoryUnreadable(f"{what} is too large", where=str(git.folder))


def made(git: Git, words: list[str], lines: Sequence[str]) -> str:
    """The name of the object that git makes of *lines*."""
    with git.stream(*words, names=lines, check=True) as out:
        return out.read(100).decode("ascii").strip()
