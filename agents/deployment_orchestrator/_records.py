"""Reads what documents tell of going back: how it is done, when it was done and how long it took, and who is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from orchestrator import HORIZON, Document, Documents, History, Paragraph, Source, days

_BACK = (
    r"roll(?:ed|ing|s)?[- ]?backs?|go(?:es|ing)? back|went back|revert\w*|undo(?:ing)?|way back|back(?: ?out)?|"
    r"former version"
)
_TITLED = re.compile(rf"(?:^|[/ ])\W{{0,3}}(?:the )?(?:{_BACK})\b|rollback|roll-back|going-back", re.IGNORECASE)
_LABELLED = re.compile(rf"^\W{{0,4}}(?:the )?(?:{_BACK})\b[^\n:.]{{0,40}}[:.*]", re.IGNORECASE | re.MULTILINE)
_LABEL = re.compile(r"^\W{0,4}[A-Z][\w ,'-]{1,40}?[:.]\W")
_NEWS = re.compile(r"changelog|changes\.|history|release[-_]?notes", re.IGNORECASE)
_WAY = re.compile(
    r"`[^`\n]{3,}`|\b(?:click|press|re-?run|redeploy|re-?deploy|switch|choose|select|start|run|execute|apply|push|actions)\b"
    r"|by itself|automatic",
    re.IGNORECASE,
)
_NOT_DONE = re.compile(
    r"\b(?:planned|scheduled|upcoming|cancell?ed|skipped|aborted by hand|postponed|due|will|should|todo|tbd|"
    r"next (?:drill|rehearsal|exercise|test|one)|not (?:yet|done|tried))\b",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"(?<!no )(?<!0 )(?<!none )(?<!not )(?<!nothing )(?<!zero )\bfailed\b|\b(?:given up|gave up|unsuccessful|outage|"
    r"did(?:n't| not) (?:work|come|become|go|start)|(?:do|does) not work|never (?:became|came|got|went)|"
    r"could(?:n't| not) (?:go|be|roll|come)|had to go forward|until we went forward)\b",
    re.IGNORECASE,
)
"""What is said of a trial that did not bring the former version back; ``0 failed requests`` says nothing of that."""
_TALKED = re.compile(r"table.?top|walk(?:ed)?.?through|on paper|discuss|dry.?run", re.IGNORECASE)
_WHERE = re.compile(
    r"\b(?:prod(?:uction)?|staging|stage|test(?:ing)?|pre-?prod|live|uat|canary|drill\w*|rehears\w*|practi[sc]\w*|"
    r"exercis\w*|tried|trial|rolled back|went back|tested|performed)\b",
    re.IGNORECASE,
)
_TOOK = re.compile(
    r"(?<![\w.,])(?:(?P<hours>\d{1,2}) ?h(?:ours?)?\b ?)?"
    r"(?:(?P<minutes>\d{1,3}(?:[.,]\d)?) ?(?:min(?:ute)?s?|m)\b(?:,? ?(?:and )?)?)?"
    r"(?:(?P<seconds>\d{1,4}) ?s(?:ec(?:ond)?s?)?\b)?|(?<![\d:])(?P<mm>\d{1,2}):(?P<ss>\d\d)(?: ?min)",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\d{4}-\d{2}-\d{2}|\b\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{4}|"
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2},? \d{4}|\b\d{1,2}\.\d{1,2}\.\d{4}",
    re.IGNORECASE,
)
VALID = timedelta(days=91)
MOST = 300
"""Seconds that going back may take."""


@dataclass(frozen=True)
class Way:
    """What one part of a document tells of going back."""

    document: Document
    paragraphs: tuple[Paragraph, ...]

    @property
    def at(self) -> Source:
        return Source(path=self.document.path, line=self.paragraphs[0].line)

    @property
    def words(self) -> str:
        return "\n".join(paragraph.words for paragraph in self.paragraphs)

    @property
    def is_told(self) -> bool:
        """Whether it says how one goes back."""
        return _WAY.search(self.words) is not None


@dataclass(frozen=True)
class Trial:
    """A time that the way back was gone."""

    day: date
    at: Source
    seconds: float | None
    """How long it took, where that is told."""
    failed: bool = False
    """Whether the former version did not come back."""


def ways(documents: Documents) -> list[Way]:
    """The parts of documents about going back, by their titles or by the label that a paragraph begins with."""
    found: dict[tuple[str, int], list[Paragraph]] = {}
    owners: dict[str, Document] = {}
    led: tuple[str, int] | None = None
    for document, paragraph in documents.paragraphs("rollback", "roll back", "rolling back", "going back"):
        if _NEWS.search(document.path):
            continue
        owners[document.path] = document
        key = (document.path, paragraph.section)
        name = f"{document.path.rpartition('/')[2]} / {document.title} / {document.titled(paragraph)}"
        if _TITLED.search(name):
            found.setdefault(key, []).append(paragraph)
        elif _LABELLED.search(paragraph.text):
            led = (document.path, -paragraph.line)
            found[led] = [paragraph]
            continue
        elif led is not None and led[0] == document.path and _follows(paragraph, found[led]):
            found[led].append(paragraph)
        if led is not None and _LABEL.match(paragraph.text) and not _TELLING.search(paragraph.text[:80]):
            led = None
    return [Way(owners[path], tuple(told)) for (path, _), told in found.items()]


def told_ways(documents: Documents) -> list[Way]:
    """Those that are told: by themselves, or by another part of the same document."""
    found = ways(documents)
    told = {way.document.path for way in found if way.is_told}
    return [way for way in found if way.document.path in told]


_FOLLOWING = 3


def _follows(paragraph: Paragraph, led: list[Paragraph]) -> bool:
    """Whether *paragraph* still belongs to what the first of *led* has begun."""
    if len(led) >= _FOLLOWING or paragraph.rows or paragraph.section != led[0].section:
        return False
    return bool(_TELLING.search(paragraph.text[:80])) or not _LABEL.match(paragraph.text)


def trials(way: Way, history: History) -> Iterator[Trial]:
    """When the way back was gone, for real or to try it out, before the release was made."""
    for paragraph in way.paragraphs:
        header = paragraph.rows[0] if paragraph.rows else ()
        rows = ["; ".join(row) for row in paragraph.rows]
        pieces = [(row, row) for row in rows] if rows else _pieces(paragraph.text)
        for number, (piece, told) in enumerate(pieces):
            on = days(piece)
            if not on or _NOT_DONE.search(piece) or _TALKED.search(piece):
                continue
            took = _seconds(_DAY.sub(" ", piece))
            if on[0] > history.latest or not (took is not None or _WHERE.search(piece)):
                continue
            line = paragraph.line + (number + 1 if header and number else number if header else 0)
            yield Trial(on[0], Source(path=way.document.path, line=line), took, _FAILED.search(told) is not None)


def is_recent(trial: Trial, history: History) -> bool:
    """Whether *trial* still counts on the last day that the release knows."""
    return history.latest == HORIZON or trial.day >= history.latest - VALID


def last_failed(tried: Iterable[Trial]) -> Trial | None:
    """The last of *tried*, where the former version did not come back in it."""
    last = max(tried, key=lambda trial: trial.day, default=None)
    return last if last is not None and last.failed else None


def _pieces(text: str) -> list[tuple[str, str]]:
    """Sentences of *text* that name a day, with the few words before it; and each with what follows till the next."""
    starts = [found.start() for found in _DAY.finditer(text)]
    found = []
    for number, start in enumerate(starts):
        end = starts[number + 1] if number + 1 < len(starts) else min(len(text), start + 200)
        before = max((text.rfind(sign, 0, start) for sign in ".;\n)"), default=-1)
        stop = re.search(r"[.;](?:\s|$)", text[start:end])
        whole = text[start : starts[number + 1] if number + 1 < len(starts) else start + 400]
        found.append((text[before + 1 : start + (stop.end() if stop else end - start)], whole))
    return found


def _seconds(piece: str) -> float | None:
    """The longest time that *piece* names."""
    told: list[float] = []
    for found in _TOOK.finditer(piece):
        if found["mm"]:
            told.append(int(found["mm"]) * 60 + int(found["ss"]))
        elif any(found[part] for part in ("hours", "minutes", "seconds")):
            minutes = float((found["minutes"] or "0").replace(",", "."))
            told.append(int(found["hours"] or 0) * 3600 + minutes * 60 + int(found["seconds"] or 0))
    return max(told, default=None)


_TELLING = re.compile(
    r"\b(?:tells?|says?|writes?|calls?|informs?|notif(?:y|ies)|announces?|mails?|posts?|hears?|who (?:tells|says)|"
    r"communicat\w+|puts?)\b|→",
    re.IGNORECASE,
)
_CHANNEL = re.compile(
    r"(?<![\w/])#[a-z][\w-]+|\b(?:phone|e-?mail|mail|sms|status ?page|status\.\w|slack|teams|chat|channel|radio|banner|"
    r"letter|pager|hotline|mattermost|discord|telegram)\b|\*[A-Z]\w+\*",
    re.IGNORECASE,
)
_WHO = re.compile(
    r"\b(?i:on[- ]call|on[- ]?duty|duty|engineer|developer|lead|head|manager|captain|operator|owner|officer|team|"
    r"support|desk|whoever|incident commander)\b|\b[A-Z][a-z]+(?:/[A-Z][a-z]+)+\b|"
    r"\b[A-Z][a-z]+(?:, [A-Z][a-z]+)* (?:or|and) [A-Z][a-z]+\b|"
    r"\b[A-Z][a-z]{1,12} (?:tells|writes|calls|says|informs|mails|puts)\b"
)
_QUOTED = re.compile(
    r"[\"“„«](?P<a>[^\"”“»\n]{6,300})[\"”“»]|(?<![\w`])'(?P<b>[^'\n]{12,300})'(?!\w)"
    r"|^> (?P<c>.{12,300})$",
    re.MULTILINE,
)


def _quotes(text: str) -> bool:
    """Whether *text* has words that somebody is to say: two of them at least, between quotes."""
    told = (next(filter(None, found.groups())) for found in _QUOTED.finditer(text))
    return any(len(re.findall(r"[^\W\d_]{2,}", words)) > 1 for words in told)


_COLUMNS = (
    re.compile(r"\b(?:who|role|by|person|sender|responsible)\b", re.IGNORECASE),
    re.compile(r"\b(?:where|channel|how|by what|medium|via|place)\b", re.IGNORECASE),
    re.compile(r"\b(?:what|words?|text|message|template|say)\b", re.IGNORECASE),
)


def who_tells_whom(way: Way, documents: Documents) -> Source | None:
    """Where *way* says who tells people, over which channel and in which words; files that it leads to are there."""
    for paragraph in way.paragraphs:
        at = Source(path=way.document.path, line=paragraph.line)
        if paragraph.rows:
            places = [next((n for n, c in enumerate(paragraph.rows[0]) if asked.search(c)), None) for asked in _COLUMNS]
            full = [row for row in paragraph.rows[1:] if all(n is not None and len(row) > n and row[n] for n in places)]
            if None not in places and full and any(_quotes("; ".join(row)) for row in full):
                return at
            continue
        text = paragraph.text
        said = _quotes(text) and _TELLING.search(text) and _CHANNEL.search(text) and _WHO.search(text)
        if said and not _leads_nowhere(text, way.document, documents):
            return at
    return None


_FILE = re.compile(
    r"`((?:[\w.-]+/)*[\w-]+\.(?:md|adoc|txt|rst|pdf|docx))`|\]\(((?:[\w.-]+/)*[\w-]+\.(?:md|adoc|txt|rst))\)"
)


def _leads_nowhere(text: str, document: Document, documents: Documents) -> bool:
    """Whether *text* leads to a file that is not among the documents."""
    known = {one.path for one in documents.every()}
    folder = document.path.rpartition("/")[0]
    for found in _FILE.finditer(text):
        name = found[1] or found[2]
        if not {name, f"{folder}/{name}" if folder else name} & known:
            return True
    return False
