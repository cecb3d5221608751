"""Learns for a run what its release keeps secret, and whom it names as a contact."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterable

from ..errors import RepositoryUnreadable
from ..evidence.credentials import own
from ..evidence.facts.secrets import Credential, SecretHistory, Secrets
from ..evidence.git import Git
from ..evidence.kept_secret import kept_secret, wanted
from ..evidence.past.objects import contents
from ..evidence.past.patience import Patience
from ..evidence.past.pieces import parts
from ..evidence.scanner.apart import SCANNING
from ..evidence.scanner.weighing import weighed
from ..evidence.snapshot import Snapshot
from ..evidence.texts import readings
from ..evidence.tree import MAX_FILE_BYTES, FileEntry, as_utf8
from ..logs import logger
from ..redaction import ASSIGNED, Withholding, current, named, redact

_log = logger("evidence")
_CONTACTS = re.compile(r"(^|/)(CODEOWNERS|OWNERS(_ALIASES)?|MAINTAINERS(\.\w+)?|SECURITY(\.\w+)?|security\.txt)$")
_MAX_FILES = 100
_SECONDS = 60.0
MAX_DOCUMENTS, MAX_BYTES = 20_000, 100_000_000
"""How much of a tree is read for what its documents say is secret; the outermost files come first."""


def learn(snapshot: Snapshot, secrets: Secrets, history: SecretHistory) -> None:
    """
    Withhold from now on the values that were found in the tree and its history, wherever else they occur.

    They are read again from the places that the facts name, since the facts do not have them; so a run that is resumed
    knows the same ones. What documents say is secret by their format is read from all of them.
    """
    kept = current()
    ruled = {c.source.path for c in secrets.found if c.rule}
    places = _places(secrets.found) | ruled
    altered = any(path.find("[withheld ") >= 0 for path in places)
    entries = [file for file in snapshot.tree.entries if file.kind == "file"]
    found = [file for file in entries if file.path in places or (altered and redact(file.path) in places)]
    for file, data in snapshot.tree.read(found):
        for text in readings(as_utf8(data)):
            kept.learn(text)
            for match in own(file.path, text):
                if match.confidence != "low":
                    said = match.value or text[match.start : match.end]
                    kept.keep("", said.decode("utf-8", "surrogateescape"), alone=True)
            _by_rules(kept, text, file.path in ruled or altered)
    for _, data in snapshot.tree.read([file for file in entries if _CONTACTS.search(file.path)][:_MAX_FILES]):
        kept.name_contacts(as_utf8(data))
    _by_format(kept, snapshot, entries)
    if snapshot.git is not None:
        names = {_object(snapshot.git, c) for c in history.found if c.commit and c.confidence != "low"}
        try:
            for content in contents(snapshot.git, sorted(names - {""}), Patience(_SECONDS)):
                for data, _ in parts(content):
                    for text in readings(data):
                        kept.learn(text)
                        _by_rules(kept, text, any(c.rule for c in history.found))
        except RepositoryUnreadable as error:
            _log.warning("credentials of the history are withheld by their shape alone", error=error.what)


def _by_rules(kept: Withholding, text: bytes, asked: bool) -> None:
    """Learn what the rules of others find in *text*, which gonogo's own patterns need not know."""
    for match, _ in weighed(SCANNING.hits(text) or (), text) if asked else ():
        kept.known.add(ASSIGNED, text[match.start : match.end])


def _object(git: Git, found: Credential) -> str:
    """The object that holds what was found; a run that an older version began has commit and path instead."""
    if found.object:
        return found.object
    name = f"{found.commit}:{found.source.path}"
    if not name.isprintable():
        return ""
    return git.text("rev-parse", "--verify", "--quiet", "--end-of-options", name, check=False)


def _by_format(kept: Withholding, snapshot: Snapshot, entries: Iterable[FileEntry]) -> None:
    """Learn what documents say is secret; where they are too many, the others are told by line and shape alone."""
    documents = [file for file in entries if file.size <= MAX_FILE_BYTES and wanted(file)]
    chosen: list[FileEntry] = []
    size = 0
    for file in sorted(documents, key=lambda f: (f.path.count("/"), f.path)):
        size += file.size
        if len(chosen) >= MAX_DOCUMENTS or size > MAX_BYTES:
            break
        chosen.append(file)
    marked: set[str] = set()
    chosen.sort(key=lambda file: (file.suffix == ".tfvars", file.path))  # variables are marked before they are set
    for file, raw in snapshot.tree.read(chosen):
        data = as_utf8(raw)
        for name, value in kept_secret(file.path, data, marked):
            kept.keep(name, value)
        for said, alone in named(data):
            kept.keep("", urllib.parse.unquote(said.decode("utf-8", "replace")), alone=alone)
    passed_over = len(documents) - len(chosen)
    if passed_over or kept.known.passed_over:
        _log.warning(
            "not all that documents say is secret was learned: the rest is withheld by line and shape alone",
            documents=passed_over,
            values=kept.known.passed_over,
        )


def _places(found: Iterable[Credential]) -> set[str]:
    return {credential.source.path for credential in found if credential.confidence != "low"}
