"""This is where a run learns what its release keeps secret, and whom it names as a contact."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import RepositoryUnreadable
from ..evidence.facts.secrets import Credential, SecretHistory, Secrets
from ..evidence.git import Git
from ..evidence.past.objects import contents
from ..evidence.past.patience import Patience
from ..evidence.past.pieces import parts
from ..evidence.snapshot import Snapshot
from ..evidence.texts import readings
from ..evidence.tree import as_utf8
from ..logs import logger
from ..redaction import current, redact

_log = logger("evidence")
_CONTACTS = re.compile(r"(^|/)(CODEOWNERS|OWNERS(_ALIASES)?|MAINTAINERS(\.\w+)?|SECURITY(\.\w+)?|security\.txt)$")
_MAX_FILES = 100
_SECONDS = 60.0


def learn(snapshot: Snapshot, secrets: Secrets, history: SecretHistory) -> None:
    """
    Withhold from now on the values that were found in the tree and its history, wherever else they occur.

    They are read again from the places that the facts name, since the facts do not have them; so a run that is resumed
    knows the same ones.
    """
    kept = current()
    places = _places(secrets.found)
    altered = any(path.find("[withheld ") >= 0 for path in places)
    entries = [file for file in snapshot.tree.entries if file.kind == "file"]
    found = [file for file in entries if file.path in places or (altered and redact(file.path) in places)]
    for _, data in snapshot.tree.read(found):
        for text in readings(data):
            kept.learn(text)
    for _, data in snapshot.tree.read([file for file in entries if _CONTACTS.search(file.path)][:_MAX_FILES]):
        kept.name_contacts(as_utf8(data))
    if snapshot.git is not None:
        names = {_object(snapshot.git, c) for c in history.found if c.commit and c.confidence != "low"}
        try:
            for content in contents(snapshot.git, sorted(names - {""}), Patience(_SECONDS)):
                for data, _ in parts(content):
                    for text in readings(data):
                        kept.learn(text)
        except RepositoryUnreadable as error:
            _log.warning("credentials of the history are withheld by their shape alone", error=error.what)


def _object(git: Git, found: Credential) -> str:
    """The object that holds what was found; a run that an older version began has commit and path instead."""
    if found.object:
        return found.object
    named = f"{found.commit}:{found.source.path}"
    if not named.isprintable():
        return ""
    return git.text("rev-parse", "--verify", "--quiet", "--end-of-options", named, check=False)


def _places(found: Iterable[Credential]) -> set[str]:
    return {credential.source.path for credential in found if credential.confidence != "low"}
