"""Reads pipelines of Drone and Woodpecker."""

from __future__ import annotations

from collections.abc import Iterator

from ....domain.located import Located
from ...facts.pipelines import CiJob, CiStep
from ...tree import SourceFile
from ._shared import of_documents, script, strings, text


def _jobs(document: Located, source: SourceFile) -> Iterator[CiJob]:
    for group in ("steps", "pipeline"):
        value = document.get(group)
        keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
        for key in keys:
            step = document.section(group, key)
            steps = script(document, source, (group, key, "commands"))
            if not steps and (step.get("settings") or step.get("image")):
                steps = [CiStep(uses=text(step.get("image")), line=document.at(group, key).line)]
            if steps:
                name = text(step.get("name")) or str(key)
                needs = strings(step.get("depends_on"))
                yield CiJob(id=name, line=document.at(group, key).line, needs=needs, steps=tuple(steps))


def _triggers(document: Located) -> set[str]:
    words = {"cron": "schedule", "promote": "manual", "custom": "manual", "manual": "manual"}
    events: set[str] = set()
    for place in (("trigger", "event"), ("when", "event"), ("trigger", "event", "include")):
        events |= set(strings(document.get(*place)))
    known = {"push", "pull_request", "tag"}
    return {e if e in known else words.get(e, "other") for e in events} or {"push", "pull_request"}


DIALECT = of_documents("drone", _jobs, _triggers)
