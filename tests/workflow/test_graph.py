"""A workflow is loaded as it is written, or refused with the place of the mistake and the nearest name."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrator.catalogue.loader import catalogue
from orchestrator.errors import CyclicWorkflow, OrchestratorError, UnknownAgent, WorkflowError
from orchestrator.planning.roster import built_in
from orchestrator.workflow.graph import load

AGENTS = [agent.id for agent in built_in()]
WORKFLOWS = Path(__file__).parents[2] / "workflows"
REVIEW = (WORKFLOWS / "release-review.yaml").read_text()


def refused(text: str) -> OrchestratorError:
    with pytest.raises(OrchestratorError) as caught:
        load(text.encode(), "w.yaml", AGENTS)
    return caught.value


class TestLoad:
    @pytest.mark.parametrize("path", sorted(WORKFLOWS.glob("*.yaml")), ids=lambda p: p.stem)
    def test_every_shipped_workflow(self, path):
        """
        What ships can be run.
        """
        assert path.stem == load(path.read_bytes(), path.name, AGENTS).spec.name

    @pytest.mark.parametrize("path", sorted(WORKFLOWS.glob("*.yaml")), ids=lambda p: p.stem)
    def test_each_judges_all_eight_areas(self, path):
        """
        Whatever ships to judge a release leaves no criterion without somebody who judges it.
        """
        agents = {agent.id: agent for agent in built_in()}
        nodes = load(path.read_bytes(), path.name, AGENTS).nodes
        judged = {
            criterion.id
            for name in nodes
            for criterion in catalogue().matching(agents[name.partition("/")[2]].criteria)
        }

        assert set(catalogue().criteria) == judged

    def test_the_guides_dag(self):
        """
        Four agents in parallel, three in sequence, three in parallel: ten nodes in that order.
        """
        workflow = load(REVIEW.encode(), "w.yaml", AGENTS)
        needs = {id_: node.needs for id_, node in workflow.nodes.items()}
        verification = tuple(n for n in needs if n.startswith("verification/"))

        assert 10 == len(needs)
        assert {"security-validator", "performance-validator", "integration-tester", "gap-analyzer"} == {
            n.partition("/")[2] for n in verification
        }
        assert {()} == {needs[n] for n in verification}
        assert set(verification) == set(needs["release/database-migrator"])
        assert "release/database-migrator" in needs["release/deployment-orchestrator"]
        assert "release/deployment-orchestrator" in needs["release/monitoring-validator"]
        for agent in ("exactly-right", "ui-bar-raiser", "performance-validator"):
            assert "release/monitoring-validator" in needs[f"production/{agent}"]
            assert not any(n.startswith("production/") for n in needs[f"production/{agent}"])

    def test_unknown_agent(self):
        """
        A misspelt agent is named with line, column and the one that was meant.
        """
        error = refused(REVIEW.replace("- security-validator", "- secuirty-validator"))

        assert isinstance(error, UnknownAgent)
        assert str(error) == (
            "phase 'verification' of workflow 'release-review' names agent 'secuirty-validator', "
            "which nobody provides\n"
            "  --> w.yaml:10:9\n"
            " help: did you mean 'security-validator'? `gonogo agents` lists all 12"
        )

    def test_unknown_key(self):
        """
        A misspelt key is an error, never silence.
        """
        error = refused(REVIEW.replace("title: Release review", "titel: Release review"))

        assert str(error) == (
            "unknown key 'titel'\n  --> w.yaml:4:1\n"
            " help: did you mean 'title'? known here: concurrency, name, phases, policy, thresholds, title"
        )

    def test_cycle(self):
        """
        Nodes that wait for each other are named in the order in which they do.
        """
        error = refused(
            REVIEW.replace(
                "      - agent: database-migrator",
                "      - agent: database-migrator\n        needs: [monitoring-validator]",
            )
        )

        assert isinstance(error, CyclicWorkflow)
        assert "has a cycle" in error.what
        assert error.where.startswith("w.yaml:")

    def test_unreachable(self):
        """
        A phase that nothing leads to is refused.
        """
        error = refused(REVIEW.replace("    title: Parallel production validation", "    needs: []"))

        assert error.what == "nothing leads to 'production/exactly-right': the workflow starts at phase 'verification'"

    @pytest.mark.parametrize(
        "text",
        ["", "[]", "name: x", "name: x\nphases: []", "name: x\nphases: [{id: a, nodes: []}]", "name: {", "a: *b"],
    )
    def test_malformed(self, text):
        """
        Anything that is not a workflow is refused with a place.
        """
        error = refused(text)

        assert isinstance(error, WorkflowError)
        assert error.where.startswith("w.yaml:")

    def test_a_name_twice(self):
        """
        One agent cannot have two turns in a phase.
        """
        assert "twice" in refused(REVIEW.replace("- integration-tester", "- gap-analyzer")).what
