"""Keeps what prose tells of restores that were tried, and what they are to reach."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ...redaction import cut, redact
from ..facts.documents import Aims, Heading, Restore
from ..inforce import restores as told
from ._dated_sections import dated_sections

MAX_RESTORES = 60
MAX_AIMS = 20
_ABOUT = re.compile(
    r"restor|recover|back-?ups?\b|disaster|(^|[/\s_.-])dr([/\s_.-]|$)|\bpitr\b|wiederherstell|restaur|reprise|recupera",
    re.IGNORECASE,
)
_SIDE_BY_SIDE = re.compile(r"\b(?:targets?|aims?|goals?|objectives?|ziel|objectif|objetivo)\b\s*;", re.IGNORECASE)
"""A column of what is aimed at, beside that of what was measured: in one line the two cannot be told apart."""
_FENCE = re.compile(r"^\s*(?:`{3,}|~{3,}|-{4,}$|={4,}$)")
_RULE = re.compile(r"[\s|:+=-]*")
_NUMBER = re.compile(r"\d|\b(?:one|two|three|four|five|six|ten|fifteen|thirty|sixty)\b", re.IGNORECASE)
_LONG = 1_000


def restores(
    path: str, title: str, lines: Sequence[str], headings: Sequence[Heading], left_out: Sequence[int]
) -> tuple[tuple[Restore, ...], tuple[Aims, ...]]:
    """
    The restores that the document at *path* tells of, and the aims that it states.

    Args:
        path: Where the document lies.
        title: What it is called.
        lines: All of it.
        headings: Those of its sections that count.
        left_out: The lines of the headings of those that do not.
    """
    counted = {heading.line: heading for heading in headings}
    borders = sorted({*counted, *left_out})
    whole = _ABOUT.search(f"{path} {title}") is not None
    found: list[Restore] = []
    aims: list[Aims] = []
    columns: list[str] | None = None
    fenced = False
    at, section, above = 0, 0, [False]
    for number, raw in enumerate(lines, 1):
        while at < len(borders) and borders[at] <= number:
            section = borders[at]
            at += 1
            if section in counted:
                above = [_ABOUT.search(counted[section].text) is not None]
        if _FENCE.match(raw):
            fenced = not fenced if raw.lstrip()[:1] in "`~" else fenced
        if fenced or (section and section not in counted) or number == section:
            columns = None
            continue
        text = raw.strip()[:_LONG]
        about = whole or above[0]
        if text.startswith("|") or text.count("|") > 1:
            if _RULE.fullmatch(text):
                continue
            cells = [cell.strip() for cell in text.strip("|").split("|")]
            if columns is None:
                columns = cells
                if not _NUMBER.search(text):
                    continue
            named = zip(columns if columns is not cells else [""] * len(cells), cells, strict=False)
            text = "; ".join(f"{column}: {cell}" if column else cell for column, cell in named if cell)
        else:
            columns = None
        if not _NUMBER.search(text):
            continue
        tried = told.tried(text, about)
        for one in tried[: MAX_RESTORES - len(found)]:
            found.append(_restore(one, number, section, about))
        back, lost = told.aims(text, about)
        if (back is not None or lost is not None) and not tried and len(aims) < MAX_AIMS:
            aims.append(Aims(line=number, section=section, about=about, back=back, lost=lost))
        elif tried and about and (lead := text.partition(tried[0].day)[0]) and len(aims) < MAX_AIMS:
            back, lost = told.aims(lead.strip(), about)
            if back is not None and lost is not None:
                aims.append(Aims(line=number, section=section, about=about, back=back, lost=lost))
    for part in dated_sections(lines, headings, left_out):
        about = whole or _ABOUT.search(part.heading) is not None
        if _SIDE_BY_SIDE.search(part.text):
            continue
        for one in told.tried(part.text, about)[:1] if len(found) < MAX_RESTORES else ():
            if (one.took is None and not one.equal) or any(other.day == one.day and other.took for other in found):
                continue
            found.append(_restore(one, part.line, part.line, about))
            back, lost = told.within(part.text)
            if back is not None and len(aims) < MAX_AIMS:
                aims.append(Aims(line=part.line, section=part.line, about=about, back=back, lost=lost))
    return tuple(found), tuple(aims)


_AWRY = re.compile(r"\s+([;,.:])")
"""What the cells of a table leave between them."""


def _restore(one: told.Tried, line: int, section: int, about: bool) -> Restore:
    return Restore(
        day=one.day,
        line=line,
        section=section,
        about=about,
        took=one.took,
        lost=one.lost,
        equal=one.equal,
        rows=one.rows,
        whole=one.whole,
        staging=one.staging,
        failed=one.failed,
        text=cut(redact(_AWRY.sub(r"\1", " ".join(one.text.split()))), 200),
    )
