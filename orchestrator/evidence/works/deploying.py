"""Tells what puts a version into service, what brings the former one back, and what is made to be thrown away."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ...domain.fact import Source
from ...host.late import late
from ...vocabulary import words
from ..facts.pipelines import CiCommand, CiJob, CiStep, Pipeline, Pipelines
from ..stages import Stage, stage_of_work
from .names import bare

_COMMAND = late(rf"(?<![\w./=-])(?:{words('commands/deployments').pattern}|{words('commands/deliveries').pattern})")
_ACTION = late(
    rf"{words('actions/deployments').pattern}|containerapps-deploy|helm-deploy|action-helm|serverless-github-action|"
    r"configure-and-deploy|kamal|deploy:(?:heroku|s3|pages|lambda|elasticbeanstalk|codedeploy)",
    re.IGNORECASE,
)
_NOT = late(
    r"(?<!--)\bdelete\b|(?<!-)\bconfig\b(?!-)|(?<!-)\b(?:describe|list|logs|login|plan|revisions)\b|"
    r"helm .{0,80}(?:cert-manager|prometheus|ingress-nginx|argo-rollouts|localstack)|minikube|kind-"
)
"""Commands of the same programs that leave everything where it is, or bring in what others have made."""
_ONLY_LOOKS = late(r"(?:grep|egrep|rg|cat|sed|awk|which|type|man|git (?!push)|gh |alias|test|echo|printf)\b")
_BACK = late(rf"\b(?:{words('commands/rollbacks').pattern})|roll-?back", re.IGNORECASE)
_SCHEMA = late(r"\bdb\b|migrat|liquibase|flyway|knex|sequelize|transaction|schema", re.IGNORECASE)
_THROW_AWAY = late(
    r"kind create cluster|kind-action|minikube|\bk3d\b|k3s|microk8s|localstack|ct install|molecule", re.IGNORECASE
)


_PAGES = late(r"deploy-pages|gh-pages|github-pages|deploy:pages|mkdocs gh-deploy", re.IGNORECASE)
_DOCUMENTS = late(
    r"!|(?:\./)?(?:\*\*/)?(?:docs?|documentation|mkdocs\.ya?ml|README[^/]*|CHANGELOG[^/]*)(?:/|$)|.*\.(?:md|mdx|rst)$"
)
_OF_DOCUMENTS = late(r"(?:^|[^a-z])(?:docs?|documentation)(?:[^a-z]|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Deployment:
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

    @property
    def stage(self) -> Stage | None:
        """The stage that it puts something into, as far as something says so."""
        job = self.job
        return stage_of_work(job.environment, job.id, job.stage, self.step.name, path=self.pipeline.path)

    @property
    def proposed(self) -> bool:
        """Whether it only runs for proposed changes."""
        triggers = self.pipeline.triggers_of(self.job)
        return bool(triggers) and triggers <= {"pull_request"}


def deployments(pipelines: Pipelines) -> list[Deployment]:
    """Every step that deploys, but into a cluster that the job itself made to throw away."""
    return [
        Deployment(p, j, s)
        for p in pipelines.files
        for j in p.jobs
        if not j.after_failure and not any(map(throws_away, j.steps)) and not publishes_documents(p, j)
        for s in j.steps
        if deploys(s)
    ]


def publishes_documents(pipeline: Pipeline, job: CiJob) -> bool:
    """Whether all that *job* puts into service is what people read about the product: changes of it alone start it."""
    if pipeline.paths and all(map(_DOCUMENTS.match, pipeline.paths)):
        return True
    said = [step.said for step in job.steps if deploys(step)]
    titled = _OF_DOCUMENTS.search(job.id) or _OF_DOCUMENTS.search(pipeline.title)
    return bool(said) and titled is not None and all(map(_PAGES.search, said))


def deploys(step: CiStep) -> bool:
    """Whether *step* puts something into service."""
    if step.after_failure:
        return False
    return bool(_ACTION.search(step.uses)) or any(map(deploys_by_command, step.commands))


def deploys_by_command(command: CiCommand) -> bool:
    """Whether *command* puts something into service."""
    return names_deployment(bare(command))


def names_deployment(part: str) -> bool:
    """Whether the words of a command say that it puts something into service."""
    return not _ONLY_LOOKS.match(part) and bool(_COMMAND.search(part)) and not _NOT.search(part)


def goes_back(step: CiStep) -> bool:
    """Whether *step* returns to the former version."""
    if not (step.uses or step.commands):
        return False
    every = [step.name, *(bare(command) for command in step.commands)]
    return any(_BACK.search(line) and not _SCHEMA.search(line) for line in every)


def throws_away(step: CiStep) -> bool:
    """Whether *step* makes a cluster or a cloud that goes when the job ends."""
    return bool(_THROW_AWAY.search(step.uses)) or any(_THROW_AWAY.search(c.plain) for c in step.commands)
