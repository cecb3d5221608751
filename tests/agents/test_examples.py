"""Every check is held to its own examples."""

from __future__ import annotations

import pytest

from orchestrator.checks import Check, Example, Shows
from orchestrator.domain.finding import Status
from orchestrator.engine.roster import built_in
from orchestrator.testing import drafts_of

CHECKS = {check.id: check for agent in built_in() for check in agent.checks}
KINDS = ("clean", "flagged", "silent")
CASES = [(c.id, kind, n) for c in CHECKS.values() for kind in KINDS for n in range(len(getattr(c, kind)))]


@pytest.mark.parametrize(("name", "kind", "number"), CASES)
def test_example(name: str, kind: str, number: int) -> None:
    """
    A check passes and fails exactly where its examples say so.
    """
    check: Check = CHECKS[name]
    example: Example = getattr(check, kind)[number]
    statuses = {draft.status for draft in drafts_of(check, example.files)}

    if kind == "clean":
        assert Status.FAIL not in statuses, example.title
        assert Shows.PASS not in check.shows or Status.PASS in statuses, example.title
    elif kind == "flagged" and Shows.FAIL in check.shows:
        assert Status.FAIL in statuses, example.title
    elif kind == "flagged":
        assert Status.PASS not in statuses, example.title
    else:
        assert not statuses & {Status.PASS, Status.FAIL}, example.title


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_carries_examples(name: str) -> None:
    """
    A check without a clean and a flagged example is not a check, and its first line says what it looks at.
    """
    check = CHECKS[name]

    assert check.clean, name
    assert check.flagged, name
    assert check.doc, name
