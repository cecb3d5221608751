"""Reads the headings of prose, and how much stands below each."""

from __future__ import annotations

import re

from ...domain.fact import Aside, Fact, Problem
from ...redaction import cut
from ..asides import Asides
from ..facts.documents import Document, Documents, Heading
from ..facts.files import Files
from ..inforce.force import Force, void
from ..reader import Reader, names
from ..tree import FileEntry, SourceFile
from . import _headings
from ._listings import listed, without
from ._measured import measured
from ._paragraphs import OF_NOBODY, paragraphs
from ._priced import priced
from ._restores import restores

_PROSE = frozenset({".md", ".mdx", ".markdown", ".rst", ".adoc", ".asciidoc", ".txt"})
_NAMED = names("README", "CONTRIBUTING", "SECURITY", "CHANGELOG", "RUNBOOK")
_NO_PROSE = re.compile(
    r"(^|/)(CMakeLists|robots|humans|llms(-full)?|words|wordlist|dictionary|stopwords|[\w.-]*requirements[\w.-]*)\.txt$"
    r"|/requirements/|(^|/)LICEN[SC]E",
    re.IGNORECASE,
)
_FORM = re.compile(r"(^|/)(pull_request|issue|merge_request)_templates?(\.\w+$|/)", re.IGNORECASE)
"""Forms for proposals and reports, which say nothing of the release before somebody fills them in elsewhere."""
MAX_DOCUMENTS = 4_000


def is_prose(file: FileEntry) -> bool:
    """Whether *file* is a document of the release."""
    prose = file.suffix in _PROSE or file.name.lower() in _NAMED
    return prose and file.role in ("docs", "other", "source") and not _NO_PROSE.search(file.path)


class DocumentsReader(Reader):
    """Reads the headings of prose and counts the words below each; of very many documents, the outermost are kept."""

    fact = Documents

    def __init__(self) -> None:
        self._found: list[Document] = []
        self._asides = Asides()
        self._first_passed_over, self._passed_over = "", 0

    def wants(self, file: FileEntry) -> bool:
        return is_prose(file)

    def read(self, source: SourceFile) -> None:
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
        is_form = _FORM.search(source.path) is not None
        for heading, force in found.left_out:
            self._set_aside(source.path, heading, void(force.reason) if is_form else force)
        left_out = [heading.line for heading, _ in found.left_out if heading is not None]
        shown = {0, *(heading.line for heading in headings)}
        lines = without(listed(source.file.suffix, source.lines), source.lines)
        tried, aims = restores(source.path, title, lines, headings, left_out) if found.words else ((), ())
        self._found.append(
            Document(
                path=source.path,
                measured=measured(lines, headings, left_out) if found.words else (),
                title=title,
                words=found.words,
                headings=tuple(headings),
                paragraphs=paragraphs(source.path, title, lines, headings, set(left_out)) if found.words else (),
                priced=priced(found.lines, frozenset(shown)) if found.words else (),
                dated=tuple(dated for dated in found.dated.found if dated.section in shown) if found.words else (),
                passages=() if OF_NOBODY.search(source.path) else tuple(found.passages),
                restores=tried,
                aims=aims,
            )
        )

    def _set_aside(self, path: str, heading: Heading | None, force: Force) -> None:
        what = f"section '{cut(heading.text, 100)}'" if heading else "the document"
        line = heading.line if heading else 0
        reason = cut(f"is not counted: {force.reason}", 200)
        self._asides.add(Aside(path=path, line=line, what=what, reason=reason, about=("section",), void=force.is_void))

    def finish(self, files: Files) -> Fact:
        outward = sorted(self._found, key=lambda d: (d.path.count("/"), d.path))
        kept, total = outward[:MAX_DOCUMENTS], len(outward) + self._passed_over
        problems: tuple[Problem, ...] = ()
        if total > len(kept):
            reason = f"the outermost {len(kept):,} of {total:,} documents are kept"
            first = self._first_passed_over or outward[len(kept)].path
            problems = (Problem(path=first, reason=reason),)
        aside = tuple(sorted(self._asides.kept, key=lambda a: (a.path, a.line)))
        return Documents(files=tuple(sorted(kept, key=lambda d: d.path)), problems=problems, aside=aside)
