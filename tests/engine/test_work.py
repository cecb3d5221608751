"""What an agent says of criteria that do not apply: an absence is not told on, anything else is."""

from __future__ import annotations

import pytest

from orchestrator.contract.agent import Agent, Brief
from orchestrator.contract.checks import examined
from orchestrator.contract.grounds import absent, exchanged
from orchestrator.domain.criterion import Area, Catalogue, Section, Severity
from orchestrator.domain.finding import Finding, Status
from orchestrator.domain.outcome import Ending
from orchestrator.domain.profile import Profile, ProfileFact
from orchestrator.domain.release import Release
from orchestrator.engine.gate import decide
from orchestrator.engine.job import Job
from orchestrator.engine.task import NodeResult
from orchestrator.engine.work import AgentWork
from orchestrator.journal.step import Door
from orchestrator.judging.absence import OnlyAbsent, by_grounds, by_place
from orchestrator.workflow.model import GateLimits, GateSpec
from tests.llm.looks import criterion


class Prober(Agent):
    """Fails three criteria for users that log in, of which there are none."""

    id = "prober"
    criteria = ("X-*",)

    async def review(self, brief: Brief) -> list[Finding]:
        """What is absent, what was answered, and what stands at a place."""
        return [
            self.fail("X-1", "No limiter.", absent("a limiter", examined(3, "source files"))),
            self.fail("X-2", "Anybody gets in.", exchanged("GET", "https://shop.example/admin", 200)),
            self.fail("X-3", "A password.", at="app.py", line=3),
        ]


async def told(answer: str, only_absent: OnlyAbsent = by_grounds) -> NodeResult:
    """What comes of its turn where users do log in, or do not."""
    rows = tuple(criterion(f"X-{n}").model_copy(update={"applies": "authentication"}) for n in (1, 2, 3))
    section = Section(id="x", title="x", criteria=rows)
    work = AgentWork(
        agents={"prober": Prober},
        catalogue=Catalogue(areas=(Area(id="X", title="X", goal="", sections=(section,)),)),
        release=Release(name="r", version="1", tree="sha256:0"),
        profile=Profile(facts={"authentication": ProfileFact.model_validate({"answer": answer, "because": "seen"})}),
        facts={},
        texts={},
        door=Door(None, {}),
        only_absent=only_absent,
    )
    return await work(Job(run="run", node="p/prober", agent="prober", phase="p"))


class TestNotApplicable:
    async def test_an_absence_is_told_to_nobody(self):
        """
        What was seen is told, wherever it was seen.
        """
        result = await told("no")

        assert (Ending.COMPLETED, ["X-2", "X-3"]) == (result.ending, [f.criterion for f in result.findings])

    async def test_where_it_applies_all_are(self):
        """
        If the criterion applies, an absence is a failure like any other.
        """
        assert ["X-1", "X-2", "X-3"] == [f.criterion for f in (await told("yes")).findings]
        assert {Status.FAIL} == {f.status for f in (await told("yes")).findings}

    async def test_by_the_rule_of_then(self):
        """
        A run of derivation 3 that is judged again is judged as then.
        """
        assert ["X-3"] == [f.criterion for f in (await told("no", by_place)).findings]

    @pytest.mark.parametrize(("rule", "failed"), [(by_grounds, 2), (by_place, 1)])
    async def test_it_closes_a_gate(self, rule, failed):
        """
        The gate before a phase hears of every failure that counts, and of no other.
        """
        result = await told("no", rule)
        severities = {f"X-{n}": Severity.CRITICAL for n in (1, 2, 3)}
        gate = decide(
            GateSpec(max_failed=GateLimits(critical=failed - 1)), {"p/prober": result}, severities, frozenset()
        )

        assert not gate.open
        assert gate.reason.startswith(f"{failed} critical criteri")
