"""Makes sure that the folder that takes a record is nobody's but ours, least of all the reviewed tree's."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from ..errors import RunsFolderUnwritable
from ..evidence.snapshot import Snapshot
from ..host import files
from ..journal.key import KEY, passing_key, redaction_key

_KEEPERS = (".gitkeep", ".keep")
"""What keeps an empty folder in git; nobody reads it."""
_ELSEWHERE = "name a folder outside the reviewed one: --runs DIR"


def hold(folder: Path, tree: Path) -> None:
    """
    Refuse a *folder* to be written into that somebody else has a say in; one that is not there yet is fine.

    Args:
        folder: Of runs, or of one run.
        tree: What is reviewed.

    Raises:
        RunsFolderUnwritable: It is reached over a link of the tree's, or others can write it.
    """
    link = files.crossing(folder, tree)
    if link is None and folder.is_symlink() and folder.resolve().is_relative_to(tree.resolve()):
        link = folder
    if link is not None:
        raise RunsFolderUnwritable(
            "the path to the runs folder leads through a link in the reviewed tree", where=str(link), remedy=_ELSEWHERE
        )
    try:
        found = folder.stat()
    except FileNotFoundError:
        return
    except OSError as error:
        raise RunsFolderUnwritable(
            f"the runs folder cannot be read: {error.strerror}", where=str(folder), remedy="name another: --runs DIR"
        ) from None
    if not stat.S_ISDIR(found.st_mode):
        raise RunsFolderUnwritable("the runs folder is not a folder", where=str(folder), remedy=_ELSEWHERE)
    if found.st_uid != os.geteuid():
        raise RunsFolderUnwritable(
            "the runs folder belongs to another user, who could change what is recorded",
            where=str(folder),
            remedy="name a folder of your own: --runs DIR",
        )
    if found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise RunsFolderUnwritable(
            "others can write to the runs folder, and could change what is recorded",
            where=str(folder),
            remedy=f"`chmod go-w {folder}`, once you have checked that everything in it is yours, or --runs DIR",
        )


def key(snapshot: Snapshot, path: Path, runs: Path) -> bytes:
    """
    What makes the digests of what is withheld: the key of the folder *runs*, which no author of a tree knows.

    A plain folder under review is its author's with all that lies in it, so no key is kept there: each life of a run
    has one of its own.

    Args:
        snapshot: What is reviewed.
        path: Where it lies.
        runs: The folder that takes the record.

    Raises:
        RunsFolderUnwritable: The folder, or a key in it, is the reviewed tree's or somebody else's.
    """
    top = snapshot.git.folder if snapshot.git is not None else path
    hold(runs, top)
    if not runs.resolve().is_relative_to(top.resolve()):
        return redaction_key(runs)
    if snapshot.git is None:
        if os.path.lexists(runs / KEY):
            raise RunsFolderUnwritable(
                "a key lies in the reviewed folder, where its author could have put it to test what is withheld",
                where=str(runs / KEY),
                remedy=f"{_ELSEWHERE}; or delete the key",
            )
        return passing_key()
    tracked = _tracked(snapshot, runs.resolve().relative_to(top.resolve()))
    if tracked:
        raise RunsFolderUnwritable(
            "the runs folder is part of the reviewed repository, whose author could have put something there that we "
            f"rely on: it has committed {tracked}",
            where=str(runs),
            remedy=f"{_ELSEWHERE}; or, if it is yours, `git rm -r --cached {runs}` and commit",
        )
    return redaction_key(runs)


def _tracked(snapshot: Snapshot, below: Path) -> str:
    """The first path below *below* that the commit or the index has, but for what keeps the folder; else empty."""
    git = snapshot.git
    assert git is not None  # a plain folder tracks nothing
    if git.text("rev-parse", "--is-inside-work-tree") != "true":
        return ""
    if not below.parts:
        return "all that is in it"
    name = below.as_posix()
    found = git.run("ls-files", "-z", "--cached", "--full-name", "--", f":(top,literal){name}").stdout
    if snapshot.release.commit:
        found += git.run("ls-tree", "-r", "-z", "--name-only", "--full-tree", snapshot.release.commit, name).stdout
    held = {f"{name}/{keeper}".encode() for keeper in _KEEPERS}
    first = next((path for path in found.split(b"\0") if path and path not in held), b"")
    return first.decode("utf-8", "backslashreplace")[:200]
