"""Reads pipelines of GitLab CI, with what their jobs extend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ....domain.fact import Aside
from ....domain.located import Located
from ....redaction import cut
from ...facts.pipelines import CiJob, CiStep, Pipeline
from ...inforce.conditions import gitlab as conditions
from ...inforce.force import Force
from ...inforce.shell import Manner
from ...tree import SourceFile
from ._running import Notes, together
from ._shared import MAX_JOBS, Dialect, Keys, bounded, documents, needed, script, strings, text, variables

_RESERVED = frozenset({"default", "include", "stages", "variables", "workflow", "image", "services", "cache", "spec"})
_WHEN = ("rules", "only", "except", "when", "allow_failure")
_MANNER = Manner(errexit=True, pipefail=True)
_AFTER = Manner(errexit=True, pipefail=True, heeded=False)
_RUNS = ("script", "trigger", "extends", "run")


def _pipeline(source: SourceFile) -> Iterator[Pipeline | Aside]:
    """The pipeline of one file; a file without jobs and includes is none."""
    for document in documents(source):
        notes = Notes(source.path)
        names = [key for key, body in document.body.items() if _is_job(key, body)][: MAX_JOBS + 1]
        workflow = conditions.of_workflow(document.items("workflow", "rules"), variables(document.get("variables")))
        jobs: list[CiJob] = []
        if workflow.force:
            jobs = _jobs(document, source, names, workflow, notes)
        elif names:
            notes.add("the pipeline", workflow.force, document.at("workflow").line)
        included = _includes(document)
        if included:
            jobs = [CiJob(id="include", line=document.at("include").line, steps=tuple(included)), *jobs]
        yield from notes.found
        if names or included:
            every = {trigger for job in jobs for trigger in job.starts}
            yield from bounded(source.path, "gitlab", "", every or _without_jobs(workflow), jobs)


def _without_jobs(workflow: conditions.Start) -> set[str]:
    return {"push", "pull_request"} & set(workflow.triggers) if workflow.force else set()


def _jobs(
    document: Located, source: SourceFile, names: list[str], workflow: conditions.Start, notes: Notes
) -> list[CiJob]:
    found: list[CiJob] = []
    gone: dict[str, Force] = {}
    for name in names:
        lineage = _lineage(document, name)
        said = {key: value for key in _WHEN if (value := _find(document, lineage, key)[0]) is not None}
        start = conditions.of_job(said, workflow, _variables(document, lineage))
        if start.force:
            found.append(_job(document, source, name, start, notes))
        else:
            gone[name] = start.force
            notes.add(f"job {name}", start.force, document.at(name).line)
    return needed(found, notes, gone)


def _variables(document: Located, lineage: list[str]) -> dict[str, str]:
    return variables(document.get("variables"), *(document.get(name, "variables") for name in reversed(lineage)))


def _is_job(key: str, body: Any) -> bool:
    return key not in _RESERVED and not key.startswith(".") and isinstance(body, dict) and any(k in body for k in _RUNS)


def _lineage(document: Located, name: str) -> list[str]:
    """The job and what it extends, nearest first; cycles and depth are cut."""
    line, at = [name], 0
    while at < len(line) and len(line) < 12:
        for parent in strings(document.get(line[at], "extends"))[:12]:
            if parent not in line and isinstance(document.body.get(parent), dict):
                line.append(parent)
        at += 1
    return line


def _find(document: Located, lineage: list[str], key: str) -> tuple[Any, Keys]:
    """The nearest value of *key* along the lineage, and where it stands."""
    for name in lineage:
        if key in document.section(name):
            return document.get(name, key), (name, key)
    return None, ()


def _job(document: Located, source: SourceFile, name: str, start: conditions.Start, notes: Notes) -> CiJob:
    lineage = _lineage(document, name)
    places = []
    for key in ("before_script", "script", "after_script"):
        _, where = _find(document, lineage, key)
        if not where and key == "before_script":
            where = ("default", key) if document.get("default", key) else (key,)
        if where and document.get(*where) is not None:
            places.append(where)
    needs, _ = _find(document, lineage, "needs")
    environment, _ = _find(document, lineage, "environment")
    rules, _ = _find(document, lineage, "rules")
    said = [text(r.get("if")) for r in rules if isinstance(r, dict)] if isinstance(rules, list) else []
    env = _variables(document, lineage)
    before = [place for place in places if place[-1] != "after_script"]
    after = [place for place in places if place[-1] == "after_script"]
    found = together(script(document, source, *before), _MANNER, notes, env) if notes.room > 0 else []
    found += together(script(document, source, *after), _AFTER, notes, env)
    return CiJob(
        id=name,
        line=document.at(name).line,
        needs=tuple(text(n.get("job")) if isinstance(n, dict) else text(n) for n in _listed(needs)),
        environment=text(environment.get("name") if isinstance(environment, dict) else environment),
        condition=cut(" || ".join(c for c in said if c), 500),
        stage=text(_find(document, lineage, "stage")[0]),
        manual=start.manual,
        steps=tuple(found),
        starts=start.triggers,
        heeded=start.heeded,
        after_failure=start.after_failure,
        at_once=needs == [],
    )


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _includes(document: Located) -> list[CiStep]:
    value = document.get("include")
    entries = value if isinstance(value, list) else [value]
    steps = []
    for number, entry in enumerate(entries):
        keys: Keys = ("include", number) if isinstance(value, list) else ("include",)
        if isinstance(entry, dict):
            uses = next(
                (text(entry[k]) for k in ("template", "component", "local", "remote", "file") if k in entry), ""
            )
        else:
            uses = text(entry)
        if uses:
            steps.append(CiStep(name="include", uses=uses, line=document.at(*keys).line))
    return steps


def _included(path: str) -> bool:
    return path.lower() not in (".gitlab-ci.yml", ".gitlab-ci.yaml")


def _reached(found: Sequence[Pipeline], aside: Sequence[Pipeline]) -> Sequence[Pipeline]:
    """All of them where the tree has a pipeline of GitLab: an include can name them in many ways."""
    return aside if any(pipeline.system == "gitlab" for pipeline in found) else ()


DIALECT = Dialect(_pipeline, aside=_included, reached=_reached)
