"""Gathers what stands below headings that name a day: a record that names its day once, above all that it tells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ..facts.documents import Heading
from ..inforce.dates import spans

MAX_TEXT = 3_000
"""Characters of one section that are kept."""
_RULE = re.compile(r"[\s|:+=-]*")
_TO_DO = re.compile(
    r"(?:^|(?<=[.;|])\s)\W{0,3}(?:to[ -]?do|left(?: to do| open)?|open(?: points?)?|follow[- ]?ups?|actions?|next|then|"
    r"repeat|offen|danach|à faire|prochaine?|pendientes?|próxim[oa]|"
    r"(?:drills |exercises |tests )?(?:before|earlier|previously)|davor|avant|antes)\b[^|]*?(?:\.(?=\s|$)|$|(?=\|))",
    re.IGNORECASE,
)
"""What is still to be done after a trial, or was tried before it, and says nothing of the trial itself."""


@dataclass(frozen=True)
class DatedSection:
    """What stands below one heading that names one day, up to the next heading of its level or with a day."""

    line: int
    heading: str
    text: str
    """The heading and, behind it, its lines as one, up to the first other day that is named."""


def dated_sections(
    lines: Sequence[str], headings: Sequence[Heading], left_out: Sequence[int]
) -> tuple[DatedSection, ...]:
    """
    The sections of a document whose heading names exactly one day.

    Args:
        lines: All of its lines.
        headings: Those of sections that count.
        left_out: The lines of the headings of those that do not.
    """
    found = []
    for place, heading in enumerate(headings):
        if len(spans(heading.text)) != 1:
            continue
        later = [other.line for other in headings[place + 1 :] if other.level <= heading.level or spans(other.text)]
        ends = [line for line in (*later, *left_out) if line > heading.line]
        body = lines[heading.line : min(ends, default=len(lines) + 1) - 1]
        found.append(DatedSection(heading.line, heading.text, _joined(heading.text, body)))
    return tuple(found)


def _joined(heading: str, body: Sequence[str]) -> str:
    told = [f"{heading}."]
    size = len(heading)
    for line in body:
        text = line.replace("**", "").replace("__", "").strip(" |")
        if not text or _RULE.fullmatch(text):
            continue
        if (days := spans(text)) and not text[: days[0][0]].strip(" |*_`-:"):
            break  # a line that begins with a day of its own tells of that day
        told.append(_TO_DO.sub(" ", text.replace("|", ";")))
        size += len(text)
        if size > MAX_TEXT:
            break
    whole = " ".join(told)[:MAX_TEXT]
    others = [start for start, _ in spans(whole)[1:]]
    return whole[: others[0]] if others else whole
