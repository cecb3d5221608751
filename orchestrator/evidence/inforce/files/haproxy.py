"""Tells which lines of an HAProxy configuration have an effect."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..force import unknown, void
from .spans import Found

_SECTIONS = frozenset(
    {"global", "defaults", "frontend", "backend", "listen", "peers", "resolvers", "mailers", "cache", "userlist"}
    | {"program", "ring", "http-errors", "log-forward", "fcgi-app", "crt-store"}
)
_COMMENT = re.compile(rb"(?<!\\)#.*")
_NEVER = re.compile(r"\s(?:if\s+(?:FALSE|!TRUE)|unless\s+TRUE)\s*$")
_FALSE = frozenset({"0", "false", "bool(false)", "bool(0)"})
_HEADER = re.compile(r"http-(request|response|after-response)\s+(set|add|del|replace)-header\s+(\S+)")
_OPTION = re.compile(r"(no\s+)?option\s+(\S+)")
_USES = re.compile(r"(?:use_backend|default_backend)\s+(\S+)")


@dataclass
class _Section:
    kind: str
    name: str
    start: int
    lines: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.lines[-1][2] if self.lines else self.start


def read(data: bytes) -> Found:
    """What is not in force of *data*: comments, disabled or unused sections, rules that never hold or are undone."""
    found = Found()
    sections = _sections(data, found)
    said = [text for section in sections for text, _, _ in section.lines]
    used = {match[1] for text in said if (match := _USES.match(text))}
    open_names = any("%" in name or "$" in name for name in used)
    entries = any(section.kind in ("frontend", "listen") for section in sections)
    for section in sections:
        if any(text == "disabled" for text, _, _ in section.lines):
            found.add(section.start, section.end, void("is in a section that is disabled"))
        elif section.kind == "backend" and section.name not in used and entries:
            why = "is in a backend that no frontend uses"
            found.add(section.start, section.end, unknown(why) if open_names else void(why))
        _lines(section, found)
    return found


def _sections(data: bytes, found: Found) -> list[_Section]:
    sections: list[_Section] = []
    place, off = 0, 0
    for raw in data.split(b"\n"):
        code = raw
        if (comment := _COMMENT.search(raw)) is not None and _outside(raw, comment.start()):
            found.comments.append((place + comment.start(), place + len(raw)))
            code = raw[: comment.start()]
        text = code.decode("utf-8", "replace").strip()
        words = text.split()
        off = _depth(words, off)
        if off:
            found.add(place, place + len(raw), void("is under a condition that is never true"))
            place += len(raw) + 1
            continue
        if words and words[0] in _SECTIONS:
            sections.append(_Section(words[0], words[1] if len(words) > 1 else "", place))
        if words and sections:
            sections[-1].lines.append((text, place, place + len(raw)))
        place += len(raw) + 1
    return sections


def _depth(words: list[str], off: int) -> int:
    """How many conditions of the preprocessor deep a line of *words* lies, from one that is never true on; else 0."""
    if words[:1] == [".if"] and (off or "".join(words[1:]) in _FALSE):
        return off + 1
    if off == 1 and words[:1] in ([".else"], [".elif"]):
        return 0
    return off - 1 if off and words == [".endif"] else off


def _outside(raw: bytes, place: int) -> bool:
    """Whether *place* is outside of quotes."""
    return raw.count(b'"', 0, place) % 2 == 0 and raw.count(b"'", 0, place) % 2 == 0


def _lines(section: _Section, found: Found) -> None:
    taken: set[tuple[str, str]] = set()
    options: set[str] = set()
    for text, start, end in reversed(section.lines):
        if _NEVER.search(text):
            found.add(start, end, void("is under a condition that is never true"))
        elif (header := _HEADER.match(text)) is not None:
            key = (header[1], header[3].lower())
            conditional = " if " in text or " unless " in text
            if header[2] == "del" and not conditional:
                taken.add(key)
            elif key in taken and header[2] != "del":
                found.add(start, end, void("is taken away again further down"))
        elif (option := _OPTION.match(text)) is not None:
            if option[2] in options:
                found.add(start, end, void("is set again further down"))
            options.add(option[2])
        elif text.startswith("server ") and text.split()[-1] == "disabled":
            found.add(start, end, void("is a server that is disabled"))
