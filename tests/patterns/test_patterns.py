"""Every word of a pattern is there for a line: it finds that line, and near misses pass it by."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.patterns.reading import Lines, Pattern, keep, lines, matches, patterns

LINES = lines()


def wrong(said: dict[str, Lines], held: dict[str, Pattern]) -> Iterator[tuple[str, str]]:
    """The lines that do not fare as they should, each with the name of its pattern."""
    for name, those in said.items():
        for expected, group in ((True, those.get("finds", [])), (False, those.get("leaves", []))):
            for line in group:
                if name not in held or matches(held[name], those.get("how", "search"), line) is not expected:
                    yield name, line


@pytest.mark.parametrize("path", sorted(LINES))
def test_lines(path: str) -> None:
    """
    A pattern finds the lines that its words were written for, and leaves those that only look like them.

    ``UPDATE_SNAPSHOTS=1`` with ``-n0`` strikes out lines of words that are gone: read which before it is committed.
    """
    found = list(wrong(LINES[path], patterns(path)))
    if os.environ.get("UPDATE_SNAPSHOTS"):
        keep(path, set(found))
        found = []

    assert [] == found
