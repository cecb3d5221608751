"""Whenever a run is killed that asks outside: the next life asks what has no answer yet, and nothing twice."""

from __future__ import annotations

import asyncio
import json
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from orchestrator.audit.replay import verify
from orchestrator.commands.resume import resume
from orchestrator.commands.review import review
from orchestrator.errors import UsageError
from orchestrator.journal import writer
from orchestrator.journal.record import Record, all_runs
from orchestrator.planning.plan import Request
from tests.evidence.sources import toys
from tests.evidence.sources.toys import Handler, Served, report, serving, shop
from tests.journal.faults import DIED, DONE, System, comparable, die, in_child, line_by_line
from tests.sampling import WHOLE, drawn

OK = b'{"state": "fine"}'
STEPS = 16
"""How many stages of writing are struck after the first answer from outside: its own, and the next one's."""


class Scene:
    """A tree, a server and a report, and what an undisturbed review of them comes to."""

    def __init__(self, folder: Path, server: Served) -> None:
        self.folder = folder
        self.server = server
        self.shop = shop(folder / "shop")
        self.targets = (f"url={server.url}/health", f"report={report(folder / 'lint.json')}")
        self.expected = plain(toys.reviewed(self.shop, folder / "undisturbed", *self.targets))

    def struck(self, runs: Path, after: int) -> int:
        """How a review ended that was to die so many stages of writing *after* the first answer from outside."""
        left: list[int] = []

        def strike(_number: int, _stage: str) -> None:
            if left:
                left[0] -= 1
                if left[0] < 0:
                    die()

        def watch(_seq: int, _at: str, kind: str, _node: str, data: dict[str, Any]) -> None:
            if kind == "StepDone" and ":source:" in data["key"] and not left:
                left.append(after)

        def act() -> int:
            runs.mkdir(parents=True)
            setattr(writer, "os", System(runs, strike))  # noqa: B010  # a module attribute that mypy holds to its type
            line_by_line()
            request = Request(path=str(self.shop), trust=True, targets=self.targets)
            asyncio.run(review(request, runs, watchers=[watch]))
            return DONE

        return in_child(act, runs.with_suffix(".log"))

    def hold(self, runs: Path) -> set[str]:
        """Resume what is in *runs*, hold it to what a second life owes, and say which sources it did not ask again."""
        (folder,) = all_runs(runs)
        before = whole(folder)
        asked = len(self.server.asked)
        try:
            asyncio.run(resume(Record(folder), sync=False))
        except UsageError as error:
            if "is over" not in error.what:
                raise
        keys = steps(folder)
        had = {key for key in keys if f'"{key}"'.encode() in before}

        assert (folder / "journal.jsonl").read_bytes().startswith(before)
        assert len(keys) == len(set(keys)) == 2
        assert (0 if any("toy-health" in key for key in had) else 1) == len(self.server.asked) - asked
        assert "derived" in dict(verify(Record(folder)))
        assert self.expected == plain(folder)
        return had


def plain(run: Path) -> dict[str, Any]:
    """What *run* came to, but for its times."""
    result = comparable(run)
    for row in result["sources"]:
        del row["produced"]["at"]
    for ground in (e for a in result["assessments"] for f in a["findings"] for e in f["evidence"]):
        if ground.pop("at", ""):
            del ground["statement"], ground["digest"]
    return result


def whole(folder: Path) -> bytes:
    """The journal, but for a torn last line."""
    data = (folder / "journal.jsonl").read_bytes()
    return data[: data.rfind(b"\n") + 1]


def steps(folder: Path) -> list[str]:
    """The keys of what was answered from outside."""
    events = [json.loads(line) for line in whole(folder).splitlines()]
    return [e["data"]["key"] for e in events if e["kind"] == "StepDone" and ":source:" in e["data"]["key"]]


@pytest.fixture(autouse=True)
def _installed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(toys.installed(tmp_path_factory.mktemp("site") / "site"))


@WHOLE
def test_killed_while_answers_are_written(tmp_path, whole):
    """
    SIGKILL before, within and after each write of an answer: what is on disk is not asked again, all else is.
    """
    with serving(OK) as server:
        scene = Scene(tmp_path, server)
        ends: dict[int, int] = {}

        def strike(after: int) -> None:
            runs = tmp_path / f"runs-{after}"
            assert DIED == scene.struck(runs, after), runs.with_suffix(".log").read_text()
            ends[after] = len(scene.hold(runs))

        for after in range(STEPS) if whole else [0, *drawn(range(1, STEPS - 1), 5), STEPS - 1]:
            strike(after)
        while gaps := [(low, high) for low, high in pairwise(sorted(ends)) if ends[high] - ends[low] > 1 < high - low]:
            strike(sum(gaps[0]) // 2)  # the sample went past the place where one answer alone is on disk

    told = [ends[after] for after in sorted(ends)]
    assert [0, 1, 2] == sorted(set(told))
    assert told == sorted(told)


def test_killed_while_a_source_is_asked(tmp_path):
    """
    SIGKILL while the server has the request: the process that asked ends too, and the next life asks again.
    """
    run = 0
    with serving(OK) as server:
        scene = Scene(tmp_path, server)

        def killing(asked: Handler) -> None:
            os.kill(run, 9)
            server.reply = answering
            assert b"" == asked.rfile.read(1)  # whoever asked has gone

        def answering(asked: Handler) -> None:
            asked.say(OK)

        server.reply = killing
        run = os.fork()
        if run == 0:
            try:
                toys.reviewed(scene.shop, tmp_path / "runs", *scene.targets)
            finally:
                os._exit(1)

        assert DIED == os.waitstatus_to_exitcode(os.waitpid(run, 0)[1])
        assert {key.split(":")[2] for key in scene.hold(tmp_path / "runs")} <= {"toy-warnings"}
