"""The environments: the named stages of a release, what stands in each, and which of them people depend on."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import ClassVar, NamedTuple

from ..domain.derived import Derived
from ..domain.fact import MAX_PROBLEMS, Problem, Source
from ..domain.model import Model
from ..domain.signal import Role
from ..evidence.facts.files import Files
from ..evidence.facts.kubernetes import Kubernetes
from ..evidence.facts.pipelines import CiJob, Pipeline, Pipelines
from ..evidence.stages import Stage, is_elsewhere, is_file_elsewhere, name_in, named, stage_of
from .declared import Declared

_HOLDERS = frozenset(
    {"environments", "environment", "envs", "env", "overlays", "stages", "workspaces", "clusters", "tenants"}
)
"""Folders of which each part is an environment, or what all of them share."""
_SHARED = frozenset(
    {"base", "bases", "common", "shared", "default", "defaults", "all", "global", "modules", "module", "components",
     "templates", "_shared", "_common", "root", "main"}
)  # fmt: skip
_SETTINGS = re.compile(
    r"^(?:(?:values|secrets|config|settings|appsettings|application|docker-compose|compose|backend|kustomization)[-_.])?"
    r"([\w-]{2,30})\.(?:ya?ml|tfvars|tfvars\.json|hcl|json|properties|toml|rb|exs|env|tfbackend)$"
    r"|^\.env\.([\w-]{2,30})$",
    re.IGNORECASE,
)
"""A file of one environment: its name is in one of the groups."""
_OVERRIDE = re.compile(r"(?:docker-)?compose\.override\.ya?ml")
_ROLES: frozenset[Role] = frozenset({"source", "config", "infra"})
_WORKSPACE = re.compile(r"\bterraform workspace (?:select|new)(?: -\S+)* ([\w.-]{1,60})")
_OF_PACKAGES = frozenset(
    {"pypi", "testpypi", "npm", "release", "releases", "publish", "rubygems", "crates", "nuget", "maven"}
)
_COMPUTED = re.compile(r"[$][{(]|[$]\w|<%|\{\{")
MAX_STANDING = 200
"""How many things are named of what stands in one environment."""


def for_people(path: str, name: str = "") -> bool:
    """False where *path* or *name* is one of an environment that nobody's data depends on."""
    return not is_file_elsewhere(path) and not is_elsewhere(name)


class Environment(Model):
    """One named stage."""

    name: str
    """As it is written, in lower case."""
    stage: Stage | None
    """None where its name does not say whether it is production."""
    forms: tuple[str, ...]
    """How it is told: ``folder``, ``file``, ``job``, ``workspace``, ``namespace``; sorted."""
    at: Source
    """The first place."""
    stands: tuple[str, ...] = ()
    """What is declared in it, as people call it."""


class Environments(Derived):
    """Every environment that a folder, a file, a job, a workspace or a namespace names, and what may be one."""

    name: ClassVar[str] = "environments"
    of = (Files, Pipelines, Kubernetes, Declared)

    parts: tuple[Environment, ...] = ()

    @classmethod
    def derive(cls, files: Files, pipelines: Pipelines, kubernetes: Kubernetes, declared: Declared) -> Environments:
        """Those that are named, by name, with what stands in them."""
        found: dict[str, list[_Named]] = {}
        for one in (*_of_paths(files), *_of_jobs(pipelines), *_of_namespaces(kubernetes)):
            if one.name:
                found.setdefault(one.name, []).append(one)
        standing = _standing(declared)
        problems = [*_computed(pipelines), *_unknown(found)]
        return cls(
            parts=tuple(_environment(name, places, standing) for name, places in sorted(found.items())),
            problems=tuple(problems[:MAX_PROBLEMS]),
        )

    @property
    def not_understood(self) -> tuple[Problem, ...]:
        """What may be an environment, or production, and why nobody can tell."""
        return self.problems

    def of_stage(self, stage: Stage) -> list[Environment]:
        return [one for one in self.parts if one.stage == stage]


class _Named(NamedTuple):
    name: str
    form: str
    at: Source


def of_path(path: str) -> tuple[str, str]:
    """The environment that a file of settings is of, and whether its folder or its own name says so."""
    folders = path.split("/")[:-1]
    for above, name in reversed([*itertools.pairwise(folders)]):
        if above.lower() in _HOLDERS and name.lower() not in _SHARED:
            return name.lower(), "folder"
    for name in reversed(folders):
        if named(name):
            return name.lower(), "folder"
    last = path.rpartition("/")[2]
    if _OVERRIDE.fullmatch(last):
        return "local", "file"
    told = _SETTINGS.match(last)
    name = (told[1] or told[2]).lower() if told else ""
    if name and (named(name) or (folders and folders[-1].lower() in _HOLDERS and name not in _SHARED)):
        return name, "file"
    return "", ""


def _of_paths(files: Files) -> Iterator[_Named]:
    for file in files.entries:
        if file.role in _ROLES and (not file.language or file.suffix in (".rb", ".exs")) and not file.is_set_aside:
            name, form = of_path(file.path)
            yield _Named(name, form, Source(path=file.path))


def _of_jobs(pipelines: Pipelines) -> Iterator[_Named]:
    for pipeline, job in _jobs(pipelines):
        name = job.environment.strip().lower()
        if name and name not in _OF_PACKAGES and not _COMPUTED.search(name):
            yield _Named(name, "job", pipeline.at(job))
        for step in job.steps:
            for command in step.commands:
                if told := _WORKSPACE.search(command.plain):
                    yield _Named(told[1].lower(), "workspace", pipeline.at(step))


def _of_namespaces(kubernetes: Kubernetes) -> Iterator[_Named]:
    for resource in kubernetes.written():
        space = resource.resource if resource.kind == "Namespace" else resource.get("metadata", "namespace")
        if isinstance(space, str) and stage_of(space):
            yield _Named(name_in(space), "namespace", resource.at())


def _jobs(pipelines: Pipelines) -> Iterator[tuple[Pipeline, CiJob]]:
    return ((pipeline, job) for pipeline in pipelines.files for job in pipeline.jobs)


def _computed(pipelines: Pipelines) -> list[Problem]:
    return [
        Problem(
            path=p.path, line=job.line, reason=f"the environment of job {job.id} is computed: {job.environment[:80]}"
        )
        for p, job in _jobs(pipelines)
        if _COMPUTED.search(job.environment)
    ]


def _unknown(found: dict[str, list[_Named]]) -> Iterator[Problem]:
    """Environments whose names say nothing of their stage; any of them may be production."""
    for name, places in sorted(found.items()):
        if stage_of(name) is None and name != "github-pages":
            at = places[0].at
            reason = f"nobody can tell whether environment {name[:80]} is production"
            yield Problem(path=at.path, line=at.line, reason=reason)


def _standing(declared: Declared) -> dict[str, list[str]]:
    standing: dict[str, list[str]] = {}
    for thing in declared.things:
        space = thing.resource.get("metadata", "namespace") if thing.resource is not None else None
        name = of_path(thing.at.path)[0] or (name_in(space) if isinstance(space, str) else "")
        if name:
            standing.setdefault(name, []).append(thing.address)
    return standing


def _environment(name: str, places: list[_Named], standing: dict[str, list[str]]) -> Environment:
    return Environment(
        name=name,
        stage=stage_of(name),
        forms=tuple(sorted({place.form for place in places})),
        at=places[0].at,
        stands=tuple(dict.fromkeys(standing.get(name, ())))[:MAX_STANDING],
    )
