"""Every word of a pattern is there for a line: it finds that line, and near misses pass it by."""

from __future__ import annotations

import pytest

from tests.patterns.reading import lines, matches, patterns

LINES = lines()


@pytest.mark.parametrize("path", sorted(LINES))
def test_lines(path: str) -> None:
    """
    A pattern finds the lines that its words were written for, and leaves those that only look like them.
    """
    held = patterns(path)
    wrong = [
        f"{name} {'misses' if expected else 'finds'} {line!r}"
        for name, said in LINES[path].items()
        for expected, those in ((True, said.get("finds", [])), (False, said.get("leaves", [])))
        for line in those
        if matches(held[name], said.get("how", "search"), line) is not expected
    ]

    assert not wrong
