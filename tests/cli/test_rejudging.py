"""Recorded evidence is judged again by the agents of today: what they say otherwise is told, and nothing is asked."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator import FAIL, Agent, Brief, Draft, Files, Finding, ReadFile, Source, Status, check, failed, passed
from orchestrator.audit.rejudge import Rejudged, rejudge
from orchestrator.errors import RecordBroken
from orchestrator.journal.record import Record
from orchestrator.planning import roster
from tests.cli.command import gonogo
from tests.cli.copies import everything, without
from tests.forging import forge


@pytest.fixture(scope="module")
def folder(two_runs: Path) -> Path:
    return two_runs


@pytest.fixture(scope="module")
def runs(folder: Path) -> list[Path]:
    return sorted(p for p in (folder / "runs").iterdir() if p.is_dir())


class Strict(Agent):
    """Takes the place of exactly-right, and says what the test wants it to."""

    id = "exactly-right"
    criteria = ("DEP-5.4.2",)

    async def review(self, brief: Brief) -> list[Finding]:
        """A pass at a line that somebody quoted, and a failure at one that nobody did."""
        quoted = next(e.location for f in brief.findings for e in f.evidence if e.location and e.location.line)
        known = passed("known", Source(path=quoted.path, line=quoted.line), criterion="DEP-5.4.2")
        lost = failed("lost", Source(path="README.md", line=3), criterion="DEP-5.4.3")
        return await brief.cite([("strict.known", known), ("strict.lost", lost)])


class Asking(Strict):
    """Asks for a file that nobody asked for."""

    probe = ReadFile("README.md")

    async def review(self, brief: Brief) -> list[Finding]:
        """Never comes to an end."""
        return [self.fail("DEP-5.4.2", "there is no README")] if brief[self.probe] is None else []


class Broken(Strict):
    """Has a bug."""

    async def review(self, brief: Brief) -> list[Finding]:
        """Never comes to an end either."""
        raise KeyError("bug")


class TestRejudge:
    def test_the_same_agents_say_the_same(self, folder, runs):
        """
        Without the repository and with the agents of the run, nothing changes.
        """
        before = everything(folder / "runs")
        done = gonogo(folder, "replay", "--rejudge", runs[0].name, runs[1].name)

        assert 0 == done.code, done.err
        assert 2 == done.out.count("every finding is the same, and so is every assessment")
        assert everything(folder / "runs") == before

    def test_as_json(self, folder):
        """
        The same as a document.
        """
        answer = gonogo(folder, "replay", "--rejudge", "--format", "json").json

        assert "gonogo/rejudged/1" == answer["schema"]
        assert answer["same_code"] is True
        assert not answer["findings"] + answer["assessments"] + answer["notes"]

    def test_findings_that_nobody_found(self, runs, tmp_path):
        """
        A record that was written anew without its failures replays; the code that is said to have made it says no.
        """
        forge(shutil.copytree(runs[0], tmp_path / "runs" / runs[0].name))

        assert 0 == gonogo(tmp_path, "replay").code
        done = gonogo(tmp_path, "replay", "--rejudge")
        assert 8 == done.code
        assert re.search(r"\d findings?: appears", done.out)
        assert "DIVERGED" in done.out

    def test_versions_of_checks(self, runs):
        """
        A finding that is another one today comes with the version of the check that made it then, and today.
        """

        @check("SEC-2.2.1", shows=FAIL, clean=[], flagged=[])
        def secrets(files: Files) -> Iterator[Draft]:
            yield failed("otherwise", Source(path=files.entries[0].path))

        class Other(Agent):
            id = "security-validator"
            criteria = ("SEC-*",)
            checks = (secrets,)

        pinned = json.loads(Record(runs[0]).blob(Record(runs[0]).manifest().pinned.checks))
        answer = self.with_(runs[0], Other)
        (today,) = {f.after.version for f in answer.findings if f.after and f.agent == "security-validator"}
        then = {f.check: f.before.version for f in answer.findings if f.before}

        assert secrets.version == today
        assert {check: pinned[check] for check in then} == then
        assert today not in then.values()

    def with_(self, run: Path, agent: type[Agent]) -> Rejudged:
        return rejudge(Record(run), roster.load() | {agent.id: agent})

    def test_a_quote_that_is_not_there(self, runs):
        """
        A line that the run did not quote makes the finding that rests on it unknown, and that is said.
        """
        answer = self.with_(runs[0], Strict)
        today = {f.check: f.after for f in answer.findings if f.after is not None}

        assert "pass" == today["strict.known"].status
        assert "unknown" == today["strict.lost"].status
        assert "README.md:3 is not in the record (fail today: lost)" in today["strict.lost"].message
        assert ["README.md:3 was not quoted then: what rests on it is unknown"] == list(answer.notes)
        assert answer.same_code is False

    @pytest.mark.parametrize(
        ("agent", "said"),
        [(Asking, "the text of 'README.md' is not in the record"), (Broken, "KeyError: 'bug'")],
    )
    def test_an_agent_that_cannot(self, runs, agent, said):
        """
        What an agent cannot look at or stumbles over is a note, never a crash and never a failure.
        """
        answer = self.with_(runs[0], agent)

        assert [f"production/exactly-right: {said}"] == list(answer.notes)
        assert not [f for f in answer.findings if f.after and f.after.status == "fail"]

    def test_a_check_that_has_gone(self, runs):
        """
        Findings of an agent that says nothing today vanish, and the criteria lose their status.
        """

        class Silent(Agent):
            id = "security-validator"

            async def review(self, brief: Brief) -> list[Finding]:
                return []

        answer = self.with_(runs[1], Silent)

        assert {"vanishes"} == {f.change for f in answer.findings if f.agent == "security-validator"}
        assert "SEC-2.2.1" in {f.criterion for f in answer.findings}
        assert {Status.UNKNOWN} >= {a.after for a in answer.assessments if a.criterion.startswith("SEC")} - {
            Status.NOT_APPLICABLE
        }

    def test_an_agent_that_has_gone(self, runs):
        """
        What an agent said that is not installed today is unknown: no other agent's pass takes its place.
        """
        known = {id_: agent for id_, agent in roster.load().items() if id_ != "security-validator"}
        answer = rejudge(Record(runs[1]), known)

        assert "verification/security-validator: there is no agent 'security-validator' today" in answer.notes
        assert {"unknown"} == {f.after.status for f in answer.findings if f.agent == "security-validator" and f.after}

    def test_a_fact_that_is_not_there(self, runs, tmp_path):
        """
        A record without a fact leaves what reads it unknown.
        """
        copy = without(runs[0], tmp_path, "fact:pipelines:")
        answer = rejudge(Record(copy))

        assert "fact 'pipelines' is not in the record" in answer.notes
        assert answer.assessments
        assert not [a for a in answer.assessments if a.after == "fail"]
        assert [a for a in answer.assessments if "fact 'pipelines' was not extracted" in a.reason]

    def test_a_broken_record(self, runs, tmp_path):
        """
        A record that is not what was written is refused: no question is answered from it.
        """
        copy = shutil.copytree(runs[0], tmp_path / runs[0].name)
        manifest = (copy / "run.json").read_bytes()
        (copy / "run.json").write_bytes(manifest.replace(b'"mode":"review"', b'"mode":"Review"'))

        assert manifest != (copy / "run.json").read_bytes()
        assert 7 == gonogo(tmp_path, "replay", "--rejudge", str(copy)).code
        assert 7 == gonogo(tmp_path, "replay", "--policy", "/dev/null", str(copy)).code
        with pytest.raises(RecordBroken):
            rejudge(Record(copy))
