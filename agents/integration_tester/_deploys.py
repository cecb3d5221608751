"""Tells which steps put something into service, and which try out what was put there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from orchestrator import CiStep, Source, stage_of_work, words

from ._flow import Flow, Job, Step
from ._order import members

_COMMAND = re.compile(rf"\b(?:{words('commands/deployments').pattern})")
_ACTION = re.compile(
    rf"{words('actions/deployments').pattern}|"
    r"containerapps-deploy|helm-deploy|action-helm|serverless-github-action|deploy:(?:heroku|s3|pages|lambda|elasticbeanstalk|codedeploy)",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"--dry-run|(?<!--)\bdelete\b|(?<!-)\bconfig\b(?!-)|\b(describe|list|logs|login|plan)\b|^(echo|printf)|"
    r"helm .{0,80}(cert-manager|prometheus|ingress-nginx|argo-rollouts|localstack)|--check\b|minikube|kind-"
)
_THROW_AWAY = re.compile(
    r"kind create cluster|kind-action|minikube|\bk3d\b|k3s|microk8s|localstack|ct install|molecule", re.IGNORECASE
)
_SMOKE_NAME = re.compile(
    r"smoke|sanity[- ]?(test|check)|post[-_ ]?deploy\w*|health[-_ ]?check|verify (the )?(deploy\w*|"
    r"release|site|health)|"
    r"check (the )?(deployment|deployed|health)|synthetic|(test|probe) (the )?(deployed|live|production)",
    re.IGNORECASE,
)
_SMOKE_COMMAND = re.compile(
    r"\bcurl\b.{0,300}(-\w*f\w*|--fail\S*)\b.{0,300}(health|ready|status|ping|alive|version|smoke|https?://)|"
    r"\b(newman run|helm test|synthetics-ci|checkly test|httpyac|hurl|k6 run .{0,100}smoke|wait-on)\b|"
    r"smoke[-_]?tests?\b|"
    r"\b(BASE_URL|CYPRESS_baseUrl|PLAYWRIGHT_BASE_URL|E2E_URL)=\S+"
)
_TALKS_TO_PEOPLE = re.compile(
    r"slack|discord|telegram|webhook|teams|sentry|newrelic|datadog.{0,20}event|hooks\.", re.IGNORECASE
)
_MAY_SMOKE = re.compile(r"heroku-deploy|datadog|checkly|newrelic|postman|ghostinspector|blazemeter", re.IGNORECASE)


@dataclass(frozen=True)
class Deploy:
    """One step that puts something into service, with the job that it stands in."""

    job: Job
    step: Step
    position: int

    @property
    def at(self) -> Source:
        return self.step.at

    @property
    def lower(self) -> bool:
        """Whether its names say that it is not production, and nothing says that it is."""
        job = self.job.job
        stage = stage_of_work(job.environment, job.id, job.stage, self.step.step.name, path=self.job.root.path)
        return stage in ("rehearsal", "development")


def deploys(flow: Flow) -> list[Deploy]:
    """
    The first step of each job that deploys.

    Jobs that proposals alone start, or that deploy into a cluster of their own, are left out.
    """
    found = []
    for job in flow.jobs:
        if job.triggers <= {"pull_request"} or any(_throws_away(s.step) for s in job.steps):
            continue
        first = next((n for n, s in enumerate(job.steps) if _deploys(s.step)), None)
        if first is not None:
            found.append(Deploy(job, job.steps[first], first))
    return found


def smoke_after(flow: Flow, deploy: Deploy) -> Step | None:
    """The step that tries out what *deploy* put into service: later in its job, or in a job that waits for it."""
    own = next((s for s in deploy.job.steps[deploy.position + 1 :] if is_smoke(s.step)), None)
    later = flow.after(deploy.job) & flow.which(_tries_out)
    return own or next((s for n in members(later) for s in flow.jobs[n].steps if is_smoke(s.step)), None)


def may_be_smoked(flow: Flow, deploy: Deploy) -> bool:
    """Whether something follows the deployment, or is part of it, that may try it out unseen."""
    if flow.after(deploy.job) & (flow.which(_does_something) | flow.which(_asks_something)):
        return True
    later = deploy.job.steps[deploy.position + 1 :]
    return any(s.work.opaque or s.work.tests for s in later) or _asks_something(deploy.job)


def _tries_out(job: Job) -> bool:
    """Whether *job*, which nobody has to start, asks a running deployment whether it works."""
    return not job.job.manual and any(is_smoke(s.step) for s in job.steps)


def _does_something(job: Job) -> bool:
    return any(s.work.opaque or s.work.tests for s in job.steps)


def _asks_something(job: Job) -> bool:
    return any(_MAY_SMOKE.search(s.step.uses + s.step.run) for s in job.steps)


def is_smoke(step: CiStep) -> bool:
    """Whether *step* asks a running deployment whether it works."""
    if _SMOKE_NAME.search(step.name) and not _TALKS_TO_PEOPLE.search(step.name) and not _deploys(step):
        return True
    return any(_SMOKE_COMMAND.search(line) and not _TALKS_TO_PEOPLE.search(line) for line in _lines(step))


def _deploys(step: CiStep) -> bool:
    return bool(_ACTION.search(step.uses)) or any(
        _COMMAND.search(line) and not _NOT.search(line) for line in _lines(step)
    )


def _throws_away(step: CiStep) -> bool:
    return bool(_THROW_AWAY.search(step.uses)) or any(_THROW_AWAY.search(line) for line in _lines(step))


def _lines(step: CiStep) -> Iterator[str]:
    for line in step.run.replace("\\\n", " ").split("\n"):
        if line.strip() and not line.lstrip().startswith("#"):
            yield line.strip()[:1_000]
