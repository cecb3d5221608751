"""Credentials in the tree and in history: where they stand, and never what they are."""

from __future__ import annotations

from typing import Annotated, ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import AddedLater, Model


class Credential(Model):
    """Something that looks like a live credential: its kind, place, length and a digest, never its text."""

    kind: str
    """aws-access-key, private-key, github-token, dsn-password, assigned-secret …"""
    source: Source
    role: str = "source"
    length: int = 0
    digest: str = ""
    confidence: str = "high"
    commit: str = ""
    """The commit that brought it, for history; the tag, where it stands in the message of one."""
    object: str = ""
    """The object of git that holds it, for history; older records do not have it."""
    message: bool = False
    """It stands in the message of a commit or tag, and in no file."""
    rule: Annotated[str, AddedLater()] = ""
    """The rule of the maintained set that names it; empty where only gonogo's own patterns do."""


class RuleSet(Model):
    """The rules that others maintain and that were asked beside gonogo's own patterns."""

    name: str
    """The package that they are installed as."""
    version: str = ""
    released: str = ""
    """The day on which the package was made."""
    rules: int = 0
    lacking: str = ""
    """Why nothing passes on their word: they are not installed, or too old; empty where it counts."""


class LeftOut(Model):
    """Files of a tree, or objects of its history, that were not searched, and why."""

    reason: str
    objects: int
    counts: bool = True
    """Whether what they may hold would count: not what only ever stood in tests or prose, or is not text."""
    first: Annotated[str, AddedLater()] = ""
    """The path of the first of them."""


class Secrets(Fact):
    """Credentials in the tree."""

    name: ClassVar[str] = "secrets"

    found: tuple[Credential, ...] = ()
    """
    The sure ones first, then the unsure ones of production files, then those of others: of each sort a thousand in all
    and twenty a file, so that none of them takes the room of a surer one.
    """
    beyond: dict[str, dict[str, int]] = {}
    """Path to kind to the number of sure ones that are not among the found."""
    beyond_unsure: dict[str, int] = {}
    """Path to the number of unsure ones in production files that are not among the found."""
    files: int = 0
    """How many files were searched."""
    rules: int = 0
    """How many shapes of credentials were looked for."""
    ruleset: Annotated[RuleSet | None, AddedLater()] = None
    """None where nobody asked for one, as in older records."""
    ruled: Annotated[int, AddedLater()] = 0
    """How many files were searched by its rules."""
    size: Annotated[int, AddedLater()] = 0
    """How many bytes they have."""
    unread: Annotated[tuple[LeftOut, ...], AddedLater()] = ()
    """What of the tree was not searched by its rules."""


class SecretHistory(Fact):
    """Credentials in what history holds and the reviewed tree does not."""

    name: ClassVar[str] = "secret-history"

    found: tuple[Credential, ...] = ()
    """The sure ones first, at most two hundred."""
    blobs: int = 0
    """How many blobs were searched, beside those that the search of the tree has seen."""
    commits: int = 0
    complete: bool = False
    reason: str = ""
    """Why it is not complete."""
    total: int = 0
    """How many credentials there are, kept or not; older records have 0."""
    live: int = 0
    """How many of them may open something; likewise."""
    refs: int = 0
    """How many branches, tags, notes and other refs lead to what was searched, beside the reviewed commit."""
    messages: int = 0
    """How many messages of commits and tags were searched."""
    left_out: tuple[LeftOut, ...] = ()
    absent: tuple[str, ...] = ()
    """What is known to be missing from this clone, such as other branches of its remote."""
    remedy: str = ""
    """What makes it complete."""
    ruleset: Annotated[RuleSet | None, AddedLater()] = None
    """None where nobody asked for one, as in older records."""
    ruled: Annotated[int, AddedLater()] = 0
    """How many blobs and messages were searched by its rules."""
    size: Annotated[int, AddedLater()] = 0
    """How many bytes they have."""

    @property
    def opening(self) -> int:
        """How many credentials may open something."""
        return max(self.live, sum(c.confidence != "low" for c in self.found))
