"""Tells which lines of a Dockerfile have an effect, as far as comments and its name tell."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..force import unknown
from ..images import of_dockerfile
from .spans import Found

_COMMENT = re.compile(rb"^[ \t]*#[^\n]*", re.MULTILINE)
_COPIED = re.compile(
    rb"^[ \t]*(?:COPY|ADD)[ \t][^\n]{0,200}?<<-?[\"']?(?P<tag>\w{1,60})[\"']?[^\n]*\n", re.MULTILINE | re.IGNORECASE
)
_IN_A_FILE = unknown("is part of a file that the image gets, of which nobody knows what it is for")


def reader(path: str) -> Callable[[bytes], Found]:
    """What reads the file at *path*."""
    return lambda data: read(data, path)


def read(data: bytes, path: str) -> Found:
    """Its comments; and all of it, where its image is not for production."""
    found = Found(comments=[match.span() for match in _COMMENT.finditer(data)])
    for copied in _COPIED.finditer(data):
        end = data.find(b"\n" + copied["tag"] + b"\n", copied.end() - 1)
        found.add(copied.end(), end if end >= 0 else len(data), _IN_A_FILE)
    if not (force := of_dockerfile(path)):
        found.add(0, len(data), force)
    return found
