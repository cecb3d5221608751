"""Reads how long something lasts, as programs and settings write it: ``1.hour``, ``FromDays(30)``, ``60 * 60``."""

from __future__ import annotations

import re
from math import prod

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
_UNITS = {
    **dict.fromkeys(("ms", "milli", "millis", "millisecond", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "minute", "minutes"), MINUTE),
    **dict.fromkeys(("h", "hour", "hours"), HOUR),
    **dict.fromkeys(("d", "day", "days"), DAY),
    **dict.fromkeys(("w", "week", "weeks"), 7 * DAY),
    **dict.fromkeys(("month", "months"), 30 * DAY),
    **dict.fromkeys(("y", "year", "years"), 365 * DAY),
}
_NUMBER = r"\d[\d_]{0,14}(?:\.\d{1,6})?"
_PRODUCT = re.compile(rf"\s*\(?\s*({_NUMBER}(?:\s*\*\s*{_NUMBER}){{0,6}})\s*\)?\s*(?:[,;)}}\]#/].*|$)")
_METHOD = re.compile(rf"\s*\(?({_NUMBER})\)?\.(\w{{1,14}})\b")
_MADE = re.compile(
    rf"\s*(?:[\w.:]{{1,40}}\.)?(?:of|from|add|new_)?_?"
    rf"(Milliseconds?|Seconds?|Minutes?|Hours?|Days?|Weeks?)\(\s*({_NUMBER})(?:L|f)?\s*\)",
    re.IGNORECASE,
)
_KEYWORDS = re.compile(
    rf"\s*(?:[\w.]{{1,30}}\.)?(?:timedelta|relativedelta|Duration|interval)\W{{1,3}}(\w{{4,8}})\s*[=:]\s*({_NUMBER})",
    re.IGNORECASE,
)
_GO = re.compile(rf"\s*({_NUMBER}(?:\s*\*\s*{_NUMBER}){{0,4}})\s*\*\s*time\.(\w{{4,11}})\b|\s*time\.(\w{{4,11}})\b")
_TEXT = re.compile(rf"\s*[\"'`]?({_NUMBER})\s?([a-z]{{1,12}})[\"'`]?(?![\w.])", re.IGNORECASE)


def seconds(text: str, unit: float = 1.0) -> float | None:
    """
    How many seconds *text* begins with; None where it is no amount of time that can be read.

    Args:
        text: What stands behind the sign that gives it, such as ``10 * 365 * 24 * 3600``.
        unit: Of a number without a unit of its own.
    """
    if found := _MADE.match(text):
        return _of(found[2]) * _UNITS[found[1].lower()]
    if found := _KEYWORDS.match(text):
        return _of(found[2]) * _UNITS[found[1].lower()] if found[1].lower() in _UNITS else None
    if found := _GO.match(text):
        name = (found[2] or found[3]).lower()
        return _product(found[1] or "1") * _UNITS[name] if name in _UNITS else None
    if found := _METHOD.match(text):
        return _of(found[1]) * _UNITS[found[2].lower()] if found[2].lower() in _UNITS else None
    if found := _PRODUCT.match(text):
        return _product(found[1]) * unit
    if (found := _TEXT.match(text)) and found[2].lower() in _UNITS:
        return _of(found[1]) * _UNITS[found[2].lower()]
    return None


def _product(text: str) -> float:
    return prod(_of(part) for part in text.split("*"))


def _of(text: str) -> float:
    return float(text.strip().replace("_", ""))
