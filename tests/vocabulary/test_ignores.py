"""Words by which a line asks a tool to look away: each row does what it says on its own line."""

from __future__ import annotations

import pytest

from orchestrator.evidence.ignoring import ANCHORS, asked_in
from orchestrator.vocabulary import Ignore, ignores

ROWS = [pytest.param(row, id=f"{row.tool}-{row.reach}-{number}") for number, row in enumerate(ignores())]


@pytest.mark.parametrize("row", ROWS)
def test_its_own_line(row: Ignore) -> None:
    """
    The line of the row makes its request, and its counterpart makes none of that tool.
    """
    asked = [one for one in asked_in(row.path, f"{row.line}\nx\n") if one.tool == row.tool]

    assert [(1, row.tool)] == [(one.line, one.tool) for one in asked]
    assert set(asked[0].about) <= {row.kind, *row.rules}
    assert [] == [one for one in asked_in(row.path, f"{row.unlike}\nx\n") if one.tool == row.tool]


@pytest.mark.parametrize("row", ROWS)
def test_is_found(row: Ignore) -> None:
    """
    A file that has the row's line has one of the words by which files are chosen.
    """
    assert any(word in row.line.lower().encode() for word in ANCHORS)
    assert row.word == row.word.lower()
    assert row.word in row.line.lower()


@pytest.mark.parametrize("row", ROWS)
def test_rules_are_names(row: Ignore) -> None:
    """
    What needs the name of a rule knows some, and an unknown name makes no request.
    """
    assert not row.needs_rules or row.rules
    assert frozenset() == row.about(("Nobody's (rule)",))
