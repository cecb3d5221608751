"""Leaves of a file that holds more than a program nothing but the program, each byte where it was."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SCRIPT = re.compile(rb"<script\b([^>]{0,300})>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_TYPED = re.compile(rb"\blang\s*=\s*[\"']?ts", re.IGNORECASE)
_TAG = re.compile(rb"<%(?!%)(#?)[-=]*(.*?)[-=]?%>", re.DOTALL)
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_NOT_BLANK = re.compile(rb"[^\r\n]")


@dataclass(frozen=True, slots=True)
class Program:
    """
    The program that a file holds.

    Args:
        data: The file with all else blanked.
        language: What it is written in.
        comments: Where the rest of the file has comments.
    """

    data: bytes
    language: str
    comments: tuple[tuple[int, int], ...] = ()


def component(data: bytes) -> Program:
    """The scripts of a component of Vue or Svelte."""
    found = list(_SCRIPT.finditer(data))
    typed = any(_TYPED.search(match[1]) for match in found)
    kept = _only(data, [match.span(2) for match in found])
    return Program(kept, "typescript" if typed else "javascript", _comments(data, kept))


def template(data: bytes) -> Program:
    """The Ruby in a template of ERB, its pieces ended like statements."""
    found = list(_TAG.finditer(data))
    kept = bytearray(_only(data, [match.span(2) for match in found if not match[1]]))
    for match in found:
        kept[match.end() - 1] = ord("\n")
    told = tuple(match.span() for match in found if match[1])
    return Program(bytes(kept), "ruby", tuple(sorted((*told, *_comments(data, bytes(kept))))))


def _comments(data: bytes, program: bytes) -> tuple[tuple[int, int], ...]:
    """The comments of markup that do not lie in the program."""
    return tuple(match.span() for match in _COMMENT.finditer(data) if program[match.start()] != data[match.start()])


def _only(data: bytes, spans: list[tuple[int, int]]) -> bytes:
    """*data* with all but *spans* blanked, its lines kept."""
    pieces = []
    last = 0
    for start, end in spans:
        pieces += [_NOT_BLANK.sub(b" ", data[last:start]), data[start:end]]
        last = end
    pieces.append(_NOT_BLANK.sub(b" ", data[last:]))
    return b"".join(pieces)
