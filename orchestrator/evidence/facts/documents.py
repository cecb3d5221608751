"""Reads prose as a fact: which documents there are and what they are about."""

from __future__ import annotations

import re
from typing import ClassVar

from ...domain.fact import Fact, Problem, Source
from ...domain.model import Model
from ..reader import Reader, names
from ..tree import FileEntry, SourceFile
from .files import Files


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


_PROSE = frozenset({".md", ".mdx", ".markdown", ".rst", ".adoc", ".asciidoc", ".txt"})
_NAMED = names("README", "CONTRIBUTING", "SECURITY", "CHANGELOG", "RUNBOOK")
_NO_PROSE = re.compile(
    r"(^|/)(CMakeLists|robots|humans|llms(-full)?|words|wordlist|dictionary|stopwords|[\w.-]*requirements[\w.-]*)\.txt$"
    r"|/requirements/|(^|/)LICEN[SC]E",
    re.IGNORECASE,
)
MAX_DOCUMENTS = 4_000


class DocumentsReader(Reader):
    """Reads the headings of prose and counts the words below each; of very many documents, the outermost are kept."""

    fact = Documents

    def __init__(self) -> None:
        self._found: list[Document] = []
        self._first_passed_over, self._passed_over = "", 0

    def wants(self, file: FileEntry) -> bool:
        prose = file.suffix in _PROSE or file.name.lower() in _NAMED
        return prose and file.role in ("docs", "other", "source") and not _NO_PROSE.search(file.path)

    def read(self, source: SourceFile) -> None:
        from . import _headings

        if len(self._found) >= MAX_DOCUMENTS and source.path.count("/") > 1:
            self._first_passed_over = self._first_passed_over or source.path
            self._passed_over += 1
            return
        found = _headings.read(source.file.suffix, source.lines)
        headings = found.headings
        title = (
            found.title
            or next((h.text for h in headings if h.level == 1), "")
            or (headings[0].text if headings else "")
        )
        self._found.append(Document(path=source.path, title=title, words=found.words, headings=tuple(headings)))

    def finish(self, files: Files) -> Fact:
        outward = sorted(self._found, key=lambda d: (d.path.count("/"), d.path))
        kept, total = outward[:MAX_DOCUMENTS], len(outward) + self._passed_over
        problems: tuple[Problem, ...] = ()
        if total > len(kept):
            reason = f"the outermost {len(kept):,} of {total:,} documents are kept"
            first = self._first_passed_over or outward[len(kept)].path
            problems = (Problem(path=first, reason=reason),)
        return Documents(files=tuple(sorted(kept, key=lambda d: d.path)), problems=problems)
