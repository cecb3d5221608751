"""Anchors as annotated git tags on the reviewed commit; a tag is never moved."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path

from ...errors import RepositoryUnreadable, UsageError
from ...journal.record import Record
from ._repository import hold, made, opened, reviewed, small

_PREFIX = "refs/tags/"
_MOST = 99
"""Tags of one run; there is another one for each time that it is anchored and something has been added to it."""
_RUN = re.compile(r"[A-Za-z0-9](?!.*\.\.)[A-Za-z0-9._+-]{0,198}[A-Za-z0-9]")
_WHO = "gonogo <gonogo@localhost>"


class Tag:
    """
    The tags of *record*: ``gonogo/<run>``, and ``gonogo/<run>.2`` and so on for what was said of it later.

    Args:
        repository: That has the commit that the run is about.
        record: The run.
    """

    def __init__(self, repository: Path, record: Record) -> None:
        self._git = opened(repository)
        self._commit = reviewed(record)
        run = record.manifest().run
        if not _RUN.fullmatch(run):
            raise UsageError(
                "no tag can be named after this run", where=run[:80], remedy="anchor it with note:REPO or file:PATH"
            )
        self._name = f"gonogo/{run}"
        self._at = next((event.at for event in record.events()), "")
        self.fetch = "`git fetch origin 'refs/tags/gonogo/*:refs/tags/gonogo/*'`, or `git fetch --tags`"
        self.push = f"git push origin '{_PREFIX}{self._name}*'"

    def lines(self) -> list[str]:
        """
        The lines of the messages of all of the run's tags, oldest first.

        Raises:
            RepositoryUnreadable: There is no repository, or what has such a name is not an anchor.
        """
        return [line for number, name in sorted(self._tags().items()) for line in self._message(number, name)]

    def add(self, line: str) -> None:
        """
        Tag the commit with *line*, where no tag of the run says it yet.

        Raises:
            UnknownRevision: The commit is not in the repository.
            RepositoryUnreadable: A tag of that name is not an anchor, or it cannot be written.
            UsageError: The run has too many tags.
        """
        git = self._git
        hold(git, self._commit)
        if line in self.lines():
            return
        number = max(self._tags(), default=0) + 1
        if number > _MOST:
            raise UsageError(f"the run has {_MOST} tags, and gets no more", where=str(git.folder))
        name = self._numbered(number)
        about = [f"object {self._commit}", "type commit", f"tag {name}", f"tagger {_WHO} {self._second()} +0000"]
        tag = made(git, ["mktag"], [*about, "", line])
        git.run("update-ref", "--no-deref", "-m", "gonogo anchor", f"{_PREFIX}{name}", tag, "0" * len(tag))

    def _tags(self) -> dict[int, str]:
        """Each of the run's tags by its number: the name of its object."""
        git, wanted = self._git, re.compile(rf"{re.escape(_PREFIX + self._name)}(?:\.([2-9]|[1-9][0-9]))?")
        found = {}
        patterns = (f"{_PREFIX}{self._name}", f"{_PREFIX}{self._name}.*")
        for row in git.text("for-each-ref", "--format=%(objecttype) %(objectname) %(refname)", *patterns).splitlines():
            kind, name, ref = row.split(" ", 2)
            if match := wanted.fullmatch(ref):
                if kind != "tag":
                    raise self._foreign(int(match[1] or 1), "it has no message")
                found[int(match[1] or 1)] = name
        return found

    def _message(self, number: int, name: str) -> list[str]:
        """The lines of the tag with this number, which must be what it says."""
        small(self._git, name, f"tag {self._numbered(number)}")
        head, _, message = self._git.run("cat-file", "tag", name).stdout.partition(b"\n\n")
        about = head.decode("utf-8", "replace").split("\n")
        if about[:3] != [f"object {self._commit}", "type commit", f"tag {self._numbered(number)}"]:
            raise self._foreign(number, "it is about another commit, or was made under another name")
        return message.decode("utf-8", "replace").splitlines()

    def _foreign(self, number: int, why: str) -> RepositoryUnreadable:
        return RepositoryUnreadable(
            f"tag {self._numbered(number)} exists and is not an anchor: {why}",
            where=str(self._git.folder),
            remedy="no tag is ever moved or deleted by gonogo; find out who made it",
        )

    def _numbered(self, number: int) -> str:
        return self._name if number == 1 else f"{self._name}.{number}"

    def _second(self) -> int:
        """When the run began: the same anchor is the same tag, wherever it is made."""
        try:
            return max(int(datetime.fromisoformat(self._at).timestamp()), 0)
        except (ValueError, OverflowError):
            return 0
