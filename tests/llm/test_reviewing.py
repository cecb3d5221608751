"""A review with a model from the outside: asked once, recorded, and replayed when the model is gone."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command import environment, gonogo
from tests.llm import messages_api as api
from tests.llm.looks import objection
from tests.repositories import SHOP, repository

REVIEW = ("--model", api.MODEL, "--format", "json", "--progress", "none")
PYTEST = objection("DEP-5.1.1", path=".github/workflows/ci.yaml", line=8, quote="- run: pytest", why="Only one job.")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("repos") / "shop", SHOP)


def secrets(server: api.Server) -> dict[str, str]:
    return {"ANTHROPIC_API_KEY": api.KEY, "ANTHROPIC_BASE_URL": server.url}


def objects(question: str) -> object:
    """To the one criterion, where it is asked about."""
    return {"objections": [PYTEST] if '"DEP-5.1.1"' in question else []}


def events(folder: Path) -> list[dict[str, Any]]:
    (run,) = (p for p in (folder / "runs").iterdir() if p.is_dir())
    return [json.loads(line) for line in (run / "journal.jsonl").read_bytes().splitlines()]


def statuses(result: Any) -> dict[str, str]:
    return {a["criterion"]: a["status"] for a in result["assessments"]}


@pytest.fixture(scope="module")
def reviewed(shop, tmp_path_factory):
    """A folder with one finished run, how the command ended, and the requests; the fake is gone by then."""
    folder = tmp_path_factory.mktemp("work")
    with api.serving(api.says(objects)) as server:
        done = gonogo(folder, "review", str(shop), *REVIEW, **secrets(server))
    return folder, done, server


class TestReview:
    def test_lowers_and_never_raises(self, reviewed, shop, tmp_path):
        """
        The objection that stands takes one pass back; everything else is as it is without a model.
        """
        _, done, _ = reviewed
        plain = statuses(gonogo(tmp_path, "review", str(shop), "--format", "json", "--progress", "none").json)
        looked = statuses(done.json)

        assert ("pass", "fail") == (plain["DEP-5.1.1"], looked["DEP-5.1.1"])
        assert plain == looked | {"DEP-5.1.1": "pass"}

    def test_says_who_looked(self, reviewed):
        """
        The report says that a model was asked, what it said and what that cost.
        """
        _, done, server = reviewed
        tables = {a["node"]: a["exhibits"] for a in done.json["agents"]}
        (table,) = (t for t in tables["verification/integration-tester"] if t["title"] == "Second look")

        assert any(api.MODEL in note for note in done.json["notes"])
        assert "raised 1 objection: 1 counted, 0 dropped" in table["note"]
        assert ["DEP-5.1.1", "fail", ".github/workflows/ci.yaml:8", "counted", "Only one job."] == table["rows"][0]
        assert len(server.bodies) == len({json.dumps(b) for b in server.bodies}) >= 2

    def test_replays_without_it(self, reviewed):
        """
        The record alone gives the same bytes, with neither key nor server.
        """
        folder, _, _ = reviewed

        assert "REPRODUCED" in gonogo(folder, "replay").out
        assert 0 == gonogo(folder, "verify").code

    def test_question_and_answer_are_in_the_record(self, reviewed):
        """
        What was asked and what was said can be read years later; the key is nowhere.
        """
        folder, _, server = reviewed
        blobs = [f.read_bytes() for f in (folder / "runs").rglob("*") if f.is_file()]
        steps = [json.loads(b) for b in blobs if b.startswith(b'{"asked":')]

        assert sorted(server.questions) == sorted(step["asked"]["question"] for step in steps)
        assert any(step["data"]["objections"] == [PYTEST] for step in steps)
        assert not any(api.KEY.encode() in blob for blob in blobs)


class TestOutage:
    @pytest.mark.parametrize("fault", [api.says("", stop="refusal"), api.status(401, "authentication_error")])
    def test_the_mechanical_verdict_stands(self, shop, tmp_path, fault):
        """
        A model that refuses or is not there changes no status and ends no agent; the report says so.
        """
        with api.serving(fault) as server:
            done = gonogo(tmp_path, "review", str(shop), *REVIEW, **secrets(server))
        (tmp_path / "plain").mkdir()
        plain = gonogo(tmp_path / "plain", "review", str(shop), "--format", "json", "--progress", "none")

        assert statuses(plain.json) == statuses(done.json)
        assert {"completed", "not_applicable"} >= {a["outcome"] for a in done.json["agents"]}
        assert "the mechanical verdict stands" in done.out
        assert 0 == gonogo(tmp_path, "replay").code


class TestResume:
    def test_nothing_is_paid_twice(self, shop, tmp_path):
        """
        Killed while the second question is open, a review asks that one again and the first one never.
        """
        reached, go_on = threading.Event(), threading.Event()
        with api.serving(api.says(objects), api.hangs(reached, go_on), api.says(objects)) as server:
            words = [sys.executable, "-m", "orchestrator", "review", str(shop), *REVIEW]
            running = subprocess.Popen(words, cwd=tmp_path, env=environment(**secrets(server)), stdout=subprocess.PIPE)
            assert reached.wait(60)
            running.send_signal(signal.SIGKILL)
            running.communicate()
            before = len([e for e in events(tmp_path) if ":model:" in e["data"].get("key", "")])
            go_on.set()
            done = gonogo(tmp_path, "resume", "--format", "json", "--progress", "none", **secrets(server))
            questions = server.questions

        assert 1 == before
        assert 1 == done.code, done.err
        assert 1 == questions.count(questions[0])
        assert 2 == questions.count(questions[1])
        assert "fail" == statuses(done.json)["DEP-5.1.1"]
        assert 0 == gonogo(tmp_path, "replay").code

    def test_an_answer_outlives_its_turn(self, shop, tmp_path):
        """
        Killed between an answer and the end of the turn that asked, a review takes the answer from the record.
        """
        code = (
            "import os, signal, sys\n"
            "from orchestrator.journal import writer\n"
            "real = writer.Journal.append\n"
            "def append(self, kind, node='', data=None):\n"
            "    seq = real(self, kind, node, data)\n"
            "    if ':model:' in (data or {}).get('key', ''):\n"
            "        self._write_all()\n"
            "        os.kill(os.getpid(), signal.SIGKILL)\n"
            "    return seq\n"
            "writer.Journal.append = append\n"
            "from orchestrator.cli import main\n"
            f"sys.argv = ['gonogo', 'review', {str(shop)!r}, '--model', {api.MODEL!r}, '--progress', 'none', '-q']\n"
            "main()\n"
        )
        with api.serving(api.says(objects)) as server:
            env = environment(**secrets(server))
            killed = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, check=False)
            asked = server.questions
            done = gonogo(tmp_path, "resume", "--format", "json", "--progress", "none", **secrets(server))
            questions = server.questions

        assert -signal.SIGKILL == killed.returncode
        assert 1 == len(asked)
        assert 1 == questions.count(asked[0])
        assert len(set(questions)) == len(questions)
        assert "fail" == statuses(done.json)["DEP-5.1.1"]


class TestAsking:
    def test_without_a_key(self, shop, tmp_path):
        """
        A model without a key is a mistake that says how to fix it, before anything is recorded.
        """
        done = gonogo(tmp_path, "review", str(shop), *REVIEW)

        assert 2 == done.code
        assert "ANTHROPIC_API_KEY is not set" in done.err
        assert "Traceback" not in done.err
        assert not (tmp_path / "runs").exists()

    def test_off_by_default(self, shop, tmp_path):
        """
        Without --model nothing is asked, whatever key there is, and the SDK is not even imported.
        """
        code = (
            "import sys\n"
            "from orchestrator.cli import main\n"
            f"sys.argv = ['gonogo', 'review', {str(shop)!r}, '--progress', 'none', '-q']\n"
            "try:\n"
            "    main()\n"
            "finally:\n"
            "    assert not {'anthropic', 'httpx2'} & set(sys.modules)\n"
        )
        with api.serving(api.says(objects)) as server:
            env = environment(**secrets(server))
            done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, check=False)

        assert 1 == done.returncode, done.stderr
        assert b"Assertion" not in done.stderr
        assert [] == server.bodies

    def test_the_plan_says_what_is_sent(self, shop, tmp_path):
        """
        A plan with a model says that lines leave the machine; one without says that nothing does.
        """
        assert "nothing is sent anywhere" in gonogo(tmp_path, "review", str(shop), "--plan").out
        assert f"are sent to the model {api.MODEL}" in gonogo(tmp_path, "review", str(shop), "--plan", *REVIEW[:2]).out
