"""Finds the jobs that put something into service, and what comes after them to try it out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from orchestrator import (
    CiCommand,
    Deployment,
    Hits,
    Source,
    deploys,
    names_deployment,
    publishes,
    publishes_documents,
    throws_away,
    tried_out_within,
    tries_out,
)

from ._flow import Flow, Job, Step
from ._order import members, union

_FAMILIAR = re.compile(
    r"(?:(?:sudo|env|time|nohup|npx|bundle exec|pnpm exec|uv run|poetry run|then|do|\w+=\S*)\s+)*(?:\./)?"
    r"(?:kubectl|helm|helmfile|aws|az|gcloud|gsutil|docker|podman|git|gh|glab|curl|wget|echo|printf|cat|cp|mv|rm|mkdir|ls|"
    r"tar|zip|unzip|sed|awk|grep|head|tail|tr|cut|jq|yq|sleep|date|set|export|cd|pip3?|npm|pnpm|yarn|bun|apt|apt-get|apk|"
    r"brew|gem|bundle|cargo|go|mvnw?|gradlew?|dotnet|composer|mix|make|terraform|tofu|terragrunt|pulumi|cdk|sam|serverless|"
    r"sls|fly|flyctl|kamal|nomad|argocd|flux|ssh|scp|rsync|ansible\S*|wrangler|vercel|netlify|firebase|heroku|eb|cap|dep|"
    r"corepack|tee|touch|chmod|chown|test|true|false|exit|exec|source|\.|bash|sh|vault|sops|openssl|base64|xargs|find|"
    r"kustomize|skaffold|oc|cf|slackcat|sentry-cli|chown|id|env|read|wait|trivy|cosign|syft|upsun|platform|bc|until|while|"
    r"for|if|\[+|\$|\{|\}|psql|mysql|flyway|liquibase|alembic|php|bin/console|artisan|rails|rake|bin/rails|python3?|node|"
    r"ruby|gsutil|doctl|railway|azd|swa|sst|nix\S*|dagger)(?![\w-])",
)
"""Programs of which it is known what they do; those that run tests are told apart before."""
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
    if tried_out_within(deploy.step.step) is not None:
        return deploy.step
    own = next((s for s in deploy.job.steps[deploy.position + 1 :] if tries_out(s.step)), None)
    later = following(flow, deploy.job) & flow.which(_tries_out)
    return own or next((s for n in members(later) for s in flow.jobs[n].steps if tries_out(s.step)), None)


def following(flow: Flow, job: Job) -> int:
    """The jobs that wait for *job*, and those that wait for these, up to the next that deploys."""
    found, waiting = 0, flow.after(job)
    while waiting:
        found |= waiting
        waiting = union(flow.after(flow.jobs[n]) for n in members(waiting & ~flow.which(_deploys))) & ~found
    return found


def may_be_smoked(flow: Flow, deploy: Deploy) -> bool:
    """Whether something follows the deployment, or is part of it, that may try it out unseen."""
    if following(flow, deploy.job) & (flow.which(_does_something) | flow.which(_asks_something)):
        return True
    later = deploy.job.steps[deploy.position + 1 :]
    return any(map(_may_ask, later)) or _may_ask_behind(deploy.step) or _asks_something(deploy.job)


def _tries_out(job: Job) -> bool:
    """Whether *job*, which nobody has to start, asks a running deployment whether it works."""
    return not job.job.manual and any(tries_out(s.step) for s in job.steps)


def _deploys(job: Job) -> bool:
    return any(deploys(s.step) for s in job.steps)


def _does_something(job: Job) -> bool:
    return not job.job.manual and any(map(_may_ask, job.steps))


def _may_ask(step: Step) -> bool:
    """Whether *step* may ask what runs whether it works: it tests with heed, or runs what nobody can see into."""
    if step.step.after_failure or not step.step.heeded:
        return False
    return step.work.opaque or bool(step.work.tests) or any(map(_is_strange, step.step.commands))


def _may_ask_behind(step: Step) -> bool:
    """Whether a command may do so that stands behind the one that deploys, in the same step."""
    told = step.step.commands
    last = max((n for n, command in enumerate(told) if names_deployment(command.plain)), default=len(told))
    return any(_is_strange(c) or (c.heeded and c.calls in ("unread", "absent")) for c in told[last + 1 :])


def _is_strange(command: CiCommand) -> bool:
    """Whether nothing is known of the program that *command* runs, and its failure is heeded."""
    return command.heeded and not command.calls and command.instead is None and not _FAMILIAR.match(command.plain)


def _asks_something(job: Job) -> bool:
    return any(_MAY_SMOKE.search(s.step.said) for s in job.steps)
