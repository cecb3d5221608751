"""Tells filters of branches, tags, paths and times that let something through from those that let nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..force import IN_FORCE, Force, unknown, void

_USUAL = re.compile(
    r"(?:origin/)?(?:main|master|trunk|default|head|develop(?:ment)?|dev|next|stable|latest|current|edge|nightly|canary|alpha|beta|"
    r"prod(?:uction)?|live|staging|stage|stg|qa|uat|preview|pre-?prod(?:uction)?|releases?|deploy(?:ment)?|gh-pages|pages|"
    r"docs?|ci|integration|testing|mainline|public|v?\d[\w.]*|release[-/_].*|hotfix[-/_].*|merge.*|version.*|"
    r"(?:.*[-/_.])?(?:main|master|trunk|next|dev|develop|stable|release|prod|production)(?:[-/_.].*)?)",
    re.IGNORECASE,
)
"""Names of branches that repositories have; whether this one has another, no file of it tells."""
_ALL = frozenset({"**", "**/*", "/.*/", ".*", "/.+/", "^.*$", "/^.*$/"})


def of_branches(wanted: Sequence[str] | None, ignored: Sequence[str] = (), what: str = "branch") -> Force:
    """
    Whether a filter lets any branch through.

    Args:
        wanted: Patterns of which one must fit, those with ``!`` taking back; None where there are none.
        ignored: Patterns of which none may fit.
        what: What is filtered, ``branch`` or ``tag``.
    """
    if _ALL & set(ignored):
        return void(f"ignores every {what}")
    if wanted is None:
        return IN_FORCE
    last = max(
        (n for n, pattern in enumerate(wanted) if pattern.lstrip("!") in _ALL and pattern[:1] == "!"), default=-1
    )
    kept = wanted[last + 1 :]
    names = [
        name for number, name in enumerate(kept) if not name.startswith("!") and f"!{name}" not in kept[number + 1 :]
    ]
    if not names:
        return void(f"lets no {what} through")
    if what == "branch" and not any(_has_signs(name) or _USUAL.fullmatch(name) for name in names):
        return unknown(
            f"starts for {' and '.join(sorted(names)[:3])} alone, and no file tells whether there is such a {what}"
        )
    return IN_FORCE


def of_paths(wanted: Sequence[str] | None, ignored: Sequence[str] = ()) -> Force:
    """Whether a filter lets any changed path through."""
    if _ALL & set(ignored):
        return void("ignores every path")
    if wanted is not None and not any(not path.startswith("!") for path in wanted):
        return void("lets no path through")
    if wanted is not None and wanted[-1].lstrip("!") in _ALL and wanted[-1].startswith("!"):
        return void("lets no path through")
    return IN_FORCE


def of_time(cron: str) -> Force:
    """Whether the five fields of *cron* fit any day of a year."""
    fields = cron.split()
    if len(fields) != 5:
        return unknown("has a schedule of an unknown form")
    days, months = _numbers(fields[2]), _numbers(fields[3])
    if fields[4] != "*" or days is None or months is None:
        return IN_FORCE
    most = max((_DAYS.get(month, 0) for month in months), default=0)
    return IN_FORCE if any(day <= most for day in days) else void(f"has a schedule that never comes (`{cron}`)")


_DAYS = {1: 31, 2: 29, 3: 31, 4: 30, 5: 31, 6: 30, 7: 31, 8: 31, 9: 30, 10: 31, 11: 30, 12: 31}


def _numbers(field: str) -> list[int] | None:
    """The numbers in a field of plain numbers; None for any other form."""
    parts = field.split(",")
    return [int(part) for part in parts] if all(re.fullmatch(r"\d{1,2}", part) for part in parts) else None


def _has_signs(pattern: str) -> bool:
    return any(sign in pattern for sign in "*?[]$+{}()|\\^")
