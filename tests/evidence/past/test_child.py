"""What becomes of the search of a history in its process: its answer, its end, and the end of who asked."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from orchestrator.evidence import apart as processes
from orchestrator.evidence.facts.secrets import SecretHistory
from orchestrator.evidence.past import child, search
from orchestrator.evidence.past.child import Search
from orchestrator.evidence.past.request import Request, asked_of
from orchestrator.evidence.snapshot import open_snapshot
from orchestrator.redaction import withholding
from tests.repositories import repository

TOKEN = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
ASLEEP = "import sys, time; sys.stdin.buffer.readline(); time.sleep(600)"
PATIENCE = 30
ROOT = Path(__file__).parents[3]


@pytest.fixture
def request_(tmp_path: Path) -> Request:
    """A history with a credential in it."""
    repo = repository(tmp_path / "shop", {"conf.py": f'TOKEN = "{TOKEN}"\n'}, {"conf.py": ""})
    asked = asked_of(open_snapshot(repo))
    assert asked is not None
    return asked


def gone(pid: int) -> bool:
    """Whether the process *pid* ends; nobody waits for it longer than for a hang."""
    for _ in range(PATIENCE * 20):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


class TestResult:
    def test_is_that_of_the_search(self, request_):
        """
        The process says what the search says, to the byte, with digests under the key of the run.
        """
        with withholding(b"k" * 32):
            apart = Search()
            apart.begin(request_)
            found = apart.result()
            apart.end()

            assert search.search(request_) == found
        assert search.search(request_).found[0].digest != found.found[0].digest
        assert 1 == found.total

    def test_of_no_history(self):
        """
        Nothing is started where there is nothing to search.
        """
        apart = Search()
        apart.begin(None)

        assert SecretHistory(reason="a plain directory has no history") == apart.result()

    def test_a_mistake_costs_its_fact_alone(self, request_, monkeypatch):
        """
        What goes wrong is a problem of the fact, which then says nothing.
        """

        def stumble(_request: Request) -> SecretHistory:
            raise KeyError("a mistake of ours")

        monkeypatch.setattr(child, "search", stumble)
        asked = json.dumps({"key": "", "request": request_.model_dump(mode="json")}).encode()
        found = SecretHistory.model_validate_json(child.answer(asked))

        assert ["the evidence 'secret-history' could not be finished, which is a mistake of gonogo (KeyError)"] == [
            problem.reason for problem in found.problems
        ]

    def test_code_comes_from_here(self, request_, tmp_path, monkeypatch):
        """
        A package of the same name in the folder of the caller, as in one that is reviewed, is not run.
        """
        (tmp_path / "orchestrator").mkdir()
        (tmp_path / "orchestrator" / "__init__.py").write_text("raise SystemExit")
        (tmp_path / "json.py").write_text("raise SystemExit")
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "path", ["", *sys.path])
        apart = Search()
        apart.begin(request_)

        assert 1 == apart.result().total
        apart.end()


class TestEnd:
    @pytest.fixture(autouse=True)
    def asleep(self, monkeypatch):
        """A process that never answers."""
        monkeypatch.setattr(processes, "command", lambda _module: [sys.executable, "-c", ASLEEP])

    def test_killed(self, request_):
        """
        A search that is killed is one that was not made, and nobody waits for it.
        """
        apart = Search()
        apart.begin(request_)
        assert apart._process is not None
        os.kill(apart._process.pid, signal.SIGKILL)

        assert SecretHistory(reason="the process that searches the history has ended without an answer") == (
            apart.result()
        )
        apart.end()

    def test_out_of_patience(self, request_, monkeypatch):
        """
        So is one that does not end in time.
        """
        monkeypatch.setattr(child, "MAX_SECONDS", 0.0)
        monkeypatch.setattr(child, "GRACE", 0.1)
        apart = Search()
        apart.begin(request_)

        assert "without an answer" in apart.result().reason

    def test_ended(self, request_):
        """
        Whoever is waiting for it goes on when it is ended, and nothing is started afterwards.
        """
        apart = Search()
        apart.begin(request_)
        assert apart._process is not None
        apart.end()
        apart.end()

        assert not apart.result().complete
        assert gone(apart._process.pid)

        never = Search()
        never.end()
        never.begin(request_)

        assert SecretHistory(reason="the search of the history was ended") == never.result()


class TestParent:
    @pytest.mark.parametrize("way", [signal.SIGKILL, signal.SIGTERM])
    def test_takes_the_search_along(self, way, request_):
        """
        However the process ends that asked, the search ends as well, and git with it.
        """
        slow = (
            "import sys, time, subprocess; sys.path[:] = sys.argv[1:]\n"
            "from orchestrator.evidence.past import child\n"
            "def search(request):\n"
            "    git = subprocess.Popen(['sleep', '600'])\n"
            "    open(request.folder, 'w').write(str(git.pid))\n"
            "    time.sleep(600)\n"
            "child.search = search\n"
            "child.main()\n"
        )
        told = Path(os.fsdecode(bytes.fromhex(request_.folder))) / "pid"
        parent = (
            "import sys\n"
            "from orchestrator.evidence import apart\n"
            "from orchestrator.evidence.past import child\n"
            "from orchestrator.evidence.past.request import Request\n"
            f"apart.command = lambda _: [sys.executable, '-c', {slow!r}, *filter(None, sys.path)]\n"
            "search = child.Search()\n"
            f"search.begin(Request(folder={str(told)!r}, commit=''))\n"
            "print(search._process.pid, flush=True)\n"
            "search.result()\n"
        )
        asking = subprocess.Popen([sys.executable, "-c", parent], stdout=subprocess.PIPE, cwd=ROOT)
        assert asking.stdout is not None
        with asking, asking.stdout:
            searching = int(asking.stdout.readline())
            for _ in range(PATIENCE * 20):
                if told.exists() and told.read_text():
                    break
                time.sleep(0.05)
            below = int(told.read_text())
            asking.send_signal(way)
            asking.wait(PATIENCE)

        assert gone(searching)
        assert gone(below)
