"""Tells where a pipeline goes back because what tries out its deployment has failed."""

from __future__ import annotations

import re

from orchestrator import CiJob, CiStep, Deployment, Source, goes_back, tried_out_within, tries_out, undone_within

_SMOKE = re.compile(r"smoke|health-?check|post-?deploy|verify-?deploy|sanity|helm (-\S+ )*test", re.IGNORECASE)


def undone_by(deploy: Deployment) -> Source | None:
    """Where the pipeline goes back because what tries out *deploy* has failed."""
    pipeline = deploy.pipeline
    after = [s for s in deploy.job.steps if s.line >= deploy.step.line]
    later = [j for j in pipeline.jobs if deploy.job.id in j.needs and not j.manual]
    for step in (*after, *(s for j in later for s in j.steps)):
        if undone_within(step) is not None:
            return pipeline.at(step)
    tried = [s for s in after if is_smoke(s, deploy.job) and (s is not deploy.step or tried_out_within(s))]
    for step in after:
        if step.after_failure and goes_back(step) and any(t.line < step.line and t.heeded for t in tried):
            return pipeline.at(step)
    tests = {j.id for j in later if j.heeded and any(is_smoke(s, j) for s in j.steps)} | (
        {deploy.job.id} if tried else set()
    )
    for job in pipeline.jobs:
        waits = tests & set(job.needs)
        fails = job.after_failure or "failure()" in job.condition or _FAILED.search(job.condition)
        if waits and fails and not job.manual:
            for step in job.steps:
                if goes_back(step) and not step.after_failure:
                    return pipeline.at(step)
    return None


_FAILED = re.compile(r"\.result\s{0,3}==\s{0,3}['\"]failure|\bfailed\(\)")


def is_smoke(step: CiStep, job: CiJob) -> bool:
    if not step.enforced.strip():
        return False
    return tries_out(step) or bool(_SMOKE.search(f"{step.name} {step.uses} {job.id}"))
