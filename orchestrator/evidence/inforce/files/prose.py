"""Tells which lines of a document still hold: none that is withdrawn, denied, struck out, quoted, or to be done."""

from __future__ import annotations

import re

from .. import documents
from ..force import IN_FORCE, Force, unknown, void
from .spans import Found

SUFFIXES = (".md", ".mdx", ".markdown", ".rst", ".adoc", ".asciidoc")
_HEADING = re.compile(r" {0,3}(#{1,6}|={1,6})[ \t]+(\S.*)")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_MAX_BYTES = 1_000_000
_LONG = 4_000
_AFTERWARDS = 2
"""So many lines may follow the one that denies all that is written before it."""
_QUOTED = void("stands in a block of code")
_OPEN_BOX = unknown("is a box that nobody has ticked")


def read(data: bytes) -> Found:
    """What of a document is no longer so, not yet so, or only quoted."""
    found = Found()
    if len(data) > _MAX_BYTES:
        return found
    _Document(data, found).judge()
    return found


class _Section:
    """What stands below one heading."""

    def __init__(self, level: int, title: str, start: int) -> None:
        self.level = level
        self.title = title
        self.start = start
        self.lines: list[str] = []


class _Document:
    """One document while it is read."""

    def __init__(self, data: bytes, found: Found) -> None:
        self._data = data
        self._found = found
        self._sections = [_Section(0, "", 0)]

    def judge(self) -> None:
        """Note what is not in force of it."""
        self._cut()
        whole = self._whole()
        if not whole:
            self._found.add(0, len(self._data), whole)
            return
        ends = [*(section.start for section in self._sections[1:]), len(self._data)]
        shut: tuple[int, Force] | None = None
        for section, end in zip(self._sections, ends, strict=True):
            if shut is not None and section.level > shut[0]:
                force = shut[1]
            else:
                force = documents.heading(section.title) and documents.section(section.lines)
                shut = None if force or not section.level else (section.level, force)
            if not force:
                self._found.add(section.start, end, force)

    def _cut(self) -> None:
        """Find its sections, and what in them is quoted, struck out or commented out."""
        place, fence, opened, boxed = 0, "", 0, False
        comment = -1
        for raw in self._data.split(b"\n"):
            line = raw[:_LONG].decode("latin-1")  # a character a byte, so that places are the same
            after = place + len(raw) + 1
            mark = _FENCE.match(line)
            if fence:
                if mark and mark[1].startswith(fence):
                    self._found.add(opened, after, _QUOTED)
                    fence = ""
            elif comment >= 0 or "<!--" in line:
                comment = comment if comment >= 0 else place + line.index("<!--")
                if (closed := line.find("-->", max(0, comment - place))) >= 0:
                    self._found.comments.append((comment, place + closed + 3))
                    comment = -1
            elif mark:
                fence, opened = mark[1], place
            elif heading := _HEADING.match(line):
                self._sections.append(_Section(len(heading[1]), heading[2], place))
                boxed = False
            else:
                self._found.comments.extend((place + a, place + b) for a, b in documents.taken_back(line))
                self._sections[-1].lines.append(raw[:_LONG].decode("utf-8", "replace"))
                boxed = documents.box(line) or (boxed and line[:1] in (" ", "\t"))
                if boxed:
                    self._found.add(place, after, _OPEN_BOX)
            place = after
        if fence:
            self._found.add(opened, len(self._data), _QUOTED)
        if comment >= 0:
            self._found.comments.append((comment, len(self._data)))

    def _whole(self) -> Force:
        """What the document says of itself, before its first section or at its end."""
        first = self._sections[1] if len(self._sections) > 1 and self._sections[1].level == 1 else None
        for section in (self._sections[0], first):
            if section is not None and not (force := documents.whole(section.lines)):
                return force
        last = [line for section in self._sections for line in section.lines if line.strip()][-_AFTERWARDS:]
        said = next((said for line in last if (said := documents.denial(line))), "")
        return void(f"it says '{said}'") if said else IN_FORCE
