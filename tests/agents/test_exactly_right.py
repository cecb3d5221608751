"""What exactly-right does with the findings of others: it reads their evidence again, and names who disagrees."""

from __future__ import annotations

from typing import Literal

import pytest

from orchestrator import Brief, Finding, Location, Profile, Release, Status
from orchestrator.contract.testing import facts_of
from orchestrator.domain.ground import File
from orchestrator.planning.roster import built_in

AGENT = next(agent for agent in built_in() if agent.id == "exactly-right")
LINE = 'app.run(debug=True, host="0.0.0.0")'


def finding(
    agent: str = "security-validator",
    status: Literal[Status.PASS, Status.FAIL] = Status.PASS,
    criterion: str = "SEC-2.1.1",
    excerpt: str = LINE,
    line: int = 7,
) -> Finding:
    place = Location(path="app.py", line=line)
    return Finding(
        criterion=criterion,
        status=status,
        message="Debug mode is on.",
        agent=agent,
        check=f"{agent}.debug",
        location=place,
        evidence=(File(kind="file", digest="sha256:0", location=place, excerpt=excerpt),),
    )


async def review(*findings: Finding, lines: dict[tuple[str, int], str]) -> tuple[Brief, list[Finding]]:
    async def quote(places):
        wanted = {(place.path, place.line) for place in places}
        return {place: line for place, line in lines.items() if place in wanted}

    checks = AGENT.checks
    brief = Brief(
        release=Release(name="shop", version="1.0.0"),
        profile=Profile(),
        criteria=(),
        facts=facts_of({"app.py": LINE + "\n"}, tuple(s for c in checks for s in c.reads)),
        texts={},
        quote=quote,
        agent=AGENT.id,
        findings=findings,
    )
    return brief, await AGENT().review(brief)


class TestRereading:
    async def test_evidence_that_still_stands_is_left_alone(self):
        """
        A quotation that reads as it was recorded raises no doubt.
        """
        brief, found = await review(finding(), lines={("app.py", 7): f"  {LINE}"})

        assert [] == found
        assert ("security-validator", "1", "1", "0") == brief.exhibits[0].rows[0]

    @pytest.mark.parametrize("lines", [{("app.py", 7): "app.run()"}, {}])
    async def test_evidence_that_reads_otherwise_takes_the_pass_back(self, lines):
        """
        A line that has changed or gone leaves its criterion unknown, whatever was said of it.
        """
        brief, found = await review(finding(), lines=lines)

        assert [("SEC-2.1.1", Status.UNKNOWN)] == [(f.criterion, f.status) for f in found]
        assert "security-validator quoted 1 line that reads otherwise now" == found[0].message
        assert "exactly-right" == found[0].agent
        assert ("security-validator", "1", "1", "1") == brief.exhibits[0].rows[0]

    async def test_what_was_withheld_compares_equal(self):
        """
        A credential is withheld in the record and again on reading; both stubs are the same text.
        """
        stub = "password = [withheld assigned-secret, 24 characters, 5f2a]"

        _, found = await review(finding(excerpt=stub), lines={("app.py", 7): stub})

        assert [] == found

    async def test_counts_and_whole_files_are_not_read_again(self):
        """
        Evidence without a line has nothing that could be compared.
        """
        _, found = await review(finding(line=0), lines={})

        assert [] == found


class TestContradictions:
    async def test_two_agents_that_disagree_leave_it_open(self):
        """
        One says that it holds and another that it does not: both are named.
        """
        said = (finding(), finding(agent="gap-analyzer", status=Status.FAIL))

        brief, found = await review(*said, lines={("app.py", 7): LINE})

        assert ["security-validator found that it holds, gap-analyzer that it does not"] == [f.message for f in found]
        assert "2 quotations" not in brief.exhibits[0].note
        assert "1 criteria are in doubt" in brief.exhibits[0].note

    async def test_one_agent_may_say_both(self):
        """
        Checks of one agent that pass and fail a criterion are merged by the rule that a failure decides.
        """
        said = (finding(), finding(status=Status.FAIL))

        _, found = await review(*said, lines={("app.py", 7): LINE})

        assert [] == found

    async def test_nobody_before_it(self):
        """
        Alone in a workflow it says so and doubts nothing.
        """
        brief, found = await review(lines={})

        assert [] == found
        assert "No other agent has found anything before this one." == brief.exhibits[0].note
