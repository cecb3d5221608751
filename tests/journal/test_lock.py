"""One process drives a run: the next one takes over from the dead, and never from the living."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestrator.commands.resume import resume
from orchestrator.commands.review import review
from orchestrator.errors import RunLocked
from orchestrator.journal.clock import Clock
from orchestrator.journal.record import Record
from orchestrator.journal.writer import Journal, start
from orchestrator.planning.plan import Request
from tests.cli.command import environment, gonogo
from tests.journal.faults import DIED, DONE, System, die, in_child, reviewing
from tests.repositories import SHOP, repository

MANIFEST = {"format": "readiness/run/1", "run": "run"}
WRITER = (
    "import asyncio, sys\n"
    "from pathlib import Path\n"
    "from orchestrator.errors import RunLocked\n"
    "from orchestrator.journal.clock import Clock\n"
    "from orchestrator.journal.record import Record\n"
    "from orchestrator.journal.writer import Journal\n"
    "folder, wrote, refused = Path(sys.argv[1]), 0, 0\n"
    "print('ready', flush=True)\n"
    "sys.stdin.readline()\n"
    "while wrote < 25:\n"
    "    try:\n"
    "        journal = Journal.continued(Record(folder), Clock(), sync=False)\n"
    "    except RunLocked as error:\n"
    "        refused += 1\n"
    "        continue\n"
    "    for _ in range(5):\n"
    "        journal.append('Said', sys.argv[2])\n"
    "        asyncio.run(journal.durable())\n"
    "    wrote += 1\n"
    "    journal.close()\n"
    "print(refused, flush=True)\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    start(tmp_path / "run", MANIFEST, Clock(), sync=False).close()
    return tmp_path / "run"


class TestLock:
    def test_two_processes_never_both_write(self, folder):
        """
        Two processes that fight for a run write in turns: the chain holds, and every turn is in one piece.
        """
        words = [sys.executable, "-c", WRITER, str(folder)]
        fighters = [
            subprocess.Popen(
                [*words, name], env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for name in ("a", "b")
        ]
        for fighter in fighters:
            assert fighter.stdout is not None
            assert "ready\n" == fighter.stdout.readline()
        for fighter in fighters:
            assert fighter.stdin is not None
            fighter.stdin.write("go\n")
            fighter.stdin.flush()
        for fighter in fighters:
            fighter.communicate(timeout=60)
        nodes = [e.node for e in Record(folder).events()]

        assert [0, 0] == [fighter.returncode for fighter in fighters]
        assert 250 == len(nodes)
        assert all(1 == len(set(nodes[k : k + 5])) for k in range(0, 250, 5))

    def test_the_owner_is_named(self, folder):
        """
        Who wants to write is told which process on which host does, and since when.
        """
        code = (
            "import sys, time\nfrom pathlib import Path\nfrom orchestrator.journal.lock import Lock\n"
            "lock = Lock(Path(sys.argv[1]), '2026-01-02T03:04:05Z')\nprint('taken', flush=True)\ntime.sleep(60)\n"
        )
        words = [sys.executable, "-c", code, str(folder)]
        with subprocess.Popen(words, env=environment(), stdout=subprocess.PIPE, text=True) as owner:
            assert owner.stdout is not None
            assert "taken\n" == owner.stdout.readline()
            with pytest.raises(RunLocked) as caught:
                Journal(folder, Clock(), sync=False)
            owner.send_signal(signal.SIGKILL)
        taken = Journal(folder, Clock(), sync=False)

        assert f"process {owner.pid} on {os.uname().nodename} since 2026-01-02T03:04:05Z" in caught.value.what
        assert taken.lock.left_by is not None
        assert owner.pid == taken.lock.left_by.pid
        taken.close()

    def test_a_deleted_lock_opens_no_door(self, folder):
        """
        Deleting the lock of a run that is driven lets nobody else in.
        """
        journal = Journal(folder, Clock(), sync=False)
        (folder / "lock").unlink()

        with pytest.raises(RunLocked):
            Journal(folder, Clock(), sync=False)
        journal.close()

    def test_what_somebody_else_wrote_is_not_written_over(self, folder):
        """
        A journal that grew under its owner is left alone.
        """
        journal = Journal(folder, Clock(), sync=False)
        (folder / "journal.jsonl").write_text("other\n")
        journal.append("Said")

        with pytest.raises(RunLocked, match="somebody else"):
            asyncio.run(journal.durable())
        journal.close()
        assert "other\n" == (folder / "journal.jsonl").read_text()

    def test_let_go_of(self, folder):
        """
        A lock that was let go of names nobody, and the next owner takes over from nobody.
        """
        assert "" == (folder / "lock").read_text()
        journal = Journal(folder, Clock(), sync=False)
        assert journal.lock.left_by is None
        journal.close()


class TestTakingOver:
    def test_said_in_the_record(self, tmp_path):
        """
        A second and a third life say which number they are and from which dead process they took over.
        """
        shop = repository(tmp_path / "shop", SHOP)
        log = tmp_path / "log"

        def strike(_system: System, number: int, stage: str) -> None:
            if (number, stage) == (60, "after"):
                die()

        assert DIED == in_child(lambda: reviewing(shop, tmp_path / "runs", strike, each=True), log)
        (run,) = (p for p in (tmp_path / "runs").iterdir() if p.is_dir())
        dead = json.loads((run / "lock").read_text())["pid"]

        def again() -> int:
            def stop(_seq: int, _at: str, kind: str, _node: str, _data: dict[str, object]) -> None:
                if kind == "ProfileDetermined":
                    raise KeyboardInterrupt

            try:
                asyncio.run(resume(Record(run), watchers=[stop]))
            except KeyboardInterrupt:
                return DONE
            return 1

        assert DONE == in_child(again, log), log.read_text()
        assert 1 == gonogo(tmp_path, "resume", "--trust", "-q").code
        lives = [e.data for e in Record(run).events() if e.kind == "RunResumed"]

        assert [2, 3] == [life["driver"] for life in lives]
        assert dead == lives[0]["took_over"]["pid"]
        assert "took_over" not in lives[1], "the second life let go of the run by itself"
        assert {"pid", "host", "since"} == set(lives[1]["owner"])

    def test_not_from_the_living(self, tmp_path):
        """
        A run that is being driven is not resumed; the mistake names its owner.
        """
        shop = repository(tmp_path / "shop", SHOP)
        run = asyncio.run(review(Request(path=str(shop)), tmp_path / "runs", sync=False)).folder
        lines = (run / "journal.jsonl").read_bytes().splitlines(keepends=True)
        (run / "journal.jsonl").write_bytes(b"".join(lines[:20]))
        journal = Journal(run, Clock(), sync=False)
        begun = time.monotonic()
        done = gonogo(tmp_path, "resume")
        journal.close()

        assert 2 == done.code
        assert f"process {os.getpid()}" in done.err
        assert time.monotonic() - begun < 30
        assert 20 == len((run / "journal.jsonl").read_bytes().splitlines())
