"""The main job from the outside: a path goes in, a verdict, a record and a report come out."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from orchestrator.conclusion.rendering import finished
from orchestrator.journal.record import Record
from tests.cli.command import environment, gonogo
from tests.repositories import SHOP, git, repository, write
from tests.words import SMALL_TEAM, attested, waived, words


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("repos") / "shop", SHOP)


@pytest.fixture(scope="module")
def reviewed(shop: Path, tmp_path_factory: pytest.TempPathFactory):
    """A folder with one finished run in it, and how the command ended."""
    folder = tmp_path_factory.mktemp("work")
    return folder, gonogo(folder, "review", str(shop), "--format", "json")


def run_of(folder: Path) -> Path:
    (found,) = (p for p in (folder / "runs").iterdir() if p.is_dir())
    return found


class TestDocument:
    def test_the_promised_shape(self, reviewed, shop):
        """
        Standard output holds one document with every promised key, and nothing else.
        """
        _, done = reviewed
        result = done.json

        assert "gonogo/verdict/1" == result["schema"]
        assert {
            "schema",
            "run",
            "release",
            "verdict",
            "deployed",
            "exit_code",
            "score",
            "gate",
            "coverage",
            "areas",
        } | {
            "assessments",
            "agents",
            "journal",
        } <= set(result)
        assert {"earned", "possible", "percent", "band"} == set(result["score"])
        assert {"applicable", "decided", "percent"} == set(result["coverage"])
        assert {"head", "events"} == set(result["journal"])
        assert result["release"]["commit"] == git(shop, "rev-parse", "HEAD")
        assert "ROLLBACK" == result["verdict"]
        assert result["deployed"] is False
        assert 1 == done.code == result["exit_code"]
        for reason in result["gate"]["reasons"]:
            assert {"rule", "found", "allowed", "criteria"} <= set(reason)
        for area in result["areas"]:
            assert {"id", "title", "earned", "possible", "pass", "fail", "unknown", "not_applicable"} | {
                "waived",
                "attested",
            } <= set(area)
        for agent in result["agents"]:
            assert {"node", "agent", "phase", "outcome", "reason", "findings", "seconds"} <= set(agent)

    def test_all_criteria_in_order(self, reviewed):
        """
        261 assessments, sorted by id as plain text, each with a status and a reason.
        """
        assessments = reviewed[1].json["assessments"]
        ids = [a["criterion"] for a in assessments]

        assert 261 == len(set(ids))
        assert sorted(ids) == ids
        for assessment in assessments:
            assert assessment["status"] in ("pass", "fail", "unknown", "not_applicable")
            assert assessment["reason"], assessment["criterion"]

    def test_every_pass_and_failure_rests_on_evidence(self, reviewed):
        """
        No finding without evidence, no evidence without a digest, and each excerpt stands at its place.
        """
        for assessment in reviewed[1].json["assessments"]:
            for finding in assessment["findings"]:
                assert finding["status"] == "unknown" or finding["evidence"], finding
                for evidence in finding["evidence"]:
                    assert evidence["digest"].startswith("sha256:")
                    if evidence.get("excerpt"):
                        at = evidence["location"]
                        line = str(SHOP[at["path"]]).split("\n")[at["line"] - 1]
                        assert line == evidence["excerpt"]

    def test_ten_nodes(self, reviewed):
        """
        Every node of the workflow had its turn.
        """
        agents = reviewed[1].json["agents"]
        planned = [a for a in agents if a["agent"] != "root-cause-finder"]

        assert 10 == len(planned)
        assert {"completed"} >= {a["outcome"] for a in planned} - {"not_applicable"}

    def test_leaves_a_record_and_a_report(self, reviewed):
        """
        The run's folder holds the journal, the blobs, the same document, and a report in one file.
        """
        folder, done = reviewed
        run = run_of(folder)

        assert {"run.json", "journal.jsonl", "blobs", "verdict.json", "report.html"} <= {p.name for p in run.iterdir()}
        assert done.out == (run / "verdict.json").read_text()
        assert "*\n" == (folder / "runs" / ".gitignore").read_text()
        assert "<!doctype html>" in (run / "report.html").read_text()[:200].lower()


class TestRecord:
    def test_replays_elsewhere_without_the_repository(self, reviewed, tmp_path):
        """
        The run's folder alone re-derives the same bytes.
        """
        run = shutil.copytree(run_of(reviewed[0]), tmp_path / "moved" / run_of(reviewed[0]).name)
        done = gonogo(tmp_path, "replay", str(run))

        assert 0 == done.code, done.err
        assert done.out.startswith("REPRODUCED")

    def test_verifies_and_finds_a_change(self, reviewed, tmp_path):
        """
        A record is genuine until one byte of it changes; then the place is named and the exit code is 7.
        """
        source = run_of(reviewed[0])
        head = finished(Record(source)).end.head
        run = shutil.copytree(source, tmp_path / source.name)
        assert 0 == gonogo(tmp_path, "verify", str(run), "--head", head).code
        assert 7 == gonogo(tmp_path, "verify", str(run), "--head", "sha256:" + "0" * 64).code
        inner = gonogo(tmp_path, "verify", str(run), "--head", reviewed[1].json["journal"]["head"])
        assert 2 == inner.code, "the head that verdict.json can know is a mistake as well"
        assert "is the head at the verdict, event " in inner.err
        short = gonogo(tmp_path, "verify", str(run), "--head", head[:19])
        assert 2 == short.code, "a head that was cut short is a mistake, not a forged record"
        assert "64 hexadecimal digits" in short.err
        for name in ("journal.jsonl", "run.json", "verdict.json", "report.html"):
            copy = shutil.copytree(source, tmp_path / f"changed-{name}" / source.name)
            data = bytearray((copy / name).read_bytes())
            data[len(data) // 2] ^= 1
            (copy / name).write_bytes(bytes(data))
            done = gonogo(tmp_path, "verify", str(copy))
            assert 7 == done.code, (name, done)
            assert "-->" in done.err

    def test_replay_names_the_first_divergence(self, reviewed, tmp_path):
        """
        A verdict that the record does not lead to diverges with exit 8.
        """
        run = shutil.copytree(run_of(reviewed[0]), tmp_path / run_of(reviewed[0]).name)
        path = run / "verdict.json"
        path.write_text(path.read_text().replace('"ROLLBACK"', '"PRODUCTION READY"', 1))
        done = gonogo(tmp_path, "replay", str(run))

        assert 8 == done.code
        assert "verdict.json:" in done.err

    def test_two_reviews_of_one_commit_agree(self, reviewed, shop, tmp_path):
        """
        The same commit gives the same assessments, whatever finished first.
        """
        again = gonogo(tmp_path, "review", str(shop), "--format", "json").json

        assert reviewed[1].json["assessments"] == again["assessments"]
        assert reviewed[1].json["profile"] == again["profile"]


class TestResume:
    KILL = (
        "import signal, sys, os\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests may ignore it\n"
        "from orchestrator.journal import writer\n"
        "real = writer.Journal.append\n"
        "def append(self, *said, **named):\n"
        "    event = real(self, *said, **named)\n"
        "    if event.seq >= {at}:\n"
        "        self._write_all()\n"
        "        os.kill(os.getpid(), {signal})\n"
        "    return event\n"
        "writer.Journal.append = append\n"
        "from orchestrator.cli import main\n"
        "sys.argv = ['gonogo', 'review', {path!r}, '--progress', 'none', '-q']\n"
        "main()\n"
    )

    @pytest.mark.parametrize("at", [0, 3, 12, 20, 30, 37])
    def test_killed_and_resumed(self, reviewed, shop, tmp_path, at):
        """
        A review killed at any point goes on from there, redoes no finished node, and comes to the same assessments.
        """
        code = self.KILL.format(at=at, signal=int(signal.SIGKILL), path=str(shop))
        killed = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment(), check=False)
        assert -signal.SIGKILL == killed.returncode
        finished = [e for e in events(tmp_path) if e["kind"] == "NodeFinished"]
        done = gonogo(tmp_path, "resume", "--format", "json", "--progress", "none")
        starts = [e["node"] for e in events(tmp_path) if e["kind"] == "NodeStarted"]

        assert 1 == done.code, done.err
        assert reviewed[1].json["assessments"] == done.json["assessments"]
        for event in finished:
            assert 1 == starts.count(event["node"])
        keys = [e["data"]["key"] for e in events(tmp_path) if e["kind"] == "StepDone"]
        assert len(keys) == len(set(keys)), "no step is done twice"
        assert 0 == gonogo(tmp_path, "replay").code

    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    def test_interrupted(self, shop, tmp_path, number):
        """
        Ctrl-C and SIGTERM end with 130, say how to go on, and never show a traceback.
        """
        code = self.KILL.format(at=5, signal=int(number), path=str(shop)).replace("seq >= 5", "seq == 5")
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, env=environment(), check=False, capture_output=True, text=True
        )

        assert 130 == done.returncode, done.stderr
        assert "gonogo resume" in done.stderr
        assert "Traceback" not in done.stderr
        assert 1 == gonogo(tmp_path, "resume", "-q").code

    def test_a_finished_run_is_over(self, reviewed):
        """
        There is nothing to resume in a run with a verdict.
        """
        done = gonogo(reviewed[0], "resume")

        assert 2 == done.code
        assert "is over" in done.err

    def test_a_changed_tree_is_refused(self, tmp_path):
        """
        A run of a folder whose files have changed since cannot be resumed.
        """
        write(tmp_path / "shop", SHOP)
        code = self.KILL.format(at=5, signal=int(signal.SIGKILL), path=str(tmp_path / "shop"))
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment(), check=False)
        (tmp_path / "shop" / "app.py").write_text("other\n")
        done = gonogo(tmp_path, "resume")

        assert 2 == done.code
        assert "reviewed tree" in done.err


def events(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run_of(folder) / "journal.jsonl").read_bytes().splitlines()]


class TestOutput:
    def test_text(self, reviewed):
        """
        What fails comes first, the reason for the exit code last, and nothing is wider than the terminal.
        """
        done = gonogo(reviewed[0], "show", COLUMNS="80")
        lines = done.out.splitlines()

        assert next(i for i, line in enumerate(lines) if line.startswith("Wrong here")) < next(
            i for i, line in enumerate(lines) if "ROLLBACK" in line
        )
        assert lines[-1].startswith("exit 1: ")
        assert max(len(line) for line in lines[:-1]) <= 80

    def test_progress_goes_to_stderr(self, shop, tmp_path):
        """
        In a pipe there is one line per state change on standard error, and no redraws even under FORCE_COLOR.
        """
        done = gonogo(tmp_path, "review", str(shop), "-q", "--progress", "plain", FORCE_COLOR="1")

        assert "security-validator" in done.err
        assert "\x1b[2K" not in done.err
        assert "\r" not in done.err

    def test_quiet(self, shop, tmp_path):
        """
        Quiet prints the verdict and what blocks.
        """
        done = gonogo(tmp_path, "review", str(shop), "--quiet")

        assert "" == done.err
        assert "ROLLBACK" in done.out
        assert len(done.out.splitlines()) < 40

    @pytest.mark.parametrize("columns", ["80", "100"])
    def test_first_screen(self, reviewed, columns):
        """
        A service with enough wrong fits a screen that says what is wrong, what to do and what is not yet shown.
        """
        done = gonogo(reviewed[0], "show", COLUMNS=columns)
        lines = done.out.splitlines()

        assert sum(max(-(-len(line) // int(columns)), 1) for line in lines) <= 40
        assert "DEP-5.3.1   critical" in done.out
        assert "No feature flag library among the dependencies" in done.out
        assert "Cheapest next steps" in done.out
        assert "ot yet shown (" in done.out
        assert lines[-1].startswith("exit 1: ")

    def test_everything(self, reviewed):
        """
        What the first screen leaves out is a command away: all in full, or what is not yet shown.
        """
        unknown = [a["criterion"] for a in reviewed[1].json["assessments"] if a["status"] == "unknown"]

        whole = gonogo(reviewed[0], "show", "-v").out
        assert "error[DEP-5.3.1]" in whole
        assert [] == [name for name in unknown if name not in whole]
        listed = gonogo(reviewed[0], "show", "--unknown").out
        assert [] == [name for name in unknown if name not in listed]
        assert "DEP-5.3.1" not in listed
        both = gonogo(reviewed[0], "show", "--failed", "--unknown").out
        assert "DEP-5.3.1" in both
        assert unknown[0] in both

    def test_show_one_criterion(self, reviewed):
        """
        One criterion is shown with all that is known of it.
        """
        done = gonogo(reviewed[0], "show", "INF-1.1.8")

        assert 0 == done.code, done.err
        assert "INF-1.1.8" in done.out

    @pytest.mark.parametrize("format_", ["json", "markdown", "html"])
    def test_export(self, reviewed, format_):
        """
        Every format is derived from the record.
        """
        done = gonogo(reviewed[0], "export", "--format", format_)

        assert 0 == done.code
        assert "ROLLBACK" in done.out

    def test_export_to_nowhere(self, reviewed):
        """
        A file that cannot be written is a mistake that says how to fix it.
        """
        done = gonogo(reviewed[0], "export", "-o", "nowhere/x.json")

        assert 2 == done.code
        assert (
            "error: 'nowhere/x.json' cannot be written: No such file or directory\n"
            " help: name a file in a folder that you can write\n"
        ) == done.err

    def test_runs(self, reviewed):
        """
        Runs are listed with their verdict.
        """
        assert "ROLLBACK" in gonogo(reviewed[0], "runs").out
        assert 1 == gonogo(reviewed[0], "runs", "--format", "json").json[0]["exit_code"]

    @pytest.mark.parametrize(
        "said",
        [
            "[" * 100_000,
            '{"verdict": "ROLLBACK", "score": {"percent": "much"}, "exit_code": 1, "release": {"name": "x"}}',
            '{"verdict": "ROLLBACK", "score": {"percent": 1e999}, "exit_code": 1, "release": {"name": "x"}}',
            '{"verdict": "ROLLBACK", "score": {"percent": 1}, "exit_code": 1, "release": {"name": ["x"]}}',
        ],
        ids=["deep", "text", "endless", "list"],
    )
    def test_runs_of_anybody(self, tmp_path, said):
        """
        A verdict that says nonsense is none, and the list goes on.
        """
        write(tmp_path / "runs", {"a/run.json": "{}", "a/verdict.json": said})
        listed = gonogo(tmp_path, "runs")

        assert ("a  unfinished             –\n", "", 0) == (listed.out, listed.err, listed.code)

    def test_runs_hide_nothing(self, tmp_path):
        """
        A verdict cannot draw on the terminal of whoever lists it.
        """
        said = '{"verdict": "\\u001b[2J", "score": {"percent": 1}, "exit_code": 0, "release": {"name": "x"}}'
        write(tmp_path / "runs", {"a/run.json": "{}", "a/verdict.json": said})

        assert "a  \\x1b[2J            1.0 %\n" == gonogo(tmp_path, "runs").out


class TestMistakes:
    @pytest.mark.parametrize(
        ("words", "said"),
        [
            (("review", "nowhere"), "does not exist"),
            (("review", ".", "--rev", "v1"), "has no meaning"),
            (("review", ".", "--workflow", "relase-review"), "no workflow"),
            (("review", ".", "--config", "none.yaml"), "cannot be read"),
            (("reveiw", "."), "did you mean 'review'?"),
            (("review", "--rve", "x"), "--rev"),
            (("explain", "SEC-2.2.11"), "did you mean 'SEC-2.2.1'?"),
            (("show",), "no runs in"),
            (("replay", "x"), "no runs in"),
            (("resume",), "no runs in"),
        ],
    )
    def test_a_mistake_is_a_message(self, tmp_path, words, said):
        """
        A mistake names the thing and how to fix it, exits 2 and shows no traceback.
        """
        done = gonogo(tmp_path, *words)

        assert 2 == done.code
        assert said in done.err
        assert "Traceback" not in done.err
        assert "" == done.out

    def test_configuration(self, tmp_path):
        """
        Every mistake in readiness.yaml is named at once, with line, column and the nearest key.
        """
        text = "version: 1\npolciy: {}\nwaivers:\n  - who: dana\n    reason: later\n"
        shop = repository(tmp_path / "shop", {"readiness.yaml": text})
        done = gonogo(tmp_path, "review", str(shop))

        assert 2 == done.code
        assert "readiness.yaml:2:1" in done.err
        assert "did you mean 'policy'?" in done.err
        assert "'waivers.0.criterion' is missing" in done.err

    def test_a_waiver_of_nothing(self, tmp_path):
        """
        A waiver of a criterion that does not exist is refused.
        """
        text = "waivers:\n  - {criterion: SEC-2.2.99, owner: d, reason: r, expires: 2030-01-01}\n"
        shop = repository(tmp_path / "shop", {"readiness.yaml": text})
        done = gonogo(tmp_path, "review", str(shop))

        assert 2 == done.code
        assert "readiness.yaml:2:6" in done.err

    @pytest.mark.parametrize("group", ["orchestrator.agents", "orchestrator.sources"])
    def test_no_package_of_the_tree_is_found(self, tmp_path, group):
        """
        A reviewed tree that lies about like an installed package offers nothing, though it is the current folder.
        """
        files = SHOP | {
            "extra.py": f"open({str(tmp_path / 'ran')!r}, 'w')\n",
            "click.py": f"open({str(tmp_path / 'ran')!r}, 'w')\n",
            "extra-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: extra\nVersion: 1.0\n",
            "extra-1.0.dist-info/entry_points.txt": f"[{group}]\nextra = extra:EXTRA\n",
        }
        done = gonogo(repository(tmp_path / "shop", files), "review", ".", "--format", "json")

        assert done.code in (1, 3), done.err
        assert not (tmp_path / "ran").exists()

    def test_agents_of_the_tree_are_not_trusted(self, tmp_path):
        """
        Nothing from the reviewed tree is run unless the user says so; then it judges like the others.
        """
        agent = (
            "from orchestrator import Agent, Brief, Finding, ReadFile\n\n\n"
            "class RollbackPlan(Agent):\n"
            '    """A release says how to undo itself before it goes out."""\n\n'
            '    id = "rollback-plan"\n    criteria = ("DEP-5.2.1",)\n    plan = ReadFile("ROLLBACK.md")\n\n'
            "    async def review(self, brief: Brief) -> list[Finding]:\n"
            "        if brief[self.plan] is None:\n"
            '            return [self.fail("DEP-5.2.1", "No way back.", remedy="Add ROLLBACK.md.")]\n'
            "        return []\n"
        )
        files = SHOP | {"rollback_plan.py": agent, "readiness.yaml": "agents: ['rollback_plan:RollbackPlan']\n"}
        shop = repository(tmp_path / "shop", files)
        refused = gonogo(tmp_path, "review", str(shop))
        trusted = gonogo(tmp_path, "review", str(shop), "--trust", "--format", "json")

        assert 2 == refused.code
        assert "--trust" in refused.err
        assert "verification/rollback-plan" in {a["node"] for a in trusted.json["agents"]}
        (found,) = (a for a in trusted.json["assessments"] if a["criterion"] == "DEP-5.2.1")
        assert "fail" == found["status"]
        assert "rollback-plan" in {f["agent"] for f in found["findings"]}

    def test_an_agent_that_cannot_be_imported(self, tmp_path):
        """
        An agent that fails to load stops the command: without it the result would be a false pass.
        """
        files = {"broken.py": "import nothing_of_that_name\n", "readiness.yaml": "agents: ['broken:Broken']\n"}
        done = gonogo(tmp_path, "review", str(repository(tmp_path / "shop", files)), "--trust")

        assert 2 == done.code
        assert "nothing_of_that_name" in done.err

    def test_unwritable_runs_folder(self, shop, tmp_path):
        """
        A runs folder that cannot be made is an error that says how to fix it.
        """
        (tmp_path / "file").write_text("")
        done = gonogo(tmp_path, "review", str(shop), "--runs", str(tmp_path / "file" / "runs"))

        assert 2 == done.code
        assert "--runs DIR" in done.err
        assert "Traceback" not in done.err

    def test_a_full_disk(self, shop, tmp_path):
        """
        A disk that fills up while the run is recorded ends it with the reason (simulated by a limit on file sizes).
        """
        command = f"ulimit -f 20; trap '' XFSZ; exec {sys.executable} -m orchestrator review {shop} -q"
        done = subprocess.run(
            ["bash", "-c", command], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False
        )

        assert 2 == done.returncode, done.stderr
        assert "the record cannot be written" in done.stderr
        assert "Traceback" not in done.stderr


class TestWaivers:
    def test_waived_and_attested(self, tmp_path):
        """
        A waiver and an attestation are shown, count as promised, and expire.
        """
        over = attested("CMP-8.2.2", seen="The policy of ours was read by all of us.", expires="2020-01-01")
        (tmp_path / "words.yaml").write_text(
            words(waivers=[waived("CST-7.1.7")], attestations=[attested("OBS-4.3.4"), over])
        )
        (tmp_path / "team.yaml").write_text(SMALL_TEAM)
        shop = repository(tmp_path / "shop", SHOP)
        how = ("--policy", "team.yaml", "--words", "words.yaml", "--format", "json")
        found = {a["criterion"]: a for a in gonogo(tmp_path, "review", str(shop), *how).json["assessments"]}

        assert "dana" == found["CST-7.1.7"]["waiver"]["owner"]
        assert "lee" == found["OBS-4.3.4"]["attestation"]["owner"]
        assert "lee" == found["OBS-4.3.4"]["attestation"]["witnesses"][0]["person"]
        assert found["CMP-8.2.2"]["attestation"] is None
        assert "expired on 2020-01-01" in found["CMP-8.2.2"]["reason"]


class TestLearning:
    def test_explain(self, tmp_path):
        """
        A criterion is explained with the examples of its checks.
        """
        done = gonogo(tmp_path, "explain", "inf-1.1.8")

        assert 0 == done.code
        assert "Why it matters" in done.out
        assert "flagged:" in done.out

    def test_lists(self, tmp_path):
        """
        Criteria and agents list the same ids with their owners and checks.
        """
        criteria = gonogo(tmp_path, "criteria", "--format", "json").json
        agents = {a["id"]: a for a in gonogo(tmp_path, "agents", "--format", "json").json}

        assert 261 == len(criteria)
        assert 12 == len(agents)
        for row in criteria:
            assert row["id"] in agents[row["owner"]]["criteria"]

    @pytest.mark.parametrize(
        ("prefix", "counted"),
        [
            ("SEC", "38 criteria in 1 area;"),
            ("sec-2.1", "11 criteria in 1 area;"),
            ("SEC-2.1.6", "1 criterion in 1 area;"),
        ],
    )
    def test_a_prefix_narrows_the_page_as_well(self, tmp_path, prefix, counted):
        """
        What is printed for people who read Markdown is what was asked for, and nothing else.
        """
        page = gonogo(tmp_path, "criteria", prefix, "--format", "markdown").out
        listed = re.findall(r"^\| ([A-Z]{3}-[\d.]+) \|", page, re.MULTILINE)

        assert counted in page
        assert listed == [row["id"] for row in gonogo(tmp_path, "criteria", prefix, "--format", "json").json]
        assert listed == [id_ for id_ in listed if id_.startswith(prefix.upper())]

    def test_init_and_doctor(self, tmp_path):
        """
        `init` writes a configuration that is accepted; `doctor` finds everything in its place.
        """
        shop = repository(tmp_path / "shop", SHOP)
        assert 0 == gonogo(tmp_path, "init", str(shop)).code
        again = gonogo(tmp_path, "init", str(shop))
        assert 2 == again.code
        assert len((shop / "readiness.yaml").read_text().splitlines()) <= 60
        assert 1 == gonogo(tmp_path, "review", str(shop), "--worktree", "-q").code
        assert 0 == gonogo(tmp_path, "doctor").code

    def test_plan_touches_nothing(self, shop, tmp_path):
        """
        The plan is printed and no run is recorded.
        """
        done = gonogo(tmp_path, "review", str(shop), "--plan")

        assert 0 == done.code
        assert "deployment-orchestrator" in done.out
        assert not os.listdir(tmp_path)

    def test_version(self, tmp_path):
        """
        The version is one line.
        """
        assert gonogo(tmp_path, "--version").out.startswith("gonogo 0.")
