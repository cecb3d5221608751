"""Reads pipelines of Azure: stages, jobs and deployments, each of them optional."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....domain.located import Located
from ....redaction import cut
from ...facts.pipelines import CiJob, CiStep
from ...tree import SourceFile
from ._shared import Keys, line_of, of_documents, strings, text


def _jobs(document: Located, source: SourceFile) -> Iterator[CiJob]:
    stages: list[Keys] = [("stages", n) for n, _ in enumerate(document.items("stages"))] or [()]
    for stage in stages:
        jobs: list[Keys] = [(*stage, "jobs", n) for n, _ in enumerate(document.items(*stage, "jobs"))] or [stage]
        for keys in jobs:
            job = document.section(*keys)
            name = text(job.get("job") or job.get("deployment") or job.get("displayName")) or "job"
            environment = job.get("environment")
            steps: list[CiStep] = []
            for place in _places(document, keys):
                steps.extend(_step(document, source, place, s) for s in [document.get(*place)] if isinstance(s, dict))
            if isinstance(job.get("template"), str):
                steps.append(CiStep(uses=text(job["template"]), line=document.at(*keys).line))
            if steps:
                yield CiJob(
                    id=name,
                    line=document.at(*keys).line,
                    needs=strings(job.get("dependsOn")),
                    environment=text(environment.get("name") if isinstance(environment, dict) else environment),
                    condition=text(job.get("condition")),
                    stage=text(document.get(*stage, "stage")) if stage else "",
                    manual=any("ManualValidation@" in s.uses for s in steps),
                    steps=tuple(steps),
                )


def _places(document: Located, keys: Keys) -> Iterator[Keys]:
    yield from ((*keys, "steps", n) for n, _ in enumerate(document.items(*keys, "steps")))
    for strategy in ("runOnce", "rolling", "canary"):
        for hook in ("preDeploy", "deploy", "routeTraffic", "postRouteTraffic", "on"):
            place: Keys = (*keys, "strategy", strategy, hook, "steps")
            yield from ((*place, n) for n, _ in enumerate(document.items(*place)))


def _step(document: Located, source: SourceFile, keys: Keys, step: dict[str, Any]) -> CiStep:
    which = next((k for k in ("script", "bash", "pwsh", "powershell", "task", "template", "checkout") if k in step), "")
    inputs = step.get("inputs") if isinstance(step.get("inputs"), dict) else {}
    run = text(step.get(which)) if which in ("script", "bash", "pwsh", "powershell") else ""
    if which == "task" and isinstance(inputs, dict):
        wanted = ("script", "inlineScript", "command", "arguments", "azureCli", "goals")
        run = " ".join(text(inputs[k]) for k in wanted if k in inputs)
    return CiStep(
        name=cut(text(step.get("displayName")), 200),
        uses=text(step.get(which)) if which in ("task", "template", "checkout") else "",
        run=run,
        line=line_of(document, (*keys, which) if which else keys, source),
    )


def _triggers(document: Located) -> set[str]:
    found = {"schedule"} if document.get("schedules") else set()
    trigger = document.get("trigger")
    if trigger != "none":
        found.add("push")
    if isinstance(trigger, dict) and "tags" in trigger:
        found.add("tag")
    return found | ({"pull_request"} if document.get("pr") != "none" else set()) or {"manual"}


DIALECT = of_documents("azure", _jobs, _triggers)
