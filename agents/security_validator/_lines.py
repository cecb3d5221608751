"""Narrows hits in source text to production and puts them into one finding."""

from __future__ import annotations

import re
from typing import Final

from orchestrator import Draft, Hits, Places, Source, each, examined, failed, stage_of_file, together

_ASIDE = re.compile(r"(?:^|[/._-])(?:debug|sample|storybook|seeds?)(?:[/._-]|$)", re.IGNORECASE)
_STATIC = re.compile(r"(?:^|/)(?:static|public|assets|data|vendor)/", re.IGNORECASE)
CODE: Final = ("source", "config")


def at_work(path: str) -> bool:
    """Whether a path says that its file is for those who build the product."""
    return stage_of_file(path) == "development" or bool(_ASIDE.search(path))


def production(*hits: Hits) -> Places:
    """The places outside settings and folders for development and tests, in order; static files come last."""
    found = together(*(h.places for h in hits)).under(lambda path: not at_work(path))
    return found.first(lambda s: (_STATIC.search(s.path) is not None, s.path, s.line))


_TOOLS = re.compile(
    r"(?:^|/)(?:scripts?|tools?|tooling|bench(?:marks?)?|hack|build|migrations?|migrate|alembic|fixtures|perf)/|"
    r"(?:^|/)\w*(?:test_?helpers?|test_?utils?|test_?support|mocks?)/|"
    r"(?:^|/)(?:gulpfile|gruntfile|webpack|rakefile|conftest|noxfile|setup|install(?:er)?|upgrade|migrate|seed)\b|"
    r"\.rake$",
    re.IGNORECASE,
)


def shipped(places: Places) -> Places:
    """
    Those of *places* that answer requests.

    What is run to build, measure or change the product is asked by nobody but its developers.
    """
    found = places.under(lambda path: not at_work(path) and not _TOOLS.search(path))
    return found.first(lambda s: (_STATIC.search(s.path) is not None, s.path, s.line))


_OFF_UNLESS = re.compile(
    r"(?:,\s*|\bdefault\s*=\s*|\|\|\s*|\?\?\s*)[\"']?(?:0|false|none|off|no)?[\"']?\s*\)|(?:\|\||\?\?)\s*(?:0|false)\b",
    re.IGNORECASE,
)


def off_unless_set(place: Source) -> bool:
    """Whether the line takes its value from the environment or a settings file, and is off where that says nothing."""
    return _OFF_UNLESS.search(place.text) is not None


def where(place: Source) -> Source:
    """A place without its text: for lines that may hold a secret."""
    return place.model_copy(update={"text": ""})


def broken(message: str, found: Places, *, criterion: str = "", remedy: str = "", medium: bool = False) -> Draft:
    """One failure for all places that were *found*, of which one must have been kept."""
    return failed(
        each(found).say("{message} ({})", message=message),
        examined(found, "places"),
        criterion=criterion,
        remedy=remedy,
        confidence="medium" if medium else "high",
    )
