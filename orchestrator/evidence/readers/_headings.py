"""Tells the headings of Markdown, reStructuredText and AsciiDoc from text, and which sections say something."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ...redaction import cut, redact
from ..facts.documents import Heading, Passage
from ..inforce import documents as inforce
from ..inforce.force import IN_FORCE, Force, void
from ._dated import DatedLines
from ._listings import listed
from ._passages import passages

MAX_HEADINGS = 300
MAX_PROSE = 400
"""So many lines of a section are judged; what they do not say, those after them do not either."""
MAX_LINES = 2_000
"""So many lines of a document are kept while it is read."""
_PROSE = 3
"""Fewer words beside a block of code are none."""
_AFTERWARDS = 2
"""So many lines may follow the one that denies all that is written before it."""
_CUT = 500
_LONG = 4_000
_ATX = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.*)$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_TEXT = re.compile(r"[ \t]*(?:text|txt|plain|plaintext|md|markdown)?[ \t]*$", re.IGNORECASE)
_UNDERLINE = re.compile(r"^ {0,3}(=+|-+)[ \t]*$")
_RST = re.compile(r"^([=\-`:'\"~^_*+#<>.!$%&,/;?@|])\1{2,}[ \t]*$")
_ASCIIDOC = re.compile(r"^(={1,6})[ \t]+(\S.*)$")
_RST_COMMENT = re.compile(r"^\.\.(?![ \t]+(\[|_|\||[\w:-]+::))(?:[ \t]|$)")
_TITLE = re.compile(r"^title:\s*(.+)$")
_MARKUP = re.compile(r"[*_`]{1,3}|<[^<>]{1,200}>|\[\]\([^()]{0,200}\)")
_IMAGE = re.compile(r"!\[[^\[\]]{0,200}\]\([^()]{0,300}\)")
_LINK = re.compile(r"\[([^\[\]]{0,200})\]\([^()]{0,300}\)")


class Line(NamedTuple):
    """A line of prose that is no code, with its number and the line of the heading it stands below (0: none)."""

    number: int
    section: int
    text: str


@dataclass
class Part:
    """What stands below one heading, before the next."""

    words: int = 0
    prose: list[str] = field(default_factory=list)
    """Its first lines, without code."""
    force: Force = IN_FORCE


@dataclass
class Prose:
    """The headings of one document, how many words it has, and which of its sections are not in force."""

    title: str = ""
    words: int = 0
    headings: list[Heading] = field(default_factory=list)
    dated: DatedLines = field(default_factory=DatedLines)
    passages: list[Passage] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    """Its first lines of prose, for who looks for what they say."""
    left_out: list[tuple[Heading | None, Force]] = field(default_factory=list)
    """Sections that say nothing or no longer hold; None for the document as a whole."""
    _parts: list[Part] = field(default_factory=lambda: [Part()])
    _denied: str = ""
    _since: int = 0
    _coded: int = 0

    def head(self, level: int, text: str, line: int) -> None:
        if len(self.headings) >= MAX_HEADINGS:
            return
        plain = _MARKUP.sub("", _LINK.sub(r"\1", _IMAGE.sub("", redact(text)))).strip().strip("#").strip()
        if plain:
            self.headings.append(Heading(level=level, text=plain[:200], line=line))
            self._parts.append(Part())
            self.dated.end()
            self.dated.take(plain, line, line)

    def count(self, line: str, number: int = 0, *, code: bool = False, quoted: bool = False) -> None:
        """Take in a line of text; of code, and of text that is only *quoted*, how much it is."""
        part = self._parts[-1]
        if not code:
            self.dated.take(line[:_CUT], number, self.headings[-1].line if self.headings else 0)
            line = inforce.kept(line[:_LONG]) + line[_LONG:]
            self._listen(line[:_LONG])
            if len(self.lines) < MAX_LINES:
                self.lines.append(Line(number, self.headings[-1].line if self.headings else 0, line[:_LONG]))
            if len(part.prose) < MAX_PROSE:
                part.prose.append(line[:_LONG])
        words = _count(line)
        self.words += words
        part.words += words
        self._coded += words if quoted else 0

    def _listen(self, line: str) -> None:
        """A denial with which a document ends is one of all of it."""
        if said := inforce.denial(line):
            self._denied, self._since = said, 0
        elif line.strip():
            self._since += 1

    def uncount(self, line: str) -> None:
        """Take back a line of text that turned out to be a heading."""
        part = self._parts[-1]
        words = _count(inforce.kept(line[:_LONG]))
        self.words -= words
        part.words -= words
        if part.prose:
            part.prose.pop()
        if self.lines and len(self.lines) < MAX_LINES:
            self.lines.pop()

    def done(self) -> Prose:
        before, *below = self._parts
        if self.words - self._coded < _PROSE < self._coded:
            self.left_out.append((None, void("all of it is a block of quoted text")))
            self.words, self.headings = 0, []
            return self
        opened = [before, *below[:1]] if self.headings and self.headings[0].level == 1 else [before]
        whole = void(f"it says '{self._denied}'") if self._denied and self._since < _AFTERWARDS else IN_FORCE
        for part in opened:
            whole = whole and inforce.whole(part.prose)
        if not whole:
            self.left_out.append((None, whole))
            self.words, self.headings = 0, []
            return self
        spoken = [(0, self.title, before.prose)]
        kept: list[Heading] = []
        shut: tuple[int, Force] | None = None
        for heading, part in zip(self.headings, below, strict=True):
            if shut is not None and heading.level > shut[0]:
                force = shut[1]
            else:
                force = inforce.heading(heading.text) and inforce.section(part.prose)
                shut = None if force else (heading.level, force)
                if not force:
                    self.left_out.append((heading, force))
            if force:
                kept.append(heading.model_copy(update={"words": part.words}))
                spoken.append((heading.line, heading.text, part.prose))
            else:
                self.words -= part.words
        self.headings = kept
        if not below and not inforce.section(before.prose):
            self.left_out.append((None, inforce.section(before.prose)))
            self.words = 0
            return self
        self.passages = passages(spoken)
        return self


def _count(line: str) -> int:
    """How many words *line* has; signs alone, as between the cells of a table, are none."""
    return sum(1 for word in line.split() if word[0].isalnum() or _SPEAKS.search(word))


_SPEAKS = re.compile(r"[^\W_]")


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
    prose, fence, quoted, comment, previous = Prose(), "", False, False, ""
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
                prose.count(raw, code=True, quoted=quoted)
            continue
        if mark := _FENCE.match(line):
            fence, previous = mark[1], ""
            quoted = _TEXT.match(line, mark.end()) is not None
            continue
        if "<!--" in line:
            raw, comment = _uncommented(raw)
            line = raw[:_CUT].rstrip("\r")
            if not line.strip():
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
        prose.count(raw, number)
        previous = line.strip() and line
    return prose.done()


def _uncommented(line: str) -> tuple[str, bool]:
    """*line* without comments, and whether the last of them goes on."""
    kept, opened, rest = line.partition("<!--")
    while opened:
        _, closed, rest = rest.partition("-->")
        if not closed:
            return kept, True
        more, opened, rest = rest.partition("<!--")
        kept += more
    return kept, False


def _front_matter(lines: Sequence[str], prose: Prose) -> int:
    """The index of the first line after a YAML header, whose title is taken."""
    if not lines or lines[0].strip() != "---":
        return 0
    for number, line in enumerate(lines[1:200], 1):
        if line.strip() in ("---", "..."):
            return number + 1
        if re.match(r"(?:status|state)\s*:", line, re.IGNORECASE):
            prose.count(line[:_CUT], number)  # it says of the whole what it is
        if title := _TITLE.match(line[:_CUT]):
            prose.title = cut(title[1].strip().strip("\"'"), 200)
    prose.title = ""
    return 0


def _restructured(lines: Sequence[str]) -> Prose:
    prose = Prose()
    styles: list[str] = []
    previous, before, comment = "", "", False
    shown = listed(".rst", lines)
    for number, raw in enumerate(lines, 1):
        line = raw[:_CUT].rstrip()
        if number in shown:
            prose.count(raw, code=True)
            continue
        rule = _RST.match(line)
        if rule and previous and not _RST.match(previous) and len(line) >= min(len(previous), 4):
            style = rule[1] + ("^" if _RST.match(before) else "")
            if style not in styles:
                styles.append(style)
            prose.uncount(previous)
            prose.head(styles.index(style) + 1, previous.strip(), number - 1)
            previous, before = "", ""
            continue
        if not rule and not (comment := _comments(raw, comment)):
            prose.count(raw, number)
        previous, before = line, previous
    return prose.done()


def _comments(line: str, comment: bool) -> bool:
    """Whether *line* is one of a comment, where the line before was (*comment*) or was not."""
    if _RST_COMMENT.match(line[:_CUT]):
        return True
    return comment and (not line.strip() or line[0] in " \t")


def _asciidoc(lines: Sequence[str]) -> Prose:
    prose, block = Prose(), ""
    for number, raw in enumerate(lines, 1):
        line = raw[:_CUT].rstrip()
        if block:
            if line == block:
                block = ""
            elif block != "////":
                prose.count(raw, code=True)
        elif line.startswith("//"):
            block = line if line == "////" else ""
        elif line in ("----", "....", "////", "++++"):
            block = line
        elif heading := _ASCIIDOC.match(line):
            prose.head(len(heading[1]), heading[2], number)
        else:
            prose.count(raw, number)
    return prose.done()


def _plain(lines: Sequence[str]) -> Prose:
    prose = Prose()
    for number, line in enumerate(lines, 1):
        prose.count(line, number)
    return prose.done()
