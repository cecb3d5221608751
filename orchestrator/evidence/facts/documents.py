"""Prose: which documents there are and what they are about."""

from __future__ import annotations

from typing import ClassVar

from ...domain.fact import Fact, Source
from ...domain.model import Model


class Heading(Model):
    """One heading: its level from 1, its text, its line, and how many words stand below it before the next."""

    level: int
    text: str
    line: int
    words: int = 0


class Document(Model):
    """One prose document (Markdown, reStructuredText, AsciiDoc, plain text)."""

    path: str
    title: str = ""
    words: int = 0
    headings: tuple[Heading, ...] = ()

    def at(self, heading: Heading | None = None) -> Source:
        return Source(path=self.path, line=heading.line if heading else 1)


class Documents(Fact):
    """Every prose document outside tests, examples and vendored folders."""

    name: ClassVar[str] = "documents"

    files: tuple[Document, ...] = ()

    def about(self, *words: str, minimum: int = 20) -> list[tuple[Document, Heading | None]]:
        """
        Documents whose path or title, or sections whose heading, contains one of *words* (any case).

        A section or document with fewer than *minimum* words below it says nothing and is left out.
        """
        found: list[tuple[Document, Heading | None]] = []
        lowered = [w.lower() for w in words]
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
