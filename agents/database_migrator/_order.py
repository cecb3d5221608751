"""Tells which jobs of a pipeline must have ended before another starts, and which stage each deploys to."""

from __future__ import annotations

import re

from orchestrator import CiJob, Pipeline, stage_of

_SEQUENTIAL = frozenset({"jenkins", "bitbucket", "drone", "travis", "cloudbuild", "other"})
_STAGED = frozenset({"gitlab", "azure"})
_LOOKS = re.compile(
    r"\b(?:test|lint|check|scan|verify|plan|smoke|e2e|journeys?|approve|hold|notify|chart)", re.IGNORECASE
)


def job_stage(job: CiJob) -> str | None:
    """The stage that *job* deploys to, as its environment, its id or its stage says."""
    said = (job.environment if "${" not in job.environment else "", job.id, job.stage)
    return next((stage for name in said if name and (stage := stage_of(name))), None)


def is_roll(job: CiJob) -> bool:
    """Whether *job* does more than look at what another has deployed."""
    return bool(job.steps) and (job.id == job.stage or not _LOOKS.search(job.id))


class Waiting:
    """What the jobs of *pipeline* wait for, by their own words or by the order of its stages."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._jobs = {job.id: job for job in pipeline.jobs}
        stages = list(dict.fromkeys(job.stage for job in pipeline.jobs))
        self._before: dict[str, set[str]] = {}
        for number, job in enumerate(pipeline.jobs):
            named = {name for name in job.needs if name in self._jobs}
            if job.at_once:
                named = set()
            elif not job.needs and pipeline.system in _STAGED:
                at = stages.index(job.stage)
                named = {other.id for other in pipeline.jobs if stages.index(other.stage) < at}
            elif not job.needs and pipeline.system in _SEQUENTIAL:
                named = {other.id for other in pipeline.jobs[:number]}
            self._before[job.id] = named

    def staging_before(self, job: CiJob) -> list[CiJob]:
        """The jobs of staging that must have succeeded before *job* starts."""
        found: set[str] = set()
        waiting = [job.id]
        while waiting:
            new = self._before.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        jobs = [self._jobs[name] for name in sorted(found)]
        return [j for j in jobs if job_stage(j) == "rehearsal" and j.heeded and not j.after_failure and is_roll(j)]
