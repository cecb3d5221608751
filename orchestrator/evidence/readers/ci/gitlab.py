"""Reads pipelines of GitLab CI, with what their jobs extend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from ....domain.fact import Aside, Problem
from ....domain.located import Located
from ....errors import FormatError
from ....redaction import cut
from ...facts.pipelines import CiJob, CiStep, Pipeline
from ...inforce.conditions import gitlab as conditions
from ...inforce.force import Force, unknown
from ...inforce.shell import Manner
from ...tree import SourceFile
from ...works.kinds import kinds_below
from ._gitlab_files import Merged, includes, merged
from ._running import Notes, together
from ._shared import (
    MAX_JOBS,
    MAX_STEPS,
    Dialect,
    Keys,
    Told,
    bounded,
    documents,
    line_of,
    needed,
    strings,
    text,
    variables,
)

_RESERVED = frozenset({"default", "include", "stages", "variables", "workflow", "image", "services", "cache", "spec"})
_WHEN = ("rules", "only", "except", "when", "allow_failure")
_MANNER = Manner(errexit=True, pipefail=True)
_AFTER = Manner(errexit=True, pipefail=True, heeded=False)
_RUNS = ("script", "trigger", "extends", "run")


def _pipeline(source: SourceFile) -> Iterator[Pipeline | Aside]:
    """Nothing yet: which file is part of which pipeline is told by all of them."""
    documents(source)
    return iter(())


def _gathered(sources: Sequence[SourceFile], _: Told) -> Iterator[Pipeline | Aside | Problem]:
    """The pipeline of the tree with all that it includes, and those that its jobs start; what is left over is void."""
    files = {source.path: source for source in sources}
    waiting: list[tuple[str, tuple[str, ...]]] = [(path, ()) for path in sorted(files) if not _included(path)]
    reached: set[str] = set()
    done: set[str] = set()
    open_ = False
    while waiting:
        path, starts = waiting.pop(0)
        if path in done:
            continue
        done.add(path)
        told = merged(path, files)
        reached |= told.sources.keys()
        open_ = open_ or any(
            "$" in include.path or not (include.force or include.force.is_void) for _, include in told.missing
        )
        made = list(_of(told, starts))
        yield from made
        for pipeline in made:
            for job in pipeline.jobs if isinstance(pipeline, Pipeline) else ():
                inner = includes(told.document, (job.id, "trigger", "include"))
                waiting += [(i.path.lstrip("/"), job.starts) for i in inner if i.path.lstrip("/") in files]
    if not done:
        return
    for path in sorted(files.keys() - reached):
        if any(_is_job(key, body) for document in documents(files[path]) for key, body in document.body.items()):
            why = "is included by no pipeline" + (" of which that can be told" if open_ else "")
            about = kinds_below([document.body for document in documents(files[path])])
            yield Aside(path=path, line=1, what="the pipeline file", reason=why, about=about, void=not open_)


def _of(told: Merged, starts: tuple[str, ...]) -> Iterator[Pipeline | Aside | Problem]:
    """The pipeline of one configuration; one without jobs and includes is none."""
    document, notes = told.document, _Notes(told)
    for path, include in told.missing:
        what = f"include {include.path or include.elsewhere}"
        force = unknown("is not in the tree") if include.force else include.force
        notes.of(path).add(cut(what, 200), force, include.line)
    names = [key for key, body in document.body.items() if _is_job(key, body)][: MAX_JOBS + 1]
    workflow = conditions.of_workflow(
        _rules(told, document.items("workflow", "rules")), variables(document.get("variables"))
    )
    jobs: list[CiJob] = []
    if workflow.force:
        jobs = _jobs(told, names, workflow, notes)
    elif names:
        notes.of(told.path(("workflow",))).add(
            "the pipeline", workflow.force, document.at("workflow").line, document.body
        )
    jobs = _staged(document, jobs)
    included = _includes(told)
    if included:
        jobs = [CiJob(id="include", line=included[0].line, steps=tuple(included)), *jobs]
    yield from notes.found()
    if names or included:
        every = {trigger for job in jobs for trigger in job.starts}
        triggers = starts or every or _without_jobs(workflow)
        try:
            yield from bounded(document.path, "gitlab", "", triggers, jobs)
        except FormatError as error:
            yield Problem(path=document.path, line=error.line, reason=error.reason)


class _Notes:
    """What is set aside, by the file that it stands in."""

    def __init__(self, told: Merged) -> None:
        self._told = told
        self._by_path: dict[str, Notes] = {}

    def of(self, path: str) -> Notes:
        return self._by_path.setdefault(path, Notes(path))

    def at(self, keys: Keys) -> Notes:
        return self.of(self._told.path(keys))

    def found(self) -> list[Aside]:
        return [aside for _, notes in sorted(self._by_path.items()) for aside in notes.found]


def _without_jobs(workflow: conditions.Start) -> set[str]:
    return {"push", "pull_request"} & set(workflow.triggers) if workflow.force else set()


def _staged(document: Located, jobs: list[CiJob]) -> list[CiJob]:
    """*jobs* in the order of their stages, where that is declared."""
    order = {name: number for number, name in enumerate(strings(document.get("stages")))}
    return sorted(jobs, key=lambda job: order.get(job.stage or "test", len(order))) if order else jobs


def _jobs(told: Merged, names: list[str], workflow: conditions.Start, notes: _Notes) -> list[CiJob]:
    document = told.document
    found: list[CiJob] = []
    gone: dict[str, Force] = {}
    for name in names:
        lineage = _lineage(document, name)
        said = {key: value for key in _WHEN if (value := _find(document, lineage, key)[0]) is not None}
        said |= {"rules": _rules(told, said["rules"])} if isinstance(said.get("rules"), list) else {}
        start = conditions.of_job(said, workflow, _variables(document, lineage))
        if start.force and (why := _untold(told, lineage)):
            start = replace(start, force=unknown(why))
        if start.force:
            found.append(_job(told, name, start, notes))
        else:
            gone[name] = start.force
            told_of = [document.get(one) for one in lineage]
            notes.at((name,)).add(f"job {name}", start.force, document.at(name).line, told_of)
    return needed(found, notes.of(document.path), gone)


def _untold(told: Merged, lineage: list[str]) -> str:
    """Why it cannot be told what a job does; empty where it can."""
    document = told.document
    for name in lineage:
        for parent in strings(document.get(name, "extends")):
            if not isinstance(document.body.get(parent), dict):
                return f"extends {parent[:80]}, which no file here has"
    value = _find(document, lineage, "rules")[0]
    if told.unresolved(value):
        return "has rules by reference that no file here has"
    return (
        "has a script by reference that no file here has"
        if told.unresolved(_find(document, lineage, "script")[0])
        else ""
    )


def _rules(told: Merged, rules: Any) -> list[Any]:
    """*rules* with those that they name by reference in their place."""
    return [rule for rule in told.expanded(rules) if isinstance(rule, dict)] if isinstance(rules, list) else []


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


def _job(told: Merged, name: str, start: conditions.Start, notes: _Notes) -> CiJob:
    document = told.document
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
    mine = notes.at((name,))
    found: list[CiStep] = []
    for manner, kept in ((_MANNER, places), (_AFTER, [place for place in places if place[-1] == "after_script"])):
        wanted = [place for place in kept if (place[-1] == "after_script") is (manner is _AFTER)]
        steps = [step for place in wanted for step in _script(told, place)]
        found += together(steps, manner, mine, env) if mine.room > 0 else []
    path = told.path((name,))
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
        path=path if path != document.path else "",
    )


def _script(told: Merged, place: Keys) -> Iterator[CiStep]:
    """One step per command of the script at *place*, wherever that takes it from."""
    for number, (command, where) in enumerate(told.commands(place)):
        if number > MAX_STEPS:
            return
        path = told.path(where)
        line = line_of(told.document, where, told.source(where))
        yield CiStep(run=command, line=line, path=path if path != told.document.path else "")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _includes(told: Merged) -> list[CiStep]:
    """What is included from elsewhere, which is all that a file here says of it."""
    steps = []
    for path, source in told.sources.items():
        for document in documents(source):
            value = document.get("include")
            for number, entry in enumerate(value if isinstance(value, list) else [value]):
                keys: Keys = ("include", number) if isinstance(value, list) else ("include",)
                uses = ""
                if isinstance(entry, dict):
                    uses = next((text(entry[k]) for k in ("template", "component", "remote", "file") if k in entry), "")
                elif isinstance(entry, str) and entry.startswith(("http://", "https://")):
                    uses = entry
                if uses:
                    where = path if path != told.document.path else ""
                    steps.append(CiStep(name="include", uses=uses, line=document.at(*keys).line, path=where))
    return steps


def _included(path: str) -> bool:
    return path.lower() not in (".gitlab-ci.yml", ".gitlab-ci.yaml")


DIALECT = Dialect(_pipeline, gathered=_gathered)
