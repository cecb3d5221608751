"""Tells which lines of a Dockerfile have an effect, as far as comments and its name tell."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..images import of_dockerfile
from .spans import Found

_COMMENT = re.compile(rb"^[ \t]*#[^\n]*", re.MULTILINE)


def reader(path: str) -> Callable[[bytes], Found]:
    """What reads the file at *path*."""
    return lambda data: read(data, path)


def read(data: bytes, path: str) -> Found:
    """Its comments; and all of it, where its image is not for production."""
    found = Found(comments=[match.span() for match in _COMMENT.finditer(data)])
    if not (force := of_dockerfile(path)):
        found.add(0, len(data), force)
    return found
