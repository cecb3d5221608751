"""Reads pipelines of Drone and Woodpecker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....domain.located import Located
from ...facts.pipelines import CiJob, CiStep
from ...inforce.conditions import filters
from ...inforce.force import IN_FORCE, Force, void
from ...inforce.shell import Manner
from ...tree import SourceFile
from ._running import Notes
from ._shared import of_documents, run_by_one, script, strings, text


def _jobs(document: Located, source: SourceFile, notes: Notes) -> Iterator[CiJob]:
    for group in ("steps", "pipeline"):
        value = document.get(group)
        keys = list(value) if isinstance(value, dict) else list(range(len(value))) if isinstance(value, list) else []
        for key in keys:
            step = document.section(group, key)
            steps = script(document, source, (group, key, "commands"))
            force = _force(step)
            if not force:
                notes.add(f"step {text(step.get('name')) or key}", force, document.at(group, key).line, step)
                continue
            if not steps and (step.get("settings") or step.get("image")):
                steps = [CiStep(uses=text(step.get("image")), line=document.at(group, key).line)]
            if steps:
                name = text(step.get("name")) or str(key)
                needs = strings(step.get("depends_on"))
                yield CiJob(
                    id=name,
                    line=document.at(group, key).line,
                    needs=needs,
                    steps=tuple(run_by_one(steps, Manner(), notes, step.get("environment"))),
                    heeded=step.get("failure") != "ignore" and step.get("detach") is not True,
                    starts=_starts(step),
                    after_failure=_listed(step.get("when"), "status") == ["failure"],
                )


def _listed(when: Any, key: str) -> list[str]:
    """What the conditions *when* say of *key*."""
    return [
        word
        for part in (when if isinstance(when, list) else [when])
        if isinstance(part, dict)
        for word in _names(part.get(key))
    ]


def _names(value: Any) -> tuple[str, ...]:
    return strings(value.get("include")) if isinstance(value, dict) else strings(value)


def _force(step: dict[str, Any]) -> Force:
    when = step.get("when")
    for part in when if isinstance(when, list) else [when]:
        if isinstance(part, dict):
            said = text(part.get("evaluate"))
            if said.strip() in ("false", "0"):
                return void(f"never runs (`evaluate: {said}`)")
            for key in ("branch", "event"):
                if key in part and part[key] in ([], {}):
                    return void(f"lets no {key} through")
    branches = _listed(when, "branch")
    return filters.of_branches(branches) if branches else IN_FORCE


def _starts(step: dict[str, Any]) -> tuple[str, ...]:
    events = [_EVENTS.get(event, "other") for event in _listed(step.get("when"), "event")]
    return tuple(dict.fromkeys(events))


_EVENTS = {
    "push": "push",
    "pull_request": "pull_request",
    "tag": "tag",
    "cron": "schedule",
    "promote": "manual",
    "deployment": "manual",
    "custom": "manual",
    "manual": "manual",
    "release": "release",
}


def _triggers(document: Located) -> set[str]:
    events: set[str] = set()
    for place in ("trigger", "when"):
        events |= set(_listed(document.get(place), "event"))
    return {_EVENTS.get(event, "other") for event in events} or {"push", "pull_request"}


DIALECT = of_documents("drone", _jobs, _triggers)
