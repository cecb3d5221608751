"""Reads a Jenkinsfile line by line: its stages, and the shell commands in each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...facts.pipelines import CiJob, CiStep, Pipeline
from ...tree import SourceFile
from ._shared import Dialect, bounded

_STAGE = re.compile(r"\bstage\s*\(\s*(?:name:\s*)?['\"]([^'\"]{1,200})['\"]")
_SHELL = re.compile(
    r"\b(?:sh|bat|pwsh|powershell)\b[\s(]*(?:script:\s*|label:[^,]{0,100},\s*script:\s*)?('''|\"\"\"|'|\")"
)
_INPUT = re.compile(r"^\s*input\b[\s({]|\binput\s*\(?\s*(?:message|id)\b")
_LIBRARY = re.compile(r"@Library\(\s*['\"]([^'\"]{1,200})['\"]")
_WHEN = {
    "cron(": "schedule",
    "pollSCM(": "push",
    "upstream(": "other",
    "changeRequest": "pull_request",
    "buildingTag": "tag",
}


def _pipeline(source: SourceFile) -> Iterator[Pipeline]:
    """The pipeline as far as lines tell it; Groovy is not evaluated."""
    stages: list[CiJob] = [CiJob(id="pipeline", line=1)]
    steps: list[list[CiStep]] = [[]]
    triggers = {"push"}
    closing, opened_at = "", 0
    block: list[str] = []
    for number, raw in enumerate(source.lines, 1):
        line = raw[:1_000]
        if closing:
            before, found, _ = line.partition(closing)
            block.append(before.strip())
            if found:
                steps[-1].append(CiStep(run="\n".join(b for b in block if b), line=opened_at))
                closing = ""
            continue
        if line.lstrip().startswith("//"):
            continue
        triggers.update(trigger for word, trigger in _WHEN.items() if word in line)
        if stage := _STAGE.search(line):
            stages.append(CiJob(id=stage[1], line=number, stage=stage[1]))
            steps.append([])
        if library := _LIBRARY.search(line):
            steps[-1].append(CiStep(name="library", uses=library[1], line=number))
        if _INPUT.search(line):
            stages[-1] = stages[-1].model_copy(update={"manual": True})
        if shell := _SHELL.search(line):
            quote, rest = shell[1], line[shell.end() :]
            if quote in rest:
                steps[-1].append(CiStep(run=rest.rpartition(quote)[0], line=number))
            elif len(quote) == 3:
                closing, opened_at, block = quote, number + (not rest.strip()), [rest.strip()]
    jobs = [job.model_copy(update={"steps": tuple(s)}) for job, s in zip(stages, steps, strict=True)]
    told = [j for j in jobs if j.steps or j.manual or j.id != "pipeline"]
    yield from bounded(source.path, "jenkins", "", triggers, told)


DIALECT = Dialect(_pipeline)
