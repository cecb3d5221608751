"""Anchors as lines of a git note on the reviewed commit."""

from __future__ import annotations

import re
from pathlib import Path

from ...errors import RepositoryUnreadable
from ...journal.record import Record
from ._repository import NAME, hold, made, opened, reviewed, small

REF = "refs/notes/gonogo"


class Note:
    """
    The note on the commit that *record* is about, under :data:`REF`.

    Args:
        repository: That has the commit.
        record: The run.
    """

    fetch = f"git does not fetch notes by itself: `git fetch origin {REF}:{REF}`"
    push = f"git push origin {REF}"

    def __init__(self, repository: Path, record: Record) -> None:
        self._git = opened(repository)
        self._commit = reviewed(record)

    def lines(self) -> list[str]:
        """
        The lines of the note.

        Raises:
            RepositoryUnreadable: There is no repository, or the note is too large.
        """
        git, commit = self._git, self._commit
        blob = git.text("notes", "--ref", REF, "list", commit, check=False)
        if not NAME.fullmatch(blob):
            git.run("rev-parse", "--git-dir")  # says so where there is no repository at all
            return []
        small(git, blob, f"the note on {commit[:10]}")
        return git.text("cat-file", "blob", blob).splitlines()

    def add(self, line: str) -> None:
        """
        Add *line* to the note: objects first, then the one reference, if nobody else has moved it.

        Raises:
            UnknownRevision: The commit is not in the repository.
            RepositoryUnreadable: The notes cannot be read or written.
        """
        git, commit = self._git, self._commit
        hold(git, commit)
        lines = self.lines()
        if line in lines:
            return
        before = git.text("rev-parse", "--verify", "--quiet", f"{REF}^{{commit}}", check=False)
        notes = self._notes(before) | {commit: made(git, ["hash-object", "-w", "--stdin"], [*lines, line])}
        tree = made(git, ["mktree"], [f"100644 blob {blob}\t{of}" for of, blob in sorted(notes.items())])
        who = ("-c", "user.name=gonogo", "-c", "user.email=gonogo@localhost")
        after = git.text(*who, "commit-tree", tree, "-m", "Anchor a run", *(("-p", before) if before else ()))
        git.run("update-ref", "--no-deref", "-m", "gonogo anchor", REF, after, before)

    def _notes(self, before: str) -> dict[str, str]:
        """Every note of *before*: commit to blob, whether git has spread them over folders or not."""
        found = {}
        for entry in self._git.run("ls-tree", "-r", "-z", before).stdout.split(b"\0") if before else ():
            if entry:
                kind, _, path = entry.decode("utf-8", "replace").partition("\t")
                name = path.replace("/", "")
                if not kind.startswith("100644 blob ") or not re.fullmatch(r"[0-9a-f]{40,64}", name):
                    raise RepositoryUnreadable(
                        f"{REF} holds something that is not a note: {path[:80]}", where=str(self._git.folder)
                    )
                found[name] = kind.rpartition(" ")[2]
        return found
