"""What an auditor does with records: ask what if, judge again, compare, hand on, clear away."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from orchestrator import FAIL, Agent, Brief, Draft, Files, Finding, ReadFile, Source, Status, check, failed, passed
from orchestrator.audit.diff import compare
from orchestrator.audit.prune import choose, delete
from orchestrator.audit.rejudge import Rejudged, rejudge
from orchestrator.conclusion.rendering import finished
from orchestrator.errors import RecordBroken
from orchestrator.journal.exclusive import alone
from orchestrator.journal.holds import hold
from orchestrator.journal.record import Record
from orchestrator.planning import roster
from tests.cli.command import gonogo
from tests.forging import chain, forge
from tests.repositories import SHOP, git, repository, write
from tests.words import ATTESTED, WAIVED, in_days

LENIENT = """
thresholds: {score: 0}
policy: {name: lenient, max_failed: {critical: -1, high: -1}, max_unknown_critical: -1}
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a repository and two runs: of its first commit, and of one that has lost its health check."""
    home = tmp_path_factory.mktemp("audit")
    shop = repository(home / "shop", SHOP)
    assert gonogo(home, "review", str(shop), "-q").code == 1
    write(shop, {"config.py": 'AWS_SECRET_ACCESS_KEY = "q7Rk2Xv9Lm4Tz8Wb1Nc6Yh3Js5Pd0FgAeUiOxKwZ"\nDEBUG = True\n'})
    git(shop, "add", "--all")
    git(shop, "commit", "--quiet", "-m", "worse")
    assert gonogo(home, "review", str(shop), "-q").code == 1
    return home


@pytest.fixture(scope="module")
def runs(folder: Path) -> list[Path]:
    return sorted(p for p in (folder / "runs").iterdir() if p.is_dir())


def everything(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


class TestWhatIf:
    def test_before_and_after(self, folder, runs):
        """
        Score, verdict and gate stand side by side, and it says that this is not the recorded policy.
        """
        (folder / "lenient.yaml").write_text(LENIENT)
        before = everything(folder / "runs")
        done = gonogo(folder, "replay", runs[0].name, "--policy", "lenient.yaml")

        assert 0 == done.code, done.err
        assert "this is not the recorded policy" in done.out
        assert re.search(r"^policy +strict → lenient$", done.out, re.MULTILINE)
        assert re.search(r"^verdict +ROLLBACK → PRODUCTION READY$", done.out, re.MULTILINE)
        assert "no longer in the way" in done.out
        assert everything(folder / "runs") == before

    def test_statements_replace_the_recorded_ones(self, folder, runs):
        """
        A waiver takes a failure out of the gate, an attestation earns points; an expired one does nothing.
        """
        result = finished(Record(runs[0])).result
        failing = next(a.criterion for a in result.assessments if a.blocks)
        attestable = [
            a.criterion for a in result.assessments if a.open and "attestation" in result.criteria[a.criterion].evidence
        ]
        first, second = attestable[:2]
        (folder / "said.yaml").write_text(
            f"profile: {{database: no}}\npolicy: {{critical_waivers: true}}\n"
            f"waivers:\n  - {{criterion: {failing}, owner: ann, reason: {WAIVED}, expires: {in_days(90)}}}\n"
            f"attestations:\n  - {{criterion: {first}, owner: ann, reason: {ATTESTED}, expires: {in_days(90)}}}\n"
            f"  - {{criterion: {second}, owner: ann, reason: the drill went well, expires: 2001-01-01}}\n"
        )
        answer = gonogo(folder, "replay", runs[0].name, "--policy", "said.yaml", "--format", "json").json

        assert "gonogo/what-if/1" == answer["schema"]
        assert {failing, first} == {s["criterion"] for s in answer["statements"]}
        assert answer["supposed"]["score"]["earned"] > answer["recorded"]["score"]["earned"]
        assert "ignored, since it takes a review: profile" in answer["notes"]

    def test_its_own_rules_change_nothing(self, folder, runs):
        """
        An empty file is the workflow's own policy, under which the run was judged.
        """
        (folder / "empty.yaml").write_text("")
        answer = gonogo(folder, "replay", "--policy", "empty.yaml", "--format", "json").json

        assert answer["recorded"] == answer["supposed"]

    @pytest.mark.parametrize(
        ("text", "said"),
        [("polcy: {}\n", "unknown key"), ("waivers: [{criterion: XXX-1}]\n", "missing"), ("[", "expected")],
    )
    def test_a_file_that_cannot_be_meant(self, folder, text, said):
        """
        A mistake in the file is told with its place.
        """
        (folder / "bad.yaml").write_text(text)
        done = gonogo(folder, "replay", "--policy", "bad.yaml")

        assert 2 == done.code
        assert said in done.err
        assert "  --> bad.yaml:" in done.err

    def test_two_questions(self, folder):
        """
        One question at a time; a format belongs to a question.
        """
        assert 2 == gonogo(folder, "replay", "--policy", "x.yaml", "--rejudge").code
        assert 2 == gonogo(folder, "replay", "--format", "json").code


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


def without(run: Path, into: Path, purpose: str) -> Path:
    """A copy of *run* with a chain that holds, and no step for *purpose*."""
    copy = shutil.copytree(run, into / run.name)
    events = Record(run).events()
    chain(copy, ((e.at, e.kind, e.node, e.data) for e in events if purpose not in e.data.get("key", "")))
    return copy


class TestDiff:
    def test_a_regression(self, folder, runs):
        """
        A criterion that newly fails is named with its place, and the command exits with 1.
        """
        done = gonogo(folder, "diff", runs[0].name, str(runs[1]))

        assert 1 == done.code, done.err
        assert re.search(
            r"newly failing: \d+\n(  .*\n)*  SEC-2\.2\.1 +critical +pass → fail: .*  config\.py:1\n", done.out
        )
        assert "regression: SEC-2.2.1 (critical) newly fails" in done.out

    def test_the_other_way_round(self, folder, runs):
        """
        What came back is not a regression.
        """
        done = gonogo(folder, "diff", runs[1].name, runs[0].name)

        assert 0 == done.code
        assert "the first run is the later one" in done.out
        assert done.out.endswith("no regression\n")

    def test_as_json(self, folder, runs):
        """
        The same as a document.
        """
        done = gonogo(folder, "diff", runs[0].name, "latest", "--format", "json")

        assert 1 == done.code
        assert "gonogo/diff/1" == done.json["schema"]
        assert "SEC-2.2.1" in {c["criterion"] for c in done.json["newly_failing"]}
        assert not done.json["catalogue"]

    def test_itself(self, folder):
        """
        A run does not differ from itself.
        """
        done = gonogo(folder, "diff", "latest", "latest")

        assert 0 == done.code
        assert "both are the same run" in done.out

    def test_the_catalogue_apart(self, runs):
        """
        A criterion that only one catalogue has, or weighs otherwise, is not a change of the release.
        """
        new = finished(Record(runs[1])).result
        worst = next(a for a in new.assessments if a.blocks and a.severity == "critical")
        other = next(a for a in new.assessments if a.criterion != worst.criterion)
        low = other.model_copy(update={"severity": "low" if other.severity != "low" else "high"})
        rest = [a for a in new.assessments if a.criterion not in (worst.criterion, other.criterion)]
        old = new.model_copy(update={"assessments": (low, *rest)})

        found = compare(old, new)
        assert {(worst.criterion, "added"), (other.criterion, "severity")} == {
            (c.criterion, c.change) for c in found.catalogue
        }
        assert not found.newly_failing
        assert found.regression is False
        assert {(worst.criterion, "removed"), (other.criterion, "severity")} == {
            (c.criterion, c.change) for c in compare(new, old).catalogue
        }

    def test_a_waiver_that_is_gone(self, folder, runs, tmp_path):
        """
        A failure that is waived no longer is a regression; one that is waived newly is none.
        """
        old = finished(Record(runs[1])).result
        worst = next(a for a in old.assessments if a.blocks and a.severity == "critical")
        (tmp_path / "waived.yaml").write_text(
            f"policy: {{critical_waivers: true}}\nwaivers:\n"
            f"  - {{criterion: {worst.criterion}, owner: ann, reason: {WAIVED}, expires: {in_days(90)}}}\n"
        )
        done = gonogo(tmp_path, "review", str(folder / "shop"), "-q", "--config", "waived.yaml")
        assert 1 == done.code, done.err
        new = finished(Record(next(p for p in (tmp_path / "runs").iterdir() if p.is_dir()))).result

        assert ["added"] == [s.change for s in compare(old, new).statements]
        assert compare(old, new).regression is False
        assert (f"{worst.criterion} (critical) is no longer waived and fails",) == compare(new, old).because

    def test_ready_no_longer(self, runs):
        """
        A verdict that was ready and is not is a regression whatever the criteria say.
        """
        new = finished(Record(runs[0])).result
        old = new.model_copy(
            update={"verdict": "PRODUCTION READY", "gate": new.gate.model_copy(update={"holds": True, "reasons": ()})}
        )

        assert ("the verdict was PRODUCTION READY and is ROLLBACK",) == compare(old, new).because


class TestArchive:
    def test_there_and_back(self, folder, runs, tmp_path):
        """
        Exported, carried elsewhere, verified, replayed, judged again and compared.
        """
        done = gonogo(folder, "export", runs[0].name, "-o", str(tmp_path / "x.run.zip"))
        assert 0 == done.code, done.err
        assert 0 == gonogo(folder, "export", runs[0].name, "--format", "zip", "-o", str(tmp_path / "y.zip")).code

        assert (tmp_path / "x.run.zip").read_bytes() == (tmp_path / "y.zip").read_bytes()
        assert gonogo(tmp_path, "verify", "x.run.zip").out == gonogo(folder, "verify", runs[0].name).out
        assert f"REPRODUCED  {runs[0].name}" in gonogo(tmp_path, "replay", "x.run.zip").out
        assert "every finding is the same" in gonogo(tmp_path, "replay", "--rejudge", "x.run.zip").out
        assert 0 == gonogo(tmp_path, "diff", "x.run.zip", "y.zip").code

    def test_is_told_from_a_result(self, folder, tmp_path):
        """
        A format that is named counts; an archive needs a file.
        """
        target = tmp_path / "x.run.zip"
        assert 0 == gonogo(folder, "export", "--format", "json", "-o", str(target)).code

        assert "gonogo/verdict/1" == json.loads(target.read_bytes())["schema"]
        assert 7 == gonogo(folder, "verify", str(target)).code
        assert 2 == gonogo(folder, "export", "--format", "zip").code
        assert 2 == gonogo(folder, "verify", "none.run.zip").code


class TestRuns:
    def test_trend(self, folder, runs, tmp_path):
        """
        Each finished run is held against the one before of the same release.
        """
        lines = gonogo(folder, "runs").out.splitlines()
        percents = [finished(Record(run)).result.score.percent for run in runs]

        assert lines[0].endswith(f"{percents[0]:.1f} %")
        assert lines[1].endswith("↓" if percents[1] < percents[0] else "=" if percents[1] == percents[0] else "↑")
        assert ["", lines[1][-1]] == [row["trend"] for row in gonogo(folder, "runs", "--format", "json").json]


class TestPrune:
    @pytest.fixture
    def many(self, runs: list[Path], tmp_path: Path) -> Path:
        """Five runs of one release, the fourth unfinished."""
        folder = tmp_path / "runs"
        for number in range(1, 6):
            copy = shutil.copytree(runs[0], folder / f"2026010{number}T000000Z-shop-1-000{number}")
            if number == 4:
                lines = (copy / "journal.jsonl").read_bytes().splitlines(keepends=True)
                (copy / "journal.jsonl").write_bytes(b"".join(lines[:-1]))
        return folder

    def left(self, folder: Path) -> str:
        return "".join(p.name[7] for p in sorted(folder.iterdir()))

    def test_keeps_the_newest(self, many):
        """
        The oldest finished runs go; what would go is what goes.
        """
        said = gonogo(many.parent, "runs", "prune", "--keep", "2", "--dry-run")
        assert "12345" == self.left(many)
        done = gonogo(many.parent, "runs", "prune", "--keep", "2")

        assert 0 == done.code, done.err
        assert "345" == self.left(many)
        assert done.out == said.out.replace("would delete ", "deleted      ").replace("to delete", "deleted")

    def test_unfinished(self, many):
        """
        An unfinished run goes only when asked for, and where a newer finished one is there.
        """
        assert 0 == gonogo(many.parent, "runs", "prune", "--keep", "3", "--unfinished").code
        assert "235" == self.left(many)
        shutil.rmtree(many / "20260105T000000Z-shop-1-0005")
        lone = many / "20260102T000000Z-shop-1-0002"
        (lone / "journal.jsonl").write_bytes((lone / "journal.jsonl").read_bytes().rpartition(b"{")[0])

        assert [c.folder.name[7] for c in choose(many, 1, unfinished=True) if c.delete] == ["2"]

    @pytest.mark.parametrize("name", ["lock", "journal.jsonl"])
    def test_a_driven_run_stays(self, many, name):
        """
        A run that somebody drives is left alone, even if they began after it was chosen.
        """
        oldest = many / "20260101T000000Z-shop-1-0001"
        with (oldest / name).open("r+b") as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            done = gonogo(many.parent, "runs", "prune", "--keep", "1")
            assert delete(oldest) is False

        assert re.search(r"keep .*0001  is being driven", done.out)
        assert "145" == self.left(many)

    def test_what_cannot_be_read_stays(self, many):
        """
        A damaged run and a link are never deleted.
        """
        (many / "20260101T000000Z-shop-1-0001" / "journal.jsonl").write_text("{}\n")
        (many / "20260100T000000Z-shop-1-0000").symlink_to(many / "20260102T000000Z-shop-1-0002")
        done = gonogo(many.parent, "runs", "prune", "--keep", "1")

        assert "cannot be read" in done.out
        assert "is a link" in done.out
        assert "0145" == self.left(many)

    def test_the_folder_that_was_named(self, many, tmp_path):
        """
        `--runs` counts before and after `prune`, and another release's runs are counted apart.
        """
        elsewhere = many.rename(tmp_path / "kept")
        other = elsewhere / "20260101T000000Z-shop-1-0001" / "run.json"
        other.write_bytes(other.read_bytes().replace(b'"name":"shop"', b'"name":"till"'))
        assert 0 == gonogo(tmp_path, "runs", "--runs", "kept", "prune", "--keep", "2").code
        assert "1345" == self.left(elsewhere)
        assert 0 == gonogo(tmp_path, "runs", "prune", "--keep", "1", "--runs", "kept").code
        assert "145" == self.left(elsewhere)
        assert 2 == gonogo(tmp_path, "runs", "prune", "--keep", "0").code
        assert 2 == gonogo(tmp_path, "runs", "prune").code

    @pytest.mark.parametrize(
        ("beside", "because"),
        [
            ("statement.dsse.json", "is signed"),
            ("statement.tsr", "has a timestamp"),
            ("statement.17.tsr", "has a timestamp"),
            ("anchors.jsonl", "is anchored"),
        ],
    )
    @pytest.mark.parametrize("kind", ["file", "link", "folder"])
    def test_what_somebody_vouches_for_stays(self, many, beside, because, kind):
        """
        A run that is signed, timestamped or anchored is kept, whatever lies there, and the list says so.
        """
        place = many / "20260101T000000Z-shop-1-0001" / beside
        if kind == "file":
            place.write_bytes(b"{}")
        elif kind == "link":
            place.symlink_to("nowhere")
        else:
            place.mkdir()
        done = gonogo(many.parent, "runs", "prune", "--keep", "1", "--unfinished")

        assert re.search(rf"keep .*0001  {because}\n", done.out)
        assert "15" == self.left(many)
        assert because in gonogo(many.parent, "runs").out.splitlines()[0]
        assert [because, ""] == [row["kept"] for row in gonogo(many.parent, "runs", "--format", "json").json]

    def test_what_is_like_it_goes(self, many):
        """
        Names that only look like those of a statement or a timestamp keep nothing.
        """
        for name in ("statement.1.tsr", "statement.100.tsr", "statement.tsr.bak", "statement.json", ".anchors.jsonl"):
            (many / "20260101T000000Z-shop-1-0001" / name).write_bytes(b"{}")
        assert 0 == gonogo(many.parent, "runs", "prune", "--keep", "1").code

        assert "45" == self.left(many)

    def test_what_is_signed_meanwhile_stays(self, many):
        """
        A run that was chosen, and is then signed or held, is not deleted; while it is being signed neither.
        """
        first, second, third = (many / f"2026010{n}T000000Z-shop-1-000{n}" for n in (1, 2, 3))
        assert [first, second, third] == [c.folder for c in choose(many, 1) if c.delete]
        (first / "statement.dsse.json").write_bytes(b"{}")
        hold(second, "", "2026-01-01T00:00:00.000000Z")
        with alone(third):
            assert delete(third) is False

        assert [False, False, True] == [delete(folder) for folder in (first, second, third)]


class TestHold:
    @pytest.fixture
    def work(self, runs: list[Path], tmp_path: Path) -> Path:
        """A folder with three runs of one release."""
        for number in (1, 2, 3):
            shutil.copytree(runs[0], tmp_path / "runs" / f"2026010{number}T000000Z-shop-1-000{number}")
        return tmp_path

    def left(self, work: Path) -> str:
        return "".join(sorted(p.name[7] for p in (work / "runs").iterdir() if (p / "run.json").is_file()))

    def test_keeps_a_run(self, work):
        """
        A run that is held stays, is marked in the list, and goes once it is no longer held.
        """
        done = gonogo(work, "runs", "hold", "0001", "--reason", "audit of May")
        assert (0, "") == (done.code, done.out)
        name = "20260101T000000Z-shop-1-0001"
        assert f"{name} is held; `gonogo runs unhold {name}` ends that\n" == done.err
        before = sorted(p.name for p in (work / "runs" / name).iterdir())
        assert "is held: audit of May" in gonogo(work, "runs").out.splitlines()[0]
        assert "is held: audit of May\n" in gonogo(work, "runs", "prune", "--keep", "1").out
        assert "13" == self.left(work)
        assert before == sorted(p.name for p in (work / "runs" / name).iterdir())
        assert "is no longer held" in gonogo(work, "runs", "unhold", "0001").err
        assert 0 == gonogo(work, "runs", "prune", "--keep", "1").code

        assert "3" == self.left(work)

    def test_twice(self, work):
        """
        The first reason stands; holding it again, or letting go of what is not held, is not a mistake.
        """
        assert 0 == gonogo(work, "runs", "hold", "0001", "--reason", "first").code
        done = gonogo(work, "runs", "hold", "0001", "--reason", "second")
        assert (0, True) == (done.code, "held already: first" in done.err)
        for said in ("is no longer held", "was not held"):
            done = gonogo(work, "runs", "unhold", "0001")
            assert (0, True) == (done.code, said in done.err)

    def test_the_folder_that_was_named(self, work):
        """
        `--runs` counts before and after the word, and a run can be named by its path.
        """
        (work / "runs").rename(work / "kept")
        for words in (("--runs", "kept", "hold", "0001"), ("hold", "--runs", "kept", "0002"), ("hold", "kept/" + LAST)):
            assert 0 == gonogo(work, "runs", *words).code

        assert 3 == len(list((work / "kept").glob("*.hold")))
        assert 2 == gonogo(work, "runs", "--runs", "kept", "hold", "nothing").code

    @pytest.mark.parametrize("kind", ["link", "pipe", "folder", "nonsense", "huge"])
    def test_whatever_lies_there_holds(self, work, kind):
        """
        What lies in the place of a hold is neither followed nor waited for, and keeps the run.
        """
        outside = work / "outside"
        said = {"run": "x", "since": "", "reason": "theirs" * (100_000 if kind == "huge" else 1)}
        outside.write_text(json.dumps(said))
        place = work / "runs" / "20260101T000000Z-shop-1-0001.hold"
        if kind == "link":
            place.symlink_to(outside)
        elif kind == "pipe":
            os.mkfifo(place)
        elif kind == "folder":
            place.mkdir()
        else:
            place.write_bytes(outside.read_bytes() if kind == "huge" else b"[" * 10)
        why = "is held: 20260101T000000Z-shop-1-0001.hold cannot be read"

        assert why in gonogo(work, "runs").out.splitlines()[0]
        assert why in gonogo(work, "runs", "prune", "--keep", "1").out
        assert "held already" in gonogo(work, "runs", "hold", "0001").err
        done = gonogo(work, "runs", "unhold", "0001")
        assert (2 if kind == "folder" else 0) == done.code
        assert ("cannot be taken away" if kind == "folder" else "is no longer held") in done.err
        assert said == json.loads(outside.read_text())
        assert "13" == self.left(work)

    def test_a_secret_in_the_reason(self, work):
        """
        A reason passes the same door as everything else that is written down.
        """
        token = "ghp_" + "0123456789abcdefghij0123456789ABCDEF"[:36]
        assert 0 == gonogo(work, "runs", "hold", "0001", "--reason", f"see {token}").code

        assert token.encode() not in (work / "runs" / "20260101T000000Z-shop-1-0001.hold").read_bytes()
        assert token not in gonogo(work, "runs").out


LAST = "20260103T000000Z-shop-1-0003"
