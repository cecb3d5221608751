"""What every executor owes, whoever does the work and wherever: here, in a fork, or in a process over a pipe."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from orchestrator.domain.outcome import Ending
from orchestrator.engine import installed
from orchestrator.engine.children import ChildExecutor
from orchestrator.engine.doorkeeper import Doorkeeper
from orchestrator.engine.executor import Closed, Executor, How, KeyTaken, LocalExecutor, UnknownKey
from orchestrator.engine.job import MOST, Job
from orchestrator.errors import UsageError, WorkflowError
from orchestrator.journal.event import digest
from orchestrator.journal.record import Record
from orchestrator.journal.step import Door
from orchestrator.journal.versions import FORMAT
from orchestrator.journal.writer import Journal, start
from tests.cli.warm import begun
from tests.engine import deeds
from tests.engine.piped import PipedExecutor
from tests.engine.test_coordinator import clock

MAKERS: dict[str, Callable[[Doorkeeper], Executor]] = {
    "local": lambda keeper: LocalExecutor(lambda job: deeds.work(job, keeper.at(job.key))),
    "children": lambda keeper: ChildExecutor(deeds.work, keeper),
    "piped": lambda keeper: PipedExecutor(keeper, "tests.engine.deeds:work"),
}
WAIT = 20.0
"""Seconds after which a test has failed that waits for an executor."""


@pytest.fixture
def journal(tmp_path: Path):
    journal = start(tmp_path / "run", {"format": FORMAT}, clock(), sync=False)
    yield journal
    journal.close()


@pytest.fixture
def keeper(journal: Journal) -> Doorkeeper:
    return Doorkeeper(Door(journal))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "marks").mkdir()
    return tmp_path / "marks"


@pytest.fixture(params=MAKERS)
async def executor(request: pytest.FixtureRequest, keeper: Doorkeeper) -> AsyncIterator[Executor]:
    executor = MAKERS[request.param](keeper)
    yield executor
    await executor.close()
    assert [] == [child for child in begun() if child.status() != psutil.STATUS_ZOMBIE]


@pytest.fixture
def job(folder: Path, keeper: Doorkeeper) -> Callable[..., Job]:
    """Makes jobs that are out: the coordinator has written down that they begin."""

    def made(deed: str, **more: Any) -> Job:
        made = Job(run="run", node=f"p/{deed}", agent=deed, phase="p", reason=str(folder), **more)
        keeper.admit(made)
        return made

    return made


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(WAIT):
        while not condition():  # noqa: ASYNC110  # it is another process that does something
            await asyncio.sleep(0.01)


async def ended(executor: Executor, *jobs: Job) -> list[How]:
    """How each of *jobs* has ended."""
    keys = [job.key for job in jobs]
    while True:
        outcomes = await asyncio.wait_for(executor.outcomes(keys), WAIT)
        if len(outcomes) == len(keys):
            return [outcome.how for outcome in outcomes]
        await asyncio.sleep(0.01)


class TestSubmit:
    async def test_nobody_need_wait(self, executor, job, folder):
        """
        What is submitted is done, whether anybody asks for its outcome or not.
        """
        await executor.submit(job("quick"))

        await until(lambda: deeds.marks(folder, "started"))

    async def test_the_same_again(self, executor, job, folder):
        """
        The same job is started once, however often it comes, while it runs and after it has ended.
        """
        for _ in range(3):
            await executor.submit(job("quick"))
        before = await asyncio.wait_for(executor.outcomes([job("quick").key]), WAIT)
        await executor.submit(Job.read(job("quick").data()))

        assert before == await executor.outcomes([job("quick").key])
        assert 1 == deeds.marks(folder, "started")

    async def test_another_job_of_the_same_key(self, executor, job):
        """
        A key that another job has is refused, and that job is none the worse for it.
        """
        await executor.submit(job("quick"))
        with pytest.raises(KeyTaken, match="run:p/quick:1"):
            await executor.submit(job("quick", rehearse=False))

        assert [How.ENDED] == await ended(executor, job("quick"))

    async def test_closed(self, executor, job):
        """
        A closed executor takes nothing.
        """
        await executor.close()
        with pytest.raises(Closed):
            await executor.submit(job("quick"))


class TestOutcomes:
    async def test_as_they_come(self, executor, job):
        """
        Who waits for several is told of those that have ended, in the order asked for, and of no other.
        """
        several = [job("slow"), job("quick"), job("quick", attempt=2)]
        for one in several:
            await executor.submit(one)
        await ended(executor, *several[1:])
        outcomes = await asyncio.wait_for(executor.outcomes([one.key for one in reversed(several)]), WAIT)

        assert [several[2].key, several[1].key] == [outcome.key for outcome in outcomes]
        assert ["attempt 2", "attempt 1"] == [outcome.result.findings[0].message for outcome in outcomes]

    async def test_nothing_asked_for(self, executor):
        """
        Who asks for nothing is not kept waiting.
        """
        assert [] == await asyncio.wait_for(executor.outcomes([]), WAIT)

    async def test_called_off_while_waiting(self, executor, job):
        """
        Who stops waiting loses nothing, and stops nothing.
        """
        await executor.submit(job("slow"))
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(executor.outcomes([job("slow").key]), 0.1)
        await executor.submit(job("quick"))

        assert [How.ENDED] == await ended(executor, job("quick"))
        await executor.cancel(job("slow").key)
        assert [How.CANCELLED] == await ended(executor, job("slow"))

    async def test_unknown(self, executor, job):
        """
        What was never submitted would be waited for in vain.
        """
        await executor.submit(job("slow"))
        with pytest.raises(UnknownKey, match="run:p/never:1"):
            await executor.outcomes([job("slow").key, "run:p/never:1"])

    @pytest.mark.parametrize(
        ("deed", "ending", "reason"),
        [
            ("raises", Ending.ERRORED, "ZeroDivisionError: boom"),
            ("cancels_itself", Ending.ERRORED, "CancelledError: by itself"),
            ("blind", Ending.UNAVAILABLE, "it is dark"),
        ],
    )
    async def test_how_it_ended(self, executor, job, deed, ending, reason):
        """
        What work raises is how it ended, with its traceback where it is a bug.
        """
        await executor.submit(job(deed))
        (outcome,) = await asyncio.wait_for(executor.outcomes([job(deed).key]), WAIT)

        assert (How.ENDED, ending, reason) == (outcome.how, outcome.result.ending, outcome.result.reason)
        assert [deed in crash["trace"] for crash in outcome.result.crashes] == [True] * (ending is Ending.ERRORED)

    async def test_a_mistake_of_the_user(self, executor, job):
        """
        What the user can mend comes back as it was raised.
        """
        await executor.submit(job("mistaken"))
        (outcome,) = await asyncio.wait_for(executor.outcomes([job("mistaken").key]), WAIT)

        assert How.FAILED is outcome.how
        assert isinstance(outcome.error, UsageError)
        assert ("wrong", "here", "so") == (outcome.error.what, outcome.error.where, outcome.error.remedy)


class TestCancel:
    async def test_before_it_was_submitted(self, executor, job, folder):
        """
        A job that was called off before it came is never started.
        """
        await executor.cancel(job("quick").key)
        await executor.submit(job("quick"))

        assert [How.CANCELLED] == await ended(executor, job("quick"))
        await executor.submit(job("quick", attempt=2))
        assert [How.ENDED] == await ended(executor, job("quick", attempt=2))
        assert 1 == deeds.marks(folder, "started")

    async def test_before_it_started(self, executor, job, folder):
        """
        A job that is called off at once is not started, though nobody ever waited for it.
        """
        await executor.submit(job("quick"))
        await executor.cancel(job("quick").key)

        assert [How.CANCELLED] == await ended(executor, job("quick"))
        assert 0 == deeds.marks(folder, "started")

    async def test_while_it_runs(self, executor, job, folder):
        """
        A job that runs is stopped; nobody waits for it, and its outcome is there at once.
        """
        await executor.submit(job("slow"))
        await until(lambda: deeds.marks(folder, "started"))
        await executor.cancel(job("slow").key)

        assert [How.CANCELLED] == await asyncio.wait_for(ended(executor, job("slow")), 1)
        await asyncio.sleep(deeds.LATE * 1.5)
        assert 0 == deeds.marks(folder, "late")

    async def test_while_somebody_waits(self, executor, job, folder):
        """
        Who waits for it is told.
        """
        await executor.submit(job("slow"))
        waiting = asyncio.create_task(executor.outcomes([job("slow").key]))
        await until(lambda: deeds.marks(folder, "started"))
        await executor.cancel(job("slow").key)

        assert [How.CANCELLED] == [outcome.how for outcome in await asyncio.wait_for(waiting, WAIT)]

    async def test_after_it_ended(self, executor, job):
        """
        What has ended stays as it ended, however often it is called off.
        """
        await executor.submit(job("quick"))
        before = await asyncio.wait_for(executor.outcomes([job("quick").key]), WAIT)
        for _ in range(2):
            await executor.cancel(job("quick").key)

        assert before == await executor.outcomes([job("quick").key])
        assert [How.ENDED] == [outcome.how for outcome in before]

    async def test_a_late_result(self, executor, job, folder):
        """
        What work comes to that did not heed being called off is not heard.
        """
        await executor.submit(job("stubborn"))
        await until(lambda: deeds.marks(folder, "started"))
        await executor.cancel(job("stubborn").key)
        await asyncio.sleep(0.2)

        assert [How.CANCELLED] == await ended(executor, job("stubborn"))

    async def test_a_late_effect(self, executor, job, folder, keeper, journal):
        """
        What an attempt that is over wants of the world gets nowhere, and leaves nothing in the record.
        """
        await executor.submit(job("zombie"))
        await until(lambda: deeds.marks(folder, "started"))
        key = "run:p/zombie:1"
        keeper.dismiss(key)
        await executor.cancel(key)
        await asyncio.sleep(0.2)
        await journal.durable()

        assert [] == [event.kind for event in Record(journal.folder).events()]


class TestProgress:
    async def test_from_its_beginning_to_its_end(self, executor, job):
        """
        What becomes of a job is told in order, from wherever somebody left off, and ends with it.
        """
        await executor.submit(job("quick"))
        told = [(one.number, one.state) async for one in executor.progress(job("quick").key)]

        assert [(1, "submitted"), (2, "started"), (3, "ended")] == told
        assert [3] == [one.number async for one in executor.progress(job("quick").key, 2)]
        assert [] == [one.number async for one in executor.progress(job("quick").key, 3)]

    async def test_called_off(self, executor, job):
        """
        A job that never started has no beginning.
        """
        await executor.cancel(job("quick").key)
        await executor.submit(job("quick"))

        assert ["submitted", "cancelled"] == [one.state async for one in executor.progress(job("quick").key)]

    async def test_unknown(self, executor):
        """
        Of what was never submitted nothing will ever be told.
        """
        with pytest.raises(UnknownKey):
            await anext(executor.progress("run:p/never:1"))


class TestWorkers:
    async def test_who_there_is(self, executor, job, folder):
        """
        Who does the work is known, with what it is made of and how much it has; nobody does any once it is closed.
        """
        await executor.submit(job("slow"))
        await until(lambda: deeds.marks(folder, "started"))
        (worker,) = await executor.workers()
        await executor.close()

        assert (installed.house(), 1) == (worker.code, worker.running)
        assert () == await executor.workers()


class TestClose:
    async def test_calls_off_what_runs(self, executor, job, folder):
        """
        Who waits is told that it was called off; what had ended is still known; closing twice is closing once.
        """
        for one in (job("quick"), job("slow")):
            await executor.submit(one)
        await ended(executor, job("quick"))
        waiting = asyncio.create_task(executor.outcomes([job("slow").key]))
        await asyncio.sleep(0)
        await executor.close()
        await executor.close()

        assert [How.CANCELLED] == [outcome.how for outcome in await asyncio.wait_for(waiting, WAIT)]
        assert [How.ENDED, How.CANCELLED] == await ended(executor, job("quick"), job("slow"))


class TestDoor:
    async def test_effects(self, executor, job, folder, journal):
        """
        Effects are done where the job is, under its own name whatever it says, and stand in the run's record.
        """
        await executor.submit(job("steps"))
        (outcome,) = await asyncio.wait_for(executor.outcomes([job("steps").key]), WAIT)
        await journal.durable()
        events = list(Record(journal.folder).events())

        assert "{'seen': 'it'} done" == outcome.result.reason
        assert (1, 1) == (deeds.marks(folder, "looked"), deeds.marks(folder, "acted"))
        assert ["StepDone", "StepStarted", "StepDone"] == [event.kind for event in events]
        assert {"p/steps"} == {event.node for event in events}
        assert events[0].data["key"].startswith("p/steps#1:own/look:")

    @pytest.mark.parametrize("size", [10, 40_000_000])
    async def test_what_it_names(self, executor, job, keeper, size):
        """
        What a job names by digest is read from the run, whole, however long it is.
        """
        name = keeper.shelf.put("fact", None, b"x" * size)
        one = job("reads", facts={"f": name})
        await executor.submit(one)
        (outcome,) = await asyncio.wait_for(executor.outcomes([one.key]), WAIT)

        assert f"{size} {'x' * min(size, 20)}" == outcome.result.reason

    async def test_what_it_does_not_name(self, executor, job, keeper):
        """
        Nothing else is read, whatever the run has.
        """
        keeper.shelf.put("fact", None, b"")
        await executor.submit(job("pries"))
        (outcome,) = await asyncio.wait_for(executor.outcomes([job("pries").key]), WAIT)

        assert Ending.ERRORED is outcome.result.ending
        assert "which its job does not name" in outcome.result.reason


class TestJob:
    def test_is_json(self, job):
        """
        A job is what its JSON says.
        """
        one = job("quick", facts={"f": digest(b"")}, findings={"p/n": digest(b"x")}, code={"gonogo": "c"})

        assert one == Job.read(one.data())
        assert {digest(b""), digest(b"x")} == one.named()
        assert one.data() == json.dumps(json.loads(one.data()), sort_keys=True, separators=(",", ":")).encode()

    def test_has_a_size(self, job):
        """
        What no executor would take is refused before it is given out.
        """
        many = {f"p/n{number:05}": digest(b"%d" % number) for number in range(4_000)}
        with pytest.raises(WorkflowError, match="waits for 4,000 nodes with findings"):
            job("quick", findings=many).data()
        with pytest.raises(ValueError, match="more than the 256,000"):
            Job.read(b" " * (MOST + 1))

    @pytest.mark.parametrize("changed", [{"version": 2}, {"pool": "x"}, {"attempt": 0}, {"node": 1}])
    def test_of_another_version(self, job, changed):
        """
        What is not a job of this version is refused, and nothing of it is guessed.
        """
        with pytest.raises(ValueError, match=next(iter(changed))):
            Job.read(json.dumps(json.loads(job("quick").data()) | changed).encode())
