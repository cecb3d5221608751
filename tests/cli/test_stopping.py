"""Ctrl-C and its like end every command in every phase: 130, no traceback, nothing left running, nothing lost."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path

import pytest

from tests.cli.command import gonogo
from tests.cli.holding import LONG, SIGNALS, Held, cycled
from tests.cli.test_review import events, run_of
from tests.repositories import SHOP, repository
from tests.sampling import sampled

NOTHING = "interrupted before anything was recorded: run the command again\n"
RECORDED = "interrupted; what is finished is recorded: `gonogo resume` goes on from there\n"
OVER = "interrupted; the run is over and recorded: `gonogo show` prints its result\n"

BUSY = """
import os
import subprocess
import sys
import time
import time

from orchestrator import Agent


class Busy(Agent):
    id = "busy"
    criteria = ("DEP-5.2.1",)

    async def review(self, brief):
        if "BUSY" in os.environ:
            subprocess.Popen(["sleep", "1000000"], start_new_session=True)
            open(os.environ["BUSY"], "x").close()
            time.sleep(1e6)
        return [self.unknown("DEP-5.2.1", "not told")]
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return repository(tmp_path / "shop", SHOP)


@pytest.fixture
def busy(tmp_path: Path) -> Path:
    return repository(tmp_path / "shop", SHOP | {"readiness.yaml": "agents: ['busy:Busy']\n", "busy.py": BUSY})


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two finished runs."""
    folder = tmp_path_factory.mktemp("recorded")
    shop = repository(folder / "shop", SHOP)
    for _ in range(2):
        assert 1 == gonogo(folder, "review", str(shop), "-q", "--progress", "none").code
    assert 0 == gonogo(folder, "sign", "keygen", "--out", "k.pem").code
    (folder / "other.yaml").write_text("thresholds: {score: 95}\n")
    return folder


def goes_on(folder: Path, *words: str) -> None:
    """The record says that it was interrupted; it is gone on with, and is genuine and complete."""
    assert "RunInterrupted" == events(folder)[-1]["kind"]
    before = len(events(folder))
    finished = {event["node"] for event in events(folder) if event["kind"] == "NodeFinished"}
    done = gonogo(folder, "resume", "-q", "--progress", "none", *words)
    assert 1 == done.code, done.err
    assert not finished & {event["node"] for event in events(folder)[before:] if event["kind"] == "NodeStarted"}
    assert 0 == gonogo(folder, "verify").code
    assert 0 == gonogo(folder, "replay").code


HOW = ("pass", "time.sleep(1e6)")
"""What goes on for ever at the place where a command is held."""


def with_each(names: Iterable[str], others: Sequence[str]) -> list[tuple[str, signal.Signals, str]]:
    """Each of *names*, which have all signals in turn, with each of *others*."""
    return [(name, number, other) for other in others for name, number in cycled(list(names))]


READING = with_each(["--batch", "log"], ["none", "plain"])
HOLDING_UP = with_each(["orchestrator.commands.review", "orchestrator.commands.drive"], HOW)


class TestReview:
    @pytest.mark.parametrize(
        ("word", "number"), sampled(product(["rev-parse", "ls-tree"], SIGNALS), 2, kind=lambda case: case[1])
    )
    def test_planning(self, shop, tmp_path, word, number):
        """
        While git does not answer nothing has been begun, which is said; git and what it has begun are ended as well.
        """
        held = Held(tmp_path, "review", str(shop), git=word)
        held.wait()

        assert (130, NOTHING) == held.stopped(number)
        assert not (tmp_path / "runs").exists()

    @pytest.mark.parametrize("number", sampled(SIGNALS, 2))
    def test_git_is_stopped_first(self, shop, tmp_path, number):
        """
        A git that dies of the same Ctrl-C a moment before is not a fault of the repository.
        """
        signalling = f"kill -{int(number)} $PPID"
        held = Held(tmp_path, "review", str(shop), "--progress", "none", git="rev-parse", answer=signalling)
        _, said = held.process.communicate(timeout=LONG)

        assert (130, NOTHING) == (held.process.returncode, said.decode())

    @pytest.mark.parametrize(("word", "number", "progress"), sampled(READING, 2, kind=lambda case: case[0]))
    def test_reading(self, shop, tmp_path, word, number, progress):
        """
        While the tree or its history is read, in a thread that nobody can break off, the record says that it ended.
        """
        held = Held(tmp_path, "review", str(shop), "--progress", progress, git=word)
        held.wait()
        code, said = held.stopped(number)

        assert (130, True) == (code, said.endswith(RECORDED))
        assert "Traceback" not in said
        goes_on(tmp_path)

    @pytest.mark.parametrize("number", sampled(SIGNALS, 2))
    def test_agents(self, busy, tmp_path, number):
        """
        Agents that give no way end with the run, and with them what they have begun.
        """
        held = Held(tmp_path, "review", str(busy), "--trust", "--progress", "none", BUSY=str(tmp_path / "reached"))
        held.wait()

        assert (130, RECORDED) == held.stopped(number)
        goes_on(tmp_path, "--trust")

    def test_resumed_and_stopped_again(self, busy, tmp_path):
        """
        What was taken up again can be stopped as well.
        """
        reached = str(tmp_path / "reached")
        for words in (("review", str(busy)), ("resume",)):
            held = Held(tmp_path, *words, "--trust", "--progress", "none", BUSY=reached)
            held.wait()
            assert (130, RECORDED) == held.stopped(signal.SIGTERM)
            held.reached.unlink()

        goes_on(tmp_path, "--trust")

    def test_a_model_that_does_not_answer(self, shop, tmp_path):
        """
        A question that is pending is given up.
        """
        with socket.create_server(("127.0.0.1", 0)) as server:
            url = f"http://127.0.0.1:{server.getsockname()[1]}"
            held = Held(
                *(tmp_path, "review", str(shop), "--model", "m", "--progress", "none"),
                ANTHROPIC_API_KEY="k",
                ANTHROPIC_BASE_URL=url,
            )
            server.settimeout(60)
            line, _ = server.accept()
            with line:
                assert (130, RECORDED) == held.stopped(signal.SIGINT)

        assert "RunInterrupted" == events(tmp_path)[-1]["kind"]

    @pytest.mark.parametrize(("module", "number", "how"), sampled(HOLDING_UP, 2, kind=lambda case: case[0]))
    def test_on_the_event_loop(self, shop, tmp_path, module, number, how):
        """
        Also what holds the event loop up is broken off, and the record is closed.
        """
        name = {"orchestrator.commands.review": "pinned_blobs", "orchestrator.commands.drive": "judge"}[module]
        held = Held(tmp_path, "review", str(shop), "--progress", "none", at=(module, name, how))
        held.wait()
        code, said = held.stopped(number)

        assert (130, NOTHING if name == "pinned_blobs" else RECORDED) == (code, said)
        if name == "judge":
            goes_on(tmp_path)

    @pytest.mark.parametrize(("name", "number"), cycled(["rendered", "write_atomically"]))
    def test_laying_down(self, shop, tmp_path, name, number):
        """
        The verdict stands; its report is written by whoever resumes, and the record has nothing behind its end.
        """
        held = Held(
            tmp_path,
            "review",
            str(shop),
            "--progress",
            "none",
            at=("orchestrator.conclusion.rendering", name, "time.sleep(1e6)"),
        )
        held.wait()

        assert (130, RECORDED) == held.stopped(number)
        assert "VerdictReached" == events(tmp_path)[-1]["kind"]
        assert not (run_of(tmp_path) / "report.html").exists()
        assert 1 == gonogo(tmp_path, "resume", "-q").code
        assert 0 == gonogo(tmp_path, "verify").code

    @pytest.mark.parametrize("number", sampled(SIGNALS, 2))
    def test_showing_the_result(self, shop, tmp_path, number):
        """
        The run is over, which is said.
        """
        held = Held(
            *(tmp_path, "review", str(shop), "--progress", "none"),
            at=("orchestrator.report.terminal", "print_report", "pass"),
        )
        held.wait()

        assert (130, True) == ((done := held.stopped(number))[0], done[1].endswith(OVER))
        assert 0 == gonogo(tmp_path, "verify").code

    def test_killed(self, busy, tmp_path):
        """
        A killed run leaves nobody to end its agents: they end all the same, with what they have begun.
        """
        held = Held(tmp_path, "review", str(busy), "--trust", "--progress", "none", BUSY=str(tmp_path / "reached"))
        held.wait()

        assert (-signal.SIGKILL, "") == held.stopped(signal.SIGKILL)
        assert 1 == gonogo(tmp_path, "resume", "-q", "--trust", "--progress", "none").code
        assert 0 == gonogo(tmp_path, "verify").code

    def test_asked_again_and_again(self, busy, tmp_path):
        """
        A second Ctrl-C while it is being stopped breaks nothing, and shows no traceback.
        """
        held = Held(tmp_path, "review", str(busy), "--trust", "--progress", "none", BUSY=str(tmp_path / "reached"))
        held.wait()

        assert (130, RECORDED) == held.stopped(*[signal.SIGINT] * 3)
        goes_on(tmp_path, "--trust")

    def test_it_cannot_be_closed(self, shop, tmp_path):
        """
        Even when closing the record hangs, the process exits, with what was written.
        """
        at = ("orchestrator.journal.lock", "Lock.release", "time.sleep(1e6)")
        held = Held(tmp_path, "review", str(shop), "--progress", "none", at=at)
        held.wait()

        assert (130, "") == held.stopped(signal.SIGTERM)
        assert 0 == gonogo(tmp_path, "verify").code


READ = ("orchestrator.journal.record", "Record.blocks")
OTHERS = {
    "verify": (READ, ("verify",)),
    "replay": (READ, ("replay",)),
    "rejudge": (("orchestrator.engine.work", "AgentWork._hold"), ("replay", "--rejudge")),
    "what if": (("orchestrator.audit.what_if", "judge"), ("replay", "--policy", "other.yaml")),
    "show": (READ, ("show",)),
    "export": (("orchestrator.journal.writer", "write_atomically"), ("export", "-o", "x.json")),
    "runs": (("orchestrator.cli.runs", "_row"), ("runs",)),
    "prune": (("orchestrator.audit.prune", "_empty"), ("runs", "prune", "--keep", "1")),
    "diff": (READ, ("diff", "FIRST", "latest")),
    "sign": (READ, ("sign", "--key", "k.pem")),
    "anchor": (READ, ("anchor", "--to", "note:shop")),
    "init": (("orchestrator.commands.init", "open_snapshot"), ("init", "shop")),
    "doctor": (("orchestrator.commands.doctor", "shutil.which"), ("doctor",)),
    "plan": (("orchestrator.planning.plan", "open_snapshot"), ("review", "--plan", "shop")),
}


class TestOthers:
    @pytest.mark.parametrize(("name", "number", "how"), sampled(with_each(OTHERS, HOW), 2, kind=lambda case: case[0]))
    def test_every_command(self, recorded, tmp_path, name, number, how):
        """
        Each command ends where it is, and says nothing that is not so; records are as they were.
        """
        folder = shutil.copytree(recorded, tmp_path / "folder", symlinks=True)
        at, words = OTHERS[name]
        first = min(path.name for path in (folder / "runs").iterdir() if path.is_dir())
        held = Held(folder, *(first if word == "FIRST" else word for word in words), at=(*at, how))
        held.wait()
        code, said = held.stopped(number)

        assert (130, said.strip()) == (code, NOTHING.strip() if name == "plan" else "")
        assert 0 == gonogo(folder, "verify").code

    @pytest.mark.parametrize("number", sampled(SIGNALS, 2))
    def test_while_it_is_imported(self, tmp_path, number):
        """
        Before there is anything to stop, it ends too.
        """
        held = Held(tmp_path, at=("orchestrator.cli.app", "run", "time.sleep(1e6)"))
        held.wait()

        assert (130, "") == held.stopped(number)

    def test_ignored_from_outside(self, recorded, tmp_path):
        """
        Whoever has it ignore a signal, as nohup does, is obeyed.
        """
        held = Held(recorded, "verify", at=(*READ, "time.sleep(1e6)"), ignoring=(signal.SIGHUP,))
        held.wait()
        held.process.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            held.process.wait(timeout=3)

        assert 130 == held.stopped(signal.SIGTERM)[0]
        held.reached.unlink()


STUBBORN = """
import sys, time
from pathlib import Path

import orchestrator.cli._stopping as stopping
from orchestrator.host.stopping import registered

registered(lambda: time.sleep(1e6))
stopping.install()
Path(sys.argv[1]).touch()
while True:
    try:
        time.sleep(1e6)
    except BaseException:
        pass
"""


@pytest.mark.parametrize("number", sampled(SIGNALS, 2))
def test_what_ends_with_it_may_hang(tmp_path, number):
    """
    A process that neither heeds a stop nor can end what it has begun is left all the same.
    """
    reached = tmp_path / "reached"
    process = subprocess.Popen([sys.executable, "-c", STUBBORN, str(reached)])
    try:
        while not reached.exists():
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(number)

        assert 130 == process.wait(timeout=LONG)
    finally:
        process.kill()
