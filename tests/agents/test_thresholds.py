"""Each number that a check holds something against, from both sides: the last that will not do, the first that does."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from orchestrator.contract.testing import drafts_of
from orchestrator.planning.roster import built_in

CHECKS = {check.id: check for agent in built_in() for check in agent.checks}
LIMITS = yaml.safe_load(Path(__file__).with_name("limits.yaml").read_text())


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: f"{limit['check']}-{limit['below']}-{limit['above']}")
def test_limit(limit: dict[str, object]) -> None:
    """
    An example in which one number is another: up to here it is said that, and from there on this.
    """
    example = getattr(CHECKS[str(limit["check"])], str(limit["kind"]))[limit["example"]]
    said = []
    for number in (limit["below"], limit["above"]):
        before, after = f"{limit['behind']}{limit['number']}", f"{limit['behind']}{number}"
        files = {path: text.replace(before, after, 1) for path, text in example.files.items()}
        assert files != example.files or str(number) == limit["number"]
        said.append(sorted({draft.status.value for draft in drafts_of(CHECKS[str(limit["check"])], files)}))

    assert [limit["says_below"], limit["says_above"]] == said
