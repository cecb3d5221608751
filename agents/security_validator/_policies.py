"""Tells documents of substance from those that only mention a word."""

from __future__ import annotations

import re

from orchestrator import Document, Documents, Heading, Source

_TEMPLATE = re.compile(r"template|example|changelog|history", re.IGNORECASE)


def of_substance(documents: Documents, minimum: int, *words: str) -> list[tuple[Document, Heading | None]]:
    """Documents and sections about *words* that are no templates; a section counts with all that stands below it."""
    found: list[tuple[Document, Heading | None]] = []
    for document, heading in documents.about(*words, minimum=0):
        inside = sum(h.words for h in sections(document, heading)) if heading else document.words
        if inside >= minimum and not _TEMPLATE.search(f"{document.path} {document.title}"):
            found.append((document, heading))
    return sorted(found, key=lambda pair: pair[1] is not None)


def sections(document: Document, heading: Heading | None) -> list[Heading]:
    """*heading* and the headings below it; all of the document's where none is given."""
    if heading is None:
        return list(document.headings)
    start = document.headings.index(heading)
    inside = [heading]
    for other in document.headings[start + 1 :]:
        if other.level <= heading.level:
            break
        inside.append(other)
    return inside


def headings_of(documents: Documents, pattern: str) -> list[Source]:
    """Sections of some words whose heading matches, outside change logs."""
    words = re.compile(pattern, re.IGNORECASE)
    return [
        d.at(h)
        for d in documents.every()
        if not _TEMPLATE.search(d.path)
        for h in d.headings
        if words.search(h.text) and sum(s.words for s in sections(d, h)) >= 20
    ][:20]
