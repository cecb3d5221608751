"""In whatever order agents end, and however many run at once, the same things are said in the end."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from orchestrator.commands.review import review
from orchestrator.conclusion import state as reading
from orchestrator.conclusion.judgement import judge
from orchestrator.conclusion.terms import terms
from orchestrator.engine.coordinator import DEFAULT_LIMITS, Coordinator
from orchestrator.engine.executor import LocalExecutor
from orchestrator.engine.gate import decide
from orchestrator.engine.job import Job
from orchestrator.engine.task import NodeResult
from orchestrator.journal.event import canonical
from orchestrator.journal.record import Record
from orchestrator.journal.writer import Journal, start
from orchestrator.planning.plan import Plan, Request, plan
from orchestrator.workflow.graph import Workflow, build
from tests.repositories import SHOP, repository

ORDERS = 200


class Recorded:
    """What real agents found on a small service, given back in an order that chance decides."""

    def __init__(self, folder: Path) -> None:
        shop = repository(folder / "shop", SHOP)
        self.settled: Plan = plan(Request(path=str(shop)), date(2026, 11, 29))
        self.record = Record(asyncio.run(review(Request(path=str(shop)), folder / "runs", sync=False)).folder)
        self.state = reading.read(self.record)
        self.terms = terms(self.record, self.state)
        self.expected = assessments(self.record, self.state)

    async def again(self, folder: Path, seed: int) -> tuple[bytes, list[str]]:
        """The assessments, and the order in which nodes ended, when *seed* decides delays and limits."""
        chance = random.Random(seed)
        flow = limited(self.settled.workflow, {name: chance.randint(1, 6) for name in DEFAULT_LIMITS})
        ticks = itertools.count()
        manifest = json.loads(self.record.manifest_bytes())
        journal = start(folder, manifest, lambda: f"2026-01-02T03:04:05.{next(ticks):06d}Z", sync=bool(seed % 10 == 0))
        for digest in self.state.manifest.pinned.named().values():
            journal.blob(self.record.blob(digest))
        shutil.copytree(self.record.folder / "blobs", folder / "blobs", dirs_exist_ok=True)
        ended: list[str] = []

        async def work(job: Job) -> NodeResult:
            for _ in range(chance.randint(0, 12)):
                await asyncio.sleep(0)
            result = self.state.ended[job.node][1]
            ended.append(job.node)
            return result._replace(findings=tuple(chance.sample(result.findings, len(result.findings))))

        assert self.state.started is not None
        assert self.state.profile is not None
        journal.append("RunStarted", "", self.state.started.data)
        packed = journal.packed(self.state.profile.model_dump(mode="json", exclude_defaults=True))
        journal.append("ProfileDetermined", "", packed)
        for event in self.record.events():
            if (
                event.kind == "StepDone" and event.node == "run"
            ):  # what changed since the base says how old a finding is
                journal.append(event.kind, event.node, event.data)
        await self._coordinate(flow, journal, work, chance)
        journal.close()
        record = Record(folder)
        return assessments(record, reading.read(record)), ended

    async def _coordinate(self, flow: Workflow, journal: Journal, work: object, chance: random.Random) -> None:
        severities = {c.id: c.severity for c in self.settled.catalogue}

        def gatekeeper(phase: str, earlier: Mapping[str, NodeResult]) -> object:
            return decide(flow.phase(phase).gate, earlier, severities, frozenset())

        resources = {node.agent: chance.choice(sorted(DEFAULT_LIMITS)) for node in flow.nodes.values()}
        await Coordinator(
            flow,
            "run",
            journal,
            LocalExecutor(work),  # type: ignore[arg-type]  # it is a Work
            gatekeeper=gatekeeper,  # type: ignore[arg-type]  # likewise
            resources=resources,
        ).run()


def limited(flow: Workflow, limits: Mapping[str, int]) -> Workflow:
    return build(flow.spec.model_copy(update={"concurrency": dict(limits)}))


def assessments(record: Record, state: reading.RunState) -> bytes:
    """Every assessment as the digest of a verdict is taken over."""
    judged = judge(state, terms(record, state))
    return canonical([a.model_dump(mode="json", exclude_defaults=True) for a in judged.assessments])


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Recorded:
    return Recorded(tmp_path_factory.mktemp("recorded"))


class TestOrders:
    def test_any_order_gives_the_same_bytes(self, recorded, tmp_path):
        """
        Two hundred orders of completion, each under limits of its own, come to the same assessments, byte for byte.
        """
        orders = set()
        for seed in range(ORDERS):
            found, ended = asyncio.run(recorded.again(tmp_path / str(seed), seed))
            assert recorded.expected == found, f"seed {seed}, order {ended}"
            orders.add(tuple(ended))

        assert len(orders) > ORDERS // 4, "chance had its way"

    @pytest.mark.parametrize("limit", [1, 2, 5])
    def test_real_agents(self, recorded, tmp_path, limit, monkeypatch):
        """
        Real agents, however many at once, say the same.
        """
        monkeypatch.setitem(DEFAULT_LIMITS, "cpu", limit)
        run = Record(
            asyncio.run(review(Request(**recorded.state.manifest.request.model_dump()), tmp_path, sync=False)).folder
        )

        assert recorded.expected == assessments(run, reading.read(run))
