"""This is where a run learns what its release keeps secret, and whom it names as a contact."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..errors import RepositoryUnreadable
from ..evidence.facts.secrets import Credential, SecretHistory, Secrets
from ..evidence.snapshot import Snapshot
from ..evidence.tree import as_utf8
from ..logs import logger
from ..redaction import current, redact

_log = logger("evidence")
_CONTACTS = re.compile(r"(^|/)(CODEOWNERS|OWNERS(_ALIASES)?|MAINTAINERS(\.\w+)?|SECURITY(\.\w+)?|security\.txt)$")
_MAX_FILES = 100


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
        kept.learn(as_utf8(data))
    for _, data in snapshot.tree.read([file for file in entries if _CONTACTS.search(file.path)][:_MAX_FILES]):
        kept.name_contacts(as_utf8(data))
    if snapshot.git is not None:
        objects = sorted({f"{c.commit}:{c.source.path}" for c in history.found if c.commit and c.confidence != "low"})
        try:
            for _, data in snapshot.git.objects([name for name in objects if name.isprintable()]):
                kept.learn(as_utf8(data))
        except RepositoryUnreadable as error:
            _log.warning("credentials of the history are withheld by their shape alone", error=error.what)


def _places(found: Iterable[Credential]) -> set[str]:
    return {credential.source.path for credential in found if credential.confidence != "low"}
