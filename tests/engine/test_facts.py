"""What becomes of the evidence when a part of it cannot be made."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from orchestrator.domain.fact import Fact
from orchestrator.engine import facts
from orchestrator.evidence.facts.history import History
from orchestrator.evidence.facts.secrets import SecretHistory
from orchestrator.evidence.snapshot import open_snapshot
from tests.repositories import SHOP, repository


class Opened:
    """A door behind which every step is done."""

    async def step(self, node: str, attempt: int, purpose: str, input_: object, act: Any) -> object:
        return await act()


class TestHistory:
    @pytest.mark.parametrize(("function", "kind"), [("history", History), ("secret_history", SecretHistory)])
    def test_a_mistake_costs_its_fact_alone(self, function, kind, tmp_path, monkeypatch):
        """
        What goes wrong over git's history is a problem of that fact, and every other fact is there.
        """

        def stumble(_snapshot: object) -> Fact:
            raise KeyError("a mistake of ours")

        monkeypatch.setattr(facts, function, stumble)
        snapshot = open_snapshot(repository(tmp_path / "shop", SHOP))
        found = asyncio.run(facts.collect(Opened(), snapshot, "", (), ()))  # type: ignore[arg-type]  # a door for tests
        reason = f"the evidence '{kind.name}' could not be finished, which is a mistake of gonogo (KeyError)"

        assert [reason] == [problem.reason for problem in found[kind].problems]
        assert [kind] == [other for other, fact in found.items() if fact.problems]
