"""Tells of a line that sets something up whether its own numbers and switches leave anything of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from .force import IN_FORCE, Force, State

_NUMBER = r"(\d[\d_]{0,17}(?:\.\d{1,6})?(?:\*\*\d{1,2}|e\d{1,2})?)"
_NAME = r"((?:[A-Za-z_$][\w$]{0,60}\.)?[A-Za-z_$][\w$]{0,80})(?![\w$.(\[])"
_OFF = re.compile(
    r"\benabled['\"]?\s{0,3}[:=]\s{0,3}(?:false|False)\b|\bdisabled['\"]?\s{0,3}[:=]\s{0,3}(?:true|True)\b"
    r"|\bskip['\"]?\s{0,3}:\s{0,3}(?:\(\)|\w{1,20})\s{0,3}=>\s{0,3}true\b|\bon:\s{0,3}\[\s{0,3}\]"
)
"""What switches off that which stands before it in the same call."""


@dataclass(frozen=True)
class Amount:
    """
    A number by its name, and between what it has to be so that anything comes of it.

    Args:
        name: What stands before the number.
        least: The smallest that does something.
        most: The largest that does.
        where: What else the line has to speak of.
    """

    name: str
    least: float = 0
    most: float = float("inf")
    where: str = ""

    def said(self, line: str) -> str:
        """The first place in *line* where the number is out of its bounds, as it is written; empty without one."""
        where, named = self._patterns
        if self.where and not where.search(line):
            return ""
        for found in named.finditer(line):
            if not self.least <= _value(found[named.groups]) <= self.most:
                return found[0].strip()
        return ""

    def names(self, line: str) -> list[re.Match[str]]:
        """Where a name stands in *line* in the place of the number; the last group is the name."""
        if self.where and not self._patterns[0].search(line):
            return []
        return list(self._by_name.finditer(line))

    @cached_property
    def _patterns(self) -> tuple[re.Pattern[str], re.Pattern[str]]:
        """What the line speaks of, and the number by its name."""
        return re.compile(self.where, re.IGNORECASE), re.compile(self.name + _NUMBER, re.IGNORECASE)

    @cached_property
    def _by_name(self) -> re.Pattern[str]:
        return re.compile(self.name + _NAME, re.IGNORECASE)


_AMOUNTS = (
    Amount(r"\b(?:max|limit|points|permitLimit|max_requests)['\"]?\s{0,3}[:=]\s{0,3}", most=1e5, where="limit|throttl"),
    Amount(r"\brate=", most=1e4, where=r"limit_req"),
    Amount(
        r"(?:fail_max|AXES_FAILURE_LIMIT|maximum_attempts|MaxFailedAccessAttempts|failureFactor['\"]?|failure_threshold"
        r"|FailureThreshold)\s{0,3}[:=]\s{0,3}",
        most=1e3,
    ),
    Amount(r"\bstop_after_attempt\(\s{0,3}", least=2),
    Amount(r"\b(?:max_tries|max_attempts|maxAttempts)\s{0,3}[:=]\s{0,3}", least=2),
    Amount(r"\b(?:retries|max_retries|maxRetries)\s{0,3}[:=]\s{0,3}", least=1),
    Amount(r"\bSECURE_HSTS_SECONDS\s{0,3}=\s{0,3}", least=86_400),
    Amount(r"\bmax-age=", least=86_400, where="Strict-Transport-Security"),
    Amount(r"\bcache_page\(\s{0,3}", least=1),
    Amount(r"\b(?:timeout|ttl|expires_in|ex|px)\s{0,3}[:=]\s{0,3}", least=1e-9, where="cache"),
    Amount(r"['\"](?:EX|PX)['\"],\s{0,3}", least=1),
)

_WORDS = (
    "limit",
    "throttl",
    "rate=",
    "fail",
    "attempt",
    "max_tries",
    "retries",
    "hsts",
    "max-age",
    "cache",
    "x'",
    'x"',
)
"""Words of which every line that says one of the amounts has one, in lower case."""


def amounting(line: str, found_from: int, found_to: int) -> Force:
    """
    Whether what was found in *line* does anything by the settings that stand beside it.

    Args:
        line: The line, or as much of it as is read.
        found_from: Where that begins which was looked for.
        found_to: Where it ends.
    """
    said = next((said for amount in _AMOUNTS if (said := amount.said(line))), "") if _may_amount(line) else ""
    if said:
        return Force(State.VOID, f"comes to nothing: {said}", amount=True)
    off = _OFF.search(line, found_from)
    if off and off.start() < found_to:
        return Force(State.VOID, f"is switched off where it is set up: {off[0]}", amount=True)
    if off is None or not _is_inside(line[found_to : off.start()]):
        off = _OFF.search(line[:found_from])
        off = off if off and _is_inside(line[off.end() : found_from]) else None
    if off:
        return Force(State.VOID, f"is switched off where it is set up: {off[0]}", amount=True)
    return IN_FORCE


def names(line: str) -> tuple[str, ...]:
    """The names in *line* that stand where its amounts would."""
    if not _may_amount(line):
        return ()
    return tuple(dict.fromkeys(found[found.re.groups] for amount in _AMOUNTS for found in amount.names(line)))


def fill(line: str, known: Mapping[str, float], span: tuple[int, int]) -> tuple[str, tuple[int, int]]:
    """*line* with the numbers that its names are *known* to stand for, and where in that *span* lies."""
    places = {
        found.span(found.re.groups): known[name]
        for amount in _AMOUNTS
        for found in amount.names(line)
        if (name := found[found.re.groups]) in known
    }
    first, last = span
    for (start, end), value in sorted(places.items(), reverse=True):
        written = f"{value:.0f}" if value == int(value) and abs(value) < 1e17 else f"{min(value, 9e17):.6f}"
        line = line[:start] + written + line[end:]
        moved = len(written) - (end - start)
        first, last = (first + moved if start < first else first), (last + moved if start < last else last)
    return line, (first, last)


def _may_amount(line: str) -> bool:
    """Whether *line* may say one of the amounts; quick, and never wrong when it says no."""
    if not line.isascii():
        return True  # other letters may be taken for the same ones in lower case
    lower = line.lower()
    return any(word in lower for word in _WORDS)


def _is_inside(between: str) -> bool:
    """Whether no bracket is closed in *between* that was not opened there."""
    depth = 0
    for letter in between:
        depth += (letter in "([{") - (letter in ")]}")
        if depth < 0:
            return False
    return True


def _value(written: str) -> float:
    text = written.replace("_", "")
    base, _, power = text.partition("**")
    return float(base) ** float(power) if power else float(text)
