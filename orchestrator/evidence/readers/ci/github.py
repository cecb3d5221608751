"""Reads workflows and reusable workflows of GitHub."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ....domain.located import Located
from ....errors import FormatError
from ....redaction import cut
from ...facts.pipelines import CiJob, CiStep, Pipeline
from ...tree import SourceFile
from ._shared import Dialect, Keys, bounded, documents, line_of, strings, text

_TRIGGERS = {
    "push": "push",
    "pull_request": "pull_request",
    "pull_request_target": "pull_request",
    "schedule": "schedule",
    "workflow_dispatch": "manual",
    "release": "release",
    "workflow_call": "call",
}


def _workflow(source: SourceFile) -> Iterator[Pipeline]:
    """The workflow of one file under ``.github/workflows``."""
    found = documents(source)
    if not found:
        raise FormatError("a workflow that is not a mapping")
    document = found[0]
    jobs = document.get("jobs")
    if not isinstance(jobs, dict):
        raise FormatError("a workflow without jobs", document.line)
    yield from bounded(
        source.path,
        "github",
        text(document.get("name")),
        set(_triggers(document.get("on"))),
        (_job(document, source, key) for key, body in jobs.items() if isinstance(body, dict)),
        _paths(document.get("on")),
    )


def _triggers(on: Any) -> Iterator[str]:
    for event in strings(on):
        yield _TRIGGERS.get(event, "other")
    if not isinstance(on, dict):
        return
    for event, body in on.items():
        limits = body if isinstance(body, dict) else {}
        if event == "push" and ("tags" in limits or "tags-ignore" in limits):
            yield "tag"
            if not any(key in limits for key in ("branches", "branches-ignore")):
                continue
        yield _TRIGGERS.get(event, "other")


def _paths(on: Any) -> list[str]:
    """The paths that a change must touch to start it; none when push or pull request has no such limit."""
    if not isinstance(on, dict):
        return []
    found: list[str] = []
    for event in ("push", "pull_request", "pull_request_target"):
        if event in on:
            limits = strings(on[event].get("paths")) if isinstance(on[event], dict) else ()
            if not limits:
                return []
            found.extend(limits)
    return list(dict.fromkeys(found))


def _job(document: Located, source: SourceFile, name: str) -> CiJob:
    keys: Keys = ("jobs", name)
    environment = document.get(*keys, "environment")
    if isinstance(environment, dict):
        environment = environment.get("name")
    found = list(steps(document, source, (*keys, "steps")))
    called = document.get(*keys, "uses")
    if isinstance(called, str):
        found.append(CiStep(name=name, uses=called, line=document.at(*keys, "uses").line))
    return CiJob(
        id=name,
        line=document.at(*keys).line,
        needs=strings(document.get(*keys, "needs")),
        environment=text(environment),
        condition=text(document.get(*keys, "if")),
        steps=tuple(found),
    )


def steps(document: Located, source: SourceFile, keys: Keys) -> Iterator[CiStep]:
    """The steps that stand under *keys*."""
    for number, step in enumerate(document.items(*keys)):
        if not isinstance(step, dict):
            continue
        which = "uses" if isinstance(step.get("uses"), str) else "run"
        yield CiStep(
            name=cut(text(step.get("name")), 200),
            uses=text(step.get("uses")),
            run=text(step.get("run")),
            line=line_of(document, (*keys, number, which), source),
        )


DIALECT = Dialect(_workflow)
