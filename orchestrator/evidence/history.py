"""Asks git's log how long a history is, and who made it."""

from __future__ import annotations

from . import paths
from .facts.history import History
from .snapshot import Snapshot


def history(snapshot: Snapshot) -> History:
    """What git's log says of the commits behind the reviewed one."""
    git, release = snapshot.git, snapshot.release
    if git is None:
        return History(reason="a plain directory has no history")
    log = git.run("log", "--no-show-signature", "--format=%ae%x09%cI", release.commit, "--", check=False)
    lines = log.stdout.decode("utf-8", "replace").splitlines()
    rows = [line.rpartition("\t") for line in lines if "\t" in line]
    if log.returncode or not rows:
        return History(reason="git log could not be read")
    tags = git.text(
        "for-each-ref", "--sort=-creatordate", "--count=50", "--format=%(refname:short)", "refs/tags", check=False
    )
    return History(
        available=True,
        complete=release.history == "complete",
        reason="" if release.history == "complete" else f"the clone is {release.history}",
        commits=len(rows),
        authors=len({email for email, _, _ in rows}),
        first_at=rows[-1][2],
        last_at=rows[0][2],
        tags=tuple(paths.safe(tag.encode("utf-8", "surrogateescape")) for tag in tags.splitlines()),
    )
