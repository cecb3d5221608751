"""Reads what documents tell of people's data: what is held and for what, who processes it, what follows a breach."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from orchestrator import NEXT_LABEL, Documents, Source, days

_ABOUT = re.compile(
    r"privacy|personal|\bpeople\b|gdpr|ccpa|\bpii\b|data protection|data (?:inventory|map|register|that we|we)\b|"
    r"retention|records? of processing|processing activities|\bwe (?:hold|keep|know|collect)\b|data subjects|"
    r"data of (?:our |the )?\w+|\w+(?:'s|s') data|"
    r"(?:visitors?|customers?|patients?|members?|guests?|tenants?|child(?:ren)?|participants?) data",
    re.IGNORECASE,
)
"""What a document or a section is named after that is about data of people, and not about users of an interface."""
_TECHNICAL = re.compile(
    r"^\W*(?:type|default|required|method|parameter|version|endpoint|module|provider)\b", re.IGNORECASE
)
"""Columns of inputs, outputs and parameters."""
_FIELD = re.compile(
    r"field|what|data|item|categor|element|attribute|information|column|we (?:hold|keep)", re.IGNORECASE
)
_PURPOSE = re.compile(r"purpose|\bwhy\b|^\W*for\b|reason|used? for|\buse\b|what for|needed", re.IGNORECASE)
_NOTHING = re.compile(r"\W*(?:tbd|todo|\?+|n/?a|unknown|none|open|-+|–|…)?\W*", re.IGNORECASE)
_OF_A_PERSON = (
    r"names?|e-?mails?|mails?|phones?|address(?:es)?|streets?|birth\w*|plates?|sessions?|cookies?|accounts?|consents?|"
    r"meter numbers?|numbers?|readings?|locations?|photos?|insurance|ip|subjects?|messages?|logs?|"
    r"allerg\w+|health|weights?|payments?|ibans?|orders?|usernames?|profiles?|identit\w+|use by day|passwords?"
)
_LISTED = re.compile(
    rf"(?:^|[.;\n(] ?)(?P<fields>[^.:;\n]{{0,80}}\b(?:{_OF_A_PERSON})\b[^.:;\n]{{0,60}}): (?P<purpose>[^.;\n]{{3,99}})",
    re.IGNORECASE,
)
_KEPT = re.compile(
    r"\b(?:\w+|\d+) (?:years?|months?|weeks?|days?|hours?|h|a)\b|\buntil\b|\bas long as\b|\bleav(?:es?|ing)\b",
    re.IGNORECASE,
)


_OTHERWISE = re.compile(
    r"\b(?:breach|(?:sub-?)?processors?|DPO|data protection officer|holes|security@)\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Inventory:
    """What of people's data is held, each with its purpose."""

    at: Source
    fields: tuple[str, ...]
    without: tuple[str, ...] = ()
    """Those that have none."""

    @property
    def words(self) -> str:
        return " ".join(self.fields).lower()


def inventories(documents: Documents) -> Iterator[Inventory]:
    """Tables and lists of personal fields with what each is for."""
    for document, paragraph in documents.paragraphs("personal data", "privacy", "data inventory"):
        name = f"{document.path.rpartition('/')[2]} / {document.title} / {document.titled(paragraph)}"
        at = Source(path=document.path, line=paragraph.line)
        if paragraph.rows:
            header, *rows = paragraph.rows
            told = _columns(header, _ABOUT.search(name) is not None, rows)
            if told is not None and rows:
                field, purpose = told
                named = tuple(row[field] for row in rows if len(row) > field)
                bare = tuple(
                    row[field] for row in rows if len(row) <= purpose or _NOTHING.fullmatch(row[purpose]) is not None
                )
                yield Inventory(at, named, bare)
        elif _ABOUT.search(name) or _ABOUT.search(paragraph.text):
            listed = list(_LISTED.finditer(_without_labels(paragraph.text)))
            if listed and _KEPT.search(paragraph.text):
                yield Inventory(at, tuple(found["fields"].strip() for found in listed))


def _columns(header: tuple[str, ...], titled: bool, rows: list[tuple[str, ...]]) -> tuple[int, int] | None:
    """The columns of fields and of their purposes; None where it is another table."""
    if any(_TECHNICAL.search(cell) for cell in header) and not any(_RETAINED.search(cell) for cell in header):
        return None
    purpose = next((n for n, cell in enumerate(header) if _PURPOSE.search(cell)), None)
    if purpose is None or purpose == 0:
        return None
    field = next(
        (n for n, cell in enumerate(header) if n != purpose and (_FIELD.search(cell) or not cell.strip())), None
    )
    if field is None:
        return None
    personal = any(re.search(rf"\b(?:{_OF_A_PERSON})\b", row[field], re.IGNORECASE) for row in rows if len(row) > field)
    about = titled or any(_ABOUT.search(cell) or _RETAINED.search(cell) for cell in header)
    return (field, purpose) if personal and about else None


_RETAINED = re.compile(r"\bkept\b|\buntil\b|retention|legal basis|lawful|deleted|how long", re.IGNORECASE)


def _without_labels(text: str) -> str:
    """*text* up to where it begins to speak of breaches, processors, officers or holes."""
    found = re.search(
        r"\b(?:breach|(?:sub-?)?processors?|DPO|data protection officer|holes|security@)\b", text, re.IGNORECASE
    )
    return text[: found.start()] if found else text


_BREACH = re.compile(r"\b(?:personal )?(?:data )?breach(?:es)?\b", re.IGNORECASE)
_HOURS = re.compile(r"\b72 ?(?:h\b|hours?)|seventy-two hours|without undue delay", re.IGNORECASE)
_WORDS_READY = re.compile(
    r"\b(?:forms?|templates?)\b|\b(?:letter|text|mail|notice)\b (?:no\.? ?)?\d|\(\"(?:letter|text|mail) \d",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"→|\b(?:tells?|calls?|informs?|notif(?:y|ies)|reports?|decides?|officer|DPO|duty|on[- ]call|finder|whoever|team|"
    r"lead|head|desk|manager|responsible)\b",
    re.IGNORECASE,
)
_AUTHORITY = re.compile(r"authorit|regulator|commissioner|supervis|ICO\b|CNIL|\b72 ?h", re.IGNORECASE)


def breach_steps(documents: Documents) -> tuple[Source, tuple[str, ...]] | None:
    """The place that says most of what follows a breach, and what it does not say."""
    best: tuple[Source, tuple[str, ...]] | None = None
    for document, paragraph, text in documents.segments(_BREACH, "breach"):
        asked = (
            ("who acts", _TOLD),
            ("the deadline of 72 hours", _HOURS),
            ("whom the authority is", _AUTHORITY),
            ("forms or templates", _WORDS_READY),
        )
        missing = tuple(name for name, pattern in asked if not pattern.search(text))
        if best is None or len(missing) < len(best[1]):
            best = Source(path=document.path, line=paragraph.line), missing
    return best


_PROCESSORS = re.compile(r"\b(?:sub-?)?processors?\b\W{0,3}:", re.IGNORECASE)
_SIGNED = re.compile(r"vendor|processor|company|supplier|sub-?processor|who", re.IGNORECASE)
_AGREED = re.compile(r"agreement|dpa|signed|contract|date", re.IGNORECASE)
_OF_PROCESSING = re.compile(r"processors?\b|\bDPA\b|processing agreement|privacy|personal data|gdpr", re.IGNORECASE)
_OF_PEOPLE = re.compile(
    r"privacy|personal|people|gdpr|ccpa|\bDPA\b|data|agreement|compliance|visitor|customer", re.IGNORECASE
)
"""What tells who processes data from what a machine calculates with."""
_SAME = re.compile(r"same (?:house|company|entity|group)|ourselves|in-house", re.IGNORECASE)


@dataclass(frozen=True)
class Processors:
    """Who processes people's data for the product."""

    at: Source
    words: str
    dated: int
    undated: tuple[str, ...]


def processors(documents: Documents, latest: date) -> Processors | None:
    """The register of processors with the day of each agreement, none after *latest*, where there is one."""
    for document, paragraph in documents.paragraphs("processor", "data processing agreement"):
        at = Source(path=document.path, line=paragraph.line)
        if paragraph.rows:
            header, *rows = paragraph.rows
            who = next((n for n, cell in enumerate(header) if _SIGNED.search(cell)), None)
            when = next((n for n, cell in enumerate(header) if n != who and _AGREED.search(cell)), None)
            about = f"{document.path} {document.title} {document.titled(paragraph)} {' '.join(header)}"
            if who is None or when is None or not _OF_PROCESSING.search(about):
                continue
            bare = tuple(
                row[who] for row in rows if len(row) > who and not (len(row) > when and _agreed(row[when], latest))
            )
            return Processors(at, paragraph.words, len(rows) - len(bare), bare)
        found = _PROCESSORS.search(paragraph.text)
        name = f"{document.path} {document.title} {document.titled(paragraph)} {paragraph.text}"
        if found and _OF_PEOPLE.search(name):
            text = paragraph.text[found.end() :]
            end = NEXT_LABEL.search(text) or re.search(r"\.(?:\s|$)", text)
            entries = [e.strip() for e in _split(text[: end.start()] if end else text)]
            bare = tuple(e for e in entries if e and not _agreed(e, latest) and not _SAME.search(e))
            return Processors(at, " ".join(entries), sum(1 for e in entries if _agreed(e, latest)), bare)
    return None


def _agreed(said: str, latest: date) -> bool:
    """Whether *said* gives a day on which something has been agreed."""
    return any(day <= latest for day in days(said))


def _split(text: str) -> list[str]:
    """The entries of a list that commas and semicolons divide, but those between brackets."""
    found, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        depth += (sign in "([") - (sign in ")]")
        if sign in ",;\n" and depth <= 0:
            found.append(text[start:place])
            start = place + 1
    return [*found, text[start:]]
