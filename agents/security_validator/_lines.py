"""This is where hits in source text are narrowed to production and put into one finding."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from orchestrator import Draft, Hits, Source, examined, failed

DEVELOPMENT = re.compile(
    r"(?:^|[/._-])(?:dev|development|local|tests?|testing|ci|e2e|debug|sandbox|sample|storybook|seeds?)(?:[/._-]|$)",
    re.IGNORECASE,
)
_STATIC = re.compile(r"(?:^|/)(?:static|public|assets|data|vendor)/", re.IGNORECASE)
CODE: Final = ("source", "config")


def production(*hits: Hits) -> list[Source]:
    """The places outside settings and folders for development and tests, in order; static files come last."""
    found = {s for h in hits for s in h.first if not DEVELOPMENT.search(s.path)}
    return sorted(found, key=lambda s: (_STATIC.search(s.path) is not None, s.path, s.line))


_OFF_UNLESS = re.compile(
    r"(?:,\s*|\bdefault\s*=\s*|\|\|\s*|\?\?\s*)[\"']?(?:0|false|none|off|no)?[\"']?\s*\)|(?:\|\||\?\?)\s*(?:0|false)\b",
    re.IGNORECASE,
)


def off_unless_set(place: Source) -> bool:
    """Whether the line takes its value from the environment or a settings file, and is off where that says nothing."""
    return _OFF_UNLESS.search(place.text) is not None


def where(place: Source) -> Source:
    """A place without its text: for lines that may hold a secret."""
    return Source(path=place.path, line=place.line)


def broken(
    message: str, places: Iterable[Source], *, criterion: str = "", remedy: str = "", medium: bool = False
) -> Draft:
    """One failure for all *places*, of which there must be one."""
    found = list(places)
    more = f", and {len(found) - 1} more" if len(found) > 1 else ""
    return failed(
        f"{message} ({found[0]}{more})",
        found[0],
        *found[1:6],
        examined(len(found), "places"),
        criterion=criterion,
        remedy=remedy,
        confidence="medium" if medium else "high",
    )
