"""Holds every check to telling how much there is, and never how much was kept of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from orchestrator.contract.checks import Check, Counted, Draft
from orchestrator.domain.fact import Source
from orchestrator.domain.finding import Status
from orchestrator.domain.ground import Absence
from orchestrator.planning.roster import built_in
from tests.agents.test_growth import facts_for
from tests.growing import FORMS, grown

CHECKS = {check.id: check for agent in built_in() for check in agent.checks}
MANY = 2_400
SOME = 130
"""More than any list holds that was ever told as a total: 5 of a file, 40 of a signal, 50, 100."""
_NUMBER = re.compile(r"(?<![\w.:/-])\d[\d,]*(?![\w.:/-]|\.\d)")
_SLACK = 12
"""What is said beside a total is told by name: ``… and 2,396 more``."""
NEWEST = frozenset(
    {
        "database-migrator.migration-runs.documented",
        "database-migrator.migrations.backward-compatible",
        "database-migrator.migrations.undoable",
        "database-migrator.zero-downtime.strategy",
        "deployment-orchestrator.rollback.newest-migrations",
    }
)
"""They judge the newest migrations, and say how many those are of how many."""
LIMITS = {
    "monitoring-validator.log-days.service-logs-keep-thirty-days": {30},
    "monitoring-validator.log-stores.log-groups-keep-thirty-days": {30},
}
"""Numbers of the criterion that are only said where there is more than one place."""


def told(draft: Draft) -> list[float]:
    """Every count in a finding: in its message, its evidence, its measure, and of its places."""
    numbers: list[float] = [int(found.replace(",", "")) for found in _NUMBER.findall(draft.message)]
    numbers += [item.number for item in draft.evidence if isinstance(item, Counted)]
    numbers += [part.number for item in draft.evidence if isinstance(item, Absence) for part in item.searched]
    if draft.measure is not None and not draft.measure.unit:
        numbers.append(draft.measure.value)
    return numbers + ([draft.extent.places] if draft.extent else [])


def shown(drafts: Iterable[Draft]) -> int:
    return max((sum(isinstance(item, Source) for item in draft.evidence) for draft in drafts), default=0)


def half_told(check: Check, number: int, form: str, times: int) -> list[str]:
    """What *check* says of a tree of *times* copies that is not a count of them."""
    files = check.flagged[number].files
    once = list(check.run(facts_for(check, dict(files))))
    known = {value for draft in once for value in told(draft)} | LIMITS.get(check.id, set())
    often = [draft for draft in check.run(facts_for(check, grown(files, times, form))) if draft.status is Status.FAIL]
    found = []
    for draft in often:
        odd = [value for value in told(draft) if value > 1 and value not in known and not _of(value, times)]
        many = shown([draft]) > shown(once) and len(often) < times // 2
        if "; not all was looked at: " in draft.message:
            continue
        if odd and not (draft.extent and draft.extent.at_least):
            found.append(f"{check.id} {number} {form}: {odd} in {draft.message!r} {draft.evidence} {draft.measure}")
        elif many and not any(_of(value, times) for value in told(draft)):
            found.append(f"{check.id} {number} {form}: {shown([draft])} places of many, untold: {draft.message!r}")
    return found


def _of(value: float, times: int) -> bool:
    """Whether *value* counts copies: a multiple, but for a few that are told by name."""
    return -_SLACK <= value - round(value / times) * times <= _SLACK and round(value / times) > 0


@pytest.mark.parametrize("name", sorted(CHECKS.keys() - NEWEST))
def test_a_part_is_not_told_as_the_whole(name: str) -> None:
    """
    What a check counts in a tree of many copies is a number of copies, in every word of its finding.
    """
    form = FORMS[sorted(CHECKS).index(name) % len(FORMS)]

    assert [] == half_told(CHECKS[name], 0, form, SOME)


@pytest.mark.soak
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", sorted(CHECKS.keys() - NEWEST))
def test_2400_are_2400(name: str, form: str) -> None:
    """
    2,400 places are 2,400, in the message, the measure and the count of places, for each flagged example.
    """
    check = CHECKS[name]

    assert [] == [line for number in range(len(check.flagged)) for line in half_told(check, number, form, MANY)]


def test_places_of_a_signal() -> None:
    """
    2,400 calls without a time limit in 2,400 files, and 2,400 in one, are 2,400 calls.
    """
    check = CHECKS["deployment-orchestrator.resilience.time-limits"]
    line = 'rates = requests.get(f"{base}/rates").json()\n'
    head = "import requests\n"
    trees = ({f"shop/tax{n}.py": head + line for n in range(MANY)}, {"shop/tax.py": head + line * MANY})
    drafts = [draft for tree in trees for draft in check.run(facts_for(check, tree))]

    assert ["2,400 HTTP calls wait for ever: no timeout"] * 2 == [draft.message for draft in drafts]
    assert ["2,400 places"] * 2 == [str(draft.extent) for draft in drafts]


def test_more_than_is_looked_at() -> None:
    """
    A file with more lines than are looked at in one makes their number a lower bound, which says so.
    """
    check = CHECKS["deployment-orchestrator.resilience.time-limits"]
    line = 'rates = requests.get(f"{base}/rates").json()\n'
    (draft,) = check.run(facts_for(check, {"shop/tax.py": "import requests\n" + line * 6_000}))

    assert "At least 5,000 HTTP calls wait for ever: no timeout" == draft.message
    assert "at least 5,000 places" == str(draft.extent)
