"""Searches the tree for credentials, and keeps where they stand."""

from __future__ import annotations

from itertools import chain

from ...domain.fact import Fact
from ...redaction import KINDS
from .. import classify, texts
from ..credentials import HARMLESS, LOCKS, credentials
from ..facts.files import Files
from ..facts.secrets import Credential, Secrets
from ..reader import Reader
from ..tree import FileEntry, SourceFile

_KEPT = 1_000


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
            beyond_unsure={
                path: n for path, n in self._beyond_unsure.items() if classify.role(path, named=True) not in HARMLESS
            },
            files=self._files,
            rules=len(KINDS),
        )
