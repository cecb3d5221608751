"""Reads the days that prose names, in the ways in which people write them."""

from __future__ import annotations

import re
from datetime import date, timedelta

from ...formats.tokens import AS_OF
from ...host.late import late

_MONTHS = {
    stem: number
    for number, stems in enumerate(
        (
            ("jan", "ene"), ("feb", "fév"), ("mar", "mär"), ("apr", "avr", "abr"), ("may", "mai"), ("jun", "juin"),
            ("jul", "juil"), ("aug", "aoû", "ago"), ("sep",), ("oct", "okt"), ("nov",), ("dec", "déc", "dez", "dic"),
        ),
        1,
    )
    for stem in stems
}  # fmt: skip
"""What the names of months begin with, in English, German, French and Spanish."""
_NAMED = rf"({'|'.join(_MONTHS)})[a-z]{{0,6}}\.?"
_DAY = late(
    r"\b(?P<iso>\d{4})-(?P<iso_month>\d{2})-(?P<iso_day>\d{2})(?!\d)"
    rf"|\b(?P<day>\d{{1,2}})(?:st|nd|rd|th|er)?\.?\s+(?:de\s+)?(?P<month>{_NAMED})\s+(?:de\s+)?(?P<year>\d{{4}})\b"
    rf"|\b(?P<us_month>{_NAMED})\s+(?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<us_year>\d{{4}})\b"
    r"|\b(?P<dot_day>\d{1,2})\.(?P<dot_month>\d{1,2})\.(?P<dot_year>\d{4})\b"
    r"|\b(?P<slash_year>\d{4})/(?P<slash_month>\d{2})/(?P<slash_day>\d{2})\b",
    re.IGNORECASE,
)
_MONTH = late(
    rf"\b(?P<month>{_NAMED})\s+(?P<year>\d{{4}})\b|\b(?P<iso>\d{{4}})-(?P<iso_month>\d{{2}})(?![-\d])", re.IGNORECASE
)
HORIZON = date.fromisoformat(AS_OF) + timedelta(days=366)
"""Where nothing tells how late it is, no day after this one is taken for past: this version does not know such days."""


def days(text: str) -> list[date]:
    """The days that *text* names, in their order; of a month without a day the first."""
    found = [day for match in _DAY.finditer(text) if (day := _day(match)) is not None]
    return found or [day for match in _MONTH.finditer(text) if (day := _first(match)) is not None]


def spans(text: str) -> list[tuple[int, int]]:
    """From where to where each day stands in *text*; of months alone where it names no day."""
    found = [match.span() for match in _DAY.finditer(text) if _day(match) is not None]
    return found or [match.span() for match in _MONTH.finditer(text) if _first(match) is not None]


def parted(text: str) -> list[tuple[date, str]]:
    """The days that *text* names, each with what is said behind it up to the next, and before the first."""
    for form, read in ((_DAY, _day), (_MONTH, _first)):
        found = [(match.start(), day) for match in form.finditer(text) if (day := read(match)) is not None]
        if found:
            starts = [0, *(start for start, _ in found[1:]), len(text)]
            return [(day, text[a:b]) for (_, day), a, b in zip(found, starts, starts[1:], strict=False)]
    return []


def past(text: str, until: date) -> list[date]:
    """The days of *text* that are not after *until*."""
    return [day for day in days(text) if day <= until]


def latest(commit: str) -> date:
    """The last day that a review of a commit of that time (ISO 8601) can speak of; the horizon where there is none."""
    try:
        return date.fromisoformat(commit[:10]) + timedelta(days=1)  # it may already be tomorrow where it was written
    except ValueError:
        return HORIZON


def _day(match: re.Match[str]) -> date | None:
    for year, month, day in (
        ("iso", "iso_month", "iso_day"),
        ("year", "month", "day"),
        ("us_year", "us_month", "us_day"),
        ("dot_year", "dot_month", "dot_day"),
        ("slash_year", "slash_month", "slash_day"),
    ):
        if match[year]:
            return _date(match[year], match[month], match[day])
    return None


def _first(match: re.Match[str]) -> date | None:
    return _date(match["iso"], match["iso_month"], "1") if match["iso"] else _date(match["year"], match["month"], "1")


def _date(year: str, month: str, day: str) -> date | None:
    number = int(month) if month.isdecimal() else _number(month.lower())
    try:
        return date(int(year), number, int(day))
    except ValueError:
        return None


def _number(name: str) -> int:
    return next(_MONTHS[name[:length]] for length in (4, 3) if name[:length] in _MONTHS)
