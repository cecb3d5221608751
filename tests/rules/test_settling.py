"""The workflow of a reviewed tree does all that the one that ships does; what one from outside lacks is named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import yaml

from orchestrator.errors import WorkflowError
from orchestrator.planning import roster
from orchestrator.rules import Chosen, Ruled, settle
from orchestrator.workflow.shipped import DEFAULT, workflows

AGENTS = roster.load()


def settled(chosen: Chosen) -> Ruled:
    return settle(chosen, [], [], AGENTS, ["security"])


def changed(change: Callable[[dict[str, Any]], object], name: str = "mine") -> bytes:
    """The workflow that ships with *change* made to it, under another name."""
    body = yaml.safe_load(workflows()[DEFAULT])
    body |= {"name": name, "policy": body["policy"] | {"name": "mine"}}
    change(body)
    return yaml.safe_dump(body).encode()


def early(body: dict[str, Any]) -> None:
    """The gate before the release phase is decided on before anything is verified."""
    body["phases"].insert(0, {"id": "early", "nodes": ["geist-analyzer"]})
    body["phases"][2]["needs"] = ["early"]


LESS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "an agent left out": (
        lambda b: b["phases"][0]["nodes"].remove("security-validator"),
        "verification/security-valida",
    ),
    "a phase left out": (lambda b: b["phases"].pop(), "phase 'production'"),
    "an agent not required": (
        lambda b: b["phases"][0]["nodes"].__setitem__(0, {"agent": "security-validator", "required": False}),
        "verification/security-validator (not required",
    ),
    "no gate": (lambda b: b["phases"][1].pop("gate"), "gate of phase 'release' (none"),
    "a gate that is off": (
        lambda b: b["phases"][1]["gate"].update(max_failed={"critical": -1}),
        "gate of phase 'release'",
    ),
    "a wider gate": (lambda b: b["phases"][1]["gate"].update(max_failed={"critical": 3}), "gate of phase 'release' (3"),
    "a gate before there are results": (lambda b: early(b), "phase 'release' (does not wait"),
    "a looser policy": (lambda b: b["policy"]["max_failed"].update(high=9), "policy.max_failed.high (9"),
    "waivers of what is critical": (lambda b: b["policy"].update(critical_waivers=True), "policy.critical_waivers"),
    "a policy that is off": (
        lambda b: b["policy"]["max_failed"].update(critical=-1),
        "policy.max_failed.critical (-1 (off)",
    ),
    "a lower score": (lambda b: b["thresholds"].update(score=0), "thresholds.score (0"),
    "a phase whose steps nobody demands": (lambda b: b["phases"][1].pop("demands"), "phase 'release' (demands agents"),
}


class TestTree:
    @pytest.mark.parametrize("case", LESS)
    def test_nothing_less(self, case):
        """
        A workflow of the reviewed tree that asks less than what ships is refused, with what it lacks and how to fix it.
        """
        change, said = LESS[case]
        with pytest.raises(WorkflowError) as caught:
            settled(Chosen("w.yaml", changed(change), own=True, at="readiness.yaml:1:11"))

        assert said in caught.value.what
        assert "readiness.yaml:1:11" == caught.value.where
        assert "--workflow" in caught.value.remedy

    @pytest.mark.parametrize(
        "change",
        [
            lambda b: None,
            lambda b: (b["policy"]["max_failed"].update(medium=0), b["thresholds"].update(score=95)),
            lambda b: b["phases"][0]["nodes"].append("requirements-analyzer"),
            lambda b: b["phases"].insert(0, {"id": "assessment", "nodes": ["geist-analyzer"]}),
            lambda b: b["phases"][0]["nodes"].__setitem__(0, {"agent": "security-validator", "timeout": 20}),
        ],
    )
    def test_as_much_or_more(self, change):
        """
        One that asks as much or more is taken.
        """
        ruled = settled(Chosen("w.yaml", changed(change), own=True))

        assert "mine" == ruled.workflow.spec.name
        assert () == ruled.policy.loosened

    @pytest.mark.parametrize("name", sorted(set(workflows()) - {DEFAULT}))
    def test_another_that_ships(self, name):
        """
        Which of the shipped workflows reviews a tree is not the tree's to choose.
        """
        with pytest.raises(WorkflowError, match="asks less than release-review"):
            settled(Chosen(name, own=True))


class TestOutside:
    @pytest.mark.parametrize("case", LESS)
    def test_what_is_less_is_named(self, case):
        """
        From outside anything goes, and what it does not do that the shipped one does is named.
        """
        change, said = LESS[case]
        rows = settled(Chosen("w.yaml", changed(change))).policy.loosened

        assert any(f"{row.rule} ({row.here}".startswith(said) for row in rows), rows
        assert {"w.yaml"} == {row.by for row in rows}

    @pytest.mark.parametrize("name", sorted(workflows()))
    def test_shipped_ones_are_what_they_are(self, name):
        """
        A shipped workflow that somebody asks for by name is not loosened.
        """
        assert () == settled(Chosen(name)).policy.loosened
        assert settled(Chosen(name)).policy.critical_waivers is False

    def test_names_are_taken(self):
        """
        No other workflow and no other policy goes by the name of one that ships.
        """
        with pytest.raises(WorkflowError, match="the name 'release-review' is taken"):
            settled(Chosen("w.yaml", changed(lambda b: b["phases"].pop(), DEFAULT)))
        with pytest.raises(WorkflowError, match="the policy's name 'strict' is taken"):
            settled(Chosen("w.yaml", changed(lambda b: b.update(policy={"name": "strict"}, thresholds={"score": 10}))))

    def test_a_policy_without_a_name_gets_one(self):
        """
        Rules that bear no name are not called strict.
        """

        def unnamed(body: dict[str, Any]) -> None:
            body["policy"], body["thresholds"] = {}, {"score": 10}

        assert "strict, loosened" == settled(Chosen("w.yaml", changed(unnamed))).policy.name

    def test_a_workflow_says_nothing_of_what_is_loosened(self):
        """
        Nobody writes into a workflow that nothing is loosened; and no resource has room for nobody.
        """
        with pytest.raises(WorkflowError, match=r"unknown key 'policy\.loosened'"):
            settled(Chosen("w.yaml", changed(lambda b: b["policy"].update(loosened=[]))))
        with pytest.raises(WorkflowError, match="greater than or equal to 1"):
            settled(Chosen("w.yaml", changed(lambda b: b.update(concurrency={"cpu": 0}))))
