"""Makes credentials in the tree and in history a fact, which never holds the credentials themselves."""

from __future__ import annotations

from itertools import chain
from typing import ClassVar

from ...domain.fact import Fact
from ...domain.model import Model
from ...redaction import KINDS
from .. import classify, texts
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from ._credentials import HARMLESS, LOCKS, Credential, credentials
from .files import Files

__all__ = ["Credential", "LeftOut", "SecretHistory", "Secrets", "SecretsReader"]

_KEPT = 1_000


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


class LeftOut(Model):
    """Objects of history that were not searched, and why."""

    reason: str
    objects: int
    counts: bool = True
    """Whether what they may hold would count: not what only ever stood in tests or prose, or is not text."""


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

    @property
    def opening(self) -> int:
        """How many credentials may open something."""
        return max(self.live, sum(c.confidence != "low" for c in self.found))


class SecretsReader(Reader):
    """Searches every text file but lock files and source maps, also one that has NUL bytes."""

    fact = Secrets
    broad = True
    binary = True

    def __init__(self) -> None:
        self._sorts: tuple[list[Credential], ...] = ([], [], [])
        self._files = 0
        self._beyond: dict[str, dict[str, int]] = {}
        self._beyond_unsure: dict[str, int] = {}

    def wants(self, file: FileEntry) -> bool:
        return LOCKS.search(file.path) is None

    def read(self, source: SourceFile) -> None:
        if not texts.is_text(source.path, source.data):
            return
        self._files += 1
        for credential in credentials(source.file, source.data, over=self._over):
            low, aside = credential.confidence == "low", credential.role in HARMLESS
            kept = self._sorts[low + (low and aside)]
            if len(kept) < _KEPT:
                kept.append(credential)
            elif not (low and aside):
                self._over(source.path, credential.kind, credential.confidence)

    def _over(self, path: str, kind: str, confidence: str) -> None:
        if confidence == "low":
            self._beyond_unsure[path] = self._beyond_unsure.get(path, 0) + 1
        else:
            here = self._beyond.setdefault(path, {})
            here[kind] = here.get(kind, 0) + 1

    def finish(self, files: Files) -> Fact:
        return Secrets(
            found=tuple(chain(*self._sorts)),
            beyond=self._beyond,
            beyond_unsure={path: n for path, n in self._beyond_unsure.items() if classify.role(path) not in HARMLESS},
            files=self._files,
            rules=len(KINDS),
        )
