"""Lists what the reviewed repository's past answers: git's log, what changed, and the search for credentials."""

from __future__ import annotations

from typing import Any

from ..facts.changes import Changes
from ..facts.history import History
from ..facts.secrets import SecretHistory
from ..scanner.apart import SCANNING
from .source import FactSource, Subject
from .tree import asked, read

_WHEN = "2026-11-30T12:00:00+00:00"
"""When the one commit of an example was made."""


def _log_of_an_example(_: int) -> History:
    return History(available=True, complete=True, commits=1, authors=1, first_at=_WHEN, last_at=_WHEN)


def _of_an_example(files: int) -> SecretHistory:
    """A small tree is its own whole history, of one commit."""
    return SecretHistory(complete=True, commits=1, blobs=files, ruleset=SCANNING.about(), ruled=files)


def _compared(subject: Subject) -> dict[str, Any]:
    """What a comparison depends on."""
    base = subject.release.base
    return {"tree": subject.release.tree, "base": base.model_dump(mode="json") if base is not None else {}}


def _nothing_before(_: int) -> Changes:
    return Changes(reason="an example has no base")


SOURCES = (
    FactSource(
        History,
        asked,
        read(History),
        of="clone",
        sample=_log_of_an_example,
        looks_at="the log and the tags of the clone",
    ),
    FactSource(
        SecretHistory,
        asked,
        read(SecretHistory),
        of="clone",
        sample=_of_an_example,
        looks_at="all that the reviewed commit and the refs of the clone lead to",
    ),
    FactSource(
        Changes,
        _compared,
        read(Changes),
        of="clone",
        sample=_nothing_before,
        unrecorded=Changes(reason="the record does not say"),
        looks_at="the tree of the base, and which lines of the reviewed tree it does not have",
    ),
)
