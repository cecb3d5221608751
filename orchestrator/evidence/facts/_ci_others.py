"""Reads pipelines of Cloud Build, Bitbucket, Buildkite, Drone and the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ...domain.located import Located
from ...redaction import redact
from ..tree import SourceFile
from . import _ci_azure, _ci_circle
from ._ci import Keys, bounded, documents, line_of, script, strings, text
from .pipelines import CiJob, CiStep, Pipeline

_SCRIPTS = (
    "script",
    "scripts",
    "commands",
    "command",
    "run",
    "install",
    "before_script",
    "build_script",
    "test_script",
)


def pipelines(system: str, source: SourceFile) -> Iterator[Pipeline]:
    """Every pipeline of one file of *system*."""
    parse = _PARSERS.get(system, _other)
    for document in documents(source):
        jobs = list(parse(document, source))
        if jobs:
            triggers = _TRIGGERS[system](document) if system in _TRIGGERS else {"push", "pull_request"}
            yield from bounded(source.path, system, text(document.get("name")), triggers, jobs)


def _cloudbuild(document: Located, source: SourceFile) -> Iterator[CiJob]:
    steps = []
    for number, step in enumerate(document.items("steps")):
        if isinstance(step, dict):
            words = (step.get("entrypoint"), step.get("args"), step.get("script"))
            run = " ".join(redact(text(w)).replace("\n", " ") for w in words[:2] if w) or text(words[2])
            steps.append(
                CiStep(
                    name=text(step.get("id")),
                    uses=text(step.get("name")),
                    run=run,
                    line=line_of(document, ("steps", number, "script"), source)
                    if "script" in step
                    else document.at("steps", number).line,
                )
            )
    if steps:
        yield CiJob(id="build", line=document.at("steps").line, steps=tuple(steps))


def _bitbucket(document: Located, source: SourceFile) -> Iterator[CiJob]:
    stack: list[tuple[Keys, str]] = [(("pipelines",), "")]
    while stack:
        keys, title = stack.pop()
        value = document.get(*keys)
        if isinstance(value, dict) and isinstance(value.get("script"), list) and keys[-1] == "step":
            steps = []
            for number, command in enumerate(value["script"]):
                line = line_of(document, (*keys, "script", number), source)
                if isinstance(command, dict):
                    steps.append(CiStep(uses=text(command.get("pipe")), line=line))
                else:
                    steps.append(CiStep(run=text(command), line=line))
            yield CiJob(
                id=text(value.get("name")) or title,
                line=document.at(*keys).line,
                environment=text(value.get("deployment")),
                manual=value.get("trigger") == "manual",
                stage=title,
                steps=tuple(steps),
            )
        elif isinstance(value, dict):
            stack.extend(((*keys, k), title or str(k)) for k in reversed(value))
        elif isinstance(value, list):
            stack.extend(((*keys, n), title) for n in range(len(value) - 1, -1, -1))


def _buildkite(document: Located, source: SourceFile) -> Iterator[CiJob]:
    places: list[Keys] = [("steps", n) for n, _ in enumerate(document.items("steps"))]
    while places:
        keys = places.pop(0)
        step = document.section(*keys)
        if isinstance(step.get("steps"), list):
            places.extend((*keys, "steps", n) for n in range(len(step["steps"])))
        manual = "block" in step or "input" in step
        steps = script(document, source, (*keys, "command"), (*keys, "commands"))
        for plugin in document.items(*keys, "plugins"):
            uses = next(iter(plugin), "") if isinstance(plugin, dict) else text(plugin)
            steps.append(CiStep(uses=str(uses), line=document.at(*keys, "plugins").line))
        if steps or manual:
            name = text(step.get("key") or step.get("label") or step.get("block") or step.get("name"))
            yield CiJob(
                id=name or f"step-{keys[-1]}",
                line=document.at(*keys).line,
                needs=strings(step.get("depends_on")),
                condition=text(step.get("if")),
                manual=manual,
                steps=tuple(steps),
            )


def _drone(document: Located, source: SourceFile) -> Iterator[CiJob]:
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


def _other(document: Located, source: SourceFile) -> Iterator[CiJob]:
    places = [keys for keys, _ in document.walk() if keys and keys[-1] in _SCRIPTS]
    steps = script(document, source, *places)
    if steps:
        yield CiJob(id="build", line=1, steps=tuple(steps))


def _drone_triggers(document: Located) -> set[str]:
    words = {"cron": "schedule", "promote": "manual", "custom": "manual", "manual": "manual"}
    events: set[str] = set()
    for place in (("trigger", "event"), ("when", "event"), ("trigger", "event", "include")):
        events |= set(strings(document.get(*place)))
    known = {"push", "pull_request", "tag"}
    return {e if e in known else words.get(e, "other") for e in events} or {"push", "pull_request"}


def _bitbucket_triggers(document: Located) -> set[str]:
    words = {"default": "push", "branches": "push", "pull-requests": "pull_request", "tags": "tag", "custom": "manual"}
    return {words[key] for key in document.section("pipelines") if key in words}


_PARSERS: dict[str, Callable[[Located, SourceFile], Iterable[CiJob]]] = {
    "circleci": _ci_circle.circleci,
    "travis": _ci_circle.travis,
    "azure": _ci_azure.azure,
    "cloudbuild": _cloudbuild,
    "bitbucket": _bitbucket,
    "buildkite": _buildkite,
    "drone": _drone,
}
_TRIGGERS: dict[str, Callable[[Located], set[str]]] = {
    "circleci": _ci_circle.circle_triggers,
    "azure": _ci_azure.azure_triggers,
    "drone": _drone_triggers,
    "bitbucket": _bitbucket_triggers,
    "cloudbuild": lambda _: {"other"},
    "travis": lambda _: {"push", "pull_request"},
}
