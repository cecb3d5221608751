"""Tells steps of CI pipelines apart: which deploy, to where, and which go back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from orchestrator import CiJob, CiStep, Pipeline, Pipelines, Source, stage_of_work, words

_COMMAND = re.compile(rf"\b(?:{words('commands/deployments').pattern}|{words('commands/deliveries').pattern})")
_ACTION = re.compile(
    rf"{words('actions/deployments').pattern}|"
    r"configure-and-deploy|containerapps-deploy|helm-deploy|action-helm|serverless-github-action|kamal",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"--dry-run|(?<!--)\bdelete\b|(?<!-)\bconfig\b(?!-)|\b(describe|list|logs|login|revisions)\b|"
    r"helm install .*(cert-manager|prometheus)"
)
_BACK = re.compile(rf"\b(?:{words('commands/rollbacks').pattern})|roll-?back", re.IGNORECASE)
_SCHEMA = re.compile(r"\bdb\b|migrat|liquibase|flyway|knex|sequelize|transaction|schema", re.IGNORECASE)
_CLUSTER = re.compile(r"kind create cluster|kind-action|minikube|k3d|microk8s|localstack")


@dataclass(frozen=True)
class Deploy:
    """One step that puts something into service."""

    pipeline: Pipeline
    job: CiJob
    step: CiStep

    @property
    def at(self) -> Source:
        return self.pipeline.at(self.step if self.step.line else self.job)

    @property
    def lower(self) -> bool:
        """Whether its environment, job or file say that it is not production, and nothing says that it is."""
        return self.stage in ("rehearsal", "development")

    @cached_property
    def stage(self) -> str | None:
        """The stage that it puts something into, as far as something says so."""
        job = self.job
        return stage_of_work(job.environment, job.id, job.stage, self.step.name, path=self.pipeline.path)

    @property
    def proposed(self) -> bool:
        """Whether it only runs for proposed changes."""
        return bool(self.pipeline.triggers) and set(self.pipeline.triggers) <= {"pull_request"}


def deploys(pipelines: Pipelines) -> list[Deploy]:
    """Every step that deploys, but into a cluster that the job itself made to throw away."""
    return [Deploy(p, j, s) for p in pipelines.files for j in p.jobs if not _local(j) for s in j.steps if is_deploy(s)]


def _local(job: CiJob) -> bool:
    return any(_CLUSTER.search(s.uses) or any(_CLUSTER.search(line) for line in lines_of(s)) for s in job.steps)


def is_deploy(step: CiStep) -> bool:
    """Whether *step* puts something into service."""
    if _ACTION.search(step.uses):
        return True
    return any(_COMMAND.search(line) and not _NOT.search(line) for line in lines_of(step))


def goes_back(step: CiStep) -> bool:
    """Whether *step* returns to the former version."""
    every = [step.name, *lines_of(step)]
    return any(_BACK.search(line) and not _SCHEMA.search(line) for line in every)


def lines_of(step: CiStep) -> list[str]:
    """The command lines of a step, those that go on in the next joined, comments left out."""
    joined = step.run.replace("\\\n", " ")
    return [line.strip()[:1_000] for line in joined.split("\n") if line.strip() and not line.strip().startswith("#")]
