"""This is where credentials in the tree and in history become a fact; the credentials themselves never do."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import chain
from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model
from ...redaction import ASSIGNED, ENVIRONMENT, KINDS, find, fingerprint
from .. import classify, mentions
from ..reader import Reader
from ..tree import FileEntry, SourceFile
from .files import Files

_PER_FILE = 20
_KEPT = 1_000
Over = Callable[[str, str, str], None]
"""Hears of a credential that is not kept: its path, kind and confidence."""


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
    """The commit that brought it, for history."""


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


class SecretHistory(Fact):
    """Credentials in blobs that history holds and the reviewed tree does not."""

    name: ClassVar[str] = "secret-history"

    found: tuple[Credential, ...] = ()
    blobs: int = 0
    commits: int = 0
    complete: bool = False
    reason: str = ""
    """Why it is not complete."""


_HARMLESS = frozenset({"test", "example", "docs", "vendored", "generated"})
_TEMPLATE = re.compile(
    r"(^|[/._-])(example|sample|template|tmpl|dist|tpl|skel)([/._-]|$)|(^|/)(locales?|i18n|l10n|intl|translations?|lang)/"
    r"|(^|[/._-])(fake|dummy|mock|test|e2e|spec)s?([/._-]|$)|messages[^/]*\.properties$|\.(po|pot|xlf)$",
    re.IGNORECASE,
)
_DEVELOPMENT = re.compile(
    r"(^|[/._-])(dev|development|local|localhost|ci|cypress|sandbox)([/._-]|$)|(^|/)\.devcontainer/", re.IGNORECASE
)
_CHOSEN = frozenset({ASSIGNED, ENVIRONMENT, "dsn-password", "basic-auth-url"})
_LOCKS = re.compile(
    r"(^|/)([^/]*[-.]lock(\.\w+)?|[^/]*\.sum|npm-shrinkwrap\.json|yarn\.lock)$|\.(map|min\.js|snap|po|csv|tsv)$"
)


def credentials(file: FileEntry, data: bytes, commit: str = "", over: Over | None = None) -> list[Credential]:
    """
    The credentials in one file, at most twenty sure and twenty unsure ones.

    In tests, examples, prose and other people's code they are recorded with low confidence, and so are chosen
    passwords in files for development, whose role is then ``example``: they fail nothing by themselves. A chosen
    password in a text that a Python module keeps for a file is too weakly shaped to tell.

    Args:
        file: Where they are looked for.
        data: Its content.
        commit: The commit that brought it, for history.
        over: Hears of each that is not kept; without it the search ends where there is no more room.
    """
    found: list[Credential] = []
    code = bool(file.language) and file.language != "shell"
    harmless = file.role in _HARMLESS or _TEMPLATE.search(file.path) is not None
    development = _DEVELOPMENT.search(file.path) is not None
    line, counted = 1, 0
    texts = mentions.Mentions(data, files_only=True) if file.language == "python" else None
    room = {True: _PER_FILE, False: _PER_FILE}
    for match in find(data):
        if match.kind == ENVIRONMENT and (code or file.role == "docs"):
            continue
        line += data.count(b"\n", counted, match.start)
        counted = match.start
        low = harmless or (development and match.kind in _CHOSEN)
        inside = texts is not None and match.kind in _CHOSEN and texts.cover(match.start)
        confidence = "low" if low or inside else match.confidence
        kind = ASSIGNED if match.kind == ENVIRONMENT else match.kind
        if not room[confidence == "low"]:
            if over is not None:
                over(file.path, kind, confidence)
            continue
        room[confidence == "low"] -= 1
        found.append(
            Credential(
                kind=kind,
                source=Source(path=file.path, line=line),
                role="example" if low and file.role not in _HARMLESS else file.role,
                length=match.end - match.start,
                digest=fingerprint(match, data),
                confidence=confidence,
                commit=commit,
            )
        )
        if not room[False] and over is None:
            break
    return found


class SecretsReader(Reader):
    """Searches every text file but lock files and source maps."""

    fact = Secrets
    broad = True

    def __init__(self) -> None:
        self._sorts: tuple[list[Credential], ...] = ([], [], [])
        self._files = 0
        self._beyond: dict[str, dict[str, int]] = {}
        self._beyond_unsure: dict[str, int] = {}

    def wants(self, file: FileEntry) -> bool:
        return _LOCKS.search(file.path) is None

    def read(self, source: SourceFile) -> None:
        self._files += 1
        for credential in credentials(source.file, source.data, over=self._over):
            low, aside = credential.confidence == "low", credential.role in _HARMLESS
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
            beyond_unsure={path: n for path, n in self._beyond_unsure.items() if classify.role(path) not in _HARMLESS},
            files=self._files,
            rules=len(KINDS),
        )
