"""Every check is held to its own examples."""

from __future__ import annotations

import pytest

from orchestrator.contract.checks import Check, Counted, Example, Shows
from orchestrator.contract.testing import drafts_of
from orchestrator.domain.finding import Status
from orchestrator.domain.measure import Measure
from orchestrator.planning.roster import built_in

CHECKS = {check.id: check for agent in built_in() for check in agent.checks}
KINDS = ("clean", "flagged", "silent")
CASES = [(c.id, kind, n) for c in CHECKS.values() for kind in KINDS for n in range(len(getattr(c, kind)))]


@pytest.mark.parametrize(("name", "kind", "number"), CASES)
def test_example(name: str, kind: str, number: int) -> None:
    """
    A check passes and fails exactly where its examples say so, and says of an absence that it is one.
    """
    check: Check = CHECKS[name]
    example: Example = getattr(check, kind)[number]
    drafts = drafts_of(check, example.files)
    statuses = {draft.status for draft in drafts}

    if kind == "clean":
        assert Status.FAIL not in statuses, example.title
        assert Shows.PASS not in check.shows or Status.PASS in statuses, example.title
    elif kind == "flagged" and Shows.FAIL in check.shows:
        assert Status.FAIL in statuses, example.title
    elif kind == "flagged":
        assert Status.PASS not in statuses, example.title
    else:
        assert not statuses & {Status.PASS, Status.FAIL}, example.title
    for draft in drafts:
        if draft.status is Status.FAIL and draft.at is None:
            assert not all(isinstance(ground, Counted) for ground in draft.evidence), draft.message


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_carries_examples(name: str) -> None:
    """
    A check without a clean and a flagged example is not a check, and its first line says what it looks at.
    """
    check = CHECKS[name]

    assert check.clean, name
    assert check.flagged, name
    assert check.doc, name


def drafts_with_measures(name: str) -> list[tuple[Status, Measure]]:
    """What the examples of one check measure."""
    examples = [example for kind in KINDS for example in getattr(CHECKS[name], kind)]
    drafts = [draft for example in examples for draft in drafts_of(CHECKS[name], example.files)]
    return [(draft.status, draft.measure) for draft in drafts if draft.measure is not None]


MEASURING = (
    "database-migrator.backups.thirty-days",
    "deployment-orchestrator.availability.single-instances",
    "gap-analyzer.disaster-recovery.retention",
    "gap-analyzer.reporting.audit-logs-are-kept",
    "integration-tester.building.tested-on-every-commit",
    "monitoring-validator.alerting.error-rate-alert",
    "monitoring-validator.audit-stores.records-kept-a-year",
    "monitoring-validator.dashboards.live-dashboards",
    "monitoring-validator.log-days.service-logs-keep-thirty-days",
    "monitoring-validator.log-stores.log-groups-keep-thirty-days",
    "monitoring-validator.log-stores.loki-keeps-thirty-days",
    "performance-validator.assets.image-formats",
    "performance-validator.cache-server.hit-rate",
    "performance-validator.load.committed-report",
)
"""Checks that hold a number of the tree against a limit that the criterion names."""


@pytest.mark.parametrize("name", MEASURING)
def test_measures(name: str) -> None:
    """
    What such a check holds against a limit stands in the finding as a number.
    """
    assert drafts_with_measures(name)


@pytest.mark.parametrize("name", sorted(CHECKS))
def test_measure_agrees(name: str) -> None:
    """
    A pass keeps the limit that it shows, a failure does not, and a name always means the same unit and direction.
    """
    meant: dict[str, set[tuple[str, bool, bool]]] = {}
    for status, measure in drafts_with_measures(name):
        least, most = measure.at_least, measure.at_most
        holds = (least is None or measure.value >= least) and (most is None or measure.value <= most)
        meant.setdefault(measure.name, set()).add((measure.unit, least is None, most is None))

        assert holds or status is not Status.PASS, measure
        assert not holds or status is not Status.FAIL or least is most is None, measure

    assert [] == [name for name, meanings in meant.items() if len(meanings) > 1]
