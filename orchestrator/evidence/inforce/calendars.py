"""Tells whether the schedule of a job, as cron writes it, ever comes."""

from __future__ import annotations

import re

from .force import IN_FORCE, Force, void

_MONTHS = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10,
           "nov": 11, "dec": 12}  # fmt: skip
_DAYS = {"sun": 0, "mon": 1, "tue": 2, "wed": 3, "thu": 4, "fri": 5, "sat": 6}
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))
_LONGEST = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}
_MACROS = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
_PART = re.compile(r"(\*|\?|[a-z]{3}|\d{1,4})(?:-([a-z]{3}|\d{1,4}))?(?:/(\d{1,4}))?")
_ZONE = re.compile(r"(?:CRON_)?TZ=\S+ ")


def of_schedule(text: object) -> Force:
    """Whether the five fields of *text*, or what stands for them, name a minute that comes; in force if unreadable."""
    if not isinstance(text, str) or len(text) > 200:
        return IN_FORCE
    written = _ZONE.sub("", text.strip(), count=1).strip().lower()
    if written in _MACROS or written.startswith("@every "):
        return IN_FORCE
    fields = written.split()
    if len(fields) != 5 or not all(re.fullmatch(r"[\w*?,/-]+", field) for field in fields):
        return IN_FORCE
    names: tuple[dict[str, int], ...] = ({}, {}, {}, _MONTHS, _DAYS)
    chosen = [_chosen(field, *bounds, words) for field, bounds, words in zip(fields, _RANGES, names, strict=True)]
    if any(values is not None and not values for values in chosen):
        return void(f"its schedule '{text}' names no time that there is")
    days, months = chosen[2], chosen[3]
    by_weekday = not fields[4].startswith(("*", "?"))
    if days and months and not by_weekday and all(min(days) > _LONGEST.get(month, 31) for month in months):
        return void(f"its schedule '{text}' names a day that never comes")
    return IN_FORCE


def _chosen(field: str, low: int, high: int, words: dict[str, int]) -> set[int] | None:
    """The numbers that *field* chooses; None where it is written in a way that is not known here."""
    found: set[int] = set()
    for part in field.split(","):
        read = _PART.fullmatch(part)
        if read is None:
            return None
        first, last, step = read.groups()
        if first in ("*", "?"):
            start, end = low, high
        else:
            begin, stop = _number(first, words), _number(last, words) if last else None
            if begin is None or (last and stop is None):
                return None
            start, end = begin, stop if stop is not None else high if step else begin
        found.update(value for value in range(start, min(end, high) + 1, int(step or 1) or 1) if value >= low)
    return found


def _number(text: str, words: dict[str, int]) -> int | None:
    return int(text) if text.isdigit() else words.get(text)
