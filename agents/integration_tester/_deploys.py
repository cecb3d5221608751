"""Finds the jobs that put something into service, and what comes after them to try it out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from orchestrator import (
    Deployment,
    Hits,
    Source,
    deploys,
    publishes,
    publishes_documents,
    throws_away,
    tries_out,
)

from ._flow import Flow, Job, Step
from ._order import members

_MAY_SMOKE = re.compile(r"heroku-deploy|datadog|checkly|newrelic|postman|ghostinspector|blazemeter", re.IGNORECASE)


@dataclass(frozen=True)
class Deploy:
    """One step that puts something into service, with the job that it stands in."""

    job: Job
    step: Step
    position: int
    verb: str = "deploys"

    @property
    def at(self) -> Source:
        return self.step.at

    @property
    def lower(self) -> bool:
        """Whether its names say that it is not production, and nothing says that it is."""
        return Deployment(self.job.root, self.job.job, self.step.step).lower


def deployed_by(flow: Flow) -> list[Deploy]:
    """
    The first step of each job that deploys.

    Jobs that proposals alone start, or that deploy into a cluster of their own, are left out.
    """
    return _first_of_each(flow, lambda step: deploys(step.step), "deploys")


def published_by(flow: Flow, trials: Hits) -> list[Deploy]:
    """The first step of each job that publishes a package or a release, and not to an index for *trials*."""
    return _first_of_each(flow, lambda step: publishes(step.step) and not step.held(trials), "publishes")


def _first_of_each(flow: Flow, does: Callable[[Step], bool], verb: str) -> list[Deploy]:
    found = []
    for job in flow.jobs:
        if job.triggers <= {"pull_request"} or job.job.after_failure or any(throws_away(s.step) for s in job.steps):
            continue
        if publishes_documents(job.root, job.job):
            continue
        first = next((n for n, step in enumerate(job.steps) if does(step)), None)
        if first is not None:
            found.append(Deploy(job, job.steps[first], first, verb))
    return found


def smoke_after(flow: Flow, deploy: Deploy) -> Step | None:
    """The step that tries out what *deploy* put into service: later in its job, or in a job that waits for it."""
    own = next((s for s in deploy.job.steps[deploy.position + 1 :] if tries_out(s.step)), None)
    later = flow.after(deploy.job) & flow.which(_tries_out)
    return own or next((s for n in members(later) for s in flow.jobs[n].steps if tries_out(s.step)), None)


def may_be_smoked(flow: Flow, deploy: Deploy) -> bool:
    """Whether something follows the deployment, or is part of it, that may try it out unseen."""
    if flow.after(deploy.job) & (flow.which(_does_something) | flow.which(_asks_something)):
        return True
    later = deploy.job.steps[deploy.position + 1 :]
    return any(s.work.opaque or s.work.tests for s in later) or _asks_something(deploy.job)


def _tries_out(job: Job) -> bool:
    """Whether *job*, which nobody has to start, asks a running deployment whether it works."""
    return not job.job.manual and any(tries_out(s.step) for s in job.steps)


def _does_something(job: Job) -> bool:
    return any(s.work.opaque or s.work.tests for s in job.steps)


def _asks_something(job: Job) -> bool:
    return any(_MAY_SMOKE.search(s.step.said) for s in job.steps)
