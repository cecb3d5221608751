"""Nothing that an agent does holds up, garbles or outlives its run: its process is ended with all that it has begun."""

from __future__ import annotations

import asyncio
import contextlib
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil
import pytest

from orchestrator.domain.effect import Reconciled
from orchestrator.domain.outcome import Ending
from orchestrator.engine.children import ChildExecutor
from orchestrator.engine.coordinator import Coordinator
from orchestrator.engine.doorkeeper import Doorkeeper
from orchestrator.engine.doorway import Doorway
from orchestrator.engine.job import Job
from orchestrator.engine.remote import AskedOfRun
from orchestrator.engine.task import COMPLETED, NodeResult
from orchestrator.errors import EvidenceUnavailable, StepUndecided, UsageError
from orchestrator.journal import acts
from orchestrator.journal.record import Record
from orchestrator.journal.step import Door
from orchestrator.journal.steps import Steps
from orchestrator.journal.versions import FORMAT
from orchestrator.journal.writer import Journal, start
from orchestrator.llm.grounding import Objections
from orchestrator.llm.model import Model, ModelUnavailable, ScriptedModel, Usage
from orchestrator.redaction import current, withholding
from tests.cli.command import gonogo
from tests.cli.warm import begun
from tests.engine import hostile
from tests.engine.hostile import Deed, doing, framed
from tests.engine.test_coordinator import clock, workflow
from tests.repositories import SHOP, repository

LIMIT = 1.0
"""Seconds that a turn may take here; long enough for one that gives way, on a busy machine as well."""

HANGS: dict[str, Deed] = {
    "ignores cancellation": hostile.ignores,
    "loops": hostile.loops,
    "sleeps": hostile.sleeps,
    "in c": hostile.in_c,
    "regex": hostile.explodes,
    "ignores signals": hostile.shrugs_signals_off,
    "grandchild": hostile.begets,
    "daemon": hostile.daemonises_and_hangs,
}

DIES: dict[str, tuple[Deed, str]] = {
    "killed": (hostile.kills_itself, "its process ended with signal 9 before its turn was over"),
    "group": (hostile.kills_its_group, "its process ended before its turn was over"),
    "watch": (hostile.kills_its_watch, "its process ended before its turn was over"),
    "left": (hostile.leaves, "its process ended with exit code 0 before its turn was over"),
    "code": (hostile.leaves_with_a_code, "its process ended with exit code 7 before its turn was over"),
    "fault": (hostile.faults, "its process ended with signal 11 before its turn was over"),
    "daemon": (hostile.daemonises_and_dies, "its process ended with signal 9 before its turn was over"),
    "exit": (hostile.exits, "SystemExit: 3"),
    "long": (
        hostile.speaks_at_length,
        "ValueError: 70,000,059 bytes are more than the 64,000,000 that are taken",
    ),
    "flood": (
        hostile.floods,
        "its process sent nonsense: call 10001, which is being answered or one too many",
    ),
    "no JSON": (
        hostile.says(framed("{nonsense")),
        "its process sent nonsense: not JSON (Expecting property name enclosed in double quotes: line 1 "
        "column 2 (char 1))",
    ),
    "no number": (
        hostile.says(framed('{"kind":"step","call":1,"purpose":"x","input":NaN}')),
        "its process sent nonsense: not JSON ('NaN' is not a finite number)",
    ),
    "towers": (
        hostile.says(framed("[" * 200_000)),
        "its process sent nonsense: not JSON (nested too deeply)",
    ),
    "size": (
        hostile.says(b"\xff" * 5),
        "its process sent nonsense: 4,294,967,295 bytes are more than the 64,000,000 that are taken",
    ),
    "kind": (
        hostile.says(framed('{"kind":"verdict"}')),
        "its process sent nonsense: Input tag 'verdict' found using 'kind' does not match any of the "
        "expected tags: 'step', 'act', 'question', 'read', 'lines', 'did', 'looked', 'dropped', 'ended', "
        "'unavailable', 'mistake'",
    ),
    "answer": (
        hostile.says(framed('{"kind":"did","call":9,"value":1}')),
        "its process sent nonsense: an answer to 9, which nobody waits for",
    ),
    "question": (
        hostile.says(framed('{"kind":"question","call":1,"system":"","question":"","shape":"Objections"}')),
        "its process sent nonsense: a question to an unknown model, or for 'Objections'",
    ),
    "result": (
        hostile.says(framed('{"kind":"ended","ending":"completed","reason":"","said":{"findings":[{}]}}')),
        "its process sent nonsense: findings.0.criterion: Field required",
    ),
}

ENDS: dict[str, Deed] = {
    "holder": hostile.leaves_a_holder,
    "daemon": hostile.daemonises,
    "raises when dropped": hostile.raises_when_dropped,
    "prints": hostile.prints,
}


@pytest.fixture
def journal(tmp_path: Path):
    journal = start(tmp_path / "run", {"format": FORMAT}, clock(), sync=False)
    yield journal
    journal.close()


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "children"
    folder.mkdir()
    monkeypatch.setenv(hostile.PLACE, str(folder))
    return folder


async def run(
    journal: Journal, deeds: Mapping[str, Deed], door: Door | None = None, model: Model | None = None, **spec: object
) -> dict[str, NodeResult]:
    """What comes of *deeds*, all at once."""
    flow = workflow(dict.fromkeys(deeds, ()), **spec)
    keeper = Doorkeeper(door or Door(journal), model)
    executor = ChildExecutor(doing(dict(deeds)), keeper)
    limits = dict.fromkeys(deeds, "network")
    results = await Coordinator(flow, "run", journal, executor, keeper=keeper, resources=limits).run()
    return {node.removeprefix("p/"): result for node, result in results.items()}


def alive(place: Path) -> list[int]:
    """What agents have begun and still is; what has been killed has a moment to be gone, and may only be waited for."""
    found = []
    for name in os.listdir(place):
        with contextlib.suppress(psutil.NoSuchProcess):
            found.append(psutil.Process(int(name)))
    _, left = psutil.wait_procs([one for one in found if not _is_gone(one)], timeout=_A_MOMENT)
    return [one.pid for one in left if not _is_gone(one)]


_A_MOMENT = 5
"""Seconds within which the system is done with a process that was killed; what was not goes on for days."""


def _is_gone(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


class TestLimits:
    @pytest.mark.parametrize("deed", HANGS.values(), ids=HANGS)
    async def test_what_hangs_is_ended(self, journal, place, deed):
        """
        However an agent hangs, it is told to have timed out, its process and all that it has begun are no more, and
        its neighbours have completed.
        """
        results = await run(journal, {"a-well": hostile.well, "hangs": deed, "z-well": hostile.well}, timeout=LIMIT)

        assert Ending.TIMED_OUT is results["hangs"].ending
        assert "took longer than 1 s" == results["hangs"].reason
        assert Ending.COMPLETED is results["a-well"].ending
        assert results["a-well"].findings[0].message == results["z-well"].findings[0].message == "found"
        assert os.listdir(place)
        assert [] == alive(place)
        assert [] == begun()

    async def test_a_result_after_the_limit(self, journal):
        """
        What comes too late is refused, also from work that cannot be called off.
        """

        async def late(_door: Doorway, _job: Job) -> NodeResult:
            time.sleep(LIMIT + 1)
            return COMPLETED

        results = await run(journal, {"late": late}, timeout=LIMIT)

        assert Ending.TIMED_OUT is results["late"].ending

    async def test_each_attempt_is_one_of_its_own(self, journal, place):
        """
        What the first attempt has left behind in its process is nothing that the second knows of.
        """
        seen: list[int] = []

        async def second_time(_door: Doorway, job: Job) -> None:
            hostile.left(os.getpid())
            seen.append(job.attempt)
            assert [job.attempt] == seen
            if job.attempt == 1:
                time.sleep(1e6)

        results = await run(journal, {"again": second_time}, timeout=LIMIT, attempts=2)

        assert Ending.COMPLETED is results["again"].ending
        assert 2 == len(os.listdir(place))
        assert [] == seen


class TestEndings:
    @pytest.mark.parametrize(("deed", "reason"), DIES.values(), ids=DIES)
    async def test_what_dies_is_told(self, journal, place, deed, reason):
        """
        An agent whose process ends, or says what cannot be meant, has errored; it says how, and nobody else suffers.
        """
        results = await run(journal, {"dies": deed, "well": hostile.well}, timeout=60)

        assert (Ending.ERRORED, reason) == (results["dies"].ending, results["dies"].reason)
        assert Ending.COMPLETED is results["well"].ending
        assert [] == alive(place)
        assert [] == begun()

    @pytest.mark.parametrize("deed", ENDS.values(), ids=ENDS)
    async def test_what_is_left_behind(self, journal, place, capfd, deed):
        """
        An agent that comes to its end has completed; what it has left running is ended, and what it prints is not seen.
        """
        results = await run(journal, {"ends": deed}, timeout=60)

        assert COMPLETED == results["ends"]
        assert [] == alive(place)
        assert ("", "") == capfd.readouterr()

    async def test_an_exception(self, journal):
        """
        What an agent raises stays in the record with its traceback.
        """

        async def divides(_door: Doorway, _job: Job) -> None:
            raise ZeroDivisionError("boom")

        result = (await run(journal, {"divides": divides}))["divides"]

        assert (Ending.ERRORED, "ZeroDivisionError: boom") == (result.ending, result.reason)
        assert "in divides" in result.crashes[0]["trace"]

    async def test_it_could_not_look(self, journal):
        """
        That an agent could not look is what it is told of.
        """

        async def blind(_door: Doorway, _job: Job) -> None:
            raise EvidenceUnavailable("it is dark")

        result = (await run(journal, {"blind": blind}))["blind"]

        assert (Ending.UNAVAILABLE, "it is dark") == (result.ending, result.reason)

    async def test_a_mistake_of_the_user(self, journal):
        """
        What the user can fix ends the run as it did, with its place and how to fix it.
        """

        async def mistaken(_door: Doorway, _job: Job) -> None:
            raise UsageError("wrong", where="here", remedy="so")

        with pytest.raises(UsageError) as caught:
            await run(journal, {"mistaken": mistaken, "sleeps": hostile.sleeps})

        assert ("wrong", "here", "so") == (caught.value.what, caught.value.where, caught.value.remedy)
        assert [] == begun()

    async def test_called_off(self, journal, place):
        """
        A run that is stopped leaves no process behind.
        """
        going = asyncio.ensure_future(
            run(journal, {"ignores": hostile.ignores, "daemon": hostile.daemonises_and_hangs})
        )
        while len(os.listdir(place)) < 2:
            await asyncio.sleep(0.01)
        going.cancel()
        with pytest.raises(asyncio.CancelledError):
            await going

        assert [] == alive(place)
        assert [] == begun()


class TestDoor:
    async def test_a_step(self, journal):
        """
        An effect is done in the process, stands in the record as ever, and is not done again in another life.
        """
        elsewhere: list[int] = []

        async def looks(door: Doorway, job: Job) -> NodeResult:
            async def look() -> Any:
                elsewhere.append(1)
                return {"pid": os.getpid()}

            first = await door.step(job.node, job.attempt, "own/look", {"at": "it"}, look)
            again = await door.step(job.node, job.attempt, "own/look", {"at": "it"}, look)
            assert first == again
            return NodeResult(Ending.COMPLETED, f"{first['pid']} {len(elsewhere)}")

        once = (await run(journal, {"looks": looks}))["looks"].reason
        recorded = Steps(Record(journal.folder)).answers()
        twice = (await run(journal, {"looks": looks}, Door(journal, recorded)))["looks"].reason

        assert [] == elsewhere
        assert once.endswith(" 1")
        assert str(os.getpid()) != once.partition(" ")[0]
        assert f"{once.partition(' ')[0]} 0" == twice

    async def test_an_act_begins_on_disk(self, journal, tmp_path):
        """
        That an act begins stands in the record before it is done, and what came of it behind.
        """

        async def acts_(door: Doorway, job: Job) -> NodeResult:
            async def act() -> Any:
                return [e.kind for e in Record(tmp_path / "run").events()]

            return NodeResult(Ending.COMPLETED, str(await door.act(job.node, "own/act", {}, act)))

        result = (await run(journal, {"acts": acts_}))["acts"]

        assert "['PhaseStarted', 'NodeStarted', 'StepStarted']" == result.reason

    async def test_died_while_acting(self, journal, tmp_path):
        """
        An act in whose middle the process died is in doubt: a further attempt asks the world, and does not do it again.
        """
        world = tmp_path / "world"

        async def acts_(door: Doorway, job: Job) -> NodeResult:
            async def act() -> Any:
                world.mkdir()
                return await hostile.kills_itself(door, job)

            async def look() -> Reconciled:
                return Reconciled.done("moved", "it is there") if world.exists() else Reconciled.undone()

            return NodeResult(Ending.COMPLETED, await door.act(job.node, "own/act", {}, act, look))

        result = (await run(journal, {"acts": acts_}, attempts=2))["acts"]
        await journal.durable()

        assert (Ending.COMPLETED, "moved") == (result.ending, result.reason)
        kinds = [e.kind for e in Record(tmp_path / "run").events() if e.kind.startswith("Step")]
        assert ["StepStarted", "StepSettled", "StepDone"] == kinds

    async def test_nobody_knows_what_became_of_it(self, journal):
        """
        When nobody can say, the run stops and asks a person; the agent has no say in that.
        """

        async def acts_(door: Doorway, job: Job) -> None:
            try:
                await door.act(job.node, "own/act", {}, lambda: hostile.kills_itself(door, job))
            except StepUndecided:
                return

        with pytest.raises(StepUndecided) as caught:
            await run(journal, {"acts": acts_}, attempts=2)

        assert "gonogo resume" in caught.value.remedy
        await journal.durable()
        assert ["p/acts"] == [begun.node for begun in acts.begun(Record(journal.folder).events()).values()]

    async def test_what_fails_is_the_agents_to_know(self, journal):
        """
        What the doing raises, an agent hears as it was raised; what it calls off is called off.
        """

        async def tries(door: Doorway, job: Job) -> NodeResult:
            async def fail() -> Any:
                raise ConnectionError("the line went dead")

            async def never() -> Any:
                await asyncio.sleep(1e6)

            heard = []
            for number, do in enumerate((fail, never, fail)):
                try:
                    await asyncio.wait_for(door.step(job.node, 1, "own/try", number, do), 0.2)
                except (ConnectionError, TimeoutError) as error:
                    heard.append(type(error).__name__)
            try:
                await door.step(job.node, 1, "own/try", object(), never)
            except TypeError:
                heard.append("TypeError")
            return NodeResult(Ending.COMPLETED, " ".join(heard))

        result = (await run(journal, {"tries": tries}))["tries"]

        assert "ConnectionError TimeoutError ConnectionError TypeError" == result.reason

    async def test_what_it_has_of_the_run(self, journal):
        """
        A process has no descriptor of its run: no journal, no lock, nothing that it could write to or hold.
        """

        async def looks(_door: Doorway, _job: Job) -> NodeResult:
            open_ = {hostile.target(name) for name in os.listdir("/proc/self/fd")}
            return NodeResult(Ending.COMPLETED, " ".join(sorted(name for name in open_ if name.startswith("/"))))

        result = (await run(journal, {"looks": looks}))["looks"]

        assert "/dev/null" == result.reason

    async def test_withheld(self, journal):
        """
        What a run withholds, it withholds in its processes too, by the same key.
        """

        async def asks(_door: Doorway, _job: Job) -> NodeResult:
            return NodeResult(Ending.COMPLETED, current().stub("x", b"value"))

        with withholding(b"k" * 32) as kept:
            result = (await run(journal, {"asks": asks}))["asks"]

            assert kept.stub("x", b"value") == result.reason


AGENT = """
import asyncio
import os
import signal
import time

from orchestrator import Agent


class {name}(Agent):
    id = "{id}"
    criteria = ("DEP-5.2.1",)

    async def review(self, brief):
        {deed}
        return [self.unknown("DEP-5.2.1", "not told")]
"""
DEEDS = {
    "deaf": "while True:\n            try:\n                await asyncio.sleep(1e6)\n"
    "            except asyncio.CancelledError:\n                pass",
    "endless": "while True:\n            pass",
    "blocking": "time.sleep(1e6)",
    "dying": "os.kill(os.getpid(), signal.SIGKILL)",
    "loud": "os.system('echo garbage; echo garbage >&2')",
}
WORKFLOW = """
name: hostile
phases:
  - id: verification
    title: All at once
    nodes: [{nodes}]
    on_failure: root-cause-finder
"""


class TestReview:
    def test_real_agents(self, tmp_path):
        """
        A review with agents that hang and die comes to its end; its record is genuine, replays, and is gone on with.
        """
        config = f"agents: [{', '.join(f'{name}:{name.title()}' for name in DEEDS)}]\n"
        files = {f"{n}.py": AGENT.format(name=n.title(), id=n, deed=deed) for n, deed in DEEDS.items()}
        shop = repository(tmp_path / "shop", SHOP | {"readiness.yaml": config} | files)
        nodes = [f"{{agent: {name}, timeout: 2}}" for name in DEEDS] + ["security-validator", "gap-analyzer"]
        (tmp_path / "flow.yaml").write_text(WORKFLOW.format(nodes=", ".join(nodes)))
        words = ("review", str(shop), "--trust", "--workflow", "flow.yaml", "--progress", "none", "--format", "json")
        done = gonogo(tmp_path, *words)
        agents = {agent["agent"]: (agent["outcome"], agent["reason"]) for agent in done.json["agents"]}

        assert {
            **dict.fromkeys(("deaf", "endless", "blocking"), ("timed_out", "took longer than 2 s")),
            "dying": ("errored", "its process ended with signal 9 before its turn was over"),
            **dict.fromkeys(("loud", "security-validator", "gap-analyzer", "root-cause-finder"), ("completed", "")),
        } == agents
        assert "garbage" not in done.out + done.err
        assert 0 == gonogo(tmp_path, "verify").code
        assert 0 == gonogo(tmp_path, "replay").code
        (run,) = (path for path in (tmp_path / "runs").iterdir() if path.is_dir())
        journal = (run / "journal.jsonl").read_bytes().splitlines(keepends=True)
        last = next(place for place, line in enumerate(journal) if b'"NodeFinished"' in line)
        (run / "journal.jsonl").write_bytes(b"".join(journal[: last + 1]))
        again = gonogo(tmp_path, "resume", "--trust", "--progress", "none", "--format", "json")

        assert agents == {agent["agent"]: (agent["outcome"], agent["reason"]) for agent in again.json["agents"]}
        assert done.json["assessments"] == again.json["assessments"]


class TestModel:
    async def ask(self, journal: Journal, model: Model) -> NodeResult:
        async def deed(job: Job, door: Doorway) -> NodeResult:
            try:
                answer = await AskedOfRun(job.model, door).ask("s", "q", Objections)
            except ModelUnavailable as error:
                return NodeResult(Ending.COMPLETED, f"{error.reason} {tuple(error.usage)}")
            return NodeResult(Ending.COMPLETED, f"{answer.data} {tuple(answer.usage)} {answer.model}")

        keeper = Doorkeeper(Door(journal), model)
        executor = ChildExecutor(deed, keeper)
        return (await Coordinator(workflow({"a": ()}), "run", journal, executor, keeper=keeper).run())["p/a"]

    async def test_the_run_asks(self, journal):
        """
        A question of an agent's process is put by the run, over the line that it has already.
        """
        model = ScriptedModel({"objections": []})
        result = await self.ask(journal, model)

        assert "{'objections': []} (0, 4, 1) scripted" == result.reason
        assert [("s", "q")] == model.asked

    @pytest.mark.parametrize(
        ("answer", "said"),
        [
            (ModelUnavailable("it refused", Usage(5, 1, 1)), "it refused (5, 1, 1)"),
            (RuntimeError("boom"), "the model failed: RuntimeError: boom (0, 0, 0)"),
        ],
    )
    async def test_no_answer(self, journal, answer, said):
        """
        That there is none is heard with its reason.
        """
        assert said == (await self.ask(journal, ScriptedModel(answer))).reason
