"""One record by the rules of each derivation: what is a failure of absence differs, and nothing else."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orchestrator.audit.replay import replay, verify
from orchestrator.conclusion import state as reading
from orchestrator.conclusion.derivations import DERIVATION, RULES
from orchestrator.conclusion.judgement import judge
from orchestrator.conclusion.terms import terms
from orchestrator.contract.checks import examined
from orchestrator.contract.grounds import counted
from orchestrator.domain.finding import Finding, Status
from orchestrator.domain.ground import Ground
from orchestrator.domain.result import Result
from orchestrator.journal.event import canonical, digest
from orchestrator.journal.kinds import Packed
from orchestrator.journal.record import MANIFEST, Record
from tests.every_ground import every_ground
from tests.forging import chain, finish
from tests.journal.lives import whole
from tests.repositories import SHOP, repository

CRITERION = "SEC-2.1.3"
"""Critical, and only for what has users that log in; the shop of the tests has none."""
OF_OLD = {kind: ground for kind, ground in every_ground().items() if kind in ("file", "count", "withheld")}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of today."""
    shop = repository(tmp_path_factory.mktemp("repos") / "shop", SHOP)
    return whole(shop, tmp_path_factory.mktemp("runs"))


def failure(ground: Ground) -> Finding:
    return Finding(
        criterion=CRITERION,
        status=Status.FAIL,
        message="It fails.",
        agent="security-validator",
        check="own.rule",
        location=ground.location if ground.kind == "file" else None,
        evidence=(ground,),
    )


@pytest.fixture
def judged(run: Path, tmp_path: Path) -> Callable[..., Result]:
    """The run as it would be with one more finding, recorded and judged by another derivation, and verified."""

    def by(derivation: int, found: Finding) -> Result:
        folder = shutil.copytree(run, tmp_path / f"{derivation}-{found.evidence[0].kind}" / "runs" / run.name)
        said = json.loads((folder / MANIFEST).read_bytes()) | {"derivation": derivation}
        (folder / MANIFEST).write_bytes(canonical(said) + b"\n")
        record = Record(folder)
        events = []
        for event in record.events():
            data: dict[str, Any] = dict(event.data)
            if event.kind == "RunStarted":
                data["manifest"] = digest(record.manifest_bytes())
            if event.node == "verification/security-validator" and event.kind == "NodeFinished":
                told = record.value(Packed.model_validate(data["said"]))
                more = found.model_dump(mode="json", exclude_defaults=True)
                data["said"] = {"value": told | {"findings": [*told.get("findings", ()), more]}}
            if event.kind != "ResultRendered":
                events.append((event.at, event.kind, event.node, data))
        chain(folder, events)
        state = reading.read(Record(folder))
        events[-1][3].update(judge(state, terms(Record(folder), state)).reached())
        chain(folder, events)
        finish(folder)
        verify(Record(folder))
        return replay(Record(folder))

    return by


def status(result: Result) -> Status:
    return next(a.status for a in result.assessments if a.criterion == CRITERION)


class TestNotApplicable:
    def test_the_criterion_does_not_apply(self, run):
        """
        What follows is about a criterion that does not apply, and that nobody has found anything on.
        """
        assert Status.NOT_APPLICABLE is status(replay(Record(run)))

    @pytest.mark.parametrize("kind", every_ground())
    def test_by_todays_rules(self, judged, kind):
        """
        Only what is absent is not a failure there; every other ground is shown and decides.
        """
        result = judged(DERIVATION, failure(every_ground()[kind]))

        assert (kind == "absence") == (status(result) is Status.NOT_APPLICABLE)
        assert (kind != "absence") == any(CRITERION in reason.criteria for reason in result.gate.reasons)
        assert (kind != "absence") == any(item.criterion == CRITERION for item in result.remediation)

    @pytest.mark.parametrize("derivation", [1, 2, 3])
    @pytest.mark.parametrize("kind", OF_OLD)
    def test_by_the_rules_of_then(self, judged, derivation, kind):
        """
        A record of an earlier derivation keeps its word: what has no place in the tree is taken for an absence.
        """
        found = status(judged(derivation, failure(OF_OLD[kind])))

        assert (kind == "file") == (found is Status.FAIL)
        assert (kind != "file") == (found is Status.NOT_APPLICABLE)

    def test_what_differs_is_that_alone(self, judged):
        """
        Between 3 and 4 nothing else of the result has changed but what that failure counts for.
        """
        found = failure(counted(examined(3, "files")))
        then, today = (judged(derivation, found).model_dump(mode="json") for derivation in (3, 4))
        for result in (then, today):
            result["assessments"] = [a for a in result["assessments"] if a["criterion"] != CRITERION]
            result["remediation"] = [i for i in result["remediation"] if i["criterion"] != CRITERION]

        assert {"run", "score", "gate", "coverage", "areas", "journal"} == {
            key for key in then if then[key] != today[key]
        }


def test_the_last_is_todays() -> None:
    """
    Numbers have no gap, and what is recorded today is recorded by the last of them.
    """
    assert [*range(1, DERIVATION + 1)] == sorted(RULES)
