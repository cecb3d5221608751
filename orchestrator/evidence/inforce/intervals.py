"""Tells whether a time interval of Alertmanager or Grafana is all of the time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_DAY = 24 * 60
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
    "december",
)  # fmt: skip
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


def always(interval: Mapping[str, Any]) -> bool:
    """Whether *interval* leaves out no minute of any week; years leave something out."""
    return (
        _covers_day(interval.get("times"))
        and _covers(interval.get("weekdays"), _DAYS, 0)
        and _covers(interval.get("months"), _MONTHS, 1)
        and _covers(interval.get("days_of_month") or interval.get("daysOfMonth"), tuple(map(str, range(1, 32))), 1)
        and not interval.get("years")
    )


def _covers_day(times: Any) -> bool:
    if not isinstance(times, list) or not times:
        return times is None or times == []
    spans = []
    for span in times:
        if isinstance(span, Mapping):
            start = _minute(span.get("start_time", span.get("startTime")))
            end = _minute(span.get("end_time", span.get("endTime")))
            if start is not None and end is not None:
                spans.append((start, end))
    until = 0
    for start, end in sorted(spans):
        if start <= until:
            until = max(until, end)
    return until >= _DAY


def _minute(clock: Any) -> int | None:
    if isinstance(clock, int) and not isinstance(clock, bool):
        return clock  # YAML 1.1 reads 24:00 as a number of minutes
    found = _CLOCK.fullmatch(str(clock).strip())
    return int(found[1]) * 60 + int(found[2]) if found else None


def _covers(ranges: Any, names: tuple[str, ...], first: int) -> bool:
    if not isinstance(ranges, list) or not ranges:
        return ranges is None or ranges == []
    seen: set[int] = set()
    for written in ranges:
        text = str(written.get("begin", "")) if isinstance(written, Mapping) else str(written)
        start, colon, end = text.lower().partition(":")
        low, high = _place(start, names, first), _place(end if colon else start, names, first)
        if low is not None and high is not None:
            seen.update(range(low, min(high, first + len(names) - 1) + 1))
    return len(seen) >= len(names)


def _place(word: str, names: tuple[str, ...], first: int) -> int | None:
    word = word.strip()
    if word in names:
        return names.index(word) + first
    if word == "-1" and len(names) == 31:
        return 31
    return int(word) if word.isdecimal() and len(word) < 3 and int(word) <= 31 else None
