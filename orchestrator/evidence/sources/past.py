"""Lists what the reviewed repository's past answers: git's log, and the search for credentials."""

from __future__ import annotations

from ..facts.history import History
from ..facts.secrets import SecretHistory
from ..scanner.apart import SCANNING
from .source import FactSource
from .tree import asked, read

_WHEN = "2026-11-30T12:00:00+00:00"
"""When the one commit of an example was made."""


def _log_of_an_example(_: int) -> History:
    return History(available=True, complete=True, commits=1, authors=1, first_at=_WHEN, last_at=_WHEN)


def _of_an_example(files: int) -> SecretHistory:
    """A small tree is its own whole history, of one commit."""
    return SecretHistory(complete=True, commits=1, blobs=files, ruleset=SCANNING.about(), ruled=files)


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
)
