"""Reads pipelines of Azure: stages, jobs and deployments, each of them optional."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from ....domain.fact import Aside, Problem
from ....domain.located import Located
from ....errors import FormatError
from ....redaction import cut
from ...ci_systems import SYSTEMS
from ...facts.pipelines import CiJob, CiStep, Pipeline
from ...inforce.conditions import azure as conditions
from ...inforce.force import Force, void
from ...inforce.shell import Manner
from ...tree import SourceFile
from ...works.kinds import kinds_below
from ._azure_files import Expanded, expanded, taken
from ._running import Notes, one_command, shell
from ._shared import Dialect, Keys, Told, bounded, documents, line_of, needed, strings, text, variables

_LAST = Manner(errexit=False, macros=True)
_TOOLS = {
    "DotNetCoreCLI@": ("dotnet", ("command", "custom", "projects", "arguments")),
    "Maven@": ("mvn", ("goals", "options")),
    "Gradle@": ("gradle", ("tasks", "options")),
    "Npm@": ("npm", ("command", "customCommand")),
    "Yarn@": ("yarn", ("arguments",)),
    "Go@": ("go", ("command", "arguments")),
    "NuGetCommand@": ("nuget", ("command",)),
    "HelmDeploy@": ("helm", ("command", "chartName", "arguments")),
    "Kubernetes@": ("kubectl", ("command", "arguments")),
    "Docker@": ("docker", ("command",)),
}
"""The programs that tasks run, and which of their inputs tell them what to do."""


def _jobs(told: Expanded, notes: Notes) -> Iterator[CiJob]:
    document = told.document
    found: list[CiJob] = []
    gone: dict[str, Force] = {}
    stages: list[Keys] = [("stages", n) for n, _ in enumerate(document.items("stages"))] or [()]
    idle: dict[str, Force] = {}
    for stage in stages:
        outer = document.section(*stage) if stage else {}
        title = text(outer.get("stage"))
        force, _ = conditions.of_condition(text(outer.get("condition")), _variables(document))
        force = next((idle[n] for n in strings(outer.get("dependsOn")) if n in idle), force) if force else force
        if not force:
            idle[title] = force
            notes.add(f"stage {title}", force, document.at(*stage).line, outer)
            continue
        needed_stages = strings(outer.get("dependsOn"))
        waits = tuple(one.id for one in found if one.stage in needed_stages)
        jobs: list[Keys] = [(*stage, "jobs", n) for n, _ in enumerate(document.items(*stage, "jobs"))] or [stage]
        for keys in jobs:
            job = document.section(*keys)
            name = text(job.get("job") or job.get("deployment") or job.get("displayName")) or "job"
            said = "" if keys == stage else text(job.get("condition"))
            always = text(outer.get("condition")) if _ANYWAY.search(text(outer.get("condition"))) else ""
            force, after_failure = conditions.of_condition(said, _variables(document, keys))
            if document.get(*keys, "strategy", "matrix") == {}:
                force = void("has a matrix of nothing")
            if not force:
                gone[name] = force
                notes.add(f"job {name}", force, document.at(*keys).line, job)
                continue
            environment = job.get("environment")
            steps: list[CiStep] = []
            for place in _places(document, keys):
                steps.extend(
                    made
                    for s in [document.get(*place)]
                    if isinstance(s, dict) and (made := _step(told, place, s, notes)) is not None
                )
            if isinstance(job.get("template"), str):
                steps.append(CiStep(uses=text(job["template"]), line=document.at(*keys).line, commands_told=()))
            if steps:
                found.append(
                    CiJob(
                        id=name,
                        line=document.at(*keys).line,
                        needs=strings(job.get("dependsOn")) or waits,
                        environment=text(environment.get("name") if isinstance(environment, dict) else environment),
                        condition=said or always,
                        stage=title,
                        manual=any("ManualValidation@" in s.uses for s in steps),
                        steps=tuple(steps),
                        heeded=text(job.get("continueOnError")) != "true",
                        after_failure=after_failure,
                        at_once=job.get("dependsOn") == []
                        or (outer.get("dependsOn") == [] and not job.get("dependsOn")),
                        path=_path(told, keys),
                    )
                )
    yield from needed(found, notes, gone)


_ANYWAY = re.compile(r"\b(?:always|succeededOrFailed)\(\)")


def _variables(document: Located, keys: Keys = ()) -> dict[str, str]:
    found: dict[str, str] = {}
    for place in dict.fromkeys(((), keys)):
        value = document.get(*place, "variables")
        for entry in value if isinstance(value, list) else []:
            if isinstance(entry, dict) and "name" in entry:
                found[text(entry["name"])] = text(entry.get("value"))
        found |= variables(value)
    return found


def _places(document: Located, keys: Keys) -> Iterator[Keys]:
    yield from ((*keys, "steps", n) for n, _ in enumerate(document.items(*keys, "steps")))
    for strategy in ("runOnce", "rolling", "canary"):
        hooks = (("preDeploy",), ("deploy",), ("routeTraffic",), ("postRouteTraffic",), *_ENDS)
        for hook in hooks:
            place: Keys = (*keys, "strategy", strategy, *hook, "steps")
            yield from ((*place, n) for n, _ in enumerate(document.items(*place)))


_ENDS = (("on", "failure"), ("on", "success"))
"""What a deployment runs when it has failed, and when it has not."""


def _step(told: Expanded, keys: Keys, step: dict[str, Any], notes: Notes) -> CiStep | None:
    document, source = told.document, told.source(keys)
    which = next((k for k in ("script", "bash", "pwsh", "powershell", "task", "template", "checkout") if k in step), "")
    title = cut(text(step.get("displayName")), 200)
    line = line_of(document, (*keys, which) if which else keys, source)
    force, after_failure = conditions.of_condition(text(step.get("condition")), _variables(document, keys[:-2]))
    after_failure = after_failure or "failure" in keys[-3:]
    if text(step.get("enabled")) == "false":
        force = void("is switched off (`enabled: false`)")
    if not force:
        notes.add(f"step {title or text(step.get(which))[:60]!r}", force, line, step)
        return None
    given = step.get("inputs")
    inputs: dict[str, Any] = given if isinstance(given, dict) and which == "task" else {}
    script = text(step.get(which)) if which in ("script", "bash", "pwsh", "powershell") else ""
    script = script or next((text(inputs[k]) for k in ("script", "inlineScript", "azureCli") if k in inputs), "")
    path = next((text(inputs[k]) for k in ("filePath", "scriptPath") if k in inputs), "")
    if not script and path:
        script = f"bash {path} {text(inputs.get('arguments'))}".strip()
    made = CiStep(
        name=title,
        uses=text(step.get(which)) if which in ("task", "template", "checkout") else "",
        run=script,
        line=line,
        heeded=text(step.get("continueOnError")) != "true",
        after_failure=after_failure,
        path=_path(told, keys),
    )
    tool = next((t for start, t in _TOOLS.items() if made.uses.startswith(start)), None)
    if tool is not None and not script:
        words = " ".join([tool[0], *(text(inputs[k]) for k in tool[1] if k in inputs)])
        return one_command(made.model_copy(update={"run": words}), words)
    env = variables(_variables(document, keys[:-2]), step.get("env"))
    manner = Manner(powershell=True) if which in ("pwsh", "powershell") or "PowerShell@" in made.uses else _LAST
    return shell(made, manner, notes, env, text(step.get("workingDirectory")))


def _live(trigger: Any) -> bool:
    return bool(conditions.of_trigger(trigger))


def _triggers(document: Located) -> set[str]:
    found = {"schedule"} if document.get("schedules") else set()
    trigger = document.get("trigger")
    if _live(trigger):
        found.add("push")
    if isinstance(trigger, dict) and "tags" in trigger:
        found.add("tag")
    return found | ({"pull_request"} if _live(document.get("pr")) else set()) or {"manual"}


def _path(told: Expanded, keys: Keys) -> str:
    """The file of what stands under *keys*, where that is not the pipeline's own."""
    path = told.path(keys)
    return path if path != told.document.path else ""


def _pipeline(source: SourceFile) -> Iterator[Pipeline | Aside]:
    """Nothing yet: what is a pipeline, and what others take in, is told by all files."""
    documents(source)
    return iter(())


def _gathered(sources: Sequence[SourceFile], _: Told) -> Iterator[Pipeline | Aside | Problem]:
    """Every file that is none of the templates, with those that it takes in."""
    files = {source.path: source for source in sources}
    own = [path for path in sorted(files) if _IS_AZURE.search(path)]
    if not own:
        return
    reached: set[str] = set()
    waiting = list(own)
    named: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path not in reached and path in files:
            reached.add(path)
            inner = [one for document in _read(files[path]) for one in taken(document)]
            named |= set(inner)
            waiting += inner
    for path in own:
        if path in named:
            continue
        for document in _read(files[path]):
            if _is_template(document):
                about = kinds_below(document.body)
                why = "is a template that no pipeline takes"
                yield Aside(path=path, line=1, what="the pipeline file", reason=why, about=about)
                continue
            notes = Notes(path)
            told = expanded(document, files)
            found = list(_jobs(told, notes))
            for where, line, what, force, body in told.idle:
                about = kinds_below(body)
                aside = Aside(path=where, line=line, what=what, reason=force.reason, about=about, void=force.is_void)
                notes.found.append(aside)
            yield from notes.found
            if found or notes.found:
                try:
                    yield from bounded(path, "azure", text(document.get("name")), _triggers(told.document), found)
                except FormatError as error:
                    yield Problem(path=path, line=error.line, reason=error.reason)


def _read(source: SourceFile) -> list[Located]:
    """The documents of a file that may be no pipeline at all."""
    try:
        return documents(source)
    except FormatError:
        return []


def _is_template(document: Located) -> bool:
    """Whether nobody starts a file of the folder of templates: it says of nothing that starts it, or where it runs."""
    says = {"trigger", "pr", "schedules", "resources", "pool", "extends"} & document.body.keys()
    return not says and bool(_TEMPLATES.search(document.path))


_IS_AZURE = re.compile(next(system.files for system in SYSTEMS if system.name == "azure"))
_TEMPLATES = re.compile(r"(^|/)templates?/")

DIALECT = Dialect(_pipeline, gathered=_gathered)
