"""Tells the headings of Markdown, reStructuredText and AsciiDoc from text, line by line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ...redaction import cut, redact
from ..facts.documents import Heading

MAX_HEADINGS = 300
_CUT = 500
_ATX = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*)$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_RST = re.compile(r"^([=\-`:'\"~^_*+#<>.!$%&,/;?@|])\1{2,}[ \t]*$")
_ASCIIDOC = re.compile(r"^(={1,6})[ \t]+(\S.*)$")
_TITLE = re.compile(r"^title:\s*(.+)$")
_MARKUP = re.compile(r"[*_`]{1,3}|<[^<>]{1,200}>|\[\]\([^()]{0,200}\)")
_IMAGE = re.compile(r"!\[[^\[\]]{0,200}\]\([^()]{0,300}\)")
_LINK = re.compile(r"\[([^\[\]]{0,200})\]\([^()]{0,300}\)")


@dataclass
class Prose:
    """The headings of one document, and how many words it has."""

    title: str = ""
    words: int = 0
    headings: list[Heading] = field(default_factory=list)
    _below: list[int] = field(default_factory=list)

    def head(self, level: int, text: str, line: int) -> None:
        if len(self.headings) >= MAX_HEADINGS:
            return
        plain = _MARKUP.sub("", _LINK.sub(r"\1", _IMAGE.sub("", redact(text)))).strip().strip("#").strip()
        if plain:
            self.headings.append(Heading(level=level, text=plain[:200], line=line))
            self._below.append(0)

    def count(self, line: str) -> None:
        words = len(line.split())
        self.words += words
        if self._below:
            self._below[-1] += words

    def uncount(self, line: str) -> None:
        """Take back a line of text that turned out to be a heading."""
        words = len(line.split())
        self.words -= words
        if self._below:
            self._below[-1] -= words

    def done(self) -> Prose:
        self.headings = [
            h.model_copy(update={"words": words}) for h, words in zip(self.headings, self._below, strict=True)
        ]
        return self


def read(suffix: str, lines: Sequence[str]) -> Prose:
    """The headings of a document whose file name ends in *suffix*."""
    if suffix == ".rst":
        return _restructured(lines)
    if suffix in (".adoc", ".asciidoc"):
        return _asciidoc(lines)
    if suffix == ".txt":
        return _plain(lines)
    return _markdown(lines)


def _markdown(lines: Sequence[str]) -> Prose:
    prose, fence, comment, previous = Prose(), "", False, ""
    start = _front_matter(lines, prose)
    for number, raw in enumerate(lines[start:], start + 1):
        line = raw[:_CUT].rstrip("\r")
        if comment:
            comment = "-->" not in line
            continue
        if fence:
            mark = _FENCE.match(line)
            if mark and mark[1].startswith(fence):
                fence = ""
            else:
                prose.count(raw)
            continue
        if mark := _FENCE.match(line):
            fence, previous = mark[1], ""
            continue
        if line.lstrip().startswith("<!--"):
            comment = "-->" not in line
            continue
        if heading := _ATX.match(line):
            prose.head(len(heading[1]), heading[2], number)
            previous = ""
            continue
        if _UNDERLINE.match(line) and previous and not previous.lstrip().startswith(("-", "*", "|", ">", "#")):
            prose.uncount(previous)
            prose.head(1 if "=" in line else 2, previous, number - 1)
            previous = ""
            continue
        prose.count(raw)
        previous = line.strip() and line
    return prose.done()


def _front_matter(lines: Sequence[str], prose: Prose) -> int:
    """The index of the first line after a YAML header, whose title is taken."""
    if not lines or lines[0].strip() != "---":
        return 0
    for number, line in enumerate(lines[1:200], 1):
        if line.strip() in ("---", "..."):
            return number + 1
        if title := _TITLE.match(line[:_CUT]):
            prose.title = cut(title[1].strip().strip("\"'"), 200)
    prose.title = ""
    return 0


def _restructured(lines: Sequence[str]) -> Prose:
    prose = Prose()
    styles: list[str] = []
    previous, before = "", ""
    for number, raw in enumerate(lines, 1):
        line = raw[:_CUT].rstrip()
        rule = _RST.match(line)
        if rule and previous and not _RST.match(previous) and len(line) >= min(len(previous), 4):
            style = rule[1] + ("^" if _RST.match(before) else "")
            if style not in styles:
                styles.append(style)
            prose.uncount(previous)
            prose.head(styles.index(style) + 1, previous.strip(), number - 1)
            previous, before = "", ""
            continue
        if not rule:
            prose.count(raw)
        previous, before = line, previous
    return prose.done()


def _asciidoc(lines: Sequence[str]) -> Prose:
    prose, block = Prose(), ""
    for number, raw in enumerate(lines, 1):
        line = raw[:_CUT].rstrip()
        if block:
            block = "" if line == block else block
            prose.count(raw)
        elif line in ("----", "....", "////", "++++"):
            block = line
        elif heading := _ASCIIDOC.match(line):
            prose.head(len(heading[1]), heading[2], number)
        else:
            prose.count(raw)
    return prose.done()


def _plain(lines: Sequence[str]) -> Prose:
    prose = Prose()
    for line in lines:
        prose.count(line)
    return prose
