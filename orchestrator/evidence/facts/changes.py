"""What changed between the base of a release and the reviewed tree, by file and line."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar

from ...domain.fact import Fact
from ...domain.model import Model

Lines = tuple[tuple[int, int], ...]
"""First and last line of each stretch of the reviewed tree, in order."""


class Changed(Model):
    """A file that is not what it was at the base."""

    path: str
    before: str = ""
    """Its path at the base, where it was another one."""
    whole: bool = False
    """It was not there."""
    added: Lines = ()
    """Lines that were added or changed."""
    near: Lines = ()
    """Lines in the same piece of the file as something that was added, changed or removed."""
    lost: bool = False
    """Lines of it were removed or changed."""
    untold: str = ""
    """Why it cannot be told which lines changed."""


class Changes(Fact):
    """What changed since the base of the release; nothing with a reason where that cannot be told."""

    name: ClassVar[str] = "changes"

    base: str = ""
    """The commit that was compared; empty where none was."""
    name_of_base: str = ""
    """What it is called."""
    given: bool = False
    """Whether it was named from outside the reviewed repository."""
    reason: str = ""
    """Why nothing was compared."""
    files: tuple[Changed, ...] = ()
    """Every file of the reviewed tree that is not what it was, sorted by path."""
    gone: tuple[str, ...] = ()
    """Paths of the base that are not in the reviewed tree, and were not renamed."""
    beyond: int = 0
    """How many more files changed than are named."""

    @property
    def told(self) -> bool:
        """Whether the two trees were compared."""
        return bool(self.base)

    @property
    def nothing(self) -> bool:
        """Whether the reviewed tree is what the base was."""
        return self.told and not self.files and not self.gone and not self.beyond

    @cached_property
    def by_path(self) -> Mapping[str, Changed]:
        """The files that changed, by their path in the reviewed tree."""
        return {file.path: file for file in self.files}

    def was_there(self, path: str) -> bool | None:
        """Whether a file of the reviewed tree was in the base, under this name or another; None where it is untold."""
        if not self.told or self.beyond:
            return None
        file = self.by_path.get(path)
        return file is None or not file.whole
