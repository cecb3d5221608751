"""Finds requirements in prose and in feature files."""

from __future__ import annotations

import re

from ...domain.fact import Fact, Source
from ...host.late import late
from ...redaction import cut, redact
from ..facts.files import Files
from ..facts.requirements import Requirement, Requirements
from ..reader import Reader
from ..tree import FileEntry, SourceFile

MAX_FOUND = 500
MAX_PER_FILE = 100
_CUT = 1_000


_ABOUT = late(
    r"requirement|(^|[/_-])(prd|srs|spec|specs|specification|rfc|epic|epics|backlog|roadmap|user[_-]?stor(y|ies)"
    r"|use[_-]?cases?|acceptance|features?|scope|brief)([/._-]|$)",
    re.IGNORECASE,
)
_NOT = late(
    r"(^|/)(\.github|\.gitlab|node_modules)/|CHANGELOG|CODE_OF_CONDUCT|CONTRIBUTING|LICEN[SC]E|GOVERNANCE|(^|/)HISTORY",
    re.IGNORECASE,
)
_LISTS = late(r"requirements[\w.-]*\.(txt|in|pip)$|(^|/)requirements/", re.IGNORECASE)
_STORY = late(
    r"^(?:[-*+>\s#\d.|\"*_]{0,10})\bAs an? \w.{2,120}?,? I (?:want|need|can|would like|should)\b", re.IGNORECASE
)
_MODAL = late(r"\b(?:must|shall|MUST|SHALL)\b(?! (?:be able to )?(?:see|read|agree))")
_ITEM = late(r"^\s*[-*+]\s+\[([ xX])\]\s+(\S.*)$")
_NUMBERED = late(r"^\s*(?:[-*+]|\d{1,3}[.)]|\|)?\s*\**((?:REQ|FR|NFR|US|UC|AC)[-_ ]?\d[\w.-]{0,12})\b", re.IGNORECASE)
_HEADING = late(r"^ {0,3}#{1,6}\s+(.*)$")
_SCENARIO = late(r"^\s*(Feature|Rule|Scenario|Scenario Outline|Scenario Template|Example):\s*(\S.*)$")
_MARKUP = late(r"[*_`]{1,3}")


class RequirementsReader(Reader):
    """Takes user stories from any document, and sentences and checklists from documents that are about requirements."""

    fact = Requirements

    def __init__(self) -> None:
        self._found: list[Requirement] = []
        self._total = 0
        self._files = 0

    def wants(self, file: FileEntry) -> bool:
        if file.suffix == ".feature":
            return file.role not in ("vendored", "generated", "example")
        prose = file.suffix in (".md", ".mdx", ".rst", ".adoc", ".txt") and file.role == "docs"
        return prose and not _NOT.search(file.path) and not _LISTS.search(file.path) and file.size < 500_000

    def read(self, source: SourceFile) -> None:
        if source.file.suffix != ".feature" and source.path.count("/") > 4:
            return
        self._files += 1
        kept = 0
        for requirement in _scenarios(source) if source.file.suffix == ".feature" else _prose(source):
            self._total += 1
            if kept < MAX_PER_FILE and len(self._found) < MAX_FOUND:
                self._found.append(requirement)
                kept += 1

    def finish(self, files: Files) -> Fact:
        return Requirements(found=tuple(self._found), total=self._total, files=self._files)


def _scenarios(source: SourceFile) -> list[Requirement]:
    found, feature = [], ""
    for number, line in enumerate(source.lines, 1):
        if match := _SCENARIO.match(line[:_CUT]):
            if match[1] in ("Feature", "Rule"):
                feature = cut(match[2], 120)
            else:
                at = Source(path=source.path, line=number)
                found.append(Requirement(kind="scenario", text=cut(match[2], 240), source=at, section=feature))
    return found


def _prose(source: SourceFile) -> list[Requirement]:
    about = bool(_ABOUT.search(source.path))
    stories = b"as a" in source.data.lower()
    found, section, fenced, relevant = [], "", False, about
    for number, raw in enumerate(source.lines, 1):
        line = raw[:_CUT]
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        if fenced:
            continue
        if "#" in line and (heading := _HEADING.match(line)):
            section = _MARKUP.sub("", redact(heading[1])).strip()[:120]
            relevant = about or bool(_ABOUT.search(section.replace(" ", "-")))
            continue
        if not (relevant or stories):
            continue
        item = _ITEM.match(line)
        kind = _kind(line, relevant, item is not None)
        if kind:
            text = item[2] if item else line.strip().lstrip("-*+>|0123456789.) ")
            done = item[1] in "xX" if item else None
            at = Source(path=source.path, line=number)
            plain = _MARKUP.sub("", redact(text)).strip(" |")[:240]
            found.append(Requirement(kind=kind, text=plain, source=at, section=section, done=done))
    return found


def _kind(line: str, relevant: bool, item: bool) -> str:
    if _STORY.match(line):
        return "story"
    if not relevant:
        return ""
    if item:
        return "item"
    return "sentence" if _NUMBERED.match(line) or (_MODAL.search(line) and len(line) > 20) else ""
