"""Tells what is commented out in SQL, and which texts a query only gives back."""

from __future__ import annotations

import re

from ..force import void
from .spans import Found

_SIGNS = rb"--[^\n]*|/\*(?!!)|\$(?:[^\W\d]\w{0,60})?\$|'|\"[^\"\n]{0,300}\"|`[^`\n]{0,300}`|"
"""What MySQL reads in ``/*! … */`` is no comment."""
_NEXT = re.compile(_SIGNS + rb"^[ \t]*#[^\n]*", re.MULTILINE)
_NEXT_OF_MYSQL = re.compile(_SIGNS + rb"#[^\n]*")
_QUOTED = re.compile(rb"'[^']*+(?:''[^']*+)*+'?")
_GIVEN_BACK = re.compile(rb"(?:^|;|\*/|\n)\s*(?:SELECT|COMMENT\s+ON\s+[\w.\s\"]{1,200}?\sIS)\s*\Z", re.IGNORECASE)
_LOOK_BACK = 300
_MAX_COMMENTS = 100_000
TEXT = void("is a text that a query only gives back")


def read(data: bytes, mysql: bool = False) -> Found:
    """The comments of an SQL text; and literals that are all that a query selects."""
    found = Found()
    place, sought = 0, _NEXT_OF_MYSQL if mysql else _NEXT
    while (match := sought.search(data, place)) is not None and len(found.comments) < _MAX_COMMENTS:
        start, place = match.span()
        sign = match.group()
        if sign == b"/*":
            place = _after(data, b"*/", place)
            found.comments.append((start, place))
        elif sign.lstrip()[:1] == b"#" or sign.startswith(b"--"):
            found.comments.append((start, place))
        elif sign == b"'" or sign.startswith(b"$"):
            given_back = _GIVEN_BACK.search(data, max(0, start - _LOOK_BACK), start)
            if sign == b"'":
                place = _end_of_quoted(data, start)
            elif given_back:  # else it is the body of a function or a block, which is SQL too
                place = _after(data, sign, place)
            if given_back:
                found.add(start, place, TEXT)
    return found


def _after(data: bytes, sign: bytes, place: int) -> int:
    end = data.find(sign, place)
    return end + len(sign) if end >= 0 else len(data)


def _end_of_quoted(data: bytes, start: int) -> int:
    match = _QUOTED.match(data, start)
    return match.end() if match else start + 1
