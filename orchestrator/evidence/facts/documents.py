"""Prose: which documents there are and what they are about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Annotated, ClassVar

from ...domain.fact import EVERYTHING, Aside, Fact, Source
from ...domain.model import AddedLater, Model
from ...domain.signal import Signal


class Heading(Model):
    """One heading: its level from 1, its text, its line, and how many words stand below it before the next."""

    level: int
    text: str
    line: int
    words: int = 0


class Dated(Model):
    """A line of prose, a heading or a row of a table that names a day."""

    day: str
    """The first day that it names, ``2026-03-02``; of a month the first."""
    line: int
    section: int = 0
    """The line of the heading it stands below, 0 above the first."""
    text: str
    """At most 200 characters; of a row each cell with its column: ``Date: 2026-03-02; Result: restored in 41 min``."""

    @property
    def undone(self) -> bool:
        """Whether it speaks of something that is still to come, was called off, or failed."""
        return _UNDONE.search(self.text) is not None


class Measured(Model):
    """What prose tells of a trial that was run, with its figures."""

    kind: str
    """
    ``count``: how many instances ran, or from how many to how many it went; ``intact``: instances went, and no request
    was lost; ``crossed``: a metric crossed its target, and instances followed; ``failover``: a standby was promoted;
    ``drill``: data or a place was brought back, ``whole`` by all steps of what is written; ``routine``: by a schedule;
    ``result``: something with a day and a figure; ``compared``: what came back was held against what there was, and it
    is told how long it took; ``named``: a day of a trial, without figures; ``step``: a command, or a numbered step;
    ``shape``: what traffic is made of.
    """
    line: int
    section: int = 0
    """The line of the heading that it stands below, 0 above the first."""
    day: str = ""
    """``2026-11-03``, where it names one of its own."""
    counts: tuple[int, ...] = ()
    text: str


_UNDONE = re.compile(
    r"\b(?:planned|scheduled|upcoming|cancelled|canceled|skipped|failed|aborted|postponed)\b"
    r"|\bnext (?:drill|rehearsal|exercise|test|run|one)\b",
    re.IGNORECASE,
)


class Passage(Model):
    """What stands below one heading, of sections that speak of who is called, or of what is aimed at."""

    line: int = 0
    """The line of the heading, 0 above the first."""
    text: str
    """Its first lines, at most 2,000 characters."""


class Restore(Model):
    """A restore that prose tells of as done, with its figures; times are in minutes."""

    day: str
    line: int
    section: int = 0
    """The line of the heading it stands below, 0 above the first."""
    about: bool = False
    """Whether it stands in a document or a section about restores, backups or recovery."""
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


class Aims(Model):
    """How soon all is to be back, and how much may be lost, in minutes."""

    line: int
    section: int = 0
    about: bool = False
    back: float | None = None
    lost: float | None = None


class Paragraph(Model):
    """A paragraph or a table of prose that speaks of how a release is run."""

    line: int
    section: int = 0
    """The line of the heading it stands below, 0 above the first."""
    text: str = ""
    """Its lines, at most 1,000 characters; nothing of a table."""
    rows: tuple[tuple[str, ...], ...] = ()
    """Those of a table, its header first."""

    @property
    def words(self) -> str:
        """All that it says, of a table a row on each line."""
        return self.text or "\n".join("; ".join(row) for row in self.rows)


class Priced(Model):
    """A sentence that names amounts of money."""

    line: int
    section: int = 0
    """The line of the heading it stands below, 0 above the first."""
    text: str
    """At most 300 characters."""
    amounts: int = 1
    day: str = ""
    """The newest day that its line names, ``2026-03-02``."""


class Document(Model):
    """One prose document (Markdown, reStructuredText, AsciiDoc, plain text)."""

    path: str
    title: str = ""
    words: int = 0
    headings: tuple[Heading, ...] = ()
    """Those of sections that say something and still hold."""
    measured: Annotated[tuple[Measured, ...], AddedLater()] = ()
    """The first lines that tell of trials with their figures, and the steps that lead to them."""
    dated: Annotated[tuple[Dated, ...], AddedLater()] = ()
    """The first lines that name a day, outside sections that are left out."""
    priced: Annotated[tuple[Priced, ...], AddedLater()] = ()
    """The first sentences that name amounts of money, likewise."""
    passages: Annotated[tuple[Passage, ...], AddedLater()] = ()
    """Sections about people on duty, escalation and objectives, in their own words."""
    restores: Annotated[tuple[Restore, ...], AddedLater()] = ()
    """The first restores that it tells of."""
    aims: Annotated[tuple[Aims, ...], AddedLater()] = ()
    """What restores are to reach."""
    paragraphs: Annotated[tuple[Paragraph, ...], AddedLater()] = ()
    """The first paragraphs about the way back, people's data, holes and changes, outside sections that are left out."""

    def day_of(self, priced: Priced) -> str:
        """The day of a sentence: of its line, its heading, its section, or of what stands below the title of all."""
        here = [dated.day for dated in self.dated if dated.section == priced.section and not dated.undone]
        titled = [dated.day for dated in self.dated if dated.line == priced.section and priced.section]
        tops = (
            {0, *(h.line for h in self.headings if h.level == 1)}
            if sum(h.level == 1 for h in self.headings) < 2
            else {0}
        )
        above = [dated.day for dated in self.dated if dated.section in tops and not dated.undone]
        return priced.day or max(titled, default="") or max(here, default="") or max(above, default="")

    def at(self, heading: Heading | None = None) -> Source:
        return Source(path=self.path, line=heading.line if heading else 1)

    def titled(self, paragraph: Paragraph) -> str:
        """What the sections are called in which *paragraph* stands, the innermost last."""
        above: list[Heading] = []
        for heading in self.headings:
            if heading.line > paragraph.section:
                break
            above = [one for one in above if one.level < heading.level] + [heading]
        return " / ".join(heading.text for heading in above)


NEXT_LABEL = re.compile(r"(?:(?<=[.;] )|^)(?:\*\*)?[A-Z][\w' ]{2,40}(?:\*\*)?:\s", re.MULTILINE)
"""Where a paragraph begins to speak of the next thing: ``Processors: …``."""
_LEAST = 3
"""Fewer words below a heading are none."""


class Documents(Fact):
    """
    Every prose document outside tests, examples and vendored folders.

    Sections that are filler, templates, withdrawn or denied are set aside; what is left can still be wrong.
    """

    name: ClassVar[str] = "documents"
    by_name: ClassVar[bool] = True
    whole: ClassVar[bool] = False

    files: tuple[Document, ...] = ()

    def every(self) -> tuple[Document, ...]:
        """All of :attr:`files`, for who looks for something else than words in titles and headings."""
        self.sought.add(EVERYTHING)
        return self.files

    def doubted(self, signals: Iterable[Signal]) -> tuple[Aside, ...]:
        """What cannot be told to count, of the documents and sections about one of the words that were asked for."""
        doubts = tuple(aside for aside in self.aside if not aside.void)
        if not self.sought or EVERYTHING in self.sought:
            return doubts
        return tuple(aside for aside in doubts if not aside.line or _is_about(aside, self.sought))  # or has a title

    def passed_over(self, signals: Iterable[Signal]) -> tuple[Aside, ...]:
        """Nothing: who wants to say what is written and not counted asks :meth:`idle`."""
        return ()

    def paragraphs(self, *words: str) -> Iterator[tuple[Document, Paragraph]]:
        """The paragraphs of all documents, for who looks in them for something about one of *words*."""
        self.sought.update(word.lower() for word in words)
        for document in self.files:
            for paragraph in document.paragraphs:
                yield document, paragraph

    def segments(self, label: re.Pattern[str], *words: str) -> Iterator[tuple[Document, Paragraph, str]]:
        """What each paragraph says from the first place of *label* on, up to the next label in it."""
        for document, paragraph in self.paragraphs(*words):
            text = paragraph.words
            if found := label.search(text):
                rest = text[found.start() :]
                end = NEXT_LABEL.search(rest, len(found[0]) + 1)
                yield document, paragraph, rest[: end.start()] if end else rest

    def below(self, document: Document, heading: Heading | None) -> tuple[Dated, ...]:
        """The days that *document* names below *heading* and the headings below that; all of them where it is None."""
        if heading is None:
            return document.dated
        inside = {one.line for one in _part(document.headings, heading)}
        return tuple(dated for dated in document.dated if dated.section in inside)

    def filled(self, document: Document, heading: Heading | None = None) -> list[Heading]:
        """The headings of *document* (*heading* and those below it, where given) under which anything is written."""
        chosen = document.headings if heading is None else _part(document.headings, heading)
        below: dict[int, bool] = {}
        found: list[Heading] = []
        for one in reversed(chosen):
            filled = one.words >= _LEAST or any(said for level, said in below.items() if level > one.level)
            below = {level: said for level, said in below.items() if level < one.level} | {one.level: filled}
            if filled:
                found.append(one)
        return found[::-1]

    def idle(self, *words: str) -> tuple[Aside, ...]:
        """The sections and documents about one of *words* that are not counted, with the reason of each."""
        lowered = [word.lower() for word in words]
        return tuple(aside for aside in self.aside if _is_about(aside, lowered))

    def about(self, *words: str, minimum: int = 20) -> list[tuple[Document, Heading | None]]:
        """
        Documents whose path or title, or sections whose heading, contains one of *words* (any case).

        A section or document with fewer than *minimum* words below it says nothing and is left out.
        """
        found: list[tuple[Document, Heading | None]] = []
        lowered = [w.lower() for w in words]
        self.sought.update(lowered)
        for document in self.files:
            name = f"{document.path} {document.title}".lower()
            if document.words >= minimum and any(w in name for w in lowered):
                found.append((document, None))
                continue
            found.extend(
                (document, h)
                for h in document.headings
                if h.words >= minimum and any(w in h.text.lower() for w in lowered)
            )
        return found


def _is_about(aside: Aside, words: Iterable[str]) -> bool:
    """Whether *aside* is of a document or section about one of *words*."""
    text = f"{aside.path} {aside.what}".lower()
    return any(word in text for word in words)


def _part(headings: tuple[Heading, ...], heading: Heading) -> tuple[Heading, ...]:
    """*heading* and those below it."""
    start = headings.index(heading)
    end = next((n for n, one in enumerate(headings[start + 1 :], start + 1) if one.level <= heading.level), None)
    return headings[start:end]
