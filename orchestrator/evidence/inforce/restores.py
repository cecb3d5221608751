"""Reads what a line of prose tells of a restore that was tried: its day, how long it took, what it compared."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from .dates import days, spans

_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10, "twelve": 12, "fifteen": 15,
    "twenty": 20, "thirty": 30, "forty-five": 45, "sixty": 60, "ninety": 90, "a": 1, "an": 1,
}  # fmt: skip
_UNITS = {"s": 1 / 60, "m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}
_GAP = "[ \u00a0\u202f]"
"""What stands between the figures of a long number, and between a number and its unit."""
_SPAN = re.compile(
    rf"(?<![\w.,:])(?:(?P<number>\d{{1,3}}(?:{_GAP}\d{{3}})+|\d{{1,6}}(?:[.,]\d{{1,2}})?)(?:{_GAP}|-)?|"
    rf"(?P<word>{'|'.join(_NUMBERS)})(?:{_GAP}|-))"
    r"(?P<unit>sekunden|segundos|minuten|minutos|stunden|heures?|horas?|s(?:ec(?:ond)?s?)?|m(?:in(?:ute)?s?)?|"
    r"h(?:(?:ou)?rs?)?|d(?:ays?)?|w(?:eeks?)?|nights?)(?![\w-])"
    rf"(?:{_GAP}?(?:and )?(?P<more>\d{{1,2}})(?![\d.:]|{_GAP}?(?:%|rows|\d))(?:{_GAP}?m(?:in(?:ute)?s?)?(?!\w))?)?",
    re.IGNORECASE,
)
_LOST = re.compile(r"\blost\b|\bloss\b|\bold(?:er)?\b|\bnewest\b|\bbehind\b|\bmissing\b|\brpo\b", re.IGNORECASE)
_NOT_TAKEN = re.compile(r"\bafter|\bevery\b|\beach\b|\bwithin\b|\bfor the\b|\blater\b", re.IGNORECASE)
_FIGURES = rf"\d{{1,3}}(?:[.,']\d{{3}}|{_GAP}\d{{3}})+|\d+"
_PAIR = re.compile(rf"(?<![\d.,])({_FIGURES})\s*(?:==?|→|/|vs\.?|of|and|von|de|sur)\s*({_FIGURES})(?!\d)")
_SAME = re.compile(
    r"\b(?:equal|identical|match(?:es|ed|ing)?|no difference|nothing (?:was )?(?:missing|lost)|complete|as many|"
    r"same (?:number|count|rows|sums?)|checksums? (?:ok|agree\w*|good)|validated|as expected|verif(?:y|ied)(?: ok)?|"
    r"0 (?:rows )?missing|agree[sd]?)\b",
    re.IGNORECASE,
)
_UNLIKE = re.compile(
    r"\b(?:not equal|unequal|mismatch\w*|differ(?:s|ed|ent)?|incomplete|corrupt\w*|missing \d|\d+ (?:rows )?missing|"
    r"cannot be read|unreadable|truncated|ends early|"
    r"failed|aborted|did not|could not|gave up|broken off|table-?top|on paper|dry.?run|talk(?:ed)? through)\b|≠|!=",
    re.IGNORECASE,
)
_NO_DIFFERENCE = re.compile(r"no difference|0 (?:rows )?missing|nothing missing|0 failed|nothing differ", re.IGNORECASE)
_ROWS = re.compile(
    rf"(?<![\d.:,-])\d{{1,3}}(?:[.,']\d{{3}}|{_GAP}\d{{3}})+(?![\d.:-])|(?<![\d.:,-])\d{{4,}}(?![\d.:-])"
)
_WHOLE = re.compile(
    r"\ball(?: of)?(?: the| these| this)? (?:steps|page)|whole (?:page|walk|cluster|run ?book|procedure|document)|"
    r"walk(?:ed)?\b.{0,20}through|\bsteps (?:below|above)|end.to.end|every step|step by step|"
    r"full (?:drill|walk|recovery|run)|by (?:this|the) (?:page|runbook)",
    re.IGNORECASE,
)
_RESTORE = re.compile(
    r"restor|recover|point.in.time|\bpitr\b|clone|\bto a moment\b|\ba moment\b|dump|backup|brought back|snapshot|"
    r"wal-g|pgbackrest|pg_basebackup|from \w+-\w+-\d",
    re.IGNORECASE,
)
_FAILOVER = re.compile(
    r"fail(?:ed |s )?-?over|standby|promot|switch-?over|\bdark\b|roll(?:ed)?-?back|writing \d", re.IGNORECASE
)
_COLUMN = re.compile(r"(?:^|; )([^:;|]{1,40}): ([^;]{0,160})")
_TOOK = re.compile(r"took|duration|elapsed|time to|\brto\b|minutes|how long|length|\btime\b", re.IGNORECASE)
_NEWEST = re.compile(r"newest|lost|loss|\brpo\b|\bage\b", re.IGNORECASE)
_STAGED = re.compile(r"(?:^|[\s,;:(])staging(?!'s)\b", re.IGNORECASE)
_OF_PRODUCTION = re.compile(
    r"cop(?:y|ies) of production|production(?:'s)? (?:data|copy|snapshot|backup)|data of production|"
    r"stand der produktion|copie de la production|copia de producción",
    re.IGNORECASE,
)
"""What is restored in staging's account, and is of production."""
_WITHIN = re.compile(
    rf"(?<![\w.,:])(\d{{1,4}}){_GAP}(?:of|out of|von|de|sur){_GAP}(\d{{1,4}}){_GAP}"
    r"(min(?:ute)?s?|minuten|minutos|h(?:ours?)?)\b|"
    rf"(?<![\w.,:])(\d{{1,4}}){_GAP}(min(?:ute)?s?|minuten|minutos|h(?:ours?)?){_GAP}(?:of|out of|von|de|sur){_GAP}"
    rf"(\d{{1,4}})(?!{_GAP}?[\w,]|[\d:])",
    re.IGNORECASE,
)
_LOST_OF = re.compile(
    rf"\d{_GAP}(?:s|sec|seconds?|sekunden|segundos|min|minutes?|minuten|minutos){_GAP}(?:lost{_GAP})?(?:of|von|de|sur){_GAP}"
    rf"(\d{{1,3}})(?!{_GAP}?(?:h|s)|[\d:.,]\d)",
    re.IGNORECASE,
)
"""``74 of 120 minutes``, ``46 minutes of 60``: how long it took, and how long it may take."""


@dataclass(frozen=True)
class Tried:
    """One restore that was tried; times are in minutes."""

    day: str
    took: float | None = None
    lost: float | None = None
    equal: bool = False
    """Whether what came back was compared with what there was, and is the same."""
    rows: int = 0
    """The largest number that is told; how many rows, as a rule."""
    whole: bool = False
    """Whether all that is written was gone through."""
    staging: bool = False
    failed: bool = False
    text: str = ""


def tried(text: str, about: bool) -> list[Tried]:
    """
    The restores that one line of prose, or a row of a table, tells of.

    Args:
        text: The line; of a row each cell with its column: ``Date: 2026-03-02; Result: restored in 41 min``.
        about: Whether it stands where restores are the subject, so that it need not say so.
    """
    found = []
    places = spans(text)
    for number, (start, _) in enumerate(places):
        lead = text[:start]
        first = 0 if number == 0 and not _SPAN.search(lead) and len(lead) < 80 else start
        end = places[number + 1][0] if number + 1 < len(places) else len(text)
        part = text[first:end]
        on = days(text[start:end])
        if _MENDED.search(text[:start]):
            continue
        if on and (about or _RESTORE.search(part)) and not (_FAILOVER.search(part) and not _RESTORE.search(part)):
            one = _tried(on[0].isoformat(), part)
            found += [one, *(replace(one, day=day) for day in _more_days(on[0], text[start:end]))]
    return found


_MENDED = re.compile(
    r"\w.{12,}\b(?:done|closed|fixed|merged|solved|erledigt|behoben|fait|fermé|hecho|resuelto)\W{0,3}(?:on )?$",
    re.IGNORECASE,
)
"""What stands before the day on which something was mended that a restore had found."""


def _more_days(first: date, text: str) -> list[str]:
    """The days after *first* that are told by their end alone: ``2026-11-07 …, -14 …, -21``."""
    found = []
    for number in _ENDS.findall(text)[:12]:
        try:
            found.append(first.replace(day=int(number)).isoformat())
        except ValueError:
            continue
    return [day for day in found if day > first.isoformat()]


_ENDS = re.compile(r"(?<![\w-])-(\d{2})(?![\d-])")


def within(text: str) -> tuple[float | None, float | None]:
    """
    How soon all was to be back and how much might be lost, in minutes, where *text* tells both with what it came to.

    ``74 of 120 minutes; 6 min 37 s of 15 lost``
    """
    found = list(_WITHIN.finditer(text))
    if not found:
        return None, None
    back = max(float(m[2] or m[6]) * (60 if (m[3] or m[5]).lower().startswith("h") else 1) for m in found)
    lost = [float(m[1]) for m in _LOST_OF.finditer(text, found[0].end())]
    return back, min(lost, default=None)


def aims(text: str, about: bool) -> tuple[float | None, float | None]:
    """
    How soon all is to be back and how much may be lost, in minutes, as far as *text* says it.

    Args:
        text: One line of prose, or a row of a table.
        about: Whether it stands where restores are the subject.
    """
    spans_ = [(m.start(), m.end(), minutes(m)) for m in _SPAN.finditer(text[:500])]
    if not spans_:
        return None, None
    back = _near(text, spans_, r"\brto\b|recovery time|time to (?:recover|restore)|\bback\b")
    lost = _near(text, spans_, r"\brpo\b|recovery point|lost|\bloss\b|data loss")
    if back is not None and lost is not None and back[0] != lost[0]:
        return back[2], lost[2]
    stated = _STATED.search(text[:500])
    after = [span for span in spans_ if stated and span[0] >= stated.start()]
    if len(after) >= 2:
        return after[0][2], after[1][2]
    if about and len(spans_) >= 2 and len(text.split()) <= 24 and spans_[0][0] == 0:
        return spans_[0][2], spans_[1][2]
    return (back[2] if back and re.search(r"\brto\b|recovery time", text, re.IGNORECASE) else None), (
        lost[2] if lost and re.search(r"\brpo\b|recovery point", text, re.IGNORECASE) else None
    )


_STATED = re.compile(r"\b(?:aims?|goals?|targets?|objectives?|within|promise[ds]?|rto)\b", re.IGNORECASE)


def minutes(match: re.Match[str]) -> float:
    """How many minutes a span of time has."""
    word = (match["word"] or "").lower()
    number = float(_NUMBERS.get(word, 0)) or float(re.sub(_GAP, "", match["number"]).replace(",", ".") or 0)
    unit = match["unit"][0].lower() if not match["unit"].lower().startswith("stunden") else "h"
    whole = number * (12 * 60 if match["unit"].lower().startswith("night") else _UNITS[unit])
    return whole + (float(match["more"]) if match["more"] and unit == "h" else 0)


def _near(text: str, spans_: list[tuple[int, int, float]], words: str) -> tuple[int, int, float] | None:
    """The span of time that stands nearest to one of *words*."""
    best: tuple[int, tuple[int, int, float]] | None = None
    for found in re.finditer(words, text[:500], re.IGNORECASE):
        for span in spans_:
            apart = span[0] - found.end() if span[0] >= found.end() else found.start() - span[1] + 1
            if apart <= 40 and (best is None or apart < best[0]):
                best = apart, span
    return best[1] if best else None


def _tried(day: str, text: str) -> Tried:
    took, lost = _times(_WITHIN.sub(lambda m: f"{m[1] or m[4]} {m[3] or m[5]}", text))
    pairs = [(_digits(a), _digits(b)) for a, b in _PAIR.findall(text)]
    same = any(a == b and a >= 10 for a, b in pairs)
    unlike = _UNLIKE.search(_NO_DIFFERENCE.sub("", text)) is not None
    rows = max((_digits(number) for number in _ROWS.findall(text) if _digits(number) not in _YEARS), default=0)
    return Tried(
        day=day,
        took=took,
        lost=lost,
        equal=(same or _SAME.search(text) is not None) and not unlike,
        rows=rows,
        whole=_WHOLE.search(text) is not None,
        staging=_STAGED.search(text) is not None and _OF_PRODUCTION.search(text) is None,
        failed=unlike,
        text=text[:300],
    )


_YEARS = range(1990, 2100)


def _times(text: str) -> tuple[float | None, float | None]:
    took: float | None = None
    lost: float | None = None
    columns = {title.strip(): cell for title, cell in _COLUMN.findall(text)} if "; " in text else {}
    for title, cell in columns.items():
        if (found := _SPAN.search(cell)) is None:
            continue
        if _NEWEST.search(title) or _LOST.search(cell):
            lost = minutes(found) if lost is None else lost
        elif _TOOK.search(title):
            took = minutes(found)
    free: list[float] = []
    for found in _SPAN.finditer(text):
        before = re.split(r"[,;.:]", text[max(0, found.start() - 14) : found.start()])[-1]
        near = before + " " + re.split(r"[,;.:]", text[found.end() : found.end() + 8])[0]
        if _LOST.search(near):
            lost = minutes(found) if lost is None else lost
        elif not _NOT_TAKEN.search(near) and not found["unit"].lower().startswith(("n", "d", "w")):
            free.append(minutes(found))
    return (max(free) if took is None and free else took), lost


def _digits(text: str) -> int:
    return int(re.sub(r"\D", "", text)[:15] or 0)
