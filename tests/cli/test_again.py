"""A recorded run can be watched again: as it went, faster, or without waiting, and never one that is not genuine."""

from __future__ import annotations

import io
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console

from orchestrator.audit.archive import opened
from orchestrator.cli._again import watch_again
from orchestrator.journal.event import GENESIS, Event, canonical, digest
from orchestrator.journal.event import write as line_of
from orchestrator.journal.record import Record
from orchestrator.report import events
from orchestrator.report.progress import Progress
from tests.cli.command import environment, gonogo
from tests.repositories import SHOP, repository

ARCHIVE = sorted((Path(__file__).parents[1] / "recorded").glob("*-shop-*.run.zip"))[0]
HOURS = timedelta(hours=3, minutes=2)


class Waiting:
    """A clock that nobody waits for: sleeping is what moves it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    with opened(Path("nowhere"), str(ARCHIVE)) as packed:
        return Record(shutil.copytree(packed.folder, tmp_path_factory.mktemp("again") / packed.name))


@pytest.fixture
def interrupted(record: Record, tmp_path: Path) -> Record:
    """The same run, interrupted in an agent's turn and taken up again three hours later."""
    folder = shutil.copytree(record.folder, tmp_path / record.name)
    (folder / "journal.jsonl").write_bytes(b"".join(_chained(_interrupted(list(record.events())))))
    return Record(folder)


def _interrupted(whole: list[Event]) -> Iterator[tuple[datetime, str, str, dict[str, object]]]:
    turn = next(n for n, event in enumerate(whole) if event.kind == "NodeStarted")
    for number, event in enumerate(whole):
        at = datetime.fromisoformat(event.at)
        yield at + (HOURS if number > turn else timedelta()), event.kind, event.node, event.data
        if number == turn:
            yield at, "RunInterrupted", "", {}
            owner = {"pid": 2, "host": "other", "since": "2026-11-21T00:00:00.000000Z"}
            yield at + HOURS, "RunResumed", "", {"finished": 0, "torn": False, "driver": 2, "owner": owner}
            yield at + HOURS, event.kind, event.node, event.data | {"attempt": 2}


def _chained(said: Iterator[tuple[datetime, str, str, dict[str, object]]]) -> Iterator[bytes]:
    prev = GENESIS
    for seq, (at, kind, node, data) in enumerate(said):
        line = line_of(
            seq, at.isoformat(timespec="microseconds").replace("+00:00", "Z"), kind, node, canonical(data), prev
        )
        prev = digest(line)
        yield line + b"\n"


def watched(record: Record, speed: float, *, live: bool = False) -> tuple[Waiting, str]:
    clock, out = Waiting(), io.StringIO()
    console = Console(file=out, width=100, color_system=None, force_terminal=live)
    watch_again(record, speed, console, live=live, clock=clock, sleep=clock.sleep)
    return clock, out.getvalue()


def lasted(record: Record) -> float:
    first, *_, last = (datetime.fromisoformat(event.at) for event in record.events())
    return (last - first).total_seconds()


class TestSpeed:
    @pytest.mark.parametrize("speed", [0.5, 1, 10])
    def test_distances_are_divided(self, record, speed):
        """
        The whole takes as long as the run took, divided by the speed, however long showing it takes.
        """
        clock, _ = watched(record, speed)

        assert pytest.approx(lasted(record) / speed) == sum(clock.slept)
        assert len(clock.slept) > 20

    def test_max_waits_for_nothing(self, record):
        """
        Without waiting, the same is shown.
        """
        clock, shown = watched(record, float("inf"))

        assert [] == clock.slept
        assert watched(record, 1)[1] == shown

    def test_what_is_late_is_not_waited_for(self, record):
        """
        Time that showing takes is taken off what is waited for next, so that nothing adds up.
        """
        clock, out = Waiting(), io.StringIO()

        class Slow(io.StringIO):
            def write(self, text: str) -> int:
                clock.now += 0.001
                return out.write(text)

        watch_again(record, 1, Console(file=Slow(), width=100), live=False, clock=clock, sleep=clock.sleep)

        assert sum(clock.slept) < lasted(record)
        assert pytest.approx(1000 + lasted(record), abs=0.01) == clock.now

    def test_a_time_that_nobody_drove_is_cut(self, record, interrupted):
        """
        Three hours are a second, whatever the speed, and they are said.
        """
        for speed in (0.5, 1.0, 10.0):
            clock, shown = watched(interrupted, speed)

            assert pytest.approx(lasted(record) / speed + 1) == sum(clock.slept)
            assert 1 == shown.count(" resumed  interrupted, and nobody drove it for 3 h 2 min\n")

    def test_a_short_one_is_not(self, record, interrupted):
        """
        At a speed at which it is over in less it takes less.
        """
        clock, _ = watched(interrupted, 100_000)

        assert pytest.approx((lasted(record) + HOURS.total_seconds()) / 100_000) == sum(clock.slept)

    def test_a_claim_of_centuries(self, record, tmp_path):
        """
        A distance that no system waits for in one go is waited for in several.
        """
        folder = shutil.copytree(record.folder, tmp_path / record.name)
        far = [(datetime.fromisoformat(e.at).replace(year=9000 if e.seq else 1), *e[2:5]) for e in record.events()]
        (folder / "journal.jsonl").write_bytes(b"".join(_chained(iter(far[:2]))))
        clock, _ = watched(Record(folder), 1000.0)

        assert 3600 == max(clock.slept)


class TestWhatIsShown:
    def test_the_tree_keeps_the_pace(self, record):
        """
        On a terminal what is drawn between two events goes on at the speed of the events.
        """
        clock, out = Waiting(), io.StringIO()
        console = Console(file=out, width=80, force_terminal=True, color_system=None)
        watch_again(record, 8, console, live=True, clock=clock, sleep=clock.sleep)

        assert 8 * clock.now == console.get_time()
        assert "ROLLBACK, score" in out.getvalue()

    def test_an_interruption_in_the_tree(self):
        """
        A turn that was interrupted waits again, and it is said how long nobody drove the run.
        """
        console = Console(file=io.StringIO(), width=80, color_system=None, get_time=lambda: 0.0)
        with Progress(console, live=True) as shown:
            shown.feed(events.RunStarted("r", "shop 1", 2, "2026-11-21T16:12:30Z", (("v", "V"),), (("v/a", "v"),)))
            shown.feed(events.NodeStarted(1.0, "v/a", "v"))
            shown.feed(events.RunResumed(7201.0, 7200.0))
            assert shown.tree is not None  # it is live
            console.begin_capture()
            console.print(shown.tree)
            drawn = console.end_capture().splitlines()

        assert "        interrupted, nobody drove it for 2 h 0 min" in drawn
        assert "     · a" in [line.rstrip() for line in drawn]

    def test_as_it_was_live(self, tmp_path):
        """
        Line by line what whoever reviewed saw, with the times of then; only that files were read is told all at once.
        """

        def lines(err: str) -> list[str]:
            return [line for line in err.splitlines() if line[9:13] not in ("read", "runn")]

        shop = repository(tmp_path / "shop", SHOP)
        then = gonogo(tmp_path, "review", str(shop), "--progress", "plain")
        again = gonogo(tmp_path, "replay", "--speed", "max", TZ="Pacific/Kiritimati")

        assert 0 == again.code, again.err
        assert lines(then.err) == lines(again.err)
        assert 1 == again.err.count(f" read     {len(SHOP)} of {len(SHOP)} files\n")
        assert again.out.startswith("REPRODUCED  ")
        assert "\x1b" not in again.err


class TestTheCommand:
    def test_an_archive(self, record, tmp_path):
        """
        An archive is watched like a folder, and ends as it does without being watched.
        """
        done = gonogo(tmp_path, "replay", str(ARCHIVE), "--speed", "max")

        assert gonogo(tmp_path, "replay", str(ARCHIVE)).out == done.out
        assert watched(record, float("inf"))[1] == done.err

    @pytest.mark.parametrize("word", ["0", "-1", "nan", "inf", "fast", ""])
    def test_no_speed(self, record, word):
        """
        Anything that is not a speed is a mistake that says how to fix it.
        """
        done = gonogo(record.folder.parent, "replay", record.name, "--speed", word)

        assert 2 == done.code
        assert f"'{word}' is not a speed; 1 is real time, 10 is ten times as fast, max does not wait" in done.err

    @pytest.mark.parametrize("more", [("x",), ("--rejudge",), ("--policy", "x.yaml")])
    def test_one_thing_at_a_time(self, record, more):
        """
        One run is watched, and nothing else is asked.
        """
        done = gonogo(record.folder.parent, "replay", record.name, *more, "--speed", "1")

        assert 2 == done.code
        assert done.err.startswith("error: --speed shows ")

    def test_what_diverges_is_not_shown(self, record, tmp_path):
        """
        A report that the record does not lead to is told at once, and nothing of the run is shown.
        """
        folder = shutil.copytree(record.folder, tmp_path / record.name)
        (folder / "report.html").write_text("ready")
        done = gonogo(tmp_path, "replay", str(folder), "--speed", "max")

        assert 8 == done.code
        assert done.err.startswith("error: report.html is not what follows from the record")

    def test_stopped(self, record):
        """
        Ctrl-C ends it with 130 and without a traceback.
        """
        words = [sys.executable, "-m", "orchestrator", "replay", str(record.folder), "--speed", "0.0001"]
        with subprocess.Popen(
            words, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process:
            assert process.stderr is not None  # it is a pipe
            try:
                first = process.stderr.readline()
                process.send_signal(signal.SIGINT)
                out, err = process.communicate(timeout=60)
            finally:
                process.kill()

        assert b" start " in first
        assert (130, b"", b"\n") == (process.returncode, out, err)
