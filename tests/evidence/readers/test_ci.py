"""One CI system more is a row and a reader, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from orchestrator.contract.testing import facts_of
from orchestrator.evidence import ci_systems, classify
from orchestrator.evidence.ci_systems import SYSTEMS, CiSystem, system_of
from orchestrator.evidence.facts.pipelines import CiJob, CiStep, Pipelines
from orchestrator.evidence.reader import read_tree
from orchestrator.evidence.readers import ci
from orchestrator.evidence.readers.ci._shared import of_documents
from orchestrator.evidence.readers.pipelines import PipelinesReader
from orchestrator.evidence.tree import MemoryTree

PACKAGE = Path(ci_systems.__file__).parents[1]
PLACES = {
    "github": ".github/workflows/ci.yml",
    "action": ".github/actions/build/action.yml",
    "cloudbuild": "cloudbuild.yaml",
    "gitlab": ".gitlab-ci.yml",
    "circleci": ".circleci/config.yml",
    "travis": ".travis.yml",
    "azure": "azure-pipelines.yml",
    "bitbucket": "bitbucket-pipelines.yml",
    "buildkite": ".buildkite/pipeline.yml",
    "drone": ".drone.yml",
    "jenkins": "Jenkinsfile",
    "other": "appveyor.yml",
}


class TestSystems:
    def test_each_has_a_reader(self):
        """
        Rows and readers are the same, so that one of the two cannot be forgotten.
        """
        files = {file.stem for file in Path(ci.__file__).parent.glob("*.py") if not file.stem.startswith("_")}

        assert files == {system.name for system in SYSTEMS} == set(ci.DIALECTS)

    @pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)
    def test_each_is_told_by_where_its_files_lie(self, system):
        """
        Its file is read by it and belongs to CI; the quick word is not narrower than the pattern.
        """
        path = PLACES[system.name]

        assert system is system_of(path)
        assert "ci" == classify.role(path)

    def test_nobody_else_knows_of_one(self):
        """
        A system is named where it is listed and where it is read: whoever adds one touches no other file.
        """
        naming = {file for file in PACKAGE.rglob("*.py") if '"buildkite"' in file.read_text()}

        assert {"ci_systems.py", "buildkite.py"} == {file.name for file in naming}

    def test_one_more(self, monkeypatch):
        """
        A row and a dialect are enough for its pipelines to be in the fact.
        """
        row = CiSystem("forge", r"^\.forge/[^/]+\.ya?ml$", folder=r"\.forge", rooted=True)
        monkeypatch.setattr(ci_systems, "_FILES", ((row, re.compile(row.files)), *ci_systems._FILES))
        dialect = of_documents("forge", lambda d, _, __: [CiJob(id="all", steps=(CiStep(run=str(d.get("do"))),))])
        monkeypatch.setitem(ci.DIALECTS, "forge", dialect)
        fact = read_tree(MemoryTree({".forge/ci.yml": "do: make test\n"}), [PipelinesReader()])[Pipelines]

        assert isinstance(fact, Pipelines)
        assert [("forge", "make test")] == [(pipeline.system, step.run) for pipeline, _, step in fact.steps()]


def test_scripts_beyond_the_bound_are_said() -> None:
    """
    A file in which many jobs take a long script over is read as far as its bound, and no further.
    """
    jobs = "".join(f"j{number}: {{extends: base}}\n" for number in range(20))
    text = "base:\n  script:\n" + "    - npm test\n" * 2_000 + jobs

    fact = facts_of({".gitlab-ci.yml": text})[Pipelines]
    assert isinstance(fact, Pipelines)
    steps = [len(job.steps) for job in fact.files[0].jobs]

    assert 0 < sum(map(bool, steps)) < 20
    assert [False] == [aside.void for aside in fact.aside]
    assert "is beyond the 30,000 lines of scripts that are read of one file" == fact.aside[0].reason
