"""Runs of every kind for tests: whole, resumed, crashed, lost, killed while acting, with a closed gate."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from orchestrator.commands.resume import resume
from orchestrator.commands.review import review
from orchestrator.engine.doorkeeper import Doorkeeper
from orchestrator.engine.executor import LocalExecutor, Lost
from orchestrator.engine.job import Job
from orchestrator.engine.job_work import JobWork
from orchestrator.engine.task import NodeResult
from orchestrator.journal.event import canonical, digest
from orchestrator.journal.record import MANIFEST, Record, all_runs
from orchestrator.planning.plan import Request
from tests.forging import chain
from tests.journal.faults import DIED, in_child
from tests.llm import messages_api as api
from tests.llm.looks import objection
from tests.repositories import SHOP, repository

FLAG = "TEST_PUSHER"
"""Names a file that is there once the agent has begun to act."""
RUN = "TEST_PUSHER_RUN"
"""Has the number of the process that drives the run, and dies while the agent acts."""
PUSHER = f"""
import os
import signal
import time

from orchestrator import Agent, Reconciled


class Pusher(Agent):
    id = "pusher"
    criteria = ("DEP-5.2.1",)

    async def review(self, brief):
        await brief.act("push", {{"to": "green"}}, self.push, self.told)
        return []

    async def push(self):
        if not os.path.exists(os.environ["{FLAG}"]):
            open(os.environ["{FLAG}"], "x").close()
            os.kill(int(os.environ["{RUN}"]), signal.SIGKILL)
            time.sleep(60)
        return "pushed"

    async def told(self):
        return Reconciled.undone("nothing was pushed")
"""


def whole(shop: Path, runs: Path, **asked: Any) -> Path:
    """A run from its beginning to its end."""
    return asyncio.run(review(Request(path=str(shop), **asked), runs, sync=False)).folder


def stopped_and_resumed(shop: Path, runs: Path) -> Path:
    """A run that was asked to stop when its first node had ended, and was taken up again."""

    async def stopped() -> None:
        def watch(_seq: int, _at: str, kind: str, _node: str, _data: dict[str, Any]) -> None:
            if kind == "NodeFinished":
                running.cancel()

        running = asyncio.ensure_future(review(Request(path=str(shop)), runs, watchers=[watch], sync=False))
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(stopped())
    return asyncio.run(resume(Record(all_runs(runs)[0]), sync=False)).folder


def crashed(shop: Path, runs: Path) -> Path:
    """A run that a mistake of gonogo's own ended."""

    def watch(_seq: int, _at: str, kind: str, _node: str, _data: dict[str, Any]) -> None:
        if kind == "ProfileDetermined":
            raise ZeroDivisionError("a bug")

    with pytest.raises(ZeroDivisionError):
        asyncio.run(review(Request(path=str(shop)), runs, watchers=[watch], sync=False))
    return all_runs(runs)[0]


def looked_over(shop: Path, runs: Path) -> Path:
    """A run in which a model took a second look, and objected."""
    said = objection("DEP-5.1.1", path=".github/workflows/ci.yaml", line=8, quote="- run: pytest", why="One job.")
    with api.serving(api.says({"objections": [said]})) as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("ANTHROPIC_API_KEY", api.KEY)
        patch.setenv("ANTHROPIC_BASE_URL", server.url)
        return whole(shop, runs, model=api.MODEL)


def killed_while_acting(folder: Path, runs: Path) -> Path:
    """A run whose process died in the middle of an act on the world, and that another one took over."""
    config: dict[str, str | bytes] = {"readiness.yaml": "agents: ['pusher:Pusher']\n", "pusher.py": PUSHER}
    shop = repository(folder / "pushing", SHOP | config)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(FLAG, str(folder / "pushed"))
        log = folder / "log"

        def reviewed() -> int:
            os.environ[RUN] = str(os.getpid())
            return len(whole(shop, runs, trust=True).name)

        code = in_child(reviewed, log)
        assert DIED == code, log.read_text()
        return asyncio.run(resume(Record(all_runs(runs)[0]), sync=False)).folder


def lost(shop: Path, runs: Path, **asked: Any) -> Path:
    """A run of which one attempt was lost with whoever had it."""

    def staffing(work: JobWork, keeper: Doorkeeper) -> LocalExecutor:
        async def done(job: Job) -> NodeResult:
            if job.key.endswith("/gap-analyzer:1"):
                raise Lost("its process ended with signal 9")
            return await work(job, keeper.at(job.key))

        return LocalExecutor(done)

    return asyncio.run(review(Request(path=str(shop), **asked), runs, sync=False, staffing=staffing)).folder


def every_kind(folder: Path) -> dict[str, Path]:
    """A run of each of these lives, by name."""
    shop = repository(folder / "shop", SHOP)
    return {
        "whole": whole(shop, folder / "whole"),
        "resumed": stopped_and_resumed(shop, folder / "resumed"),
        "crashed": crashed(shop, folder / "crashed"),
        "looked over": looked_over(shop, folder / "looked"),
        "gate closed": whole(shop, folder / "gate", fail_fast=True),
        "lost": lost(shop, folder / "lost"),
        "acting": killed_while_acting(folder, folder / "acting"),
    }


def written(folder: Path, manifest: dict[str, Any], events: Sequence[tuple[str, str, dict[str, Any]]]) -> Path:
    """Write the record in *folder* anew, with *manifest* and with *events* (kind, node, data), so that it holds."""
    data = canonical(manifest) + b"\n"
    (folder / MANIFEST).write_bytes(data)
    began = {"manifest": digest(data)}
    chain(
        folder,
        (
            (_at(number - (kind == "ResultRendered")), kind, node, said | began if kind == "RunStarted" else said)
            for number, (kind, node, said) in enumerate(events)
        ),
    )
    return folder


def _at(number: int) -> str:
    return f"2026-01-02T03:04:05.{number:06d}Z"
