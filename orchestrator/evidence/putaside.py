"""Tells from a path alone that a file is set aside: kept for memory, about the product, or switched off by its name."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from ..vocabulary import folders

_PROGRAMS = re.compile(r"(^|/)(src|lib|libs|app|apps|internal|pkg|cmd|packages|modules/[\w.-]+)/")
"""Below one of these, folders are parts of a program, called after what it is about."""


class _Words(NamedTuple):
    folder: re.Pattern[str]
    of_documents: re.Pattern[str]
    name: re.Pattern[str]
    of_tests: re.Pattern[str]


@cache
def _words() -> _Words:
    """The vocabulary as patterns: folders, those that count for documents too, and ends of names."""

    def among(*kinds: str) -> str:
        return "|".join(re.escape(row.word) for row in folders() if row.counts_for in kinds)

    folder = rf"(?:^|/)(?:{among('everything', 'top documents', 'no documents')})/|^(?:{among('the top')})/"
    of_documents = rf"(?:^|/)(?:{among('everything')})/|^(?:{among('top documents', 'the top')})/"
    return _Words(
        re.compile(folder, re.IGNORECASE),
        re.compile(of_documents, re.IGNORECASE),
        re.compile(rf"(?:^|/)(?:[^/.]|\.(?!env\b))[^/]*(?:{among('names')})$", re.IGNORECASE),
        re.compile(rf"(?:^|/)(?:tests?|specs?|__tests__|e2e)/(?:.*/)?(?:{among('tests')})/", re.IGNORECASE),
    )


def set_aside(path: str, *, program: bool = False, document: bool = False) -> str:
    """
    The folder that sets the file at *path* aside, or the whole path where its name does; empty where nothing does.

    Args:
        path: Where it lies.
        program: It is source code: then only a folder at the top of the tree says so, since further down it may be the
            name of a package.
        document: It is prose, which is about what its folder is called more often than it is part of it.
    """
    words = _words()
    if words.name.search(path):
        return path
    if given := words.of_tests.search(path):
        return path[: given.end()]
    head = path[: found.start() + 1] if (found := _PROGRAMS.search(path)) else path
    match = (words.of_documents if document else words.folder).search(head)
    if match is None or (program and match.start() > 0):
        return ""
    return path[: match.end()]
