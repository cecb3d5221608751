"""What becomes of the evidence when a part of it cannot be made."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from typing import Any

import pytest

from orchestrator.domain.fact import Fact
from orchestrator.engine import facts
from orchestrator.evidence import apart
from orchestrator.evidence.facts.history import History
from orchestrator.evidence.facts.secrets import SecretHistory
from orchestrator.evidence.past import child
from orchestrator.evidence.snapshot import open_snapshot
from orchestrator.evidence.sources import reading
from tests.repositories import SHOP, repository


class Opened:
    """A door behind which every step is done."""

    async def step(self, node: str, attempt: int, purpose: str, input_: object, act: Any) -> object:
        return await act()


def searching_is(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have *code* in the place of the search of the history, and every other process as it is."""
    usual = apart.command

    def instead(module: str) -> list[str]:
        return [sys.executable, "-c", code] if module == "evidence.past.child" else usual(module)

    monkeypatch.setattr(apart, "command", instead)


class TestHistory:
    def test_a_mistake_costs_its_fact_alone(self, tmp_path, monkeypatch):
        """
        What goes wrong over git's history is a problem of that fact, and every other fact is there.
        """

        def stumble(_snapshot: object) -> Fact:
            raise KeyError("a mistake of ours")

        monkeypatch.setattr(reading, "history", stumble)
        snapshot = open_snapshot(repository(tmp_path / "shop", SHOP))
        found = asyncio.run(facts.collect(Opened(), snapshot, (), ()))  # type: ignore[arg-type]  # a door for tests
        reason = f"the evidence '{History.name}' could not be finished, which is a mistake of gonogo (KeyError)"

        assert [reason] == [problem.reason for problem in found[History].problems]
        assert [History] == [other for other, fact in found.items() if fact.problems]

    def test_a_search_that_dies_costs_its_fact_alone(self, tmp_path, monkeypatch):
        """
        When the process that searches the history dies, every other fact is there, and that one says so.
        """
        searching_is(monkeypatch, "raise SystemExit(3)")
        snapshot = open_snapshot(repository(tmp_path / "shop", SHOP))
        found = asyncio.run(facts.collect(Opened(), snapshot, (), ()))  # type: ignore[arg-type]  # a door for tests

        assert (
            SecretHistory(reason="the process that searches the history has ended without an answer")
            == (found[SecretHistory])
        )
        assert [] == [kind for kind, fact in found.items() if fact.problems]

    def test_a_search_ends_with_who_asked(self, tmp_path, monkeypatch):
        """
        When collecting facts is called off while it waits for the search, the process of the search has ended.
        """
        searching_is(monkeypatch, "import time; time.sleep(600)")
        started: list[subprocess.Popen[bytes]] = []
        waiting = asyncio.Event()
        result = child.Search.result

        def waited_for(search: child.Search) -> SecretHistory:
            assert search._process is not None
            started.append(search._process)
            loop.call_soon_threadsafe(waiting.set)
            return result(search)

        monkeypatch.setattr(child.Search, "result", waited_for)
        snapshot = open_snapshot(repository(tmp_path / "shop", SHOP))

        async def called_off() -> None:
            work = facts.collect(Opened(), snapshot, (), ())  # type: ignore[arg-type]  # a door for tests
            collecting = asyncio.create_task(work)
            await waiting.wait()
            collecting.cancel()
            await collecting

        loop = asyncio.new_event_loop()
        with pytest.raises(asyncio.CancelledError):
            loop.run_until_complete(called_off())
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()

        assert [-9] == [process.returncode for process in started]
