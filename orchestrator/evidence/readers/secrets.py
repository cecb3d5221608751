"""Searches the tree for credentials, and keeps where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from ...domain.fact import Fact
from ...redaction import KINDS
from .. import texts
from ..credentials import HARMLESS, credentials
from ..facts.files import Files
from ..facts.secrets import Credential, Secrets
from ..reader import Reader
from ..scanner.apart import SCANNING
from ..scanner.hit import Hit
from ..scanner.unread import Unread
from ..tree import FileEntry, SourceFile

_KEPT = 1_000


class SecretsReader(Reader):
    """
    Searches every text file, also one that has NUL bytes, by gonogo's own patterns and by the rules that others keep.

    Lock files and source maps are searched by those rules alone.
    """

    fact = Secrets
    broad = True
    binary = True

    def __init__(self) -> None:
        self._sorts: tuple[list[Credential], ...] = ([], [], [])
        self._files = self._ruled = self._size = 0
        self._beyond: dict[str, dict[str, int]] = {}
        self._beyond_unsure: dict[str, int] = {}
        self._unread = Unread()
        self._failed = False

    def wants(self, file: FileEntry) -> bool:
        return True

    def read(self, source: SourceFile) -> None:
        if not texts.is_text(source.path, source.data):
            self._unread.add_binary(source.file, source.data)
            return
        self._files += 1
        self._failed = False
        for credential in credentials(source.file, source.data, self._over, self._asked):
            low, aside = credential.confidence == "low", not _counts(credential)
            kept = self._sorts[low + (low and aside)]
            if len(kept) < _KEPT:
                kept.append(credential)
            elif not (low and aside):
                self._over(credential)
        if self._failed:
            self._unread.add(source.file, "not read by the rules")
        else:
            self._ruled, self._size = self._ruled + 1, self._size + len(source.data)

    def _asked(self, text: bytes) -> Sequence[Hit]:
        hits = SCANNING.hits(text)
        self._failed = self._failed or hits is None
        return hits or ()

    def _over(self, credential: Credential) -> None:
        path = credential.source.path
        if credential.confidence != "low":
            here = self._beyond.setdefault(path, {})
            here[credential.kind] = here.get(credential.kind, 0) + 1
        elif _counts(credential):
            self._beyond_unsure[path] = self._beyond_unsure.get(path, 0) + 1

    def finish(self, files: Files) -> Fact:
        return Secrets(
            found=tuple(chain(*self._sorts)),
            beyond=self._beyond,
            beyond_unsure=self._beyond_unsure,
            files=self._files,
            rules=len(KINDS),
            ruleset=SCANNING.about(),
            ruled=self._ruled,
            size=self._size,
            unread=self._unread.told(files),
        )


def _counts(unsure: Credential) -> bool:
    """Whether an unsure one takes a pass back: outside of tests and prose, or where a rule names who issued it."""
    return unsure.role not in HARMLESS or bool(unsure.rule)
