"""Keeps the lines in prose that name amounts of money."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ...redaction import cut
from ..facts.documents import Priced
from ..inforce.dates import days
from ..inforce.documents import box
from ._headings import Line

MAX_PRICED = 60
_SIGNS = r"EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|JPY|INR|BRL|CAD|AUD|euros?|dollars?|pounds?"
_AMOUNT = re.compile(
    rf"(?:[€$£]|\b(?:{_SIGNS})\b)\s?(\d[\d ,.]{{0,15}})|(\d[\d ,.]{{0,15}})\s?(?:k|m)?(?:[€£]|\s?\b(?:{_SIGNS})\b)",
    re.IGNORECASE,
)
_PART = re.compile(r"(?<=[.;!?])\s+(?=[\"'(`*_|]{0,3}[A-Z0-9])")
_TO_COME = re.compile(
    r"\b(?:will|planned|scheduled|upcoming|not yet|todo|tbd|would|next (?:review|quarter|month))\b", re.IGNORECASE
)


def priced(lines: Iterable[Line], sections: frozenset[int]) -> tuple[Priced, ...]:
    """The sentences of *lines* that name an amount, in *sections* that hold."""
    found: list[Priced] = []
    lines = list(lines)
    open_ = {line.section for line in lines if box(line.text)}
    for line in lines:
        if line.section not in sections or line.section in open_ or not _AMOUNT.search(line.text[:4_000]):
            continue
        day = max((day.isoformat() for day in days(line.text[:500])), default="")
        for part in _PART.split(line.text[:4_000]):
            amounts = len(_AMOUNT.findall(part))
            if amounts and not _TO_COME.search(part):
                text = cut(part.strip(), 300)
                found.append(Priced(line=line.number, section=line.section, text=text, amounts=amounts, day=day))
                if len(found) >= MAX_PRICED:
                    return tuple(found)
    return tuple(found)
